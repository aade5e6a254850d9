#include "sfumato/noise/law.h"

#include <vector>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/bounds.h"

namespace sfumato {
namespace {

Scale width(double value) {
  return Scale::make(value).value();
}

TEST(LaplaceLaw, TailsAgreeWithTheClosedForm) {
  expect_enclosed(laplace_tail(width(1), 0), 0.5);
  expect_enclosed(laplace_tail(width(1), std::log(2.0)), 0.25, 1e-15);
  expect_enclosed(laplace_tail(width(1), -std::log(2.0)), 0.75, 1e-15);
  expect_enclosed(laplace_tail(width(2), 4), 0.067667641618306344);  // e^-2 / 2
  expect_enclosed(laplace_tail(width(1), 700), 0.5 * 9.8596765437597708e-305);
  EXPECT_GT(laplace_tail(width(1), 1e6).upper, 0);  // no tail is called zero
}

// Google's C++ cuts Laplace noise at 128 b and calls it pure all the same.
TEST(LaplaceLaw, TheTailBeyond128ScalesIsCounted) {
  expect_enclosed(laplace_tail(width(1), 128), 0.5 * 2.5722093726424148e-56);
}

TEST(LaplaceLaw, HalfWidthsAgreeWithOthers) {
  expect_just_above(laplace_half_width(width(1), 0.95), 2.995732273553991, 1e-12);  // OpenDP 0.16
  expect_just_above(laplace_half_width(width(2), 0.95), 5.99146454710798199,
                    1e-12);  // Google, ε = ½
  // Google: noised 5, b = 6.6666666666667, α = 0.6 gives (1.594495841560045, 8.405504158439955).
  EXPECT_NEAR(laplace_half_width(width(6.6666666666667), 0.4), 5 - 1.594495841560045, 1e-12);
  EXPECT_NEAR(laplace_half_width(width(10), 1 - 7.856382354e-10), 209.6452468975697, 1e-5);
}

TEST(LaplaceLaw, TheHalfWidthLeavesOutNoMoreThanAsked) {
  for (double confidence : {1e-12, 0.5, 0.95, 0.999999, std::nextafter(1.0, 0.0)}) {
    const double t = laplace_half_width(width(3), confidence);
    EXPECT_LE(2 * laplace_tail(width(3), t).upper, (1 - confidence) * (1 + 1e-15)) << confidence;
    EXPECT_GE(2 * laplace_tail(width(3), t * (1 - 1e-12)).upper, 1 - confidence) << confidence;
  }
}

TEST(GaussianLaw, TailsAgreeWithTables) {
  expect_enclosed(gaussian_tail(width(1), 0), 0.5);
  expect_enclosed(gaussian_tail(width(1), 1), 0.15865525393145705);
  expect_enclosed(gaussian_tail(width(2), 2), 0.15865525393145705);
  expect_enclosed(gaussian_tail(width(1), 37), 5.7255712225245768e-300);
  expect_enclosed(gaussian_tail(width(1), -1), 0.84134474606854295);
}

TEST(GaussianLaw, HalfWidthsAgreeWithOthers) {
  EXPECT_NEAR(gaussian_half_width(width(1), 0.95), 1.9599639845400545, 1e-12);    // any table
  EXPECT_NEAR(gaussian_half_width(width(0.5), 0.99), 1.2879146517744504, 1e-12);  // OpenDP 0.16
  // Google: noised 40.003, σ = 0.333, α = 0.112 gives (39.47377390350189, 40.53222609649811).
  EXPECT_NEAR(gaussian_half_width(width(0.333), 0.888), 40.003 - 39.47377390350189, 1e-12);
  EXPECT_NEAR(gaussian_half_width(width(10), 1 - 1e-10), 100 - 35.33048912759484, 1e-5);
}

TEST(GaussianLaw, TheHalfWidthLeavesOutNoMoreThanAsked) {
  for (double confidence : {1e-3, 0.5, 0.95, 0.999999, std::nextafter(1.0, 0.0)}) {
    const double t = gaussian_half_width(width(3), confidence);
    EXPECT_LE(2 * gaussian_tail(width(3), t).upper, (1 - confidence) * (1 + 1e-15)) << confidence;
    EXPECT_GT(2 * gaussian_tail(width(3), t * (1 - 1e-11)).upper, 1 - confidence) << confidence;
  }
}

TEST(DiscreteLaplaceLaw, MassesAgreeWithTheClosedForm) {
  expect_enclosed(discrete_laplace_mass(width(1), 0), 0.46211715726000975850);  // tanh(1/2)
  expect_enclosed(discrete_laplace_mass(width(1), 1), 0.46211715726000976 * std::exp(-1), 1e-15);
  EXPECT_EQ(discrete_laplace_mass(width(3), -7).lower, discrete_laplace_mass(width(3), 7).lower);
  expect_enclosed(discrete_laplace_mass(width(0x1p40), 0), 0x1p-41);
  EXPECT_GT(discrete_laplace_mass(width(1e-3), 1).upper, 0);  // e^-1000, below every double
}

TEST(DiscreteLaplaceLaw, MassesAddUpToTheTails) {
  const Scale s = Scale::ratio(7, 2).value();
  for (std::int64_t x = -20; x <= 20; ++x) {
    double sum = 0;
    for (std::int64_t y = 200; y >= x; --y) sum += discrete_laplace_mass(s, y).lower;
    EXPECT_NEAR(discrete_laplace_tail(s, x).lower / sum, 1, 1e-13) << x;
  }
}

TEST(DiscreteLaplaceLaw, TailsAgreeWithKnownOnes) {
  expect_enclosed(discrete_laplace_tail(width(1), 4), 0.013389804932698451);  // e^-4 / (1 + 1/e)
  expect_enclosed(discrete_laplace_tail(width(2), 29), 3.139359087352262e-07);
  expect_enclosed(discrete_laplace_tail(width(1), 0), (1 + 0.46211715726000976) / 2);
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(discrete_laplace_tail(width(1), least).upper, 1);
  EXPECT_EQ(discrete_laplace_tail(width(1), -(least + 1)).lower, 0);
}

TEST(DiscreteLaplaceLaw, HalfWidthsAreTheLeast) {
  EXPECT_EQ(discrete_laplace_half_width(width(1), 0.95), 3);    // OpenDP 0.16: |X| >= 3.3756
  EXPECT_EQ(discrete_laplace_half_width(width(0.5), 0.99), 2);  // OpenDP 0.16: |X| >= 2.5857
  for (double s : {0.01, 0.3, 1.0, 7.5, 1e6}) {
    for (double confidence : {0.001, 0.5, 0.95, 0.9999999}) {
      const std::int64_t t = discrete_laplace_half_width(width(s), confidence);
      EXPECT_LE(2 * discrete_laplace_tail(width(s), t + 1).upper, 1 - confidence);
      if (t > 0) {
        EXPECT_GT(2 * discrete_laplace_tail(width(s), t).upper, 1 - confidence);
      }
    }
  }
}

TEST(Law, NoConfidenceOutsideItsRangeIsEverReached) {
  for (double confidence : {-0.5, 0.0, 1.0, 2.0, std::nan("")}) {
    EXPECT_EQ(laplace_half_width(width(1), confidence), INFINITY);
    EXPECT_EQ(gaussian_half_width(width(1), confidence), INFINITY);
    EXPECT_EQ(laplace_pair_half_width(1, 1, confidence), INFINITY);
    EXPECT_EQ(discrete_laplace_half_width(width(1), confidence),
              std::numeric_limits<std::int64_t>::max());
  }
}

TEST(Law, DeviationsAgreeWithTheClosedForms) {
  expect_just_above(laplace_deviation(width(1)), std::sqrt(2.0), 1e-15);
  // Google: variance of Laplace noise for ε = ln 3, l0 = 2, l∞ = 1.
  const Scale b = width(2 / std::log(3.0));
  EXPECT_NEAR(std::pow(laplace_deviation(b), 2), 6.628283597521784355, 1e-14);
  EXPECT_EQ(gaussian_deviation(width(0.1)), 0.1);
  // √(2q) / (1 - q) with q = 1/e.
  EXPECT_NEAR(discrete_laplace_deviation(width(1)), 1.3569624860015788, 1e-15);
  EXPECT_NEAR(discrete_laplace_deviation(width(1e6)) / (1e6 * std::sqrt(2.0)), 1, 1e-12);
}

TEST(LaplacePair, TailsAgreeWithTheClosedForm) {
  // mpmath, 50 digits, from (a²·e^(-t/a) - c²·e^(-t/c)) / (a² - c²).
  expect_just_above(laplace_pair_tail(2, 1, 3), 0.28091119074195179092, 2e-12);
  expect_just_above(laplace_pair_tail(1, 0.999999999, 2), 0.27067056627022245892, 2e-12);
  expect_just_above(laplace_pair_tail(0.001, 1, 10), 0.000045399975162460013996, 2e-12);
  expect_just_above(laplace_pair_tail(3, 2.5, 100), 1.0915486525159812094e-14, 2e-12);
}

TEST(LaplacePair, EqualScalesAreTheLimit) {
  expect_just_above(laplace_pair_tail(1, 1, 2), 2 * std::exp(-2), 2e-12);  // (1 + t/2a)·e^(-t/a)
  expect_just_above(laplace_pair_tail(4, 4, 100), 13.5 * std::exp(-25), 2e-12);
}

TEST(LaplacePair, OneScaleOfZeroIsOneNoise) {
  expect_just_above(laplace_pair_tail(2, 0, 3), std::exp(-1.5), 2e-12);
  expect_just_above(laplace_pair_tail(0, 2, 3), std::exp(-1.5), 2e-12);
  EXPECT_EQ(laplace_pair_tail(0, 0, 3), 0);
  EXPECT_EQ(laplace_pair_tail(0, 0, 0), 0);  // 0 does not exceed 0
  EXPECT_EQ(laplace_pair_half_width(0, 0, 0.95), 0);
}

TEST(LaplacePair, NoDistanceIsAlwaysExceeded) {
  EXPECT_EQ(laplace_pair_tail(2, 1, 0), 1);
  EXPECT_EQ(laplace_pair_tail(2, 1, -1), 1);
  EXPECT_EQ(laplace_pair_tail(2, 1, std::nan("")), 1);
  EXPECT_LE(laplace_pair_tail(1, 1, 1e-9), 1);
}

TEST(LaplacePair, HalfWidthsInvertTheTail) {
  EXPECT_NEAR(laplace_pair_half_width(2, 1, 0.95), 6.5478093880314213116, 1e-10);  // mpmath
  EXPECT_NEAR(laplace_pair_half_width(2, 0, 0.95), 5.99146454710798199, 1e-10);
  for (double c : {0.0, 1e-6, 1.0, 2.9999999, 3.0, 40.0}) {
    const double t = laplace_pair_half_width(3, c, 0.95);
    EXPECT_LE(laplace_pair_tail(3, c, t), 0.05 * (1 + 1e-15));
    EXPECT_GT(laplace_pair_tail(3, c, t * (1 - 1e-11)), 0.05);
  }
}

// mpmath, 60 digits, from Σ s⁴·e^(-t/s) / Π (s² - r²), and for equal scales its limit, e^-x·(1 + 5x/8 + x²/8).
TEST(LaplaceTriple, TailsAgreeWithTheClosedForm) {
  expect_just_above(laplace_triple_tail(3, 2, 1, 4), 0.39018972085232376224, 2e-7);
  expect_just_above(laplace_triple_tail(1, 0.5, 0.25, 20), 2.9314184833577914641e-9, 2e-7);
  expect_just_above(laplace_triple_tail(2, 1.5, 0.001, 7), 0.056932307852705157327, 2e-7);
  expect_just_above(laplace_triple_tail(1, 0.75, 0.5, 0.125), 0.93819401528238709747, 2e-7);
  expect_just_above(laplace_triple_tail(5, 4.5, 4, 100), 2.5689667190175226171e-8, 2e-7);
}

TEST(LaplaceTriple, ScalesThatAreAlikeAreTheLimitFromAbove) {
  for (const double x : {0.0, 0.5, 2.0, 9.0, 60.0}) {
    const double limit = std::exp(-x) * (1 + 5 * x / 8 + x * x / 8);
    const double alike = laplace_triple_tail(3, 3, 3, 3 * x);
    EXPECT_GE(alike, std::fmin(limit, 1));
    EXPECT_LE(alike, limit * (1 + 4e-4 * x) + 1e-6);
  }
  EXPECT_GE(laplace_triple_tail(1, 1, 1e-3, 2), laplace_pair_tail(1, 1, 2));
}

TEST(LaplaceTriple, AScaleOfZeroIsNoNoiseAndTheOrderIsNoMatter) {
  EXPECT_EQ(laplace_triple_tail(0, 2, 1, 3), laplace_pair_tail(2, 1, 3));
  EXPECT_EQ(laplace_triple_tail(2, 0, 0, 3), laplace_pair_tail(2, 0, 3));
  EXPECT_EQ(laplace_triple_tail(1, 2, 3, 5), laplace_triple_tail(3, 1, 2, 5));
  EXPECT_EQ(laplace_triple_tail(2, 3, 1, 5), laplace_triple_tail(1, 2, 3, 5));
}

/// A value of `laplace_sum_tail`, over its exact value.
double sum_tail(std::vector<double> scales, double t) {
  return laplace_sum_tail(scales, t);
}

// mpmath, 60 digits, from Σ s^(2k-2)·e^(-t/s) / Π (s² - r²).
TEST(LaplaceSum, TailsAgreeWithTheClosedForm) {
  expect_just_above(sum_tail({4, 3, 2, 1}, 6), 0.39069021452892488711, 4e-6);
  expect_just_above(sum_tail({0.25, 1, 0.125, 0.5}, 0.5), 0.70591515393351490469, 4e-6);
  expect_just_above(sum_tail({6, 5, 4, 3, 2, 1}, 20), 0.13072032848706945761, 4e-6);
  expect_just_above(sum_tail({2, 1.75, 1.5, 1.25, 1, 0.75}, 40), 4.5839450177628877202e-8, 4e-6);
}

// Of equal scales the same, in the limit: the answer lies between it and that of noise 2^-7 times as wide for each scale.
TEST(LaplaceSum, ScalesThatAreAlikeAreTheLimitFromAbove) {
  struct Alike {
    std::size_t count;
    double t, tail, wider;
  };
  for (const auto& [count, t, tail, wider] : {Alike{4, 0.5, 0.845036434223, 1},
                                              {4, 2, 0.445479291954, 0.46},
                                              {4, 9, 0.004635628144, 0.006},
                                              {6, 0.5, 0.877520056103, 1},
                                              {6, 2, 0.541412611649, 0.57},
                                              {6, 9, 0.0139482080985, 0.02}}) {
    const std::vector<double> scales(count, 1);
    EXPECT_GE(laplace_sum_tail(scales, t), tail);
    EXPECT_LE(laplace_sum_tail(scales, t), wider);
  }
}

TEST(LaplaceSum, ThreeScalesAndFewerAreTakenAsSuchAndTheOrderIsNoMatter) {
  EXPECT_EQ(sum_tail({0, 2, 0, 1, 3, 0}, 4), laplace_triple_tail(1, 2, 3, 4));
  EXPECT_EQ(sum_tail({0, 2, 0, 1}, 4), laplace_pair_tail(1, 2, 4));
  EXPECT_EQ(sum_tail({}, 4), 0);
  EXPECT_EQ(sum_tail({1, 2, 3, 4}, 5), sum_tail({3, 1, 4, 0, 2}, 5));
  EXPECT_EQ(sum_tail({1, 1, 1, 1}, 0), 1);
}

}  // namespace
}  // namespace sfumato
