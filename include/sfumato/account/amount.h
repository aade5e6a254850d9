#pragma once

#include <compare>
#include <string>

#include "sfumato/base/decimal.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// An exact amount, never negative: a whole number of units of 10^-kPlaces, at most 10^36 of them.
///
/// Budgets are kept in it. A number is rounded to units once, when it comes in, in a stated direction;
/// from then on sums and comparisons are exact, so that ten times the decimal 0.1 is 1. The double 0.1
/// lies above one tenth, and so takes a unit more.
///
/// Proof   docs/proofs/account/amount.md
template <int kPlaces>
class Amount {
 public:
  constexpr Amount() = default;  ///< nothing

  /// The least amount that is not below `value`: what a cost is charged as. Refuses NaN, infinities,
  /// negative numbers and those beyond `most()`.
  static Result<Amount> at_least(const Exact& value);

  /// The greatest amount that is not above `value`: what a cap allows. Refuses the same.
  static Result<Amount> at_most(const Exact& value);

  static Result<Amount> of_units(uint128 units);  ///< as `units()` once told them
  static Amount most();

  constexpr uint128 units() const noexcept { return units_; }

  Decimal value() const;  ///< the amount itself
  std::string to_string() const { return value().to_string(); }

  /// Whether `a + b` is an amount; if so, `+` is exact, else it is `most()`.
  friend bool fits(Amount a, Amount b) noexcept { return b.units_ <= most().units_ - a.units_; }
  friend Amount operator+(Amount a, Amount b) noexcept {
    return fits(a, b) ? Amount(a.units_ + b.units_) : most();
  }
  /// What of `a` is left without `b`: nothing where b is larger.
  friend Amount operator-(Amount a, Amount b) noexcept {
    return Amount(a.units_ > b.units_ ? a.units_ - b.units_ : 0);
  }

  friend constexpr auto operator<=>(Amount, Amount) = default;

 private:
  explicit constexpr Amount(uint128 units) noexcept : units_(units) {}

  uint128 units_ = 0;
};

using LossAmount = Amount<12>;   ///< of ε, ρ or a Rényi divergence
using DeltaAmount = Amount<30>;  ///< of δ

extern template class Amount<12>;
extern template class Amount<30>;

}  // namespace sfumato
