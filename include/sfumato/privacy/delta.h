#pragma once

#include <compare>

#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// The probability with which the bound e^ε may fail.
///
/// A Delta that was made lies in [0, 1). It has no default; zero is written out, `0.0_delta`.
///
/// Origin  Dwork, Kenthapadi, McSherry, Mironov, Naor: Our Data, Ourselves, definition 1
class Delta {
 public:
  static Result<Delta> make(double value);

  constexpr double value() const noexcept { return value_; }
  friend constexpr auto operator<=>(Delta, Delta) = default;

  /// Sequential composition. Rounds up; a total of 1 or more claims nothing, and says 1.
  friend Delta operator+(Delta a, Delta b) noexcept {
    const double sum = add_up(a.value_, b.value_);
    return Delta(sum < 1 ? sum : 1);
  }

 private:
  explicit constexpr Delta(double value) noexcept : value_(value) {}
  friend consteval Delta operator""_delta(long double value);

  double value_;
};

/// A literal: the double nearest to what is written. Out of range does not compile.
consteval Delta operator""_delta(long double value) {
  if (!(value >= 0 && value < 1)) throw "delta must lie in [0, 1)";
  return Delta(static_cast<double>(value));
}

}  // namespace sfumato
