#pragma once

#include <optional>
#include <span>

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/grid_ratio.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// An answer with Laplace noise, rounded to a grid: rnd_g(x + Z), bit for bit.
///
///     density of Z  =  exp(-|z| / b) / 2b        g = 2^grid
///
/// **Law** `release(x)` is the multiple of g nearest to x + Z, with Z real and Laplace: rounding
/// comes after the noise, so that the release has exactly the guarantee of the ideal real mechanism,
/// whatever x is. It is rounded to double once, never infinite, and zero is +0.
///
/// **Draw** one word a value: its lowest bit is the sign, its upper 63 bits begin the uniform real U
/// of Z = ±b·(-ln U). Where they do not settle the rounding, more bits of the same U do.
///
/// **Timing** the same work for each value but for fallbacks, whose odds stay below 2^-12 at the
/// default grid: x + Z near the middle between two multiples of g, which the release alone does not
/// show. How near grows for U < 2^-18, a noise of more than 12·b, which adds odds of 2^-26. A fallback
/// allocates (in MPFR) with odds below 2^-70. Odds grow as b/g, and on grids below b·2^-45 each value
/// falls back. What an observer of exact times learns is stated in the proof.
///
/// Proof   docs/proofs/noise/laplace.md
/// Origin  Dwork et al. 2006; Ziv, ACM TOMS 17(3) 1991, for rounding correctly by refinement
class Laplace {
 public:
  /// `grid` is the exponent of g; by default g is the power of two in (b·2^-32, b·2^-31], or 2^-1074
  /// where that is larger: never from data. Refuses grids outside 2^-1074 … 2^1000.
  static Result<Laplace> make(Scale scale, std::optional<int> grid = std::nullopt);

  /// NaN is read as 0 and an infinity as the largest double of its sign.
  double release(double x, BitSource& bits) const noexcept;
  double release(const Dyadic& x, BitSource& bits) const noexcept;

  /// out[i] = release(x[i]); sizes are equal, and out may be x itself.
  void release(std::span<const double> x, std::span<double> out, BitSource& bits) const noexcept;

  /// out[i] = x[i] + noise of laws[i], rounded to its grid, from the bits that one law would take; sizes
  /// are equal, and out may be x itself.
  static void release(std::span<const Laplace> laws, std::span<const double> x,
                      std::span<double> out, BitSource& bits) noexcept;

  const Scale& scale() const noexcept { return ratio_.scale; }
  int grid() const noexcept { return ratio_.grid; }

 private:
  explicit Laplace(const GridRatio& ratio) noexcept : ratio_(ratio) {}

  GridRatio ratio_;
};

}  // namespace sfumato
