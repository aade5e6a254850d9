#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// An exact decimal: coefficient · 10^exponent, with at most 36 significant digits.
///
/// Budgets are added up in it, so that ten times 0.1 is 1, and scales are read into it, so that the
/// law that is drawn is the one that was written.
class Decimal {
 public:
  constexpr Decimal() = default;  ///< zero

  /// Reads `[-+]digits[.digits][(e|E)[-+]digits]`, all of `text`. Refuses words such as nan and inf,
  /// more than 36 significant digits, and numbers whose last digit that is not zero weighs more than
  /// 10^400 or less than 10^-400: exactness is never lost silently.
  static Result<Decimal> parse(std::string_view text);

  int128 coefficient() const noexcept { return coefficient_; }  ///< no trailing zero, unless zero
  int exponent() const noexcept { return exponent_; }           ///< 0 for zero
  int sign() const noexcept { return (coefficient_ > 0) - (coefficient_ < 0); }

  double to_double_up() const noexcept;    ///< the least double that is not below it
  double to_double_down() const noexcept;  ///< the greatest double that is not above it

  /// The exact sum; refused where `parse` would refuse it.
  static Result<Decimal> add(const Decimal& a, const Decimal& b);

  std::string to_string() const;  ///< plain, or with a power of ten where that is shorter

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept;

 private:
  constexpr Decimal(int128 coefficient, int exponent)
      : coefficient_(coefficient), exponent_(exponent) {}

  static Result<Decimal> reduced(int128 coefficient, std::int64_t exponent);

  int128 coefficient_ = 0;
  int exponent_ = 0;
};

}  // namespace sfumato
