#include "sfumato/aggregate/value_grid.h"

#include <algorithm>
#include <cmath>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr double kLargestBound = 0x1p62;
constexpr int kGridBits = 52;          // of the larger bound: what a double holds of it
constexpr int kNarrowBits = 30;        // of the width
constexpr int kLeastExponent = -1074;  // of the least double

Error refuse(const char* what) {
  return {Errc::invalid_parameter, "clamp", what};
}

/// value / 2^shift to the nearest whole number, ties to even.
std::int64_t shifted_to_nearest(std::int64_t value, int shift) noexcept {
  const std::int64_t below = value >> shift;
  const std::int64_t twice_rest = 2 * (value - (below << shift));
  const std::int64_t unit = std::int64_t{1} << shift;
  return below + (twice_rest > unit || (twice_rest == unit && (below & 1) != 0) ? 1 : 0);
}

}  // namespace

Result<ValueGrid> ValueGrid::make(double lower, double upper) {
  if (!std::isfinite(lower) || !std::isfinite(upper))
    return refuse("both bounds must be finite numbers");
  if (!(lower < upper)) return refuse("the lower bound must lie below the upper one");
  const double magnitude = std::max(std::fabs(lower), std::fabs(upper));
  if (magnitude > kLargestBound)
    return refuse(
        "both bounds must lie within ±2^62 (about 4.6e18), so that no total can overflow");
  const int exponent = std::clamp(std::ilogb(magnitude) + 1 - kGridBits, kLeastExponent, 0);
  return ValueGrid(lower, upper, exponent);
}

Result<ValueGrid> ValueGrid::make_narrow(double lower, double upper) {
  Result<ValueGrid> fine = make(lower, upper);
  if (!fine) return fine;
  const int exponent = std::ilogb(upper - lower) + 1 - kNarrowBits;
  return ValueGrid(lower, upper, std::max(fine->exponent(), exponent));
}

// Scaling by a power of two is exact here: the magnitude ends up in [2^51, 2^62], and what gets lost
// of the smaller bound below 2^-1074 units is what floor and ceil round outward in any case.
ValueGrid::ValueGrid(double lower, double upper, int exponent) noexcept
    : lower_(lower),
      upper_(upper),
      exponent_(exponent),
      lower_units_(static_cast<std::int64_t>(std::floor(std::ldexp(lower, -exponent)))),
      upper_units_(static_cast<std::int64_t>(std::ceil(std::ldexp(upper, -exponent)))) {}

// Clamped as a double first: the bounds are whole numbers of at most 53 significant bits, so that
// the comparison is exact and the conversion cannot overflow.
std::int64_t ValueGrid::units(double value) const noexcept {
  const double scaled = std::ldexp(value, -exponent_);
  const double inside =
      std::clamp(scaled, static_cast<double>(lower_units_), static_cast<double>(upper_units_));
  return static_cast<std::int64_t>(std::nearbyint(inside));
}

// A whole number is whole on a grid whose unit is a power of two and at most 1.
std::int64_t ValueGrid::units(std::int64_t value) const noexcept {
  if (exponent_ > 0)
    return std::clamp(shifted_to_nearest(value, exponent_), lower_units_, upper_units_);
  const int shift = -exponent_;
  if (shift > 62) return value == 0 ? units(0.0) : value > 0 ? upper_units_ : lower_units_;
  const int128 scaled = int128{value} * (int128{1} << shift);
  return static_cast<std::int64_t>(std::clamp(scaled, int128{lower_units_}, int128{upper_units_}));
}

std::array<Dyadic, 3> ValueGrid::square_parts(std::int64_t count, int128 total,
                                              int128 squares) const noexcept {
  const int128 width = int128{upper_units_} - lower_units_;
  const int128 above = total - int128{count} * lower_units_;
  const auto part = [&](int128 units) { return Dyadic{units, 2 * exponent_}; };
  return {part(squares), part(2 * (width * above - squares)),
          part(count * width * width - 2 * width * above + squares)};
}

double ValueGrid::value_above_lower(std::int64_t distance) const noexcept {
  const auto units = static_cast<double>(lower_units_ + distance);
  return std::clamp(std::ldexp(units, exponent_), lower_, upper_);
}

double ValueGrid::width_up() const noexcept {
  const double units =
      add_up(static_cast<double>(upper_units_), -static_cast<double>(lower_units_));
  return std::ldexp(units, exponent_);
}

double ValueGrid::magnitude_up() const noexcept {
  const double units = std::max(std::fabs(static_cast<double>(lower_units_)),
                                std::fabs(static_cast<double>(upper_units_)));
  return std::ldexp(units, exponent_);
}

}  // namespace sfumato
