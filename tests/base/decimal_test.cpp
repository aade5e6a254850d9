#include "sfumato/base/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

Decimal decimal(std::string_view text) {
  return Decimal::parse(text).value();
}

std::string repeated(char digit, std::size_t count) {
  return std::string(count, digit);
}

TEST(Decimal, IsReadAsItIsWritten) {
  struct Case {
    const char* text;
    long coefficient;
    int exponent;
  };
  const Case cases[] = {{"0", 0, 0},           {"-0.000e99", 0, 0},     {"0.1", 1, -1},
                        {"1", 1, 0},           {"+1.50", 15, -1},       {"-2", -2, 0},
                        {"1e-6", 1, -6},       {"1E+6", 1, 6},          {"100", 1, 2},
                        {"007.0700", 707, -2}, {"12.34e2", 1234, 0},    {"1e400", 1, 400},
                        {"1e-400", 1, -400},   {"0e999999999999", 0, 0}};
  for (const Case& c : cases) {
    const Decimal x = decimal(c.text);
    EXPECT_EQ(x.coefficient(), c.coefficient) << c.text;
    EXPECT_EQ(x.exponent(), c.exponent) << c.text;
    EXPECT_EQ(x.sign(), (c.coefficient > 0) - (c.coefficient < 0)) << c.text;
  }
}

TEST(Decimal, WhatIsNoNumberIsRefused) {
  for (const char* text : {"",     " ",        "+",    "-",     ".",   ".5",    "5.",  "1e",  "1e+",
                           "e5",   "1.2.3",    "1 ",   " 1",    "--1", "+-1",   "nan", "NaN", "inf",
                           "-inf", "infinity", "0x10", "1e5.0", "1,5", "1_000", "1f",  "١"}) {
    const auto x = Decimal::parse(text);
    ASSERT_FALSE(x) << text;
    EXPECT_EQ(x.error().code, Errc::invalid_parameter) << text;
    EXPECT_EQ(x.error().message, "must be a decimal number such as 0.1, -2 or 1e-6") << text;
  }
  EXPECT_FALSE(Decimal::parse(std::string_view("1\0", 2)));
}

TEST(Decimal, MoreThan36DigitsAreRefused) {
  EXPECT_TRUE(Decimal::parse(repeated('9', 36)));
  EXPECT_TRUE(Decimal::parse("0." + repeated('0', 20) + repeated('9', 36)));
  EXPECT_TRUE(Decimal::parse("000" + repeated('9', 36) + "000.000"));
  for (const std::string& text : {repeated('9', 37), "1." + repeated('0', 35) + "1"}) {
    const auto x = Decimal::parse(text);
    ASSERT_FALSE(x) << text;
    EXPECT_EQ(x.error().message, "must have at most 36 significant digits");
  }
}

TEST(Decimal, ExponentsBeyond400AreRefused) {
  for (const char* text : {"1e401", "1e-401", "1.5e-400", "10e400", "1e99999999999999999999",
                           "1e-99999999999999999999"}) {
    const auto x = Decimal::parse(text);
    ASSERT_FALSE(x) << text;
    EXPECT_EQ(x.error().message, "must end between the places of 1e-400 and 1e400") << text;
  }
  EXPECT_TRUE(Decimal::parse("0.1e401"));
  EXPECT_TRUE(Decimal::parse("10e-401"));
}

TEST(Decimal, TenTenthsAreOne) {
  Decimal total;
  for (int i = 0; i < 10; ++i) total = Decimal::add(total, decimal("0.1")).value();
  EXPECT_EQ(total, decimal("1"));
}

TEST(Decimal, SumsAreExact) {
  const char* const cases[][3] = {{"1e17", "1e-17", "100000000000000000.00000000000000001"},
                                  {"0.1", "-0.1", "0"},
                                  {"5", "5", "10"},
                                  {"-3", "1.5", "-1.5"},
                                  {"0", "7e-9", "7e-9"},
                                  {"7e300", "0", "7e300"},
                                  {"999999999999999999999999999999999999", "1", "1e36"},
                                  {"-1e36", "1", "-999999999999999999999999999999999999"}};
  for (const auto& c : cases) {
    EXPECT_EQ(Decimal::add(decimal(c[0]), decimal(c[1])).value(), decimal(c[2])) << c[0];
    EXPECT_EQ(Decimal::add(decimal(c[1]), decimal(c[0])).value(), decimal(c[2])) << c[0];
  }
}

TEST(Decimal, SumsThatNeedMoreThan36DigitsAreRefused) {
  const std::string most = repeated('9', 36);
  const std::string cases[][2] = {{"1e36", "1"},       {"1e37", "-1"}, {"9e38", "1"},
                                  {"1e400", "1e-400"}, {most, "0.1"},  {most, most + "e1"}};
  for (const auto& c : cases) {
    EXPECT_FALSE(Decimal::add(decimal(c[0]), decimal(c[1]))) << c[0];
    EXPECT_FALSE(Decimal::add(decimal(c[1]), decimal(c[0]))) << c[0];
  }
  EXPECT_FALSE(Decimal::add(decimal("5e400"), decimal("5e400")));  // 1e401
}

