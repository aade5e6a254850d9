#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/enclosure.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// The real number that begins with the word, of which `level` extensions are taken: within 2^-64 of the last of them.
Enclosure enclosed_uniform(LazyWord word, std::uint32_t level, int precision, BitSource& bits);

/// Draws the least i with U < C_i, for probabilities C_0 < C_1 < … that rise to 1 and are known to any precision.
///
/// A word settles that unless it is the floor of 2^64·C_i itself: then as many of the C_i as are needed are evaluated to
/// growing precision, against more bits of the same U. Each word takes as many comparisons as any other.
class Inversion {
 public:
  /// C_i, enclosed the closer the more bits there are, up to one that is above 1 - 2^-bits or so.
  using Cumulative = std::function<std::vector<Enclosure>(int precision)>;

  explicit Inversion(Cumulative cumulative);

  std::uint32_t draw(LazyWord word, BitSource& bits) const noexcept;

  /// How many i a word alone can settle.
  std::size_t size() const noexcept { return size_; }

 private:
  std::uint32_t by_definition(LazyWord word, BitSource& bits) const;

  Cumulative cumulative_;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> thresholds_;  ///< floor(2^64·C_i), then 2^64 - 1 up to a power of two
};

}  // namespace sfumato
