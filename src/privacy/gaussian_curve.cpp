#include "sfumato/privacy/gaussian_curve.h"

#include <cmath>
#include <limits>

#include "base/crossing.h"
#include "privacy/delta_curve.h"
#include "privacy/gaussian_near.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

DeltaCurve curve_of(double sigma, double sensitivity) {
  return {[=](const Enclosure& epsilon) {
    const int bits = epsilon.bits();
    return gaussian_delta(epsilon, Enclosure(sensitivity, bits) / Enclosure(sigma, bits));
  }};
}

bool sensible(double epsilon, double sigma) {
  return epsilon >= 0 && epsilon < kInfinity && sigma > 0 && sigma < kInfinity;
}

/// About where ε lies, begun at what zero-concentrated privacy promises.
double epsilon_guess(double delta, double mu) {
  const double goal = std::log(delta);
  const double first = std::fmin(std::fmax(mu * (mu / 2 + std::sqrt(-2 * goal)), 1e-300), 1e300);
  return crossing([&](double e) { return log_gaussian_delta_near(e, mu) - goal; }, first, 1e-15)
      .upper;
}

}  // namespace

Bounds gaussian_delta(double epsilon, double sigma, L2Sensitivity sensitivity) {
  if (!sensible(epsilon, sigma)) return {0, 1};
  return delta_at(curve_of(sigma, sensitivity.value()), epsilon);
}

Bounds gaussian_epsilon(Delta delta, double sigma, L2Sensitivity sensitivity) {
  if (!sensible(0, sigma)) return {0, kInfinity};
  if (delta.value() == 0) return {kInfinity, kInfinity};
  if (delta.value() >= 1) return {0, 0};
  const double guess = epsilon_guess(delta.value(), sensitivity.value() / sigma);
  return epsilon_at(curve_of(sigma, sensitivity.value()), delta.value(), guess);
}

Result<double> gaussian_sigma(Epsilon epsilon, Delta delta, L2Sensitivity sensitivity) {
  const double e = epsilon.value();
  const double d = delta.value();
  if (!(d > 0 && d < 1))
    return Error{Errc::invalid_parameter, "delta",
                 "must lie between 0 and 1 for Gaussian noise, which never is purely private"};
  const auto f = [&](double sigma) { return excess(curve_of(sigma, 1), e, d); };
  const double least = crossing(f, gaussian_sigma_near(e, d), 1e-11).upper;
  const double sigma = mul_up(least, sensitivity.value());  // δ depends on σ/Δ alone, and falls
  if (sigma < kInfinity) return sigma;
  return Error{Errc::unsupported, "sensitivity",
               "must be so small that the noise it asks for has a finite standard deviation"};
}

}  // namespace sfumato
