#include "account/lossless.h"

#include <cmath>

#include "base/crossing.h"

namespace sfumato {
namespace {

/// Σ P^α·Q^(1-α) of the pair of coins with P = δ + x and e^ε·Q = x, over e^((α-1)ε), and its slope: a
/// convex function of x in (0, 1 - δ).
struct Moment {
  Enclosure value, slope;
};

Moment moment(const Enclosure& alpha, const Enclosure& delta, const Enclosure& factor,
              const Enclosure& x) {
  const Enclosure less = alpha - 1, p = delta + x, rest = factor - x, not_p = 1 - p;
  const Enclosure yes = exp(alpha * log(p) - less * log(x));
  const Enclosure no = exp(alpha * log(not_p) - less * log(rest));
  return {yes + no, yes * (alpha / p - less / x) + no * (less / rest - alpha / not_p)};
}

/// The least moment over all such pairs. Left of a point where the slope is negative, and right of one
/// where it is positive, nothing is lower; between them nothing is below the tangent.
Enclosure least_moment(const Enclosure& alpha, const Enclosure& delta, const Enclosure& factor) {
  const Enclosure less = alpha - 1, end = 1 - delta;
  if ((alpha * delta).certainly_at_least(1)) return exp(-(less * log(end)));  // falls up to the end
  const auto falling = [&](double x) {
    if (!end.certainly_above(x)) return -1.0;
    const Moment m = moment(alpha, delta, factor, x);
    return -(m.slope / m.value).lower();
  };
  const Bounds x = crossing(falling, (less * delta).upper(), 0x1p-50);
  if (!end.certainly_above(x.upper)) return Enclosure::hull(0, exp(-(less * log(end))));
  const Moment left = moment(alpha, delta, factor, x.lower);
  const Moment right = moment(alpha, delta, factor, x.upper);
  const Enclosure lowest = left.value + left.slope * (Enclosure(x.upper) - x.lower);
  const bool valley =
      Enclosure(0).certainly_at_least(left.slope) && right.slope.certainly_at_least(0);
  return Enclosure::hull(valley ? lowest : Enclosure(0), min(left.value, right.value));
}

/// The least divergence of all pairs that need that ε at δ.
Enclosure divergence_needed(const Enclosure& alpha, const Enclosure& delta, double epsilon) {
  const Enclosure e(epsilon);
  return e + log(least_moment(alpha, delta, exp(e))) / (alpha - 1);
}

}  // namespace

Bounds lossless_epsilon_at(const Enclosure& alpha, const Enclosure& divergence,
                           const Enclosure& delta, double guess) {
  const auto left = [&](double epsilon) {
    return (divergence - divergence_needed(alpha, delta, epsilon)).upper();
  };
  if (left(0) <= 0) return {0, 0};
  Bounds epsilon = crossing(left, guess, 0x1p-46);
  const auto reached = [&](double e) {
    return divergence.certainly_above(divergence_needed(alpha, delta, e));
  };
  for (double step = 0x1p-46; epsilon.lower > 0 && !reached(epsilon.lower); step *= 4)
    epsilon.lower *= std::fmax(1 - step, 0);
  return epsilon;
}

}  // namespace sfumato
