#include "base/discrete_normal.h"

#include <gtest/gtest.h>

#include "support/bounds.h"

namespace sfumato {
namespace {

// mpmath, added up term by term in 50 digits; more of them in tests/noise/law_discrete_gaussian_test.cpp.
TEST(DiscreteNormal, TailsAgreeWithSums) {
  expect_enclosed(discrete_normal_tail(1, 4).bounds(), 0.0001353230295781870283772894);
  expect_enclosed(discrete_normal_tail(1, -3).bounds(), 0.9998646769704218129716227);
  expect_enclosed(discrete_normal_tail(150, 600).bounds(), 0.0000321193252365886653478958);
}

TEST(DiscreteNormal, ADecimalDeviationIsTakenAsWritten) {
  const Enclosure sigma = Enclosure::decimal(Decimal::parse("0.3").value());
  expect_enclosed(discrete_normal_tail(sigma, 1).bounds(), 0.003836259019117709917551173);
}

TEST(DiscreteNormal, MassesAreDifferencesOfTails) {
  for (const double sigma : {0.2, 1.0, 70.0, 1000.0}) {
    const Enclosure mass = discrete_normal_mass(sigma, 3);
    const Enclosure difference = discrete_normal_tail(sigma, 3) - discrete_normal_tail(sigma, 4);
    EXPECT_FALSE(mass.certainly_above(difference)) << sigma;
    EXPECT_FALSE(difference.certainly_above(mass)) << sigma;
    EXPECT_TRUE(difference.tight(60)) << sigma;
  }
}

TEST(DiscreteNormal, TheDeviationNearsSigmaFromBelow) {
  EXPECT_LE(discrete_normal_deviation(2).upper(), 2);
  EXPECT_GT(discrete_normal_deviation(2).lower(), 2 * (1 - 1e-15));
  EXPECT_LT(discrete_normal_deviation(0.3).upper(), 0.2);
}

}  // namespace
}  // namespace sfumato
