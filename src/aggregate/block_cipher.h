#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <span>

#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// 128 bits.
struct Block {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Block&, const Block&) = default;
  friend Block operator^(const Block& a, const Block& b) noexcept {
    return {a.high ^ b.high, a.low ^ b.low};
  }
};

/// A permutation of blocks that looks random to everybody without the key, which is fresh: AES-256,
/// many blocks at a time. Different blocks never become the same.
///
/// Not for several threads at once: each takes a `copy`.
class BlockCipher {
 public:
  /// Draws the key. Fails only where OpenSSL offers no AES.
  static Result<BlockCipher> make(BitSource& bits);

  BlockCipher copy() const;  ///< with the same key

  void encrypt(std::span<Block> blocks) const;

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  explicit BlockCipher(void* context) noexcept : context_(context) {}

  std::unique_ptr<void, Free> context_;
};

}  // namespace sfumato
