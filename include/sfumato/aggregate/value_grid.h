#pragma once

#include <array>
#include <cstdint>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// How the values of one column become whole numbers, so that their sums are exact.
///
/// A value is clamped to [lower, upper] and rounded to the nearest multiple of 2^exponent; the grid
/// hangs on the bounds alone, which are put on it outward. The unit is at most 1, so that whole
/// numbers stay what they are, and at most 2^-51 of the larger bound.
///
/// **Law** the units of any value, infinities included, lie in [lower_units, upper_units], which lie
/// within ±2^62: 2^63 rows, their distance to either bound too, add up below 2^127. No data can
/// overflow, wrap or become infinite.
///
/// Proof   docs/proofs/aggregate/value_grid.md
/// Origin  Casacuberta, Shoemate, Vadhan, Wagaman: Widespread Underestimation of Sensitivity in
///         Differentially Private Libraries (2022), for why sums of doubles will not do
class ValueGrid {
 public:
  /// Refuses bounds that are not finite, are reversed or equal, or lie outside ±2^62.
  static Result<ValueGrid> make(double lower, double upper);

  /// One whose width is at most 2^30 + 2 units, so that squares of distances add up as well. Its unit is that of
  /// `make`, or 2^-29 of the width, or more by less than a factor of two, if that is larger: beyond 1 only where the
  /// bounds are 2^30 apart.
  static Result<ValueGrid> make_narrow(double lower, double upper);

  double lower() const noexcept { return lower_; }
  double upper() const noexcept { return upper_; }
  int exponent() const noexcept { return exponent_; }
  std::int64_t lower_units() const noexcept { return lower_units_; }
  std::int64_t upper_units() const noexcept { return upper_units_; }

  std::int64_t units(double value) const noexcept;  ///< `value` is not NaN
  std::int64_t units(std::int64_t value) const noexcept;

  /// The sum of distances to the lower bound, and to the upper, of `count` values that add up to
  /// `total` units. One row adds, to both together, exactly width() whatever its value.
  Dyadic above_lower(std::int64_t count, int128 total) const noexcept {
    return {total - int128{count} * lower_units_, exponent_};
  }
  Dyadic below_upper(std::int64_t count, int128 total) const noexcept {
    return {int128{count} * upper_units_ - total, exponent_};
  }

  /// The sums of (v - lo)², 2·(v - lo)·(hi - v) and (hi - v)² over values on a narrow grid, of which `squares` is the
  /// first in units. One row adds, to all together, exactly width()² whatever its value.
  std::array<Dyadic, 3> square_parts(std::int64_t count, int128 total,
                                     int128 squares) const noexcept;

  /// upper_units() - lower_units() of a narrow grid.
  std::int64_t width_units() const noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(upper_units_) -
                                     static_cast<std::uint64_t>(lower_units_));
  }

  /// The value so many units above the lower bound, and within the bounds.
  double value_above_lower(std::int64_t distance) const noexcept;

  double width_up() const noexcept;      ///< upper - lower on the grid, rounded up
  double magnitude_up() const noexcept;  ///< the larger of |lower| and |upper| on the grid

  friend bool operator==(const ValueGrid&, const ValueGrid&) = default;

 private:
  ValueGrid(double lower, double upper, int exponent) noexcept;

  double lower_;
  double upper_;
  int exponent_;
  std::int64_t lower_units_;
  std::int64_t upper_units_;
};

}  // namespace sfumato
