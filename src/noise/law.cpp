#include "sfumato/noise/law.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "base/crossing.h"
#include "base/normal_tail.h"
#include "noise/enclosed_law.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool sensible(double confidence) {
  return confidence > 0 && confidence < 1;
}

/// 1 - confidence, exactly: the difference fits 256 bits where confidence >= 2^-200 (else outward).
Enclosure outside(double confidence) {
  return 1 - Enclosure(confidence);
}

/// 1 - x of a tail, without the cancellation below zero that rounding could leave.
Bounds within_one(const Enclosure& x) {
  return {std::fmax(x.lower(), 0), std::fmin(x.upper(), 1)};
}

}  // namespace

Enclosure enclosed(const Scale& scale) {
  return Enclosure::ratio(scale.numerator(), scale.denominator()).scaled(scale.exponent());
}

// e^(-t/b) / 2 for t >= 0 and 1 - e^(t/b) / 2 for t <= 0, as one formula in which t may be either.
Enclosure enclosed_laplace_tail(const Enclosure& b, const Enclosure& t) {
  const Enclosure above = max(t, Enclosure(0)) / b;
  const Enclosure below = min(t, Enclosure(0)) / b;
  return (exp(-above) - expm1(below)).scaled(-1);
}

Bounds laplace_tail(const Scale& b, double t) {
  return within_one(enclosed_laplace_tail(enclosed(b), t));
}

Bounds gaussian_tail(const Scale& sigma, double t) {
  return within_one(normal_tail(t / enclosed(sigma)));
}

Bounds discrete_laplace_mass(const Scale& s, std::int64_t x) {
  const Enclosure rate = 1 / enclosed(s);
  const Enclosure size = max(Enclosure::whole(x), -Enclosure::whole(x));
  const Enclosure at_zero = -expm1(-rate) / (1 + exp(-rate));  // tanh(1/2s)
  return within_one(at_zero * exp(-(size * rate)));
}

// With q = e^(-1/s): P(X >= x) = q^x / (1 + q) for x >= 1, and P(X >= x) = 1 - P(X >= 1 - x) else.
Enclosure enclosed_discrete_laplace_tail(const Enclosure& s, std::int64_t x) {
  const Enclosure rate = 1 / s;
  const auto outer = [&](const Enclosure& k) { return exp(-(k * rate)) / (1 + exp(-rate)); };
  return x >= 1 ? outer(Enclosure::whole(x)) : 1 - outer(1 - Enclosure::whole(x));
}

Bounds discrete_laplace_tail(const Scale& s, std::int64_t x) {
  return within_one(enclosed_discrete_laplace_tail(enclosed(s), x));
}

double laplace_half_width(const Scale& b, double confidence) {
  if (!sensible(confidence)) return kInfinity;
  return (enclosed(b) * -log(outside(confidence))).upper();
}

// P(|Z| > zσ) = 2·Φ(-z), brought down to what may lie outside.
double gaussian_half_width(const Scale& sigma, double confidence) {
  if (!sensible(confidence)) return kInfinity;
  const Enclosure goal = outside(confidence);
  const auto near = [&](double z) {
    return std::log(std::erfc(z / std::numbers::sqrt2) / goal.lower());
  };
  const auto excess = [&](double z) { return log(normal_tail(z).scaled(1) / goal).upper(); };
  const double guess = crossing(near, confidence, 1e-15).upper;
  return (crossing(excess, guess, 1e-13).upper * enclosed(sigma)).upper();
}

// P(|X| > t) = 2·q^(t+1) / (1 + q) comes down to α at t + 1 = s·ln(2 / (α·(1 + q))).
std::int64_t discrete_laplace_half_width(const Scale& s, double confidence) {
  if (!sensible(confidence)) return std::numeric_limits<std::int64_t>::max();
  const Enclosure scale = enclosed(s);
  const Enclosure share = outside(confidence) * (1 + exp(-(1 / scale)));
  const std::int64_t least = (-(scale * log(2 / share))).floor_lower();  // -ceil, saturated
  return least >= 0 ? 0 : -(least + 1);
}

double laplace_deviation(const Scale& b) {
  return (enclosed(b) * sqrt(Enclosure(2))).upper();
}

