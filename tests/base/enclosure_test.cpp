#include "base/enclosure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "support/bounds.h"

namespace sfumato {
namespace {

Enclosure between(double lower, double upper) {
  return Enclosure::hull(Enclosure(lower), Enclosure(upper));
}

/// Both ends at once: every operation must take the right one of its operands' ends.
void expect_ends(const Enclosure& x, double lower, double upper) {
  EXPECT_DOUBLE_EQ(x.lower(), lower);
  EXPECT_DOUBLE_EQ(x.upper(), upper);
}

TEST(Enclosure, ADoubleIsItself) {
  for (double x : {0.0, 0.1, -3.5, 5e-324, -1.7e308}) {
    EXPECT_EQ(Enclosure(x).lower(), x);
    EXPECT_EQ(Enclosure(x).upper(), x);
  }
}

TEST(Enclosure, AThirdLiesStrictlyBetweenItsEnds) {
  const Enclosure third = Enclosure::ratio(1, 3);
  EXPECT_LT(third.lower(), third.upper());
  EXPECT_EQ(std::nextafter(third.lower(), 1.0), third.upper());
  EXPECT_TRUE((third * 3).certainly_at_least(Enclosure(1) - Enclosure(1).scaled(-250)));
  EXPECT_FALSE((third * 3).certainly_above(1));
  EXPECT_FALSE(Enclosure(1).certainly_above(third * 3));
}

TEST(Enclosure, EndsAreTheNeighbouringDoubles) {
  for (const auto& [n, d] : {std::pair{1, 10}, {1, 5}, {3, 10}, {2, 3}, {1, 7}, {5, 7}, {1, 49}}) {
    const auto numerator = static_cast<std::uint64_t>(n),
               denominator = static_cast<std::uint64_t>(d);
    const Enclosure x = Enclosure::ratio(numerator, denominator);
    EXPECT_TRUE(x.certainly_above(x.lower())) << n << '/' << d;
    EXPECT_TRUE(Enclosure(x.upper()).certainly_above(x)) << n << '/' << d;
    EXPECT_EQ(std::nextafter(x.lower(), 1.0), x.upper()) << n << '/' << d;
  }
}

// Numbers that 256 bits hold, whose products they do not: those of 1024 bits are exact.
TEST(Enclosure, ProductsAndDecimalsLieStrictlyWithinTheirEnds) {
  const auto expect_within = [](const Enclosure& truth, const Enclosure& x) {
    EXPECT_GT((truth - x).upper(), 0) << truth.lower();
    EXPECT_LT((truth - x).lower(), 0) << truth.lower();
  };
  for (const double d : {0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1.1, 1.3}) {
    const Enclosure narrow(d), wide(d, 1024);
    const Enclosure four = power(narrow, 4), exact = power(wide, 4);  // of at most 212 bits
    expect_within(exact * exact, four * four);
    expect_within(exact * -exact, four * -four);
    expect_within(power(exact, 3), power(four, 3));
    const Enclosure little = Enclosure(1).scaled(-400);
    expect_within(exact + little, four + little);
    expect_within(exact - little, four - little);
    expect_within(exact - -little, four - -little);
  }
  for (const char* text : {"0.1", "0.2", "0.3", "0.6", "0.7", "0.9", "1.1", "1e-30"}) {
    const Decimal decimal = Decimal::parse(text).value();
    expect_within(Enclosure::decimal(decimal, 1024), Enclosure::decimal(decimal));
  }
}

TEST(Enclosure, ADecimalIsEnclosedAsWritten) {
  const Enclosure tenth = Enclosure::decimal(Decimal::parse("0.1").value());
  EXPECT_FALSE(tenth.certainly_above(Enclosure::ratio(1, 10)));
  EXPECT_FALSE(Enclosure::ratio(1, 10).certainly_above(tenth));
  EXPECT_TRUE(Enclosure(0.1).certainly_above(tenth));  // the double 0.1 is a little more
}

TEST(Enclosure, WholeNumbersOf64BitsAreExact) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(Enclosure::whole(most).floor_lower(), most);
  EXPECT_EQ((Enclosure::whole(most) - 1).floor_upper(), most - 1);
  EXPECT_EQ(Enclosure::ratio(UINT64_MAX, 1).floor_lower_unsigned(), UINT64_MAX);
}

TEST(Enclosure, SumsAndDifferencesTakeTheOuterEnds) {
  expect_ends(between(1, 2) + between(-5, 3), -4, 5);
  expect_ends(between(1, 2) - between(-5, 3), -2, 7);
  expect_ends(-between(-5, 3), -3, 5);
}

TEST(Enclosure, ProductsTakeTheOuterCorners) {
  expect_ends(between(1, 2) * between(3, 4), 3, 8);
  expect_ends(between(-1, 2) * between(3, 4), -4, 8);
  expect_ends(between(-1, 2) * between(-3, 4), -6, 8);
  expect_ends(between(-2, -1) * between(-4, -3), 3, 8);
}

TEST(Enclosure, QuotientsTakeTheOuterCornersAndClaimNothingAtZero) {
  expect_ends(between(1, 2) / between(4, 8), 0.125, 0.5);
  expect_ends(between(-1, 2) / between(4, 8), -0.25, 0.5);
  expect_ends(between(1, 2) / between(-8, -4), -0.5, -0.125);
  expect_ends(between(1, 2) / between(-1, 1), -INFINITY, INFINITY);
  expect_ends(Enclosure(1) / Enclosure(0), -INFINITY, INFINITY);
}

TEST(Enclosure, EvenPowersOfWhatSpansZeroStartAtZero) {
  expect_ends(power(between(-3, 2), 2), 0, 9);
  expect_ends(power(between(-3, -2), 2), 4, 9);
  expect_ends(power(between(2, 3), 4), 16, 81);
  expect_ends(power(between(-3, 2), 3), -27, 8);
}

TEST(Enclosure, LeastAndGreatestGoEndByEnd) {
  expect_ends(min(between(1, 5), between(2, 3)), 1, 3);
  expect_ends(max(between(1, 5), between(2, 3)), 2, 5);
  expect_ends(Enclosure::hull(between(1, 2), between(4, 5)), 1, 5);
}

TEST(Enclosure, RisingFunctionsKeepTheOrderOfTheEnds) {
  expect_ends(exp(between(0, 1)), 1, std::numbers::e);
  expect_ends(expm1(between(-1e-20, 1e-20)), -1e-20, 1e-20);
  expect_ends(log(between(1, std::numbers::e)), 0, 1);
  expect_ends(log1p(between(-1e-20, 1e-20)), -1e-20, 1e-20);
  expect_ends(sqrt(between(4, 9)), 2, 3);
}

TEST(Enclosure, SineAndCosineAreWidenedByTheirArgument) {
  EXPECT_LE(cos(Enclosure(1)).lower(), 0.5403023058681398);
  EXPECT_GE(cos(Enclosure(1)).upper(), 0.5403023058681397);
  const Enclosure wide = sin(between(1, 3));
  EXPECT_LE(wide.lower(), std::sin(3.0));
  EXPECT_GE(wide.upper(), 1);
  EXPECT_TRUE(sin(Enclosure(NAN)).is_nan());
}

TEST(Enclosure, LongDoublesLieBelowTheLowerEnd) {
  const long double third = Enclosure::ratio(1, 3).lower_extended();
  EXPECT_LT(third * 3, 1);
  EXPECT_GE(third, 1.0L / 3 * (1 - 2 * std::numeric_limits<long double>::epsilon()));
}

TEST(Enclosure, WhatNoBinaryNumberHoldsLiesStrictlyBetweenItsEnds) {
  const Enclosure two(2), third = Enclosure(1) / 3;
  for (const Enclosure& x : {exp(two), expm1(two), log(two), log1p(two), sqrt(two), erfc(two),
                             third, third + Enclosure(1).scaled(300), third * third,
                             power(third, 3), Enclosure::log_factorial(5), Enclosure::pi()}) {
    EXPECT_GT((x - x).upper(), 0) << x.lower();
    EXPECT_LT((x - x).lower(), 0) << x.lower();
  }
}

TEST(Enclosure, ErfcFalls) {
  expect_ends(erfc(between(0, 1)), 0.15729920705028513, 1);  // Abramowitz and Stegun, table 7.1
}

TEST(Enclosure, PartsThatAFunctionDoesNotTakeAreLeftOut) {
  expect_ends(sqrt(between(-1, 4)), 0, 2);
  expect_ends(log(between(-1, 1)), -INFINITY, 0);
  expect_ends(log1p(between(-2, 0)), -INFINITY, 0);
  EXPECT_TRUE(sqrt(between(-2, -1)).is_nan());
  EXPECT_TRUE(log(between(-2, -1)).is_nan());
}

TEST(Enclosure, NothingIsClaimedOfNan) {
  const Enclosure nan(std::nan(""));
  for (const Enclosure& x : {nan + 1, nan * 0, min(nan, 1), max(nan, 1), Enclosure::hull(nan, 1)}) {
    EXPECT_TRUE(x.is_nan());
    EXPECT_TRUE(std::isnan(x.upper()));
    EXPECT_FALSE(x.certainly_above(-INFINITY));
    EXPECT_FALSE(Enclosure(2).certainly_at_least(x));
    EXPECT_FALSE(x.tight(1));
  }
  EXPECT_TRUE((Enclosure::hull(0, 1) * Enclosure::hull(-1, INFINITY)).is_nan());  // 0 · inf
}

TEST(Enclosure, ExponentsReachFarBeyondThoseOfDoubles) {
  const Enclosure tiny = exp(Enclosure(-100000));
  EXPECT_EQ(tiny.lower(), 0);
  EXPECT_EQ(tiny.upper(), 5e-324);  // rounded up, not to zero
  expect_ends(log(tiny), -100000, -100000);
}

TEST(Enclosure, PiAgreesWithItsDigits) {
  expect_enclosed(Enclosure::pi().bounds(), std::numbers::pi);
}

TEST(Enclosure, LogarithmsOfFactorialsAgreeWithStirling) {
  EXPECT_EQ(Enclosure::log_factorial(0).upper(), 0);
  EXPECT_EQ(Enclosure::log_factorial(1).upper(), 0);
  expect_enclosed(Enclosure::log_factorial(5).bounds(), std::log(120.0));
  expect_enclosed(Enclosure::log_factorial(1000000000).bounds(),
                  19723265848.226982607923);  // mpmath
  EXPECT_TRUE(Enclosure::log_factorial(1000000000, 512).tight(500));
}

TEST(Enclosure, ScalingIsExact) {
  EXPECT_EQ(Enclosure(3).scaled(5).lower(), 96);
  EXPECT_EQ(between(1, 3).scaled(-1).upper(), 1.5);
}

TEST(Enclosure, AskedForMorePrecisionItIsTighter) {
  const Enclosure coarse = Enclosure::ratio(1, 3);
  const Enclosure fine = Enclosure::ratio(1, 3, 1024);
  EXPECT_TRUE(coarse.tight(250));
  EXPECT_FALSE(coarse.tight(300));
  EXPECT_TRUE(fine.tight(1000));
  EXPECT_EQ((coarse + fine).bits(), 1024);
}

TEST(Enclosure, FloorsBelongToTheirOwnEnds) {
  EXPECT_EQ(between(1.5, 2.5).floor_lower(), 1);
  EXPECT_EQ(between(1.5, 2.5).floor_upper(), 2);
  EXPECT_EQ(between(-1.5, -0.5).floor_lower(), -2);
  EXPECT_EQ(Enclosure(1e300).floor_lower(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(between(-2, -1).floor_lower_unsigned(), 0u);
}

TEST(Enclosure, TheGreatestWholeNumberBelowTheUpperEndIsStrictlyBelow) {
  EXPECT_EQ(Enclosure(7).below_upper_unsigned(), 6u);
  EXPECT_EQ(Enclosure(7.5).below_upper_unsigned(), 7u);
  EXPECT_EQ(Enclosure(0.5).below_upper_unsigned(), 0u);
  EXPECT_EQ(Enclosure(-1).below_upper_unsigned(), 0u);
  EXPECT_EQ(Enclosure(0x1p64).below_upper_unsigned(), UINT64_MAX);
  EXPECT_EQ((Enclosure(0x1p64) - 0.5).below_upper_unsigned(), UINT64_MAX);
  EXPECT_EQ((Enclosure(0x1p64) - 1).below_upper_unsigned(), UINT64_MAX - 1);
}

TEST(Enclosure, CopiesAndMovesKeepTheEndsAndThePrecision) {
  Enclosure a = Enclosure::ratio(1, 3, 512);
  Enclosure b = a;
  Enclosure c = std::move(a);
  a = b;  // a moved-from enclosure may be assigned to
  b = Enclosure(2);
  for (const Enclosure& x : {a, c}) {
    EXPECT_EQ(x.bits(), 512);
    EXPECT_TRUE(x.tight(500));
  }
  EXPECT_EQ(b.lower(), 2);
}

}  // namespace
}  // namespace sfumato
