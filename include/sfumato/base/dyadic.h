#pragma once

#include <cstdint>

namespace sfumato {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/// An exact number: units · 2^exponent.
///
/// True answers meet noise in this form, so that a sum is never rounded before its noise is added.
struct Dyadic {
  int128 units = 0;
  int exponent = 0;

  /// The number that a finite double is, exactly. NaN is read as 0 and an infinity as the largest
  /// finite double of its sign: a fixed total rule, so that no answer makes a release fail.
  static Dyadic from_double(double x) noexcept;

  /// Rounded to the nearest double, ties to even, once; saturated at the largest finite double, and
  /// zero is +0.
  double to_double() const noexcept;
};

}  // namespace sfumato
