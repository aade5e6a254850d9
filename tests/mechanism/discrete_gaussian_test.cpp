#include "sfumato/mechanism/discrete_gaussian.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <variant>
#include <vector>

#include "sfumato/noise/law.h"
#include "sfumato/privacy/gaussian_curve.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

DiscreteGaussianMechanism discrete_gaussian(Rho rho, L2Sensitivity sensitivity) {
  return DiscreteGaussianMechanism::make(
             DiscreteGaussianRhoParams{.rho = rho, .sensitivity = sensitivity})
      .value();
}

double deviation_of(const DiscreteGaussianMechanism& mechanism) {
  return mechanism.noise().scale().to_double_down();
}

TEST(DiscreteGaussianMechanism, SigmaIsSensitivityOverTheRootOfTwoRho) {
  EXPECT_EQ(deviation_of(discrete_gaussian(0.5_rho, 3_l2)), 3);
  EXPECT_NEAR(deviation_of(discrete_gaussian(0.005_rho, 1_l2)), 10,
              1e-14);  // OpenDP 0.16: ρ = 0.005 for σ = 10
  const double sigma = deviation_of(discrete_gaussian(0.3_rho, 1_l2));
  EXPECT_GE(mul_up(mul_up(sigma, sigma), 0.6), 1);
}

TEST(DiscreteGaussianMechanism, TheCostIsWhatWasAskedFor) {
  const auto zcdp = std::get<ConcentratedTotal>(discrete_gaussian(0.25_rho, 1_l2).cost());
  EXPECT_EQ(zcdp.rho, 0.25_rho);
  EXPECT_EQ(zcdp.delta, 0.0_delta);
  EXPECT_EQ(discrete_gaussian(0.25_rho, 7_l2).sensitivity(), 7_l2);
}

/// Σ max(0, P(x) - e^ε·P(x - 1)) over the law itself: δ of one number moved by 1.
double delta_by_summing(const Scale& sigma, double epsilon) {
  double delta = 0;
  for (std::int64_t x = -200; x <= 200; ++x)
    delta += std::fmax(0, discrete_gaussian_mass(sigma, x).upper -
                              std::exp(epsilon) * discrete_gaussian_mass(sigma, x + 1).lower);
  return delta;
}

TEST(DiscreteGaussianMechanism, TheFormWithDeltaKeepsItsPromiseByTheMassesThemselves) {
  for (double epsilon : {0.3, 1.0, 3.0}) {
    for (double delta : {1e-2, 1e-5, 1e-10}) {
      const auto mechanism = DiscreteGaussianMechanism::make(
          DiscreteGaussianParams{.epsilon = Epsilon::make(epsilon).value(),
                                 .delta = Delta::make(delta).value(),
                                 .sensitivity = 1_l2});
      const Scale sigma = mechanism.value().noise().scale();
      EXPECT_LE(delta_by_summing(sigma, epsilon), delta) << epsilon << ' ' << delta;
      EXPECT_EQ(std::get<ApproximateTotal>(mechanism.value().cost()).delta.value(), delta);
    }
  }
}

TEST(DiscreteGaussianMechanism, TheFormWithDeltaIsWithinAFewPercentOfTheCurve) {
  const auto mechanism = DiscreteGaussianMechanism::make(
      DiscreteGaussianParams{.epsilon = 1.0_eps, .delta = 1e-6_delta, .sensitivity = 1_l2});
  const double least = gaussian_sigma(1.0_eps, 1e-6_delta, 1_l2).value();
  EXPECT_GT(deviation_of(mechanism.value()), least);
  EXPECT_LT(deviation_of(mechanism.value()), 1.1 * least);
}

TEST(DiscreteGaussianMechanism, ReleasesFollowTheLawAboutTheAnswer) {
  const DiscreteGaussianMechanism mechanism = discrete_gaussian(0.02_rho, 1_l2);  // σ = 5
  FixedBits bits(5);
  std::vector<std::int64_t> out(50'000, -1000);
  mechanism.release(out, out, bits);
  expect_law(out, [&](std::int64_t x) {
    return discrete_gaussian_mass(mechanism.noise().scale(), x + 1000).lower;
  });
}

TEST(DiscreteGaussianMechanism, ABatchIsItsReleasesInOrder) {
  const DiscreteGaussianMechanism mechanism = discrete_gaussian(0.5_rho, 2_l2);
  FixedBits first(1), second(1);
  const std::array<std::int64_t, 3> answers = {1, -2, 1'000'000};
  std::array<std::int64_t, 3> batch{};
  mechanism.release(answers, batch, first);
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(batch[i], mechanism.release(answers[i], second));
}

TEST(DiscreteGaussianMechanism, TheErrorIsThatOfTheWholeLaw) {
  EXPECT_NEAR(discrete_gaussian(0.5_rho, 1_l2).standard_error(), 0.99999989438385846, 1e-14);
  EXPECT_EQ(discrete_gaussian(0.005_rho, 1_l2).half_width(0.95), 20);
  EXPECT_EQ(discrete_gaussian(0.5_rho, 1_l2).half_width(std::nan("")), INFINITY);
}

TEST(DiscreteGaussianMechanism, WhatItCannotKeepIsRefused) {
  const auto pure = DiscreteGaussianMechanism::make(
      DiscreteGaussianParams{.epsilon = 1.0_eps, .delta = 0.0_delta, .sensitivity = 1_l2});
  ASSERT_FALSE(pure);
  EXPECT_EQ(pure.error().where, "delta");
  EXPECT_FALSE(DiscreteGaussianMechanism::make(DiscreteGaussianRhoParams{
      .rho = 1e-9_rho, .sensitivity = L2Sensitivity::make(1.7e308).value()}));
}

}  // namespace
}  // namespace sfumato
