#include "cli/display.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

using namespace sfumato;

TEST(Shortest, WholeNumbersHaveNoExponentAndNoPoint) {
  EXPECT_EQ(shortest(0), "0");
  EXPECT_EQ(shortest(-0.0), "0");
  EXPECT_EQ(shortest(1e6), "1000000");
  EXPECT_EQ(shortest(-9007199254740991), "-9007199254740991");
  EXPECT_EQ(shortest(1e22), "1e+22");
}

TEST(Shortest, OtherNumbersHaveTheFewestDigitsThatReadBack) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(shortest(5e-324), "5e-324");
  EXPECT_EQ(shortest(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

TEST(Shortest, InfinitiesAreWords) {
  EXPECT_EQ(shortest(INFINITY), "inf");
  EXPECT_EQ(shortest(-INFINITY), "-inf");
}

TEST(Rounded, ShowsTheDigitsThatAreAskedFor) {
  EXPECT_EQ(rounded(2.989, 2), "2.99");
  EXPECT_EQ(rounded(2653, 0), "2653");
  EXPECT_EQ(rounded(0, 3), "0.000");
  EXPECT_EQ(rounded(-0.001, 2), "0.00") << "zero has no sign";
  EXPECT_EQ(rounded(-0.001, 3), "-0.001");
}

TEST(Rounded, EndsOfAnIntervalAreNeverRoundedInward) {
  EXPECT_EQ(rounded(2.989, 1, Toward::below), "2.9");
  EXPECT_EQ(rounded(2.911, 1, Toward::above), "3.0");
  EXPECT_EQ(rounded(-2.911, 1, Toward::below), "-3.0");
  EXPECT_EQ(rounded(-2.989, 1, Toward::above), "-2.9");
  EXPECT_EQ(rounded(0.3, 1, Toward::below), "0.3") << "what is shown exactly stays";
  EXPECT_EQ(rounded(0.3, 1, Toward::above), "0.3");

  std::mt19937_64 rng(4);
  std::normal_distribution<double> normal(0, 50);
  for (int i = 0; i < 20'000; ++i) {
    const double x = normal(rng);
    const int places = i % 5;
    const double below = std::stod(rounded(x, places, Toward::below));
    const double above = std::stod(rounded(x, places, Toward::above));
    ASSERT_LE(below, x);
    ASSERT_GE(above, x);
    ASSERT_LT(above - below, 1.001 * std::pow(10.0, -places));
  }
}

TEST(Rounded, VeryLargeNumbersAreShownInShort) {
  EXPECT_EQ(rounded(1.5e300, 2), "1.5e+300");
  EXPECT_EQ(rounded(-INFINITY, 2, Toward::below), "-inf");
}

TEST(PlacesFor, ShowTwoDigitsOfTheWidth) {
  EXPECT_EQ(places_for(0.24), 2);
  EXPECT_EQ(places_for(1), 1);
  EXPECT_EQ(places_for(9.9), 1);
  EXPECT_EQ(places_for(10), 0);
  EXPECT_EQ(places_for(1e9), 0);
  EXPECT_EQ(places_for(0), 0);
  EXPECT_EQ(places_for(INFINITY), 0);
  EXPECT_EQ(places_for(1e-300), 15);
}

TEST(ColumnsIn, CountsColumnsOfATerminalAndNotBytes) {
  EXPECT_EQ(columns_in(""), 0u);
  EXPECT_EQ(columns_in("Zürich"), 6u);
  EXPECT_EQ(columns_in("東京"), 4u);
  EXPECT_EQ(columns_in("姓 名○"), 6u) << "the circle is narrow but in East Asian fonts";
  EXPECT_EQ(columns_in("e\u0301"), 1u);
}

TEST(Counted, OneIsNoPlural) {
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(0, "row"), "0 rows");
  EXPECT_EQ(counted(5, "group"), "5 groups");
}
