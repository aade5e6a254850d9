#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {

/// How well counts fit their expectations. `p_value` is the odds of a worse fit under the law.
struct GoodnessOfFit {
  double statistic;
  double degrees;
  double p_value;
};

/// A fit worse than this is a wrong law: on a fixed stream, a test that passed once always passes.
inline constexpr double kLeastPValue = 1e-9;

/// P[X >= statistic] for X chi-squared: the regularised incomplete gamma function Q(k/2, x/2).
double chi_squared_tail(double statistic, double degrees);

/// The G-test (log-likelihood ratio) of counts against expectations of the same total. Neighbouring
/// bins are merged until each expects `least_expected` or more. A count where nothing was expected
/// fits with odds 0.
GoodnessOfFit g_test(std::span<const double> observed, std::span<const double> expected,
                     double least_expected = 10);

/// Counts of whole-number draws and what the exact masses expect, over all that was drawn; the last
/// bin holds the mass of all other numbers, of which none was drawn.
template <class Integer, class Mass>
GoodnessOfFit fit_of_law(std::span<const Integer> draws, Mass mass, double least_expected = 10) {
  std::map<Integer, double> counts;
  for (const Integer x : draws) counts[x] += 1;
  const auto total = static_cast<double>(draws.size());
  std::vector<double> observed, expected;
  double elsewhere = 1;
  for (Integer x = counts.begin()->first;; ++x) {
    const auto count = counts.find(x);
    const double share = mass(x);
    observed.push_back(count == counts.end() ? 0.0 : count->second);
    expected.push_back(total * share);
    elsewhere -= share;
    if (x == counts.rbegin()->first) break;
  }
  observed.push_back(0);
  expected.push_back(total * std::max(0.0, elsewhere));
  return g_test(observed, expected, least_expected);
}

/// Fails the test where whole-number draws do not follow exact masses: `expect_law(draws, mass)`.
/// Every number between the least and the greatest draw is asked for its mass.
template <class Draws, class Mass>
void expect_law(const Draws& draws, Mass mass, double least_expected = 10) {
  using Integer = typename Draws::value_type;
  const auto fit = fit_of_law(std::span<const Integer>(draws), mass, least_expected);
  EXPECT_GE(fit.p_value, kLeastPValue) << "G = " << fit.statistic << " on " << fit.degrees;
  EXPECT_GT(fit.degrees, 0) << "one bin holds all: nothing was tested";
}

/// Counts of cdf(x) in `bins` equal bins, for draws whose cumulative probability is `cdf`.
template <class Draws, class Cdf>
GoodnessOfFit fit_of_cdf(const Draws& draws, Cdf cdf, std::size_t bins = 256) {
  std::vector<double> observed(bins);
  for (const auto& x : draws) {
    const double place = std::floor(cdf(x) * static_cast<double>(bins));
    observed[std::min(bins - 1, static_cast<std::size_t>(std::max(0.0, place)))] += 1;
  }
  const std::vector<double> expected(
      bins, static_cast<double>(std::size(draws)) / static_cast<double>(bins));
  return g_test(observed, expected);
}

/// Fails the test where real draws do not follow the cumulative probability `cdf`.
template <class Draws, class Cdf>
void expect_cdf(const Draws& draws, Cdf cdf, std::size_t bins = 256) {
  const auto fit = fit_of_cdf(draws, cdf, bins);
  EXPECT_GE(fit.p_value, kLeastPValue) << "G = " << fit.statistic << " on " << fit.degrees;
}

}  // namespace sfumato
