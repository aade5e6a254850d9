#pragma once

#include <compare>

#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Pure privacy loss: one unit changes the odds of any outcome by at most the factor e^ε.
///
/// An Epsilon that was made lies in (0, 2^20]. It has no default: a forgotten ε does not compile.
///
/// Origin  Dwork, McSherry, Nissim, Smith: Calibrating Noise to Sensitivity, definition 1
class Epsilon {
 public:
  static constexpr double kMax = 1 << 20;

  static Result<Epsilon> make(double value);

  constexpr double value() const noexcept { return value_; }
  friend constexpr auto operator<=>(Epsilon, Epsilon) = default;

  /// Sequential composition. Rounds up: a total is never reported below what was spent.
  friend Epsilon operator+(Epsilon a, Epsilon b) noexcept {
    return Epsilon(add_up(a.value_, b.value_));
  }

 private:
  explicit constexpr Epsilon(double value) noexcept : value_(value) {}
  friend consteval Epsilon operator""_eps(long double value);

  double value_;
};

/// A literal: the double nearest to what is written. Out of range does not compile.
consteval Epsilon operator""_eps(long double value) {
  if (!(value > 0 && value <= Epsilon::kMax)) throw "epsilon must lie in (0, 2^20]";
  return Epsilon(static_cast<double>(value));
}

}  // namespace sfumato
