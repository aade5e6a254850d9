#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sfumato/random/bit_source.h"

namespace sfumato {

/// The same words on every run: a test that fails is a bug, not bad luck. For tests only.
///
/// Word and address number i are a function of (seed, i), however they are taken: one at a time, or
/// in loans of any size. So a scalar call and a batch can be compared draw by draw.
class FixedBits : public BitSource {
 public:
  explicit FixedBits(std::uint64_t seed) noexcept;

  std::uint64_t extension(std::uint64_t address, std::uint32_t level) noexcept override;

  std::uint64_t extensions_asked() const noexcept { return extensions_asked_; }
  std::uint32_t deepest_level() const noexcept { return deepest_level_; }  ///< 0: none asked

 protected:
  Page& turn_page(std::size_t count) noexcept override;

  virtual std::uint64_t word(std::uint64_t index) const noexcept;

 private:
  std::uint64_t seed_;
  std::uint64_t owner_ = kNobody;
  std::uint64_t extensions_asked_ = 0;
  std::uint32_t deepest_level_ = 0;
  std::array<std::uint64_t, 2 * kMaxTake> words_{};
};

/// Words and extensions as a test writes them down, so that a draw can be led to any fallback.
///
/// Word i of the list has the address i. After the list, and for extensions that the map does not
/// hold, the bits are those of FixedBits(0): the word after the list is that stream's first.
class CraftedBits final : public FixedBits {
 public:
  using Extensions = std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t>;

  explicit CraftedBits(std::vector<std::uint64_t> words, Extensions extensions = {}) noexcept
      : FixedBits(0), words_(std::move(words)), extensions_(std::move(extensions)) {}

  std::uint64_t extension(std::uint64_t address, std::uint32_t level) noexcept override;

 protected:
  std::uint64_t word(std::uint64_t index) const noexcept override;

 private:
  std::vector<std::uint64_t> words_;
  Extensions extensions_;
};

}  // namespace sfumato
