#pragma once

#include <cstdint>
#include <span>

#include "sfumato/noise/grid_ratio.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Laplace noise on the integers, drawn exactly.
///
///     P(K = k)  =  tanh(1 / 2s) · exp(-|k| / s)     for every integer k
///
/// **Law** as written, with no tail cut; a number beyond the ends of int64 becomes the nearer end.
///
/// **Draw** one word a value and no rejection: its lowest bit is the sign, its upper 63 bits begin the
/// uniform real U of |K| = floor(s·(-ln U) + c), c = s·ln(2 / (1 + e^(-1/s))). Where they do not settle
/// the floor, more bits of the same U do.
///
/// **Timing** the same work for each value but for fallbacks: s·(-ln U) + c within s·2^-44 of a whole
/// number, or less near where U < 2^-18, a noise of more than 12·s. A fallback allocates (in MPFR)
/// with odds below 2^-110·max(1, s). For s beyond 2^45, or below 2^-48, each value falls back.
///
/// Proof   docs/proofs/noise/discrete_laplace.md
/// Origin  Inusah, Kozubowski: A discrete analogue of the Laplace distribution, 2006; inversion
class DiscreteLaplace {
 public:
  /// Refuses scales above 2^62: most of their noise would be cut off at the ends of int64.
  static Result<DiscreteLaplace> make(Scale scale);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// x + K, saturated.
  std::int64_t release(std::int64_t x, BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<std::int64_t> out, BitSource& bits) const noexcept;

  /// out[i] = release(x[i]); sizes are equal, and out may be x itself.
  void release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
               BitSource& bits) const noexcept;

  /// out[i] = laws[i].release(x[i], bits), in order; sizes are equal, and out may be x itself.
  static void release(std::span<const DiscreteLaplace> laws, std::span<const std::int64_t> x,
                      std::span<std::int64_t> out, BitSource& bits) noexcept;

  const Scale& scale() const noexcept { return ratio_.scale; }

 private:
  explicit DiscreteLaplace(const Scale& scale) noexcept;

  int128 noise(LazyWord word, BitSource& bits) const noexcept;
  int128 settled(LazyWord word, BitSource& bits) const noexcept;

  GridRatio ratio_;
  uint128 offset_;  ///< c, in units of 2^-128, cut off
  double lowered_;  ///< c - 1/2: a floor is the nearest whole number to half a unit less
};

}  // namespace sfumato
