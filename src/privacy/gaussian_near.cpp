#include "privacy/gaussian_near.h"

#include <cmath>
#include <numbers>

#include "base/crossing.h"

namespace sfumato {
namespace {

constexpr double kPi = std::numbers::pi;

/// The Mills ratio to about 1e-15, for x > -30.
double mills_ratio(double x) {
  if (x < 4) return std::sqrt(kPi / 2) * std::erfc(x * std::sqrt(0.5)) * std::exp(x * x / 2);
  double rest = 0;
  for (int n = 80; n > 0; --n) rest = n / (x + rest);
  return 1 / (x + rest);
}

}  // namespace

double log_gaussian_delta_near(double epsilon, double mu) {
  const double near = epsilon / mu - mu / 2;
  if (near < -30) return 0;
  const double difference = mills_ratio(near) - mills_ratio(epsilon / mu + mu / 2);
  return std::log(difference) - near * near / 2 - std::log(2 * kPi) / 2;
}

// The search begins at the lesser of what zero-concentrated privacy asks, μ²/2 + μ√(2 ln 1/δ) = ε, and
// what δ(0) < μ/√2π does.
double gaussian_sigma_near(double epsilon, double delta) {
  const double tail = std::sqrt(-2 * std::log(delta));
  const double concentrated = (std::sqrt(tail * tail + 2 * epsilon) + tail) / (2 * epsilon);
  const double first = std::fmin(std::fmin(concentrated, 0.4 / delta), 1e300);
  const double goal = std::log(delta);
  const auto f = [&](double s) { return log_gaussian_delta_near(epsilon, 1 / s) - goal; };
  const double guess = crossing(f, first, 1e-14).upper;
  return std::isfinite(guess) ? guess : first;
}

}  // namespace sfumato
