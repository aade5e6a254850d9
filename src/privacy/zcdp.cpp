#include "sfumato/privacy/zcdp.h"

#include <cmath>
#include <limits>

#include "base/crossing.h"
#include "privacy/zcdp_delta.h"

namespace sfumato {
namespace {

/// The order at which the bound is least, less 1, up to rounding: where its derivative
/// (2α - 1)·ρ - ε + ln(1 - 1/α), which rises, is zero.
double best_order_less_one(double rho, double epsilon) {
  const auto falling = [&](double a) { return epsilon - (2 * a + 1) * rho + std::log1p(1 / a); };
  return crossing(falling, std::fmax(epsilon / (2 * rho), 1e-3), 1e-12).upper;
}

/// The logarithm of the bound as a function of a = α - 1, and its first two derivatives.
struct LogBound {
  Enclosure value, slope, bend;
};

LogBound log_bound(const Enclosure& a, const Enclosure& rho, const Enclosure& epsilon) {
  const Enclosure order = 1 + a;
  const Enclosure share = log(a / order);
  return {a * (order * rho - epsilon) + order * share - log(a),
          (a.scaled(1) + 1) * rho - epsilon + share, rho.scaled(1) + 1 / (a * order)};
}

/// That order more closely: by one step of Newton's rule, as the double is right to 40 bits; or, where
/// doubles end, from a/(1+a) = exp(ε - (2a+1)ρ).
Enclosure best_order_less_one(const Enclosure& rho, const Enclosure& epsilon) {
  const Enclosure a(best_order_less_one(rho.upper(), epsilon.upper()), epsilon.bits());
  if (a.upper() < 1e-300) return (1 + a) * exp(epsilon - (a.scaled(1) + 1) * rho);
  const LogBound bound = log_bound(a, rho, epsilon);
  const Enclosure better = a - bound.slope / bound.bend;
  return better.certainly_above(0) ? better : a;
}

double delta_above(const Enclosure& rho, double epsilon) {
  return zcdp_delta(rho, Enclosure(epsilon)).upper();
}

}  // namespace

// The bend exceeds 2ρ everywhere: where the slope is d, the least value lies at most d²/4ρ below.
Enclosure zcdp_delta(const Enclosure& rho, const Enclosure& epsilon) {
  const Enclosure a = best_order_less_one(rho, epsilon);
  const LogBound bound = log_bound(a, rho, epsilon);
  const Enclosure below = power(bound.slope, 2) / rho.scaled(2);
  return min(exp(Enclosure::hull(bound.value - below, bound.value)), Enclosure(1));
}

double zcdp_delta(Rho rho, double epsilon) {
  if (!(epsilon >= 0 && epsilon < std::numeric_limits<double>::infinity())) return 1;
  return delta_above(rho.value(), epsilon);
}

Result<Rho> zcdp_rho(Epsilon epsilon, Delta delta) {
  const double d = delta.value();
  if (!(d > 0 && d < 1))
    return Error{
        Errc::invalid_parameter, "delta",
        "must lie between 0 and 1 for concentrated privacy, which never is purely private"};
  // δ rises with ρ, and so falls with 1/ρ.
  const auto excess = [&](double inverse) {
    return std::log(delta_above(1 / Enclosure(inverse), epsilon.value()) / d);
  };
  const double tail = std::sqrt(-std::log(d));
  const double root = epsilon.value() / (std::sqrt(tail * tail + epsilon.value()) + tail);
  const double inverse = crossing(excess, 1 / (root * root), 1e-11).upper;
  return Rho::make(div_down(1, inverse));
}

}  // namespace sfumato
