#include "sfumato/aggregate/vector_clip.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "aggregate/vector_norm.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr int kGridBits = 52;  // of the bound: its square, times 2^20, fits 128 bits
constexpr int kLeastExponent = -1074;

/// NaN as 0 and infinities as the largest doubles.
double readable(double x) noexcept {
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::isnan(x) ? 0 : std::clamp(x, -kMost, kMost);
}

uint128 magnitude(std::int64_t x) noexcept {
  return static_cast<uint128>(x < 0 ? -x : x);
}

double largest(std::span<const double> vector) noexcept {
  double most = 0;
  for (const double x : vector) most = std::max(most, std::fabs(readable(x)));
  return most;
}

/// The norm of vector / largest, which is between 1 and the dimension.
double norm_of_shape(ClipNorm norm, std::span<const double> vector, double largest) noexcept {
  double sum = 0;
  for (const double x : vector) {
    const double share = std::fabs(readable(x)) / largest;
    sum += norm == ClipNorm::l1 ? share : share * share;
  }
  return norm == ClipNorm::l1 ? sum : std::sqrt(sum);
}

}  // namespace

bool within(ClipNorm norm, std::span<const std::int64_t> units, std::int64_t bound) noexcept {
  uint128 sum = 0;
  for (const std::int64_t u : units) {
    const uint128 size = magnitude(u);
    if (norm == ClipNorm::linf && size > magnitude(bound)) return false;
    sum += norm == ClipNorm::l2 ? size * size : size;
  }
  if (norm == ClipNorm::linf) return true;
  return sum <= (norm == ClipNorm::l2 ? magnitude(bound) * magnitude(bound) : magnitude(bound));
}

Result<VectorClip> VectorClip::make(ClipNorm norm, double bound, std::size_t dimension) {
  if (!(bound > 0 && bound <= 0x1p900))
    return Error{Errc::invalid_parameter, "bound", "must be positive and at most 2^900"};
  if (dimension < 1 || dimension > kMaxDimension)
    return Error{Errc::invalid_parameter, "dimension", "must lie between 1 and 2^20"};
  return VectorClip(norm, bound, dimension,
                    std::max(std::ilogb(bound) + 1 - kGridBits, kLeastExponent));
}

VectorClip::VectorClip(ClipNorm norm, double bound, std::size_t dimension, int exponent) noexcept
    : norm_(norm),
      bound_(bound),
      dimension_(dimension),
      exponent_(exponent),
      bound_units_(static_cast<std::int64_t>(std::ceil(std::ldexp(bound, -exponent)))) {}

void VectorClip::units(std::span<const double> vector, std::span<std::int64_t> out) const noexcept {
  if (norm_ == ClipNorm::linf) return clamped(vector, out);
  if (!truncated(vector, out)) scaled(vector, out);
}

void VectorClip::clamped(std::span<const double> vector,
                         std::span<std::int64_t> out) const noexcept {
  const auto most = static_cast<double>(bound_units_);
  for (std::size_t i = 0; i < dimension_; ++i)
    out[i] = static_cast<std::int64_t>(
        std::clamp(std::ldexp(readable(vector[i]), -exponent_), -most, most));
}

bool VectorClip::truncated(std::span<const double> vector,
                           std::span<std::int64_t> out) const noexcept {
  if (largest(vector) > bound_) return false;
  for (std::size_t i = 0; i < dimension_; ++i)
    out[i] = static_cast<std::int64_t>(std::ldexp(readable(vector[i]), -exponent_));
  return within(norm_, out, bound_units_);
}

// Scaled a little further down than need be, by more than what doubles may be off; where that was not
// enough, which the exact norm tells, further down still.
void VectorClip::scaled(std::span<const double> vector,
                        std::span<std::int64_t> out) const noexcept {
  const double most = largest(vector);
  const double length = static_cast<double>(bound_units_) / norm_of_shape(norm_, vector, most);
  for (double spare = (static_cast<double>(dimension_) + 8) * 0x1p-53;; spare *= 2) {
    const double factor = length * std::max(0.0, 1 - spare);
    for (std::size_t i = 0; i < dimension_; ++i)
      out[i] = static_cast<std::int64_t>(readable(vector[i]) / most * factor);
    if (within(norm_, out, bound_units_)) return;
  }
}

double VectorClip::l1_up(std::int64_t rows) const noexcept {
  const auto dimension = static_cast<double>(dimension_);
  const double corner = norm_ == ClipNorm::l1   ? 1
                        : norm_ == ClipNorm::l2 ? sqrt_up(dimension)
                                                : dimension;
  const double one = std::ldexp(static_cast<double>(bound_units_), exponent_);
  return mul_up(mul_up(static_cast<double>(rows), one), corner);
}

double VectorClip::l2_up(std::int64_t rows) const noexcept {
  const double corner = norm_ == ClipNorm::linf ? sqrt_up(static_cast<double>(dimension_)) : 1;
  const double one = std::ldexp(static_cast<double>(bound_units_), exponent_);
  return mul_up(mul_up(static_cast<double>(rows), one), corner);
}

}  // namespace sfumato