TEST(Decimal, TwiceTheGreatestIsHeldWhileItIsAdded) {
  const Decimal most = decimal(repeated('9', 36));
  const auto sum = Decimal::add(most, most);  // 1999…98, of 37 digits
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().message, "must have at most 36 significant digits");
  const Decimal fives = decimal("5" + repeated('0', 34) + "5");
  EXPECT_EQ(Decimal::add(fives, fives).value().coefficient(),
            decimal("1" + repeated('0', 34) + "1").coefficient());
}

TEST(Decimal, IsOrderedAsNumbersAre) {
  const char* const ascending[] = {"-1e400", "-20", "-19.5", "-3",   "-1e-400", "0",    "1e-400",
                                   "0.099",  "0.1", "0.11",  "0.9",  "1",       "1.5",  "9",
                                   "10",     "11",  "99",    "1e20", "1.1e20",  "1e400"};
  for (std::size_t i = 0; i < std::size(ascending); ++i)
    for (std::size_t j = 0; j < std::size(ascending); ++j)
      EXPECT_EQ(decimal(ascending[i]) <=> decimal(ascending[j]), i <=> j)
          << ascending[i] << ' ' << ascending[j];
  const std::string long_one = "1." + repeated('0', 34) + "1";
  EXPECT_LT(decimal("1"), decimal(long_one));
  EXPECT_GT(decimal("-1"), decimal("-" + long_one));
}

TEST(Decimal, DoublesEncloseItClosely) {
  struct Case {
    const char* text;
    double down, up;
  };
  constexpr double kMost = std::numeric_limits<double>::max();
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  const Case cases[] = {{"0", 0, 0},
                        {"1", 1, 1},
                        {"-0.5", -0.5, -0.5},
                        {"0.1", 0x1.9999999999999p-4, 0x1.999999999999ap-4},
                        {"-0.1", -0x1.999999999999ap-4, -0x1.9999999999999p-4},
                        {"9007199254740993", 0x1p53, 0x1p53 + 2},
                        {"1e22", 1e22, 1e22},
                        {"1e23", 0x1.52d02c7e14af6p+76, 0x1.52d02c7e14af7p+76},
                        {"1e-400", 0, kLeast},
                        {"-1e-400", -kLeast, 0},
                        {"1e400", kMost, HUGE_VAL},
                        {"-1e400", -HUGE_VAL, -kMost},
                        {"1e-320", 2024 * kLeast, 2025 * kLeast},
                        {"1.7976931348623157e308", 0x1.ffffffffffffep1023, kMost},
                        {"1.7976931348623158e308", kMost, HUGE_VAL}};
  for (const Case& c : cases) {
    EXPECT_EQ(decimal(c.text).to_double_down(), c.down) << c.text;
    EXPECT_EQ(decimal(c.text).to_double_up(), c.up) << c.text;
  }
}

TEST(Decimal, DoublesLieOnBothSidesOfWhatTheSystemReads) {
  FixedBits bits(1);
  for (int i = 0; i < 20'000; ++i) {
    const int exponent = static_cast<int>(bits.below(680)) - 350;
    const std::string text = std::to_string(bits.next()) + "e" + std::to_string(exponent);
    const double nearest = std::strtod(text.c_str(), nullptr);
    const double down = decimal(text).to_double_down(), up = decimal(text).to_double_up();
    ASSERT_TRUE(nearest == down || nearest == up) << text;
    ASSERT_TRUE(up == down || up == std::nextafter(down, HUGE_VAL)) << text;
  }
}

TEST(Decimal, IsWrittenInItsShortestForm) {
  const char* const cases[][2] = {{"0", "0"},
                                  {"0.10", "0.1"},
                                  {"-0.25", "-0.25"},
                                  {"100", "100"},
                                  {"1000", "1e3"},
                                  {"1500", "1500"},
                                  {"0.001", "1e-3"},
                                  {"0.01", "0.01"},
                                  {"12e-9", "1.2e-8"},
                                  {"1.5e10", "1.5e10"},
                                  {"1234567", "1234567"},
                                  {"-1e-12", "-1e-12"},
                                  {"1.23e101", "1.23e101"},
                                  {"0.0125", "0.0125"}};
  for (const auto& c : cases) EXPECT_EQ(decimal(c[0]).to_string(), c[1]);
}

TEST(Decimal, IsReadBackFromWhatIsWritten) {
  FixedBits bits(2);
  for (int i = 0; i < 20'000; ++i) {
    const int exponent = static_cast<int>(bits.below(760)) - 400;
    const std::string digits = std::to_string(bits.next() >> bits.below(64)) +
                               std::to_string(bits.next() >> bits.below(64));
    std::string text(i % 2 == 0 ? "-" : "");
    text.append(digits, 0, 36).append("e").append(std::to_string(exponent));
    const auto x = Decimal::parse(text);
    ASSERT_TRUE(x) << digits;
    ASSERT_EQ(decimal(x->to_string()), *x) << digits << ' ' << exponent;
  }
}

}  // namespace
}  // namespace sfumato
