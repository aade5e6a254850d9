#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A coin that shows heads with probability exp(-x), exactly, for any x >= 0.
///
/// **Draw** one word a coin: its upper 63 bits begin the uniform real U that is compared with e^-x. What
/// they leave in doubt, odds 2^-63, more bits of the same U settle (by MPFR, which allocates).
///
/// **Timing** one comparison a coin but for that; an object is made in some microseconds.
///
/// Proof   docs/proofs/noise/bernoulli_exp.md
class BernoulliExp {
 public:
  /// Refuses negative numbers, NaN and infinity.
  static Result<BernoulliExp> make(double x);

  /// x as an exact number above zero: a double, a decimal or a ratio.
  explicit BernoulliExp(const Scale& x);

  bool draw(BitSource& bits) const noexcept { return heads(bits.lazy(), bits); }

  /// out[i] = draw(bits), in order.
  void fill(std::span<bool> out, BitSource& bits) const noexcept;

 private:
  BernoulliExp() = default;  ///< x = 0

  bool heads(LazyWord word, BitSource& bits) const noexcept {
    const std::uint64_t u = word.bits >> 1;
    return u < low_ || (u <= high_ && settled(word, bits));
  }
  bool settled(LazyWord word, BitSource& bits) const noexcept;

  std::optional<Scale> x_;                      ///< nothing: zero
  std::uint64_t low_ = std::uint64_t{1} << 63;  ///< low_ <= 2^63 · e^-x < high_ + 1
  std::uint64_t high_ = std::uint64_t{1} << 63;
};

}  // namespace sfumato
