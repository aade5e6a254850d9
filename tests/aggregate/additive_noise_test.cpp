#include "sfumato/aggregate/additive_noise.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

AdditiveNoiseParams params_of(PrivacyTotal share, double l1, double l2, bool whole, NoiseLaw law) {
  return {.share = share,
          .l1 = L1Sensitivity::make(l1).value(),
          .l2 = L2Sensitivity::make(l2).value(),
          .whole = whole,
          .law = law};
}

AdditiveNoise noise_of(PrivacyTotal share, double l1, double l2, bool whole,
                       NoiseLaw law = NoiseLaw::automatic, double confidence = 0.95) {
  AdditiveNoiseParams params = params_of(share, l1, l2, whole, law);
  params.confidence = confidence;
  return AdditiveNoise::make(params).value();
}

const PrivacyTotal kOne = ApproximateTotal{1.0_eps, 1e-6_delta};

TEST(AdditiveNoise, WholeAnswersGetDiscreteLaplaceAndOthersLaplace) {
  EXPECT_EQ(noise_of(kOne, 1, 1, true, NoiseLaw::laplace).mechanism(), "discrete_laplace");
  EXPECT_EQ(noise_of(kOne, 1, 1, false, NoiseLaw::laplace).mechanism(), "laplace");
  EXPECT_EQ(noise_of(kOne, 1, 1, true, NoiseLaw::gaussian).mechanism(), "gaussian");
  EXPECT_EQ(noise_of(kOne, 1, 1, false, NoiseLaw::gaussian).mechanism(), "gaussian");
}

TEST(AdditiveNoise, TheScaleIsThatOfTheMechanism) {
  EXPECT_NEAR(noise_of(kOne, 5, 5, true, NoiseLaw::laplace).scale(), 5, 1e-12);
  EXPECT_NEAR(noise_of(kOne, 5, 5, false, NoiseLaw::laplace).scale(), 5, 1e-12);
  // σ of (1, 1e-6): 4.2247… for Δ = 1 (Balle, Wang 2018, theorem 8)
  EXPECT_NEAR(noise_of(kOne, 9, 1, false, NoiseLaw::gaussian).scale(), 4.22467, 1e-5);
}

TEST(AdditiveNoise, AutomaticTakesTheSmallerStandardError) {
  EXPECT_FALSE(noise_of(kOne, 1, 1, false).gaussian());    // √2 against 4.2
  EXPECT_TRUE(noise_of(kOne, 100, 10, false).gaussian());  // 141 against 42
  for (double groups : {1.0, 4.0, 9.0, 16.0, 25.0}) {
    const double automatic = noise_of(kOne, groups, std::sqrt(groups), false).standard_error();
    for (NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian})
      EXPECT_LE(automatic, noise_of(kOne, groups, std::sqrt(groups), false, law).standard_error());
  }
}

TEST(AdditiveNoise, WithoutDeltaAutomaticIsLaplaceAndGaussianIsRefused) {
  const PrivacyTotal pure = ApproximateTotal{1.0_eps, 0.0_delta};
  EXPECT_FALSE(noise_of(pure, 100, 10, false).gaussian());
  EXPECT_FALSE(AdditiveNoise::make(params_of(pure, 1, 1, false, NoiseLaw::gaussian)));
}

TEST(AdditiveNoise, RhoBuysGaussianNoiseOrLaplaceNoiseOfRootTwoRho) {
  const PrivacyTotal rho = ConcentratedTotal{0.125_rho, 0.0_delta};
  EXPECT_NEAR(noise_of(rho, 3, 3, false, NoiseLaw::gaussian).scale(), 6, 1e-9);
  EXPECT_NEAR(noise_of(rho, 3, 3, false, NoiseLaw::laplace).scale(), 6, 1e-9);
  EXPECT_GE(noise_of(rho, 3, 3, false, NoiseLaw::laplace).scale(), 6);
}

TEST(AdditiveNoise, GaussianNoiseOnWholeAnswersStaysWhole) {
  FixedBits bits(1);
  const AdditiveNoise noise = noise_of(kOne, 1, 1, true, NoiseLaw::gaussian);
  double squares = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto error = static_cast<double>(noise.release(std::int64_t{1000}, bits) - 1000);
    squares += error * error;
  }
  EXPECT_NEAR(std::sqrt(squares / 20'000), noise.standard_error(), 0.1);
}

TEST(AdditiveNoise, HalfWidthsCoverAtTheirConfidence) {
  for (const bool whole : {true, false}) {
    for (const NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian}) {
      const AdditiveNoise noise = noise_of(kOne, 7, 7, whole, law, 0.9);
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
  for (const NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian}) {
    const AdditiveNoise noise = noise_of(kOne, 1, 1, false, law, 0.8);
    for (const double c : {0.0, 0.1, -0.5, 1.0}) {
      FixedBits bits(3);
      const double t = noise.half_width_of_two(1, c);
      EXPECT_NEAR(noise.tail_of_two(1, c, t), 0.2, 1e-9);
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

// Google's library, given σ directly, yields the interval [0, 0].
TEST(AdditiveNoise, AnIntervalIsNeverEmpty) {
  for (const double confidence : {0.5, 0.95, 0.999999}) {
    EXPECT_GT(noise_of(kOne, 1, 1, false, NoiseLaw::gaussian, confidence).half_width(), 0);
    EXPECT_GT(noise_of(kOne, 1, 1, false, NoiseLaw::laplace, confidence).half_width(), 0);
  }
}

}  // namespace
}  // namespace sfumato
