#include "account/aim.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace sfumato {
namespace {

constexpr double kLeast = 0x1p-30;
constexpr double kMost = 0x1p30;

/// K'(t) - 1/t - 1/(1 + t): the ε whose saddle is t.
double epsilon_of(const Moment& m, double t) {
  return m.mean - 1 / t - 1 / (1 + t);
}

Aim estimate(const Moment& m, double t, double epsilon) {
  const double curve = m.variance + 1 / (t * t) + 1 / ((1 + t) * (1 + t));
  const double height = m.log - epsilon * t - std::log(t) - std::log1p(t);
  return {t, epsilon, std::min(height - std::log(2 * std::numbers::pi * curve) / 2, 0.0),
          1 / std::sqrt(curve), false};
}

/// Where a rising function of t passes zero, to about 1e-4 of t: steps out from 1, then halves log t.
double rising_root(const std::function<double(double)>& f) {
  double low = 1, high = 1;
  if (f(1) > 0) {
    do low /= 4;
    while (low > kLeast && f(low) > 0);
    high = low * 4;
  } else {
    do high *= 4;
    while (high < kMost && f(high) <= 0);
    low = high / 4;
  }
  while (high > low * 1.0002) {
    const double middle = std::sqrt(low * high);
    (f(middle) > 0 ? high : low) = middle;
  }
  return high;
}

}  // namespace

Aim aim_at_epsilon(const LossSum& sum, double epsilon) {
  if (epsilon >= most(sum).lower()) return {1, epsilon, -HUGE_VAL, 1, true};
  const double t = rising_root([&](double x) { return epsilon_of(moment(sum, x), x) - epsilon; });
  Aim aim = estimate(moment(sum, t), t, epsilon);
  aim.vanishes = t >= kMost / 4;
  return aim;
}

Aim aim_at_delta(const LossSum& sum, double log_delta) {
  const double t = rising_root([&](double x) {
    const Moment m = moment(sum, x);
    return log_delta - estimate(m, x, epsilon_of(m, x)).log_delta;
  });
  const Moment m = moment(sum, t);
  const double epsilon = epsilon_of(m, t);
  if (!(epsilon > 0)) return aim_at_epsilon(sum, 0);
  Aim aim = estimate(m, t, epsilon);
  aim.vanishes = t >= kMost / 4;
  return aim;
}

}  // namespace sfumato
