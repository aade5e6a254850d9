#include "sfumato/aggregate/additive_noise.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr NoiseCost kLaplace = 1.0_eps;
constexpr NoiseCost kGaussian = 0.028_rho;  // σ = 4.2258 for Δ₂ = 1

AdditiveNoise noise_of(NoiseCost cost, double l1, double l2, bool whole, double confidence = 0.95) {
  return AdditiveNoise::make({.cost = cost,
                              .l1 = L1Sensitivity::make(l1).value(),
                              .l2 = L2Sensitivity::make(l2).value(),
                              .whole = whole,
                              .confidence = confidence})
      .value();
}

TEST(AdditiveNoise, EpsilonBuysLaplaceNoiseAndRhoGaussianNoise) {
  EXPECT_EQ(noise_of(kLaplace, 1, 1, true).mechanism(), "discrete_laplace");
  EXPECT_EQ(noise_of(kLaplace, 1, 1, false).mechanism(), "laplace");
  EXPECT_EQ(noise_of(kGaussian, 1, 1, true).mechanism(), "gaussian");
  EXPECT_EQ(noise_of(kGaussian, 1, 1, false).mechanism(), "gaussian");
}

TEST(AdditiveNoise, TheScaleIsThatOfTheMechanismAndOfItsNorm) {
  EXPECT_NEAR(noise_of(kLaplace, 5, 2, true).scale(), 5, 1e-12);
  EXPECT_NEAR(noise_of(kLaplace, 5, 2, false).scale(), 5, 1e-12);
  for (const bool whole : {true, false}) {
    const double sigma = noise_of(0.125_rho, 9, 3, whole).scale();  // Δ₂/√(2ρ)
    EXPECT_NEAR(sigma, 6, 1e-12);
    EXPECT_GE(sigma, 6);
  }
}

TEST(AdditiveNoise, RefusesAFractionAsSensitivityOfWholeAnswers) {
  EXPECT_FALSE(AdditiveNoise::make(
      {.cost = kLaplace, .l1 = 1.5_l1, .l2 = 1.5_l2, .whole = true, .confidence = 0.95}));
}

TEST(AdditiveNoise, GaussianNoiseOnWholeAnswersStaysWhole) {
  FixedBits bits(1);
  const AdditiveNoise noise = noise_of(kGaussian, 1, 1, true);
  double squares = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto error = static_cast<double>(noise.release(std::int64_t{1000}, bits) - 1000);
    squares += error * error;
  }
  EXPECT_NEAR(std::sqrt(squares / 20'000), noise.standard_error(), 0.1);
}

TEST(AdditiveNoise, HalfWidthsCoverAtTheirConfidence) {
  for (const bool whole : {true, false}) {
    for (const NoiseCost& cost : {kLaplace, kGaussian}) {
      const AdditiveNoise noise = noise_of(cost, 7, 7, whole, 0.9);
      FixedBits bits(2);
      int covered = 0;
      for (int i = 0; i < 20'000; ++i)
        covered += std::fabs(noise.release(Dyadic{0, 0}, bits)) <= noise.half_width();
      EXPECT_NEAR(covered / 20'000.0, whole ? 0.91 : 0.9, 0.015);
      EXPECT_GE(covered, 17'850);
    }
  }
}

TEST(AdditiveNoise, TheTailOfTwoIsThatOfTheWeightedSum) {
  for (const NoiseCost& cost : {kLaplace, kGaussian}) {
    const AdditiveNoise noise = noise_of(cost, 1, 1, false, 0.8);
    for (const double c : {0.0, 0.1, -0.5, 1.0}) {
      FixedBits bits(3);
      const double t = noise.half_width_of({1, c, 0});
      EXPECT_NEAR(noise.tail_of({1, c, 0}, t), 0.2, 1e-9);
      int beyond = 0;
      for (int i = 0; i < 20'000; ++i) {
        const double first = noise.release(Dyadic{0, 0}, bits);
        const double second = noise.release(Dyadic{0, 0}, bits);
        beyond += std::fabs(first + c * second) > t;
      }
      EXPECT_NEAR(beyond / 20'000.0, 0.2, 0.012);
    }
  }
}

TEST(AdditiveNoise, TheTailOfThreeIsThatOfTheWeightedSum) {
  for (const NoiseCost& cost : {kLaplace, kGaussian}) {
    const AdditiveNoise noise = noise_of(cost, 1, 1, false, 0.8);
    for (const Contrast& c : {Contrast{1, 0.5, -0.25}, {0.25, -0.25, 0.25}, {1, 1, 0.1}}) {
      FixedBits bits(5);
      const double t = noise.half_width_of(c);
      int beyond = 0;
      for (int i = 0; i < 20'000; ++i) {
        double sum = 0;
        for (const double factor : c) sum += factor * noise.release(Dyadic{0, 0}, bits);
        beyond += std::fabs(sum) > t;
      }
      EXPECT_NEAR(beyond / 20'000.0, 0.2, 0.012);
    }
  }
}

TEST(AdditiveNoise, TheTailOfSixIsThatOfTheWeightedSum) {
  for (const NoiseCost& cost : {kLaplace, kGaussian}) {
    const AdditiveNoise noise = noise_of(cost, 1, 1, false, 0.8);
    const std::vector<double> c = {1, -0.5, 0.25, 0, 0.75, -0.3};
    FixedBits bits(6);
    const double t = noise.half_width_of(c);
    EXPECT_NEAR(noise.tail_of(c, t), 0.2, 1e-9);
    int beyond = 0;
    for (int i = 0; i < 20'000; ++i) {
      double sum = 0;
      for (const double factor : c) sum += factor * noise.release(Dyadic{0, 0}, bits);
      beyond += std::fabs(sum) > t;
    }
    EXPECT_NEAR(beyond / 20'000.0, 0.2, 0.012);
  }
}

// Google's library, given σ directly, yields the interval [0, 0].
TEST(AdditiveNoise, AnIntervalIsNeverEmpty) {
  for (const double confidence : {0.5, 0.95, 0.999999}) {
    EXPECT_GT(noise_of(kGaussian, 1, 1, false, confidence).half_width(), 0);
    EXPECT_GT(noise_of(kLaplace, 1, 1, false, confidence).half_width(), 0);
  }
}

}  // namespace
}  // namespace sfumato
