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

TEST(NormalTail, TheScaledComplementAgreesWithItsDigits) {
  // mpmath, 60 digits.
  expect_enclosed(erfcx(-2).bounds(), 108.9409043899779724123554);
  expect_enclosed(erfcx(0.5).bounds(), 0.6156903441929258748707934);
  expect_enclosed(erfcx(1).bounds(), 0.4275835761558070044107503);
  expect_enclosed(erfcx(10).bounds(), 0.05614099274382258585751739);
  expect_enclosed(erfcx(1e6).bounds(), 5.64189583547474192156306e-7);
}

TEST(NormalTail, ItsLogarithmReachesFartherThanItself) {
  // mpmath, 400 digits.
  expect_enclosed(log_normal_tail(-37).bounds(), -5.725571222524576822683193e-300);
  expect_enclosed(log_normal_tail(-3.5).bounds(), -0.000232656141376804552181341);
  expect_enclosed(log_normal_tail(-1).bounds(), -0.1727537790234498895264832);
  expect_enclosed(log_normal_tail(0).bounds(), -0.6931471805599453094172321);
  expect_enclosed(log_normal_tail(3.5).bounds(), -8.366065308344092934972103);
  expect_enclosed(log_normal_tail(37).bounds(), -689.0305855768905936008722);
  expect_enclosed(log_normal_tail(1e6).bounds(), -500000000014.7344490911699);
}

TEST(NormalQuantile, AgreesWithItsDigits) {
  // mpmath, 80 digits.
  const auto quantile = [](const char* p) {
    return normal_quantile(Enclosure::exact(Exact::parse(p).value()));
  };
  expect_enclosed(quantile("0.1").bounds(), 1.281551565544600466965103);
  expect_enclosed(quantile("0.3").bounds(), 0.5244005127080407840382893);
  expect_enclosed(quantile("0.7").bounds(), -0.5244005127080407840382893);
  expect_enclosed(quantile("1e-6").bounds(), 4.753424308822898948193988);
  expect_enclosed(quantile("1e-300").bounds(), 37.04709629936119923722296);
  expect_enclosed(quantile("1e-399").bounds(), 42.75643688500803345216553);
  EXPECT_TRUE(quantile("1e-6").tight(90));
  EXPECT_LE(quantile("0.5").upper(), 1e-25);
  EXPECT_GE(quantile("0.5").lower(), -1e-25);
}

TEST(NormalQuantile, ItIsTheQuantileOfItsTail) {
  for (const double p : {1e-200, 1e-9, 0.02, 0.49, 0.51, 1 - 0x1p-50}) {
    const Enclosure tail = normal_tail(normal_quantile(p));
    EXPECT_FALSE(tail.certainly_above(p)) << p;
    EXPECT_FALSE(Enclosure(p).certainly_above(tail)) << p;
    EXPECT_TRUE(tail.tight(80)) << p;
  }
}

TEST(NormalQuantile, OfCertaintiesNothingIsClaimed) {
  for (const Enclosure& p : {Enclosure(0), Enclosure(1), Enclosure::hull(0.1, 2), Enclosure(-1)}) {
    EXPECT_EQ(normal_quantile(p).lower(), -INFINITY);
    EXPECT_EQ(normal_quantile(p).upper(), INFINITY);
  }
}

TEST(NormalQuantile, AWideMassGivesAWideQuantile) {
  const Enclosure x = normal_quantile(Enclosure::hull(0.1, 0.3));
  EXPECT_LE(x.lower(), 0.5244005127080408);
  EXPECT_GE(x.upper(), 1.2815515655446006);
}

TEST(NormalDensity, IsSymmetricAboutItsPeak) {
  expect_enclosed(normal_density(0).bounds(), 0.39894228040143268);
  expect_enclosed(normal_density(-2).bounds(), 0.053990966513188052);
}

}  // namespace
}  // namespace sfumato
