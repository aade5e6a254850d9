#pragma once

#include <compare>

#include "sfumato/base/result.h"

namespace sfumato {

/// The most that one unit, added or removed, can move an answer, measured in one norm.
///
/// A Sensitivity that was made is positive and finite. It has no default, and those of different
/// norms do not convert into one another.
template <class Norm>
class Sensitivity {
 public:
  static Result<Sensitivity> make(double value);

  constexpr double value() const noexcept { return value_; }
  friend constexpr auto operator<=>(Sensitivity, Sensitivity) = default;

  /// For literals: out of range does not compile.
  static consteval Sensitivity literal(long double value) {
    if (!(value > 0 && value <= 1.7e308L)) throw "a sensitivity must be positive and finite";
    return Sensitivity(static_cast<double>(value));
  }

 private:
  explicit constexpr Sensitivity(double value) noexcept : value_(value) {}

  double value_;
};

struct L1Norm {};    ///< the sum of what all coordinates move: what Laplace noise is scaled by
struct L2Norm {};    ///< the Euclidean length of the move: what Gaussian noise is scaled by
struct LInfNorm {};  ///< the most that any one coordinate moves

using L1Sensitivity = Sensitivity<L1Norm>;
using L2Sensitivity = Sensitivity<L2Norm>;
using LInfSensitivity = Sensitivity<LInfNorm>;

extern template class Sensitivity<L1Norm>;
extern template class Sensitivity<L2Norm>;
extern template class Sensitivity<LInfNorm>;

consteval L1Sensitivity operator""_l1(long double v) {
  return L1Sensitivity::literal(v);
}
consteval L1Sensitivity operator""_l1(unsigned long long v) {
  return L1Sensitivity::literal(v);
}
consteval L2Sensitivity operator""_l2(long double v) {
  return L2Sensitivity::literal(v);
}
consteval L2Sensitivity operator""_l2(unsigned long long v) {
  return L2Sensitivity::literal(v);
}
consteval LInfSensitivity operator""_linf(long double v) {
  return LInfSensitivity::literal(v);
}
consteval LInfSensitivity operator""_linf(unsigned long long v) {
  return LInfSensitivity::literal(v);
}

}  // namespace sfumato
