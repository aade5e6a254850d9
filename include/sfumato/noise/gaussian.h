#pragma once

#include <optional>
#include <span>

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/grid_ratio.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// An answer with Gaussian noise, rounded to a grid: rnd_g(x + Z), bit for bit.
///
///     density of Z  =  exp(-z² / 2σ²) / (σ·√(2π))        g = 2^grid
///
/// **Law** `release(x)` is the multiple of g nearest to x + Z, with Z real and normal: rounding comes
/// after the noise, so that the release has exactly the guarantee of the ideal real mechanism,
/// whatever x is. No tail is cut. It is rounded to double once, never infinite, and zero is +0.
///
/// **Draw** two words a pair of values (Box-Muller): the upper 63 bits of the first begin the uniform
/// real U of the radius σ·√(-2 ln U); of the second, three bits choose the octant and 61 begin V of
/// the angle π/4·V in it. A batch releases both values of a pair, x[2i] with the first and x[2i + 1]
/// with the second, and drops the second at an odd end; a single release uses the first.
///
/// **Timing** the same work for each value but for fallbacks, whose odds stay below 2^-12 at the
/// default grid: x + Z near the middle between two multiples of g, which the release alone does not
/// show. How near grows for U outside 2^-18 … 1 - 2^-17, which adds odds of 2^-25. A fallback
/// allocates (in MPFR) with odds below 2^-70. Odds grow as σ/g, and on grids below σ·2^-45 each value
/// falls back. What an observer of exact times learns is stated in the proof.
///
/// Proof   docs/proofs/noise/gaussian.md
/// Origin  Box, Muller 1958; Ziv, ACM TOMS 17(3) 1991, for rounding correctly by refinement
class Gaussian {
 public:
  /// `grid` is the exponent of g; by default g is the power of two in (σ·2^-32, σ·2^-31], or 2^-1074
  /// where that is larger: never from data. Refuses grids outside 2^-1074 … 2^1000.
  static Result<Gaussian> make(Scale sigma, std::optional<int> grid = std::nullopt);

  /// NaN is read as 0 and an infinity as the largest double of its sign.
  double release(double x, BitSource& bits) const noexcept;
  double release(const Dyadic& x, BitSource& bits) const noexcept;

  /// out[i] = x[i] + noise, rounded; sizes are equal, and out may be x itself.
  void release(std::span<const double> x, std::span<double> out, BitSource& bits) const noexcept;

  /// out[i] = x[i] + noise of laws[i], rounded to its grid, from the bits that one law would take; sizes
  /// are equal, and out may be x itself. The two values of a pair may have different laws.
  static void release(std::span<const Gaussian> laws, std::span<const double> x,
                      std::span<double> out, BitSource& bits) noexcept;

  const Scale& scale() const noexcept { return ratio_.scale; }
  int grid() const noexcept { return ratio_.grid; }

 private:
  explicit Gaussian(const GridRatio& ratio) noexcept : ratio_(ratio) {}

  GridRatio ratio_;
};

}  // namespace sfumato
