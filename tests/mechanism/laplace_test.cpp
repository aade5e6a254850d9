#include "sfumato/mechanism/laplace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

LaplaceMechanism laplace(double epsilon, double sensitivity, std::optional<int> grid = {}) {
  return LaplaceMechanism::make({.epsilon = Epsilon::make(epsilon).value(),
                                 .sensitivity = L1Sensitivity::make(sensitivity).value(),
                                 .grid = grid})
      .value();
}

TEST(LaplaceMechanism, TheScaleIsSensitivityOverEpsilonRoundedUp) {
  EXPECT_EQ(laplace(0.5, 3).noise().scale().to_double_up(), 6);
  const LaplaceMechanism tenth = laplace(0.1, 1);  // the double 0.1 is above a tenth: 1/0.1 < 10
  EXPECT_EQ(tenth.noise().scale().to_double_up(), 10);
  for (double epsilon : {0.3, 1.1, 7.0, 1e-9}) {
    const double scale = laplace(epsilon, 1).noise().scale().to_double_down();
    EXPECT_GE(mul_up(scale, epsilon), 1) << epsilon;
    EXPECT_LT(mul_down(std::nextafter(scale, 0.0), epsilon), 1) << epsilon;
  }
}

TEST(LaplaceMechanism, TheCostIsWhatWasAskedFor) {
  EXPECT_EQ(laplace(0.3, 2).cost(), 0.3_eps);
  EXPECT_EQ(laplace(0.3, 2).sensitivity(), 2_l1);
}

TEST(LaplaceMechanism, ReleasesAreThoseOfItsNoise) {
  const LaplaceMechanism mechanism = laplace(0.5, 1);
  FixedBits first(1), second(1), third(1);
  const std::array<double, 3> answers = {1, -2, 1e9};
  std::array<double, 3> batch{};
  mechanism.release(answers, batch, first);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(batch[i], mechanism.noise().release(answers[i], second));
    EXPECT_EQ(batch[i], mechanism.release(Dyadic::from_double(answers[i]), third));
  }
}

TEST(LaplaceMechanism, NanAndInfiniteAnswersAreReleasedLikeOthers) {
  const LaplaceMechanism mechanism = laplace(1, 1);
  FixedBits a(2), b(2), c(3);
  EXPECT_EQ(mechanism.release(std::nan(""), a), mechanism.release(0.0, b));
  EXPECT_TRUE(std::isfinite(mechanism.release(INFINITY, c)));
}

TEST(LaplaceMechanism, TheStandardErrorIsThatOfTheNoise) {
  EXPECT_NEAR(laplace(1, 3).standard_error(), 3 * std::sqrt(2.0), 1e-12);
  // Google: a variance of 20000 for ε = 0.01, whose double is a little more than a hundredth.
  EXPECT_NEAR(std::pow(laplace(0.01, 1).standard_error(), 2), 20000, 1e-6);
  EXPECT_NEAR(laplace(1, 1, 0).standard_error(), std::sqrt(2 + 1.0 / 12), 1e-12);
}

TEST(LaplaceMechanism, TheHalfWidthCoversNoiseAndRounding) {
  const double noise = 2.995732273553991;  // ln 20
  EXPECT_NEAR(laplace(1, 1).half_width(0.95), noise, 1e-9);
  EXPECT_GT(laplace(1, 1).half_width(0.95), noise);
  EXPECT_NEAR(laplace(1, 1, 3).half_width(0.95), noise + 4, 1e-9);  // g = 8 rounds by up to 4
  EXPECT_EQ(laplace(1, 1).half_width(1), INFINITY);
}

TEST(LaplaceMechanism, TheHalfWidthCoversAsManyReleasesAsItSays) {
  const LaplaceMechanism mechanism = laplace(0.2, 1);
  const double half = mechanism.half_width(0.9);
  FixedBits bits(7);
  std::vector<double> out(20'000, 100.0);
  mechanism.release(out, out, bits);
  const auto within = [&](double x) { return std::fabs(x - 100) <= half; };
  const auto covered = std::count_if(out.begin(), out.end(), within);
  EXPECT_NEAR(static_cast<double>(covered) / 20'000, 0.9, 0.01);  // 4.7 standard deviations
}

TEST(LaplaceMechanism, AScaleThatNoDoubleHoldsIsRefused) {
  const auto made = LaplaceMechanism::make(
      {.epsilon = 1e-9_eps,
       .sensitivity = L1Sensitivity::make(std::numeric_limits<double>::max()).value()});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "sensitivity");
}

TEST(LaplaceMechanism, AGridOutOfRangeIsRefused) {
  const auto made = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1, .grid = 2000});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "grid");
}

}  // namespace
}  // namespace sfumato
