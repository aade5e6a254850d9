#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "noise/certified.h"
#include "noise/fixed_point.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/noise/grid_ratio.h"

namespace sfumato {

// From a true answer and its noise to the multiple of the grid that is released. The double that is
// handed out is (whole + m)·g rounded once, and saturated: docs/proofs/noise/rounding.md.

/// NaN is read as 0 and an infinity as the largest double of its sign, as `Dyadic::from_double` does.
inline double total(double x) noexcept {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return x == x ? std::clamp(x, -kLargest, kLargest) : 0;
}

struct Release {
  double value;
  bool certain;
};

/// The release of total(x) with this noise, where doubles settle it. An infinity is cut to size twice: in
/// units of the grid, and in the end.
inline Release release_certain(const GridRatio& grid, double x, const Noise& noise) noexcept {
  constexpr double kLargest = std::numeric_limits<double>::max();
  const double answer = x == x ? x : 0;
  const double most = std::min(kLargest * grid.per_unit, kLargest);
  const double scaled = std::clamp(answer * grid.per_unit, -most, most);
  const double whole = nearest_whole(scaled);
  const Nearest nearest = nearest_certain(scaled - whole, noise);

  // Two whole numbers: their sum is rounded once, and its product by g exact. Far beyond the noise
  // the answer is its own release; its product may have overflowed there.
  const double rounded = ((whole + nearest.whole) + 0.0) * grid.unit;
  const double value = std::fabs(scaled) < 0x1p200 ? rounded : answer;
  return {std::clamp(value, -kLargest, kLargest), nearest.certain};
}

/// An answer in units of the grid, half a unit up: x/g + 1/2 = whole·2^exponent + fraction·2^-128.
///
/// So the release is (whole·2^exponent + floor(fraction + Z/g))·g.
struct GridPoint {
  int128 whole;
  int exponent;      ///< 0, unless the answer is a multiple of 2g
  uint128 fraction;  ///< cut off: at most one unit too low
};

/// Beyond 2^2000 exponents are read as 2000: all is saturated long before.
Dyadic tame(const Dyadic& x) noexcept;

GridPoint grid_point(const Dyadic& x, int grid) noexcept;

/// (whole·2^exponent + m)·g as a double, for |m| < 2^110.
double assembled(const GridPoint& point, int128 m, int grid) noexcept;

Release release_certain(const GridRatio& grid, const GridPoint& point, const Noise& noise) noexcept;

/// How many binary places below the point a noise in units of the grid is worked out to.
inline int places(const GridRatio& grid) noexcept {
  return kFixedPlaces - 1 - std::max(grid.exponent, 0);
}

/// magnitude · scale/g lies within [lower, upper] · 2^-places(grid).
struct Scaled {
  int128 lower;
  int128 upper;
};

/// Nothing where scale/g is too large for 20 places below the point.
std::optional<Scaled> scaled(const GridRatio& grid, const FixedInterval& magnitude) noexcept;

/// floor(fraction·2^-128 ± magnitude·scale/g), where the magnitude's interval and the unit that the
/// fraction is cut off by leave no doubt of it.
std::optional<int128> floor_certain(const GridRatio& grid, uint128 fraction,
                                    const FixedInterval& magnitude, bool negative) noexcept;

}  // namespace sfumato
