#include "sfumato/base/exact.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/enclosure.h"

namespace sfumato {
namespace {

Exact read(std::string_view text) {
  return Exact::parse(text).value();
}

TEST(Exact, ADoubleIsItself) {
  for (const double x : {0.1, -3.5, 0.0, 5e-324, 1.7e308, static_cast<double>(INFINITY)}) {
    EXPECT_EQ(Exact(x).lower(), x);
    EXPECT_EQ(Exact(x).upper(), x);
  }
}

TEST(Exact, ADecimalThatNoDoubleHoldsLiesBetweenNeighbours) {
  const Exact tenth = read("0.1");
  EXPECT_EQ(tenth.upper(), 0.1);  // the double nearest to a tenth lies above it
  EXPECT_EQ(tenth.lower(), std::nextafter(0.1, 0.0));
  EXPECT_EQ(read("-0.1").lower(), -0.1);
  EXPECT_EQ(read("0.5").lower(), read("0.5").upper());
}

TEST(Exact, ADecimalBeyondTheDoublesIsFiniteAllTheSame) {
  EXPECT_TRUE(read("1e400").is_finite());
  EXPECT_EQ(read("1e400").upper(), INFINITY);
  EXPECT_EQ(read("1e400").lower(), 1.7976931348623157e308);
  EXPECT_EQ(read("1e-400").lower(), 0);
  EXPECT_EQ(read("1e-400").upper(), 5e-324);
}

TEST(Exact, InfinitiesAndNanAreNotFinite) {
  EXPECT_FALSE(Exact(INFINITY).is_finite());
  EXPECT_FALSE(Exact(std::nan("")).is_finite());
  EXPECT_TRUE(Exact(1.5).is_finite());
}

TEST(Exact, TheSignIsThatOfTheNumber) {
  EXPECT_EQ(Exact(-0.5).sign(), -1);
  EXPECT_EQ(Exact(-0.0).sign(), 0);
  EXPECT_EQ(Exact(INFINITY).sign(), 1);
  EXPECT_EQ(Exact(std::nan("")).sign(), 0);
  EXPECT_EQ(read("1e-400").sign(), 1);
  EXPECT_EQ(read("-1e-400").sign(), -1);
  EXPECT_EQ(read("0.00").sign(), 0);
}

TEST(Exact, WhatIsNoDecimalIsRefusedInItsOwnWords) {
  for (const char* text : {"", "nan", "inf", "0x1p-3", "1,5"}) {
    const Result<Exact> x = Exact::parse(text);
    ASSERT_FALSE(x) << text;
    EXPECT_EQ(x.error().message, "must be a decimal number such as 0.1, -2 or 1e-6");
  }
}

TEST(Exact, ItsTextReadsBack) {
  EXPECT_EQ(Exact(0.1).to_string(), "0.1");
  EXPECT_EQ(Exact(-2.2250738585072014e-308).to_string(), "-2.2250738585072014e-308");
  EXPECT_EQ(read("0.10").to_string(), "0.1");
  EXPECT_EQ(read(read("1e-7").to_string()), read("0.0000001"));
}

TEST(Exact, EqualMeansOfOneFormAndValue) {
  EXPECT_EQ(read("0.10"), read("0.1"));
  EXPECT_EQ(Exact(0.5), Exact(0.5));
  EXPECT_NE(read("0.5"), Exact(0.5));
  EXPECT_NE(read("0.1"), read("0.2"));
}

TEST(Exact, AnEnclosureTakesItAsItIs) {
  EXPECT_EQ(Enclosure::exact(0.1).lower(), 0.1);
  EXPECT_EQ(Enclosure::exact(0.1).upper(), 0.1);
  EXPECT_TRUE(Enclosure(0.1).certainly_above(Enclosure::exact(read("0.1"))));
  EXPECT_FALSE(Enclosure::exact(read("0.1")).certainly_above(Enclosure::ratio(1, 10)));
  EXPECT_FALSE(Enclosure::ratio(1, 10).certainly_above(Enclosure::exact(read("0.1"))));
  EXPECT_TRUE(Enclosure::exact(read("0.1"), 1024).tight(1000));
  EXPECT_TRUE(Enclosure::exact(std::nan("")).is_nan());
}

}  // namespace
}  // namespace sfumato
