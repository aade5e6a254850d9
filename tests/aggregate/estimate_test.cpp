#include "sfumato/aggregate/estimate.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr int kRuns = 1000;
// Of 1000 runs at 95 %, fewer than 911 or more than 981 has odds below 1e-6 (binomial law).
constexpr int kLeastCovered = 911;
constexpr int kMostCovered = 981;

constexpr NoiseCost kPurely = 1.0_eps;
constexpr NoiseCost kConcentrated = 0.028_rho;  // σ = 4.2258 for Δ₂ = 1

AdditiveNoise noise_of(double sensitivity, const NoiseCost& cost, bool whole = false) {
  return AdditiveNoise::make({.cost = cost,
                              .l1 = L1Sensitivity::make(sensitivity).value(),
                              .l2 = L2Sensitivity::make(sensitivity).value(),
                              .whole = whole})
      .value();
}

Halves released(double count, double mean, const ValueGrid& grid, const AdditiveNoise& noise,
                BitSource& bits) {
  const double above = count * (mean - grid.lower());
  const double below = count * (grid.upper() - mean);
  return {noise.release(Dyadic::from_double(above), bits),
          noise.release(Dyadic::from_double(below), bits)};
}

struct Case {
  double count;
  double mean;
  NoiseCost law;
};

class MeanInterval : public testing::TestWithParam<Case> {};

