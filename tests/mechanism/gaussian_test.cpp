#include "sfumato/mechanism/gaussian.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

#include "sfumato/privacy/gaussian_curve.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

GaussianMechanism gaussian(double epsilon, double delta, L2Sensitivity sensitivity,
                           std::optional<int> grid = {}) {
  return GaussianMechanism::make({.epsilon = Epsilon::make(epsilon).value(),
                                  .delta = Delta::make(delta).value(),
                                  .sensitivity = sensitivity,
                                  .grid = grid})
      .value();
}

GaussianMechanism concentrated(double rho, L2Sensitivity sensitivity) {
  return GaussianMechanism::make(
             GaussianRhoParams{.rho = Rho::make(rho).value(), .sensitivity = sensitivity})
      .value();
}

double sigma_of(const GaussianMechanism& mechanism) {
  return mechanism.noise().scale().to_double_down();
}

TEST(GaussianMechanism, SigmaIsTheLeastThatTheCurveAllows) {
  EXPECT_NEAR(sigma_of(gaussian(std::log(3.0), 1e-5, 1_l2)) / 3.42466239790895, 1, 1e-9);
  EXPECT_NEAR(sigma_of(gaussian(1, 1e-12, 1_l2)) / 6.5578220674588500913, 1, 1e-9);
}

// Google's C++ cuts its Gaussian noise at 8.89 σ while it promises δ = 1e-300.
TEST(GaussianMechanism, ADeltaOf1e300IsKeptByNoiseThatIsNotCut) {
  const GaussianMechanism mechanism = gaussian(1, 1e-300, 1_l2);
  EXPECT_LE(gaussian_delta(1, sigma_of(mechanism), 1_l2).upper, 1e-300);
  // First words of all zeros: 2^-128 and less, a radius of 13 σ, beyond any cut at 8.89.
  CraftedBits bits({0, 0}, {{{0, 1}, 0}, {{0, 2}, 0}});
  EXPECT_GT(std::fabs(mechanism.release(0.0, bits)), 8.89 * sigma_of(mechanism));
}

TEST(GaussianMechanism, TheCostIsWhatWasAskedFor) {
  const auto approximate = std::get<ApproximateTotal>(gaussian(0.5, 1e-6, 1_l2).cost());
  EXPECT_EQ(approximate.epsilon, 0.5_eps);
  EXPECT_EQ(approximate.delta, 1e-6_delta);
  const auto zcdp = std::get<ConcentratedTotal>(concentrated(0.5, 1_l2).cost());
  EXPECT_EQ(zcdp.rho, 0.5_rho);
  EXPECT_EQ(zcdp.delta, 0.0_delta);
}

TEST(GaussianMechanism, RhoIsKeptByASigmaRoundedUp) {
  EXPECT_EQ(sigma_of(concentrated(0.5, 3_l2)), 3);    // Δ / √(2ρ)
  EXPECT_EQ(sigma_of(concentrated(0.125, 1_l2)), 2);  // OpenDP 0.16: ρ = 0.125 for σ = 2
  for (double rho : {0.1, 0.3, 1e-6, 17.0}) {
    const double sigma = sigma_of(concentrated(rho, 1_l2));
    EXPECT_GE(mul_up(mul_up(sigma, sigma), 2 * rho), 1) << rho;
    EXPECT_NEAR(sigma * std::sqrt(2 * rho), 1, 1e-15) << rho;
  }
}

TEST(GaussianMechanism, ReleasesAreThoseOfItsNoise) {
  const GaussianMechanism mechanism = gaussian(1, 1e-6, 1_l2);
  FixedBits first(1), second(1), third(4), fourth(4);
  const std::array<double, 3> answers = {1, -2, 1e9};
  std::array<double, 3> ours{}, theirs{};
  mechanism.release(answers, ours, first);
  mechanism.noise().release(answers, theirs, second);
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(mechanism.release(5.0, third), mechanism.release(Dyadic{5, 0}, fourth));
}

// Google's C++ answers [0, 0] where σ was given directly.
TEST(GaussianMechanism, EachWayOfMakingItYieldsAnInterval) {
  const GaussianMechanism by_rho = concentrated(0.5, 1_l2);  // σ = 1
  EXPECT_NEAR(by_rho.half_width(0.95), 1.9599639845400545, 1e-9);
  EXPECT_NEAR(by_rho.standard_error(), 1, 1e-9);
  const GaussianMechanism by_curve = gaussian(1, 1e-5, 2_l2);
  EXPECT_NEAR(by_curve.half_width(0.95), 2 * 3.7306316348159418 * 1.9599639845400545, 1e-7);
}

TEST(GaussianMechanism, ACoarseGridIsPartOfTheError) {
  const GaussianMechanism whole = gaussian(1, 1e-5, 1_l2, 0);
  const GaussianMechanism fine = gaussian(1, 1e-5, 1_l2);
  EXPECT_NEAR(whole.half_width(0.95) - fine.half_width(0.95), 0.5, 1e-8);
  EXPECT_NEAR(std::pow(whole.standard_error(), 2) - std::pow(fine.standard_error(), 2), 1.0 / 12,
              1e-8);
}

TEST(GaussianMechanism, TheHalfWidthCoversAsManyReleasesAsItSays) {
  const GaussianMechanism mechanism = gaussian(0.5, 1e-6, 1_l2);
  const double half = mechanism.half_width(0.9);
  FixedBits bits(11);
  std::vector<double> out(20'000, -7.0);
  mechanism.release(out, out, bits);
  const auto within = [&](double x) { return std::fabs(x + 7) <= half; };
  const auto covered = std::count_if(out.begin(), out.end(), within);
  EXPECT_NEAR(static_cast<double>(covered) / 20'000, 0.9, 0.01);
}

TEST(GaussianMechanism, WhatItCannotKeepIsRefused) {
  const auto pure =
      GaussianMechanism::make({.epsilon = 1.0_eps, .delta = 0.0_delta, .sensitivity = 1_l2});
  ASSERT_FALSE(pure);
  EXPECT_EQ(pure.error().where, "delta");
  const auto wide = L2Sensitivity::make(std::numeric_limits<double>::max()).value();
  EXPECT_FALSE(GaussianMechanism::make(GaussianRhoParams{.rho = 1e-9_rho, .sensitivity = wide}));
  EXPECT_FALSE(GaussianMechanism::make(
      GaussianRhoParams{.rho = 0.5_rho, .sensitivity = 1_l2, .grid = -5000}));
}

}  // namespace
}  // namespace sfumato
