#include "support/goodness_of_fit.h"

#include <limits>

namespace sfumato {
namespace {

constexpr double kPrecise = std::numeric_limits<double>::epsilon();

/// x^a · e^-x / Γ(a): what both expansions are multiplied by.
double front(double a, double x) {
  return std::exp(a * std::log(x) - x - std::lgamma(a));
}

/// P(a, x) by its power series, for x < a + 1 (NIST DLMF 8.11.4).
double lower_by_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (double n = a + 1; term > sum * kPrecise; ++n) sum += term *= x / n;
  return front(a, x) * sum;
}

/// Q(a, x) by its continued fraction, for x >= a + 1 (NIST DLMF 8.9.2), by the method of Lentz.
double upper_by_fraction(double a, double x) {
  double b = x + 1 - a, c = 1e300, d = 1 / b, value = d;
  for (int n = 1; n < 100'000; ++n) {
    const double numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= c * d;
    if (std::fabs(c * d - 1) < kPrecise) break;
  }
  return front(a, x) * value;
}

struct Merged {
  std::vector<double> observed, expected;
};

/// Joins each bin to its right neighbours until enough is expected; what is left joins the last.
Merged merged(std::span<const double> observed, std::span<const double> expected, double least) {
  Merged bins;
  double seen = 0, awaited = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    seen += observed[i], awaited += expected[i];
    if (awaited < least) continue;
    bins.observed.push_back(seen), bins.expected.push_back(awaited);
    seen = awaited = 0;
  }
  if (bins.expected.empty()) return {{seen}, {awaited}};
  bins.observed.back() += seen, bins.expected.back() += awaited;
  return bins;
}

}  // namespace

double chi_squared_tail(double statistic, double degrees) {
  const double a = degrees / 2, x = statistic / 2;
  if (!(a > 0 && x > 0)) return 1;
  if (std::isinf(x)) return 0;
  return x < a + 1 ? 1 - lower_by_series(a, x) : upper_by_fraction(a, x);
}

GoodnessOfFit g_test(std::span<const double> observed, std::span<const double> expected,
                     double least_expected) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < observed.size(); ++i)
    if (observed[i] > 0 && !(expected[i] > 0)) return {kInfinity, 1, 0};

  const Merged bins = merged(observed, expected, least_expected);
  double statistic = 0;
  for (std::size_t i = 0; i < bins.observed.size(); ++i) {
    const double count = bins.observed[i];
    if (count > 0) statistic += 2 * count * std::log(count / bins.expected[i]);
  }
  const auto degrees = static_cast<double>(bins.observed.size() - 1);
  return {statistic, degrees, chi_squared_tail(statistic, degrees)};
}

}  // namespace sfumato