TEST_P(MeanInterval, CoversTheExactMeanAtItsConfidence) {
  const auto [count, mean, law] = GetParam();
  const ValueGrid grid = ValueGrid::make(-2, 18).value();
  const AdditiveNoise noise = noise_of(20, law);
  FixedBits bits(5);
  int covered = 0;
  for (int run = 0; run < kRuns; ++run) {
    const Estimate e = estimate_mean(released(count, mean, grid, noise, bits), grid, noise);
    EXPECT_LE(e.low, e.value);
    EXPECT_GE(e.high, e.value);
    EXPECT_GE(e.low, grid.lower());
    EXPECT_LE(e.high, grid.upper());
    covered += e.low <= mean && mean <= e.high;
  }
  EXPECT_GE(covered, kLeastCovered);
  if (count >= 100 && mean > grid.lower() && mean < grid.upper()) {
    EXPECT_LE(covered, kMostCovered);
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, MeanInterval,
                         testing::Values(Case{1000, 3, kPurely}, Case{1000, 3, kConcentrated},
                                         Case{100, 17.5, kPurely}, Case{100, -1.9, kConcentrated},
                                         Case{10, 8, kPurely}, Case{10, -2, kConcentrated},
                                         Case{0, 8, kPurely}));

/// `count` values at the share p of the way, half of them higher and half lower by the root of `variance`, in shares.
Thirds three_released(double count, double p, double variance, const ValueGrid& grid,
                      const AdditiveNoise& noise, BitSource& bits) {
  const double square = count * std::pow(grid.upper() - grid.lower(), 2);
  const auto noisy = [&](double exact) { return noise.release(Dyadic::from_double(exact), bits); };
  return {noisy(square * (p * p + variance)), noisy(square * 2 * (p * (1 - p) - variance)),
          noisy(square * ((1 - p) * (1 - p) + variance))};
}

struct Spread {
  double count;
  double p;
  double variance;  // in squares of the width
  NoiseCost law;
};

class VarianceInterval : public testing::TestWithParam<Spread> {};

// 10,000 runs at 95 % with SFUMATO_LONG, where ±1 % is what is asked.
TEST_P(VarianceInterval, CoversTheExactVarianceAtItsConfidence) {
  const auto [count, p, variance, law] = GetParam();
  const ValueGrid grid = ValueGrid::make_narrow(-2, 18).value();
  const AdditiveNoise noise = noise_of(400, law);
  const bool thorough = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = thorough ? 10'000 : kRuns;
  FixedBits bits(15);
  int covered = 0, deviations = 0, means = 0;
  for (int run = 0; run < runs; ++run) {
    const Thirds thirds = three_released(count, p, variance, grid, noise, bits);
    const Estimate e = estimate_variance(thirds, grid, noise);
    EXPECT_LE(e.low, e.value);
    EXPECT_GE(e.high, e.value);
    EXPECT_GE(e.low, 0);
    EXPECT_LE(e.high, 100);
    covered += e.low <= variance * 400 && variance * 400 <= e.high;
    const Estimate deviation = estimate_deviation(e);
    deviations +=
        deviation.low <= 20 * std::sqrt(variance) && 20 * std::sqrt(variance) <= deviation.high;
    const Estimate mean = estimate_mean(thirds, grid, noise);
    means += mean.low <= -2 + 20 * p && -2 + 20 * p <= mean.high;
  }
  const double least = thorough ? 9'400 : kLeastCovered;
  EXPECT_GE(covered, least);
  EXPECT_GE(deviations, least);
  EXPECT_GE(means, least);
  if (count >= 100 && variance > 0) {
    EXPECT_LE(covered, thorough ? 9'600 : kMostCovered);
    EXPECT_LE(means, thorough ? 9'600 : kMostCovered);
  }
  if (thorough) std::printf("%d of %d variances, %d means\n", covered, runs, means);
}

INSTANTIATE_TEST_SUITE_P(
    Groups, VarianceInterval,
    testing::Values(Spread{1000, 0.25, 0.1, kPurely}, Spread{1000, 0.25, 0.1, kConcentrated},
                    Spread{1000, 0.5, 0.01, kPurely}, Spread{300, 0.5, 0.24, kConcentrated},
                    Spread{300, 0.02, 0.01, kPurely}, Spread{300, 0.9, 0, kConcentrated},
                    Spread{1000, 0, 0, kPurely}, Spread{10, 0.4, 0.2, kPurely},
                    Spread{3, 0.5, 0.25, kConcentrated}, Spread{0, 0.5, 0.1, kPurely}));

TEST(EstimateVariance, OfExactSumsIsTheVarianceOfTheirValues) {
  const ValueGrid grid = ValueGrid::make_narrow(10, 20).value();
  const AdditiveNoise noise = noise_of(1e-9, kPurely);
  // 11, 13, 18: mean 14, variance (9 + 1 + 16) / 3, from (v - 10)², 2·(v - 10)·(20 - v), (20 - v)².
  const Thirds thirds{1 + 9 + 64, 2 * (9 + 21 + 16), 81 + 49 + 4};
  EXPECT_NEAR(estimate_variance(thirds, grid, noise).value, 26 / 3.0, 1e-12);
  EXPECT_NEAR(estimate_variance(thirds, grid, noise).low, 26 / 3.0, 1e-6);
  EXPECT_NEAR(estimate_variance(thirds, grid, noise).high, 26 / 3.0, 1e-6);
  EXPECT_NEAR(estimate_mean(thirds, grid, noise).value, 14, 1e-12);
  EXPECT_NEAR(estimate_sum(thirds, grid, noise).value, 42, 1e-12);
  EXPECT_NEAR(estimate_count(thirds, grid, noise).value, 3, 1e-12);
}

TEST(EstimateVariance, EverythingIsPlausibleWhereTheCountReachesZero) {
  const ValueGrid grid = ValueGrid::make_narrow(0, 10).value();
  const AdditiveNoise noise = noise_of(100, kPurely);
  for (const Thirds thirds :
       {Thirds{0, 0, 0}, {-50, 20, 3}, {1, 200, 2}, {60, -30, -31}, {-1e9, 0, -1e9}}) {
    const Estimate e = estimate_variance(thirds, grid, noise);
    EXPECT_EQ(e.low, 0);
    EXPECT_EQ(e.high, 25);
    EXPECT_GE(e.value, 0);
    EXPECT_LE(e.value, 25);
  }
}

// With many values the interval is that of the contrast at the mean alone: z·σ·√(c₁² + c₂² + c₃²) / n.
TEST(EstimateVariance, TheIntervalOfManyValuesIsThatOfTheClosedForm) {
  const ValueGrid grid = ValueGrid::make_narrow(0, 1).value();
  const AdditiveNoise noise = noise_of(1, kConcentrated);
  const double count = 1e9;
  const Estimate e = estimate_variance(
      {count * (0.25 + 0.01), count * 2 * (0.25 - 0.01), count * (0.25 + 0.01)}, grid, noise);
  const double z = 1.9600;  // of odds 0.05
  const double half = z * noise.scale() * std::hypot(0.24, 0.26, 0.24) / count;
  EXPECT_NEAR(e.high - 0.01, half, half * 1e-3);
  EXPECT_NEAR(0.01 - e.low, half, half * 1e-3);
}

TEST(EstimateMean, AllOfTheClampIsPlausibleWhereTheCountReachesZero) {
  const ValueGrid grid = ValueGrid::make(0, 10).value();
  const AdditiveNoise noise = noise_of(10, kPurely);
  for (const Halves halves : {Halves{0, 0}, {-50, 20}, {1, 2}, {60, -30}, {-1e9, -1e9}}) {
    const Estimate e = estimate_mean(halves, grid, noise);
    EXPECT_EQ(e.low, 0);
    EXPECT_EQ(e.high, 10);
    EXPECT_GE(e.value, 0);
    EXPECT_LE(e.value, 10);
  }
}

TEST(EstimateMean, IsTheShareOfTheWayFromTheLowerToTheUpperBound) {
  const ValueGrid grid = ValueGrid::make(10, 30).value();
  const AdditiveNoise noise = noise_of(20, kConcentrated);
  EXPECT_DOUBLE_EQ(estimate_mean(Halves{1000, 3000}, grid, noise).value, 15);
  EXPECT_DOUBLE_EQ(estimate_mean(Halves{4000, -1}, grid, noise).value, 30);
  EXPECT_DOUBLE_EQ(estimate_mean(Halves{-1, 4000}, grid, noise).value, 10);
}

TEST(EstimateMean, TheIntervalOfAnEqualPairIsThatOfTheClosedForm) {
  // At p = 1/2 the contrast is half a difference of equal Gaussians: |A - B| / 2 <= z·σ/√2.
  const ValueGrid grid = ValueGrid::make(0, 1).value();
  const AdditiveNoise noise = noise_of(1, kConcentrated);
  const double count = 1e7;  // so large that the quantile does not change over the interval
  const Estimate e = estimate_mean(Halves{count / 2, count / 2}, grid, noise);
  const double half = 1.959963984540054 * noise.scale() / std::sqrt(2.0) / count;
  EXPECT_NEAR(e.high - 0.5, half, half * 1e-4);
  EXPECT_NEAR(0.5 - e.low, half, half * 1e-4);
}

TEST(EstimateSum, OfAPairCarriesTheNoiseOfBoth) {
  const ValueGrid grid = ValueGrid::make(-5, 15).value();
  const AdditiveNoise noise = noise_of(20, kPurely);
  FixedBits bits(6);
  int covered = 0;
  for (int run = 0; run < kRuns; ++run) {
    const Estimate e = estimate_sum(released(200, 4, grid, noise, bits), grid, noise);
    covered += e.low <= 800 && 800 <= e.high;
  }
  EXPECT_GE(covered, kLeastCovered);
  EXPECT_LE(covered, kMostCovered);
}

TEST(EstimateSum, OfAPairIsLinearInIt) {
  const ValueGrid grid = ValueGrid::make(0, 20).value();
  const AdditiveNoise noise = noise_of(20, kPurely);
  const Estimate e = estimate_sum(Halves{300, 700}, grid, noise);
  EXPECT_DOUBLE_EQ(e.value, 300);
  EXPECT_NEAR(e.high - e.value, noise.half_width(), noise.half_width() * 1e-6);
}

TEST(EstimateCount, TheIntervalEndsAtZeroAndTheValueNeedNot) {
  const AdditiveNoise noise = noise_of(1, kPurely, true);
  const Estimate negative = estimate_count(-2, noise);
  EXPECT_EQ(negative.value, -2);
  EXPECT_EQ(negative.low, 0);
  EXPECT_EQ(negative.high, noise.half_width() - 2);
  const Estimate large = estimate_count(1000, noise);
  EXPECT_EQ(large.low, 1000 - noise.half_width());
  EXPECT_EQ(large.high, 1000 + noise.half_width());
}

TEST(EstimateCount, OfAPairIsItsSumOverTheWidthAndCovers) {
  const ValueGrid grid = ValueGrid::make(-5, 15).value();
  for (const NoiseCost& law : {kPurely, kConcentrated}) {
    const AdditiveNoise noise = noise_of(20, law);
    EXPECT_DOUBLE_EQ(estimate_count(Halves{300, 700}, grid, noise).value, 50);
    EXPECT_EQ(estimate_count(Halves{-300, 100}, grid, noise).low, 0);
    FixedBits bits(8);
    int covered = 0;
    for (int run = 0; run < kRuns; ++run) {
      const Estimate e = estimate_count(released(200, 4, grid, noise, bits), grid, noise);
      covered += e.low <= 200 && 200 <= e.high;
    }
    EXPECT_GE(covered, kLeastCovered);
    EXPECT_LE(covered, kMostCovered);
  }
}

TEST(EstimateCount, CoversTheExactCountAtItsConfidence) {
  for (const NoiseCost law : {kPurely, kConcentrated}) {
    const AdditiveNoise noise = noise_of(5, law, true);
    FixedBits bits(7);
    int covered = 0;
    for (int run = 0; run < kRuns; ++run) {
      const Estimate e = estimate_count(noise.release(std::int64_t{40}, bits), noise);
      covered += e.low <= 40 && 40 <= e.high;
    }
    EXPECT_GE(covered, kLeastCovered);
  }
}

}  // namespace
}  // namespace sfumato
