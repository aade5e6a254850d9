#pragma once

#include <cstdint>
#include <span>

#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/grid_ratio.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Gaussian noise on the integers, drawn exactly.
///
///     P(K = k)  proportional to  exp(-k² / 2σ²)     for every integer k
///
/// **Law** as written, with no tail cut; a number beyond the ends of int64 becomes the nearer end.
///
/// **Draw** by rejection, two words an attempt: a candidate Y from DiscreteLaplace(t), t = floor(σ) + 1,
/// and a uniform real U that accepts it where σ·√(-2 ln U) > ||Y| - σ²/t|. Where the first 63 bits
/// of U do not settle that, more bits of the same U do.
///
/// **Timing** attempts are independent of the value that is drawn in the end, 1.3 to 2.2 on average;
/// a fallback within one has odds below 2^-39, and allocates (in MPFR) with odds below 2^-70 for
/// σ of 2^-80 or more.
///
/// Proof   docs/proofs/noise/discrete_gaussian.md
/// Origin  Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, algorithm 3
class DiscreteGaussian {
 public:
  /// Refuses scales above 2^62: much of their noise would be cut off at the ends of int64.
  static Result<DiscreteGaussian> make(Scale sigma);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// x + K, saturated.
  std::int64_t release(std::int64_t x, BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<std::int64_t> out, BitSource& bits) const noexcept;

  /// out[i] = release(x[i]); sizes are equal, and out may be x itself.
  void release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
               BitSource& bits) const noexcept;

  const Scale& scale() const noexcept { return ratio_.scale; }

 private:
  explicit DiscreteGaussian(const Scale& sigma) noexcept;

  int128 noise(BitSource& bits) const noexcept;
  bool accepts(int128 y, LazyWord word, BitSource& bits) const noexcept;
  bool settled(int128 y, LazyWord word, BitSource& bits) const noexcept;

  GridRatio ratio_;
  DiscreteLaplace candidate_;
  uint128 centre_;  ///< σ²/t in units of 2^-places (src/noise/rounding.h), within one of it
  double rounded_centre_;  ///< σ²/t, relatively within 2^-51
};

}  // namespace sfumato
