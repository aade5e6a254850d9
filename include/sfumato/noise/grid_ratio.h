#pragma once

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// A scale measured in units of a rounding grid, worked out once for all draws of an object.
///
/// Nothing here depends on data: what is drawn, and when more bits are asked for, hangs on these
/// numbers and on the draw alone.
///
/// Proof   docs/proofs/noise/grid_ratio.md
struct GridRatio {
  static GridRatio make(const Scale& scale, int grid) noexcept;

  /// The grid that a law takes where none is asked for: scale / g lies in [2^31, 2^32), as far as
  /// g stays within 2^-1074 … 2^1000.
  static int default_grid(const Scale& scale) noexcept;

  static constexpr int kLeastGrid = -1074;
  static constexpr int kGreatestGrid = 1000;

  Scale scale;
  int grid;          ///< g = 2^grid
  uint128 mantissa;  ///< scale / g lies in [mantissa, mantissa + 1) · 2^(exponent - 127)
  int exponent;      ///< floor(log2(scale / g)): the mantissa's top bit is set

  double ratio;     ///< scale / g within 2^-53 of it, relatively
  double unit;      ///< g
  double per_unit;  ///< 1 / g; 0 where no double holds it, and then `margin` is 1
  double margin;    ///< τ: a sum nearer than this to a half-integer is evaluated again
};

}  // namespace sfumato
