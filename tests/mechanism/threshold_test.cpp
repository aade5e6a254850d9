#include "sfumato/mechanism/threshold.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sfumato/noise/laplace.h"
#include "support/bounds.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr int kFine = -1074;
const double kThree = std::log(3.0);

Bounds laplace_delta(double scale, double threshold, std::int64_t groups) {
  return laplace_threshold_delta(Scale::make(scale).value(), kFine, threshold, 1, groups);
}

struct ThresholdPoint {
  double scale, threshold;
  std::int64_t groups;
  double delta;
};

TEST(Threshold, LaplaceDeltasAgreeWithMpmath) {
  // Google's CalculateDelta tests, recomputed by mpmath at 60 digits; scale = l0·l∞ / ε.
  const ThresholdPoint kPoints[] = {
      {1 / kThree, 2, 1, 0.16666666666666666667},
      {1 / kThree, 3, 1, 0.055555555555555555556},
      {1 / kThree, 5, 1, 0.0061728395061728395062},
      {1 / kThree, 10, 1, 0.000025402631712645430067},  // ½·3^-9
      {100, 50, 1, 0.30631319709220803449},
      {2, 50, 1, 1.144867422822776447e-11},
      {1 / 1.5, 50, 1, 6.0024089975694116451e-33},
      {2 / kThree, 50, 2, 2.0442276554462675015e-12},
      {3 / kThree, 50, 3, 2.4160769484623022802e-8},
      {4 / kThree, 50, 4, 2.8595267239907676962e-6},
      {10 / kThree, 50, 10, 0.022729608729832367551},
  };
  for (const ThresholdPoint& p : kPoints) {
    const Bounds delta = laplace_delta(p.scale, p.threshold, p.groups);
    EXPECT_NEAR(delta.upper / p.delta, 1, 1e-13) << p.delta;
    EXPECT_LE(delta.lower, delta.upper);
    EXPECT_NEAR(delta.upper / delta.lower, 1, 1e-13) << p.delta;
  }
}

TEST(Threshold, AThresholdAtOrBelowTheChangeIsNoThreshold) {
  EXPECT_NEAR(laplace_delta(1, 1, 1).upper, 0.5, 1e-14);
  EXPECT_NEAR(laplace_delta(1, 0, 1).upper, 1 - std::exp(-1) / 2, 1e-14);
  EXPECT_LE(laplace_delta(1, -1e9, 1).upper, 1);
}

// A δ stuck at 1e-16 is what 1 - pow(1 - p, u) in doubles comes to.
TEST(Threshold, TinyDeltasAreNotLostInOneMinusPower) {
  EXPECT_NEAR(laplace_delta(1, 129, 5).upper / (2.5 * std::exp(-128.0)), 1, 1e-12);
  EXPECT_GT(laplace_delta(1, 1e6, 5).upper, 0);
}

TEST(Threshold, ACoarseGridLetsMoreThrough) {
  const Scale b = Scale::make(1).value();
  const Bounds coarse = laplace_threshold_delta(b, 2, 8, 1, 1);  // g = 4: shown from x + Z >= 6
  EXPECT_NEAR(coarse.upper, std::exp(-5.0) / 2, 1e-15);
  EXPECT_LE(coarse.lower, std::exp(-7.0) / 2);
  const Bounds fine = laplace_threshold_delta(b, -31, 8, 1, 1);
  EXPECT_NEAR(fine.upper / (std::exp(-7.0) / 2), 1, 1e-9);
}

TEST(Threshold, ReleasesPassTheThresholdAsOftenAsBounded) {
  const Laplace noise = Laplace::make(Scale::make(2).value(), 0).value();
  const Bounds delta = laplace_threshold_delta(noise.scale(), noise.grid(), 4, 1, 1);
  FixedBits bits(3);
  int shown = 0;
  for (int i = 0; i < 40'000; ++i) shown += noise.release(1.0, bits) >= 4;
  EXPECT_LE(shown, 40'000 * delta.upper + 400);
  EXPECT_GE(shown, 40'000 * delta.lower - 400);
  EXPECT_NEAR(shown, 40'000 * delta.upper, 400);  // 4 lies on the grid: the upper bound is met
}

TEST(Threshold, ALargeThresholdCountsTheRoundingOfDoubles) {
  const Scale b = Scale::make(0x1p10).value();
  const Bounds delta = laplace_threshold_delta(b, 0, 0x1p63, 0x1p63 - 0x1p14, 1);
  EXPECT_NEAR(delta.upper / (std::exp(-(0x1p14 - 0x1p9 - 0.5) / 0x1p10) / 2), 1, 1e-12);
}

// OpenDP #2922: the release shows v + Z >= T, the charge was for v + Z > T: too small by e^(1/s).
TEST(Threshold, DiscreteDeltasCountTheThresholdItself) {
  const auto opendp = [](double scale, std::int64_t threshold) {
    return discrete_laplace_threshold_delta(Scale::make(scale).value(), threshold, 1, 1);
  };
  expect_enclosed(opendp(1, 5), 0.013389804932698451);    // OpenDP charges 0.0049
  expect_enclosed(opendp(2, 30), 3.139359087352262e-07);  // OpenDP charges 1.9e-07
}

TEST(Threshold, TheDiscreteLawHasHalfAsMuchAgain) {
  // ¾·3^-9 where the continuous law has ½·3^-9: ε = ln 3, T = 10, a change of 1.
  const Scale s = Scale::make(1 / kThree).value();
  const Bounds delta = discrete_laplace_threshold_delta(s, 10, 1, 1);
  EXPECT_NEAR(delta.upper / (0.75 * std::pow(3, -9)), 1, 1e-14);
}

TEST(Threshold, DiscreteGaussianDeltasAgreeWithSumsOfMasses) {
  // mpmath over the exact law: T = 30, four groups, a change of 1, σ = 4 (OpenDP charges 8.3e-13).
  const Scale sigma = Scale::make(4).value();
  expect_enclosed(discrete_gaussian_threshold_delta(sigma, 30, 1, 4), 1.82396019272529e-12, 2e-15);
}

TEST(Threshold, NoGroupsGiveNothingAway) {
  EXPECT_EQ(laplace_delta(1, 5, 0).upper, 0);
  EXPECT_EQ(laplace_delta(1, 5, -3).upper, 0);
  EXPECT_EQ(discrete_laplace_threshold_delta(Scale::make(1).value(), 5, 1, 0).upper, 0);
}

TEST(Threshold, MoreGroupsGiveMoreAway) {
  double before = 0;
  for (std::int64_t groups : {1, 2, 10, 1000, 1'000'000'000}) {
    const double delta = laplace_delta(1, 12, groups).lower;
    EXPECT_GT(delta, before);
    EXPECT_LE(delta, static_cast<double>(groups) * laplace_delta(1, 12, 1).upper);
    before = delta;
  }
}

TEST(Threshold, WhatCannotBeSubtractedClaimsNothing) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  const Bounds delta = discrete_laplace_threshold_delta(Scale::make(1).value(), least, 1, 1);
  EXPECT_EQ(delta.lower, 0);
  EXPECT_EQ(delta.upper, 1);
  EXPECT_EQ(laplace_delta(1, std::nan(""), 1).upper, 1);
  EXPECT_EQ(laplace_delta(1, INFINITY, 1).upper, 1);
}

}  // namespace
}  // namespace sfumato
