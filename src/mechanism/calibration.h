#pragma once

#include <cstdint>

#include "sfumato/base/result.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// sensitivity / loss as a scale, rounded up; refused where no double is that large.
Result<Scale> scale_of(double sensitivity, double loss);

/// sensitivity / √(2ρ), rounded up: the σ at which Gaussian noise is ρ-zCDP.
Result<Scale> concentrated_scale_of(double sensitivity, double rho);

/// The standard deviation of noise that is then rounded to multiples of 2^grid, if the rounding's
/// error is taken as uniform and independent (Sheppard's correction).
double with_rounding(double deviation, int grid) noexcept;

/// A half width of such noise, with the most that rounding can add, rounded up.
double reach_with_rounding(double half_width, int grid) noexcept;

/// A whole half width as a double that is not below it; infinite for the largest integer.
double reach_of(std::int64_t half_width);

}  // namespace sfumato