double gaussian_deviation(const Scale& sigma) {
  return sigma.to_double_up();
}

// Var X = 2q / (1 - q)².
double discrete_laplace_deviation(const Scale& s) {
  const Enclosure rate = 1 / enclosed(s);
  return (sqrt(exp(-rate).scaled(1)) / -expm1(-rate)).upper();
}

// With c <= a and d = t/c - t/a, the closed form is e^(-t/a)·(1 + c/(a + c) · t/a · (1 - e^(-d))/d):
// nothing cancels, also where a and c are close or equal.
double laplace_pair_tail(double a, double c, double t) noexcept {
  if (a < c) std::swap(a, c);
  if (a == 0) return 0;
  const double d = c == 0 ? kInfinity : t / a * ((a - c) / c);
  const double mean = d > 0 ? -std::expm1(-d) / d : 1;  // of e^-x over x in (0, d)
  const double tail = std::exp(-t / a) * (1 + c / (a + c) * (t / a) * mean);
  return std::fmin(tail * (1 + 1e-12), 1);
}

// The sum over the scales of s⁴·e^(-t/s) / Π (s² - r²) over the other two r, by partial fractions of the
// characteristic function. What cancels is below 2^25 times the sum, which is e^(-t/a) or more.
double laplace_triple_tail(double a, double b, double c, double t) noexcept {
  if (a < b) std::swap(a, b);
  if (b < c) std::swap(b, c);
  if (a < b) std::swap(a, b);
  if (c == 0) return laplace_pair_tail(a, b, t);
  constexpr double kApart = 1 + 1e-4;
  b = std::fmax(b, c * kApart);
  a = std::fmax(a, b * kApart);
  // In units of a, with e^(-t/a) apart, and differences taken before they are multiplied.
  const double y = b / a;
  const double z = c / a;
  const auto squares_apart = [](double p, double q) { return (p - q) * (p + q); };
  const auto weight = [&](double s) { return s * s * s * s * std::exp(t / a * (s - 1) / s); };
  const double of_a = 1 / (squares_apart(1, y) * squares_apart(1, z));
  const double of_b = weight(y) / (squares_apart(1, y) * squares_apart(y, z));
  const double of_c = weight(z) / (squares_apart(1, z) * squares_apart(y, z));
  return std::fmin(std::exp(-t / a) * (of_a - of_b + of_c) * (1 + 1e-7), 1);
}

// The sum over the scales of s^(2k-2)·e^(-t/s) / Π (s² - r²) over the other k - 1. What cancels is below 2^27 times the
// sum, which is e^(-t/s) or more of the widest.
double laplace_sum_tail(std::span<const double> scales, double t) noexcept {
  constexpr std::size_t kMost = 6;
  constexpr double kApart = 1 + 0x1p-7;
  std::array<double, kMost> s{};  // rising
  std::size_t count = 0;
  for (const double scale : scales) {
    if (!(scale > 0) || count == kMost) continue;
    std::size_t at = count++;
    for (; at > 0 && s[at - 1] > scale; --at) s[at] = s[at - 1];
    s[at] = scale;
  }
  if (count <= 3) return laplace_triple_tail(s[0], s[1], s[2], t);
  for (std::size_t i = 1; i < count; ++i) s[i] = std::fmax(s[i], s[i - 1] * kApart);
  const double widest = s[count - 1];
  for (std::size_t i = 0; i < count; ++i) s[i] /= widest;
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double term = std::exp(t / widest * (s[i] - 1) / s[i]);
    for (std::size_t j = 0; j < count; ++j)
      if (j != i) term *= s[i] * s[i] / ((s[i] - s[j]) * (s[i] + s[j]));
    sum += term;
  }
  return std::fmin(std::exp(-t / widest) * sum * (1 + 2e-6), 1);
}

double laplace_pair_half_width(double a, double c, double confidence) {
  if (!sensible(confidence)) return kInfinity;
  const double wider = std::fmax(a, c);
  if (wider == 0) return 0;
  const double goal = sub_down(1, confidence);
  const auto excess = [&](double t) { return std::log(laplace_pair_tail(a, c, t) / goal); };
  return crossing(excess, wider, 1e-12).upper;
}

}  // namespace sfumato
