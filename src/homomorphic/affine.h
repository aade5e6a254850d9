#pragma once

#include <optional>
#include <span>

#include "homomorphic/p256_field.h"
#include "sfumato/homomorphic/curve_point.h"

namespace sfumato {

/// A point that everybody may see, other than the one at infinity: additions of many are done at once, so
/// that they share an inversion.
struct Affine {
  FieldElement x, y;

  static Affine of(const CurvePoint& point) noexcept {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(point.bytes().data()) + 1;
    return {FieldElement::of(std::span<const unsigned char, 32>(bytes, 32)),
            FieldElement::of(std::span<const unsigned char, 32>(bytes + 32, 32))};
  }
};

/// What the slope of a line through two points, or the tangent of one, is divided by, and never 0: of opposite
/// points, which have no slope, it is the tangent's. No point has y = 0: it would have order 2, and the curve's order is odd.
inline FieldElement slope_divisor(const Affine& a, const Affine& b) noexcept {
  const FieldElement distance = b.x - a.x;
  return distance.is_zero() ? a.y + a.y : distance;
}

/// Their sum, by the inverse of that: none at infinity.
inline std::optional<Affine> sum_of(const Affine& a, const Affine& b,
                                    const FieldElement& inverse) noexcept {
  FieldElement rise = b.y - a.y;
  if (a.x == b.x) {
    if (!(a.y == b.y)) return std::nullopt;
    const FieldElement tangent = a.x * a.x - FieldElement::one();  // the curve's a is -3
    rise = tangent + tangent + tangent;
  }
  const FieldElement slope = rise * inverse;
  const FieldElement x = slope * slope - a.x - b.x;
  return Affine{x, slope * (a.x - x) - a.y};
}

}  // namespace sfumato
