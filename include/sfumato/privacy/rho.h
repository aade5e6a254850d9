#pragma once

#include <compare>

#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Zero-concentrated privacy loss: the Rényi divergence of order α is at most ρα, for each α > 1.
///
/// A Rho that was made lies in (0, 2^20]. It has no default.
///
/// Origin  Bun, Steinke: Concentrated Differential Privacy, definition 1.1
class Rho {
 public:
  static constexpr double kMax = 1 << 20;

  static Result<Rho> make(double value);

  constexpr double value() const noexcept { return value_; }
  friend constexpr auto operator<=>(Rho, Rho) = default;

  /// Sequential composition. Rounds up.
  friend Rho operator+(Rho a, Rho b) noexcept { return Rho(add_up(a.value_, b.value_)); }

 private:
  explicit constexpr Rho(double value) noexcept : value_(value) {}
  friend consteval Rho operator""_rho(long double value);

  double value_;
};

/// A literal: the double nearest to what is written. Out of range does not compile.
consteval Rho operator""_rho(long double value) {
  if (!(value > 0 && value <= Rho::kMax)) throw "rho must lie in (0, 2^20]";
  return Rho(static_cast<double>(value));
}

}  // namespace sfumato
