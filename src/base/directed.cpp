#include "sfumato/base/directed.h"

#include <cmath>
#include <limits>
#include <utility>

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A double rounded to nearest, and a number of the sign of (real result - rounded).
struct Rounded {
  double nearest;
  double residue;
};

double up(Rounded x) noexcept {
  return x.residue > 0 ? std::nextafter(x.nearest, kInfinity) : x.nearest;
}
double down(Rounded x) noexcept {
  return x.residue < 0 ? std::nextafter(x.nearest, -kInfinity) : x.nearest;
}

/// The result where it is NaN, an infinity, or comes of one. An infinity that finite operands
/// overflowed to lies outside the real result.
Rounded special(double nearest, bool finite_operands) noexcept {
  const bool overflowed = finite_operands && std::isinf(nearest);
  return {nearest, overflowed ? -nearest : 0.0};
}

/// FastTwoSum on ordered operands: no step of it rounds or overflows unless the sum does.
Rounded sum(double a, double b) noexcept {
  const double nearest = a + b;
  if (!std::isfinite(nearest)) return special(nearest, std::isfinite(a) && std::isfinite(b));
  if (std::fabs(a) < std::fabs(b)) std::swap(a, b);
  return {nearest, b - (nearest - a)};
}

/// x = fraction · 2^exponent, the fraction in ±[1/2, 1): residues of fractions never underflow.
struct Parts {
  explicit Parts(double x) noexcept : fraction(std::frexp(x, &exponent)) {}
  int exponent = 0;
  double fraction;
};

Rounded product(double a, double b) noexcept {
  const double nearest = a * b;
  if (!std::isfinite(nearest)) return special(nearest, std::isfinite(a) && std::isfinite(b));
  if (a == 0 || b == 0) return {nearest, 0};
  const Parts x(a), y(b);
  const double scaled = std::ldexp(nearest, -(x.exponent + y.exponent));
  return {nearest, std::fma(x.fraction, y.fraction, -scaled)};
}

Rounded quotient(double a, double b) noexcept {
  const double nearest = a / b;
  if (!std::isfinite(nearest)) return special(nearest, std::isfinite(a) && b != 0);
  if (a == 0 || std::isinf(b)) return {nearest, 0};
  const Parts x(a), y(b);
  const double scaled = std::ldexp(nearest, y.exponent - x.exponent);
  const double residue = std::fma(-scaled, y.fraction, x.fraction);
  return {nearest, b > 0 ? residue : -residue};
}

Rounded root(double a) noexcept {
  const double nearest = std::sqrt(a);
  if (!std::isfinite(nearest) || a == 0) return {nearest, 0};
  const Parts x(a);
  const int half = x.exponent / 2;
  const double scaled = std::ldexp(nearest, -half);
  return {nearest, std::fma(-scaled, scaled, std::ldexp(x.fraction, x.exponent - 2 * half))};
}

}  // namespace

double add_up(double a, double b) noexcept {
  return up(sum(a, b));
}
double add_down(double a, double b) noexcept {
  return down(sum(a, b));
}
double sub_up(double a, double b) noexcept {
  return up(sum(a, -b));
}
double sub_down(double a, double b) noexcept {
  return down(sum(a, -b));
}
double mul_up(double a, double b) noexcept {
  return up(product(a, b));
}
double mul_down(double a, double b) noexcept {
  return down(product(a, b));
}
double div_up(double a, double b) noexcept {
  return up(quotient(a, b));
}
double div_down(double a, double b) noexcept {
  return down(quotient(a, b));
}
double sqrt_up(double a) noexcept {
  return up(root(a));
}
double sqrt_down(double a) noexcept {
  return down(root(a));
}

}  // namespace sfumato
