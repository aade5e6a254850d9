#include "base/normal_tail.h"

#include <gtest/gtest.h>

#include "support/bounds.h"

namespace sfumato {
namespace {

TEST(NormalTail, AgreesWithTables) {
  expect_enclosed(normal_tail(0).bounds(), 0.5);
  expect_enclosed(normal_tail(1).bounds(), 0.15865525393145705);       // mpmath, 30 digits
  expect_enclosed(normal_tail(-1).bounds(), 0.84134474606854293);      // mpmath
  expect_enclosed(normal_tail(10).bounds(), 7.6198530241605261e-24);   // mpmath
  expect_enclosed(normal_tail(37).bounds(), 5.7255712225245767e-300);  // mpmath
}

TEST(NormalTail, TheContinuedFractionAgreesWithErfc) {
  for (double x : {3.01, 3.5, 5.0, 11.0, 20.0}) {
    const Enclosure fraction = mills_ratio(x);
    const Enclosure quotient =
        erfc(Enclosure(x) / sqrt(Enclosure(2))).scaled(-1) / normal_density(x);
    EXPECT_FALSE(fraction.certainly_above(quotient)) << x;
    EXPECT_FALSE(quotient.certainly_above(fraction)) << x;
    EXPECT_TRUE(fraction.tight(240)) << x;
  }
}

TEST(NormalTail, TheContinuedFractionFollowsThePrecisionAskedFor) {
  EXPECT_TRUE(mills_ratio(Enclosure(4, 1024)).tight(1000));
}

TEST(NormalTail, TheMillsRatioIsOneFunctionOnBothSidesOfThree) {
  const Bounds left = mills_ratio(3).bounds();
  const Bounds right = mills_ratio(3 + Enclosure(1).scaled(-200)).bounds();
  expect_enclosed(left, 0.30459029871010329);  // mpmath
  expect_enclosed(right, 0.30459029871010329);
}

TEST(NormalTail, AWideArgumentGivesAWideTail) {
  const Enclosure tail = normal_tail(Enclosure::hull(4, 5));
  EXPECT_LE(tail.lower(), normal_tail(5).lower());
  EXPECT_GE(tail.upper(), normal_tail(4).upper());
}

TEST(NormalDensity, IsSymmetricAboutItsPeak) {
  expect_enclosed(normal_density(0).bounds(), 0.39894228040143268);
  expect_enclosed(normal_density(-2).bounds(), 0.053990966513188052);
}

}  // namespace
}  // namespace sfumato
