#include "sfumato/aggregate/unit_threshold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sfumato/noise/law.h"
#include "support/fixed_bits.h"

namespace sfumato::unit_threshold_test {
namespace {

AdditiveNoise noise_of(NoiseCost cost, double l1 = 1, double confidence = 0.95) {
  return AdditiveNoise::make({.cost = cost,
                              .l1 = L1Sensitivity::make(l1).value(),
                              .l2 = L2Sensitivity::make(std::sqrt(l1)).value(),
                              .whole = true,
                              .confidence = confidence})
      .value();
}

AdditiveNoise laplace(double scale) {
  return noise_of(Epsilon::make(1 / scale).value());
}
AdditiveNoise gaussian(double sigma) {
  return noise_of(Rho::make(1 / (2 * sigma * sigma)).value());
}

UnitThreshold threshold(const AdditiveNoise& noise, double delta, std::int64_t groups = 1) {
  return UnitThreshold::make(noise, Delta::make(delta).value(), groups).value();
}

// By hand: e^(-(T-1)/10) / (1 + e^(-1/10)) <= 1e-6 from T - 1 = 131.7 on; Φ(-(T - 3/2)/10) <= 1e-6 from
// T - 3/2 = 47.53 on.
TEST(UnitThreshold, StandsWhereATableOfTheLawSaysSo) {
  EXPECT_EQ(threshold(laplace(10), 1e-6).at(), 133);
  EXPECT_EQ(threshold(gaussian(10), 1e-6).at(), 50);
}

TEST(UnitThreshold, IsTheLeastThatKeepsWithinDeltaForAllGroupsOfAUnit) {
  for (const double delta : {0.3, 1e-3, 1e-9, 1e-30, 1e-200})
    for (const std::int64_t groups : {1, 3, 1000})
      for (const AdditiveNoise& noise : {laplace(0.5), laplace(40), gaussian(0.3), gaussian(25)}) {
        const std::int64_t at = threshold(noise, delta, groups).at();
        EXPECT_LE(noise.threshold_delta(at, groups).upper, delta);
        if (at > 1) {
          EXPECT_GT(noise.threshold_delta(at - 1, groups).upper, delta);
        }
      }
}

TEST(UnitThreshold, AUnitAloneIsShownAsOftenAsDeltaAllows) {
  for (const AdditiveNoise& noise : {laplace(6), gaussian(6)}) {
    const UnitThreshold rule = threshold(noise, 0.05);
    FixedBits bits(8);
    int shown = 0;
    for (int i = 0; i < 40'000; ++i) shown += rule.passes(noise.release(std::int64_t{1}, bits));
    EXPECT_LE(shown, 40'000 * 0.05 + 200);
    EXPECT_GE(shown, 40'000 * 0.05 * 0.7);  // the next lower T would show more than may be
  }
}

TEST(UnitThreshold, WithoutDeltaThereIsNone) {
  EXPECT_FALSE(UnitThreshold::make(laplace(1), 0.0_delta, 1));
  EXPECT_FALSE(UnitThreshold::make(laplace(1), 0.1_delta, 0));
}

TEST(UnitThreshold, LogarithmsOfTailsAgreeWithTheExactLaws) {
  for (const double scale : {0.4, 3.0, 500.0})
    for (const std::int64_t x : {-5000, -40, -1, 0, 1, 2, 17, 160, 18'000}) {
      const AdditiveNoise whole = laplace(scale);
      const double exact = discrete_laplace_tail(Scale::make(whole.scale()).value(), x).upper;
      if (exact > 1e-300) {
        EXPECT_NEAR(whole.log_tail_near(x), std::log(exact), 1e-9) << x;
      }
      const AdditiveNoise normal = gaussian(scale);
      const Scale sigma = Scale::make(normal.scale()).value();
      const double tail = gaussian_tail(sigma, static_cast<double>(x) - 0.5).upper;
      if (tail > 1e-300) {
        EXPECT_NEAR(normal.log_tail_near(x), std::log(tail), 1e-9) << x;
      }
    }
  const AdditiveNoise narrow = gaussian(1);  // where erfc ends, the series goes on
  EXPECT_NEAR(narrow.log_tail_near(36) - narrow.log_tail_near(35),
              std::log(gaussian_tail(Scale::make(1).value(), 35.5).upper /
                       gaussian_tail(Scale::make(1).value(), 34.5).upper),
              1e-8);
  EXPECT_LT(narrow.log_tail_near(60), -1700);
}

/// How often, among shown groups of `units`, the interval covers the number of them.
struct Coverage {
  double truncated, plain;
};
Coverage coverage(const AdditiveNoise& noise, const UnitThreshold& rule, std::int64_t units) {
  FixedBits bits(static_cast<std::uint64_t>(units));
  const auto exact = static_cast<double>(units);
  int shown = 0, truncated = 0, plain = 0;
  while (shown < 4'000) {
    const std::int64_t released = noise.release(units, bits);
    if (!rule.passes(released)) continue;
    ++shown;
    const Estimate by_law = rule.estimate(released, noise);
    truncated += by_law.low <= exact && exact <= by_law.high;
    const Estimate naive = estimate_count(released, noise);
    plain += naive.low <= exact && exact <= naive.high;
  }
  return {truncated / 4'000.0, plain / 4'000.0};
}

TEST(UnitThreshold, IntervalsCoverAmongShownGroupsWhichPlainOnesDoNot) {
  for (const AdditiveNoise& noise : {laplace(8), gaussian(8)}) {
    const UnitThreshold rule = threshold(noise, 1e-2);
    const std::int64_t at = rule.at();
    for (const std::int64_t units : {at - 12, at - 4, at, at + 5, at + 40})
      EXPECT_GE(coverage(noise, rule, units).truncated, 0.95 - 0.012) << units << " of " << at;
    EXPECT_LT(coverage(noise, rule, at - 12).plain, 0.92);
  }
}

TEST(UnitThreshold, AnIntervalNearTReachesDownToOneAndFarAboveItIsThePlainOne) {
  const AdditiveNoise noise = laplace(5);
  const UnitThreshold rule = threshold(noise, 1e-6);
  EXPECT_EQ(rule.estimate(rule.at(), noise).low, 1);
  EXPECT_EQ(rule.estimate(rule.at(), noise).value, static_cast<double>(rule.at()));
  const Estimate far = rule.estimate(10'000, noise);
  EXPECT_NEAR(far.low, 10'000 - noise.half_width(), 1);
  EXPECT_NEAR(far.high, 10'000 + noise.half_width(), 1);
  for (std::int64_t released = rule.at(); released < rule.at() + 80; ++released) {
    const Estimate estimate = rule.estimate(released, noise);
    EXPECT_LE(1, estimate.low);
    EXPECT_LE(estimate.low, estimate.high);
    EXPECT_LE(estimate.high, rule.estimate(released + 1, noise).high);
  }
}

// The definition, summed up: what a group of n or n + 1 units may look like.
TEST(UnitThreshold, ShownCountsOfNeighboursDifferByNoMoreThanIsCharged) {
  const double epsilon = 0.5, delta = 1e-3;
  const AdditiveNoise noise = laplace(1 / epsilon);
  const UnitThreshold rule = threshold(noise, delta);
  const Scale scale = Scale::make(noise.scale()).value();
  const auto shown = [&](std::int64_t units, std::int64_t count) {
    return units == 0 ? 0.0 : discrete_laplace_mass(scale, count - units).upper;
  };
  const auto hidden = [&](std::int64_t units) {
    return units == 0 ? 1.0 : 1 - discrete_laplace_tail(scale, rule.at() - units).lower;
  };
  for (std::int64_t units = 0; units < 3 * rule.at(); ++units)
    for (const auto& [a, b] : {std::pair{units, units + 1}, std::pair{units + 1, units}}) {
      double failing = std::max(0.0, hidden(a) - std::exp(epsilon) * hidden(b));
      for (std::int64_t count = rule.at(); count < rule.at() + 300; ++count)
        failing += std::max(0.0, shown(a, count) - std::exp(epsilon) * shown(b, count));
      EXPECT_LE(failing, (units == 0 ? delta : 0) + 1e-12) << a << " and " << b;
    }
}

}  // namespace
}  // namespace sfumato::unit_threshold_test
