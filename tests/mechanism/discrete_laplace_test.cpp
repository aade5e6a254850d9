#include "sfumato/mechanism/discrete_laplace.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "sfumato/noise/law.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

DiscreteLaplaceMechanism discrete_laplace(double epsilon, double sensitivity) {
  return DiscreteLaplaceMechanism::make({.epsilon = Epsilon::make(epsilon).value(),
                                         .sensitivity = L1Sensitivity::make(sensitivity).value()})
      .value();
}

TEST(DiscreteLaplaceMechanism, TheScaleIsSensitivityOverEpsilonRoundedUp) {
  EXPECT_EQ(discrete_laplace(0.5, 3).noise().scale().to_double_up(), 6);
  EXPECT_EQ(discrete_laplace(0.1, 1).noise().scale().to_double_up(), 10);
  EXPECT_EQ(discrete_laplace(0.3, 2).cost(), 0.3_eps);
}

TEST(DiscreteLaplaceMechanism, ASensitivityThatIsNotWholeIsRefused) {
  const auto made = DiscreteLaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1.5_l1});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "sensitivity");
  EXPECT_EQ(made.error().message, "must be a whole number, as the answers are whole");
}

TEST(DiscreteLaplaceMechanism, NeighbouringMassesDifferByAFactorOfEToTheEpsilonAtMost) {
  for (double epsilon : {0.1, 1.0, 3.0}) {
    const Scale s = discrete_laplace(epsilon, 2).noise().scale();
    for (std::int64_t x = -8; x <= 8; ++x) {
      const double ratio =
          discrete_laplace_mass(s, x).upper / discrete_laplace_mass(s, x + 2).lower;
      EXPECT_LE(ratio, std::exp(epsilon) * (1 + 1e-14));
    }
  }
}

TEST(DiscreteLaplaceMechanism, ReleasesFollowTheLawAboutTheAnswer) {
  const DiscreteLaplaceMechanism mechanism = discrete_laplace(0.5, 1);
  FixedBits bits(5);
  std::vector<std::int64_t> out(50'000, 1000);
  mechanism.release(out, out, bits);
  expect_law(out, [&](std::int64_t x) {
    return discrete_laplace_mass(mechanism.noise().scale(), x - 1000).lower;
  });
}

TEST(DiscreteLaplaceMechanism, ABatchIsItsReleasesInOrder) {
  const DiscreteLaplaceMechanism mechanism = discrete_laplace(0.5, 1);
  FixedBits first(1), second(1);
  const std::array<std::int64_t, 3> answers = {1, -2, 1'000'000};
  std::array<std::int64_t, 3> batch{};
  mechanism.release(answers, batch, first);
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(batch[i], mechanism.release(answers[i], second));
}

TEST(DiscreteLaplaceMechanism, TheErrorIsThatOfTheWholeLaw) {
  EXPECT_NEAR(discrete_laplace(1, 1).standard_error(), 1.3569624860015788, 1e-14);  // √(2q)/(1-q)
  EXPECT_EQ(discrete_laplace(1, 1).half_width(0.95), 3);
  EXPECT_EQ(discrete_laplace(2, 1).half_width(0.99), 2);
  EXPECT_EQ(discrete_laplace(1, 1).half_width(1.5), INFINITY);
}

TEST(DiscreteLaplaceMechanism, AHalfWidthThatNoDoubleHoldsIsRoundedUp) {
  const DiscreteLaplaceMechanism wide = discrete_laplace(1e-17, 1);
  const std::int64_t whole = discrete_laplace_half_width(wide.noise().scale(), 0.9);
  EXPECT_GE(static_cast<long double>(wide.half_width(0.9)), static_cast<long double>(whole));
}

TEST(DiscreteLaplaceMechanism, AScaleThatNoDoubleHoldsIsRefused) {
  const auto made = DiscreteLaplaceMechanism::make(
      {.epsilon = 1e-9_eps,
       .sensitivity = L1Sensitivity::make(std::numeric_limits<double>::max()).value()});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "sensitivity");
}

}  // namespace
}  // namespace sfumato
