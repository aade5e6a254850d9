#include "sfumato/privacy/zcdp.h"

#include <cmath>
#include <limits>

#include "base/crossing.h"
#include "base/enclosure.h"

namespace sfumato {
namespace {

/// The order at which the bound is least, less 1, up to rounding: where its derivative
/// (2α - 1)·ρ - ε + ln(1 - 1/α), which rises, is zero.
double best_order_less_one(double rho, double epsilon) {
  const auto falling = [&](double a) { return epsilon - (2 * a + 1) * rho + std::log1p(1 / a); };
  return crossing(falling, std::fmax(epsilon / (2 * rho), 1e-3), 1e-12).upper;
}

/// exp((α-1)(αρ - ε)) / (α-1) · (1 - 1/α)^α, at any α = 1 + a > 1.
Enclosure delta_at(double a, const Enclosure& rho, double epsilon) {
  const Enclosure order = 1 + Enclosure(a);
  return exp(a * (order * rho - epsilon) + order * log(a / order)) / a;
}

double delta_above(const Enclosure& rho, double epsilon) {
  const double a = best_order_less_one(rho.upper(), epsilon);
  return std::fmin(delta_at(a, rho, epsilon).upper(), 1);
}

}  // namespace

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
