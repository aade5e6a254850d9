#include "sfumato/noise/scale.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr double kMost = std::numeric_limits<double>::max();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();
constexpr std::uint64_t kMaxPart = std::numeric_limits<std::uint64_t>::max();

Result<Scale> scale_of(std::string_view text) {
  return Scale::make(Decimal::parse(text).value());
}

void expect_parts(const Result<Scale>& scale, std::uint64_t numerator, std::uint64_t denominator,
                  int exponent) {
  ASSERT_TRUE(scale);
  EXPECT_EQ(scale->numerator(), numerator);
  EXPECT_EQ(scale->denominator(), denominator);
  EXPECT_EQ(scale->exponent(), exponent);
}

TEST(Scale, OfADoubleIsThatDouble) {
  expect_parts(Scale::make(1.0), 1, 1, 0);
  expect_parts(Scale::make(10.0), 5, 1, 1);
  expect_parts(Scale::make(0.375), 3, 1, -3);
  expect_parts(Scale::make(0.1), 0xccccccccccccd, 1, -55);
  expect_parts(Scale::make(kLeast), 1, 1, -1074);
  expect_parts(Scale::make(kMost), (std::uint64_t{1} << 53) - 1, 1, 971);
}

TEST(Scale, EachPositiveDoubleComesBack) {
  FixedBits bits(1);
  for (int i = 0; i < 50'000; ++i) {
    const double x = std::fabs(std::bit_cast<double>(bits.next()));
    if (!std::isfinite(x) || x == 0) continue;
    const Scale scale = Scale::make(x).value();
    ASSERT_EQ(scale.to_double_up(), x);
    ASSERT_EQ(scale.to_double_down(), x);
    ASSERT_EQ(scale.numerator() % 2, 1U);
  }
}

TEST(Scale, OfADecimalIsThatDecimal) {
  expect_parts(scale_of("1"), 1, 1, 0);
  expect_parts(scale_of("0.1"), 1, 5, -1);
  expect_parts(scale_of("10"), 5, 1, 1);
  expect_parts(scale_of("2.5"), 5, 1, -1);
  expect_parts(scale_of("0.3"), 3, 5, -1);
  expect_parts(scale_of("1e19"), 19073486328125, 1, 19);
  expect_parts(scale_of("1e-19"), 1, 19073486328125, -19);
  expect_parts(scale_of("1e-27"), 1, 7450580596923828125, -27);
  expect_parts(scale_of("2.5e-27"), 1, 1490116119384765625, -28);  // of 28 places, but a quarter
  expect_parts(scale_of("9999999999999999999"), 9999999999999999999U, 1, 0);
  expect_parts(scale_of("1.000000000000000001"), 1000000000000000001, 3814697265625, -18);
  expect_parts(scale_of("18446744073709551615"), kMaxPart, 1, 0);
  expect_parts(scale_of("36893488147419103232"), 1, 1, 65);  // 2^65
}

TEST(Scale, OfADecimalAndOfItsRatioAreEqual) {
  EXPECT_EQ(scale_of("0.75").value(), Scale::ratio(3, 4).value());
  EXPECT_EQ(scale_of("0.75").value(), Scale::make(0.75).value());
  EXPECT_NE(scale_of("0.1").value(), Scale::make(0.1).value());
}

// 2^64 + 1 needs 65 bits: the next 64-bit number is 2^64 + 2. The others by Python's fractions.
TEST(Scale, OfALongDecimalIsTheNextWiderOf64Bits) {
  expect_parts(scale_of("18446744073709551617"), (std::uint64_t{1} << 63) + 1, 1, 1);
  expect_parts(scale_of("1e-28"), 0x7ec3daf941806507U, 1, -156);
  expect_parts(scale_of("12345678901e15"), 5886878443241119385U, 1, 21);
  expect_parts(scale_of("1e30"), 0xc9f2c9cd04674edfU, 1, 36);
}

TEST(Scale, OfALongDecimalIsNeverNarrowerThanItAndHardlyWider) {
  FixedBits bits(3);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = std::to_string(bits.next()) + std::to_string(bits.below(1'000'000)) +
                             "e" + std::to_string(static_cast<int>(bits.below(600)) - 340);
    const Decimal decimal = Decimal::parse(text).value();
    const auto scale = Scale::make(decimal);
    ASSERT_TRUE(scale) << text;
    ASSERT_GE(scale->to_double_up(), decimal.to_double_up()) << text;
    ASSERT_LE(scale->to_double_down(), decimal.to_double_up()) << text;
  }
}

TEST(Scale, RatiosAreReduced) {
  expect_parts(Scale::ratio(6, 4), 3, 1, -1);
  expect_parts(Scale::ratio(10, 15), 1, 3, 1);
  expect_parts(Scale::ratio(kMaxPart, 1), kMaxPart, 1, 0);
  expect_parts(Scale::ratio(1, kMaxPart), 1, kMaxPart, 0);
  expect_parts(Scale::ratio(std::uint64_t{1} << 63, kMaxPart - 1), 1, kMaxPart / 2, 62);
}

TEST(Scale, PartsAreOddAndHaveNoCommonFactor) {
  FixedBits bits(5);
  for (int i = 0; i < 5'000; ++i) {
    const std::uint64_t numerator = (bits.next() >> bits.below(64)) | 2;
    const std::uint64_t denominator = (bits.next() >> bits.below(64)) | 4;
    const Scale scale = Scale::ratio(numerator, denominator).value();
    ASSERT_EQ(scale.numerator() % 2, 1U);
    ASSERT_EQ(scale.denominator() % 2, 1U);
    ASSERT_EQ(std::gcd(scale.numerator(), scale.denominator()), 1U);
    const double quotient = static_cast<double>(numerator) / static_cast<double>(denominator);
    ASSERT_NEAR(scale.to_double_up() / quotient, 1, 1e-15);
  }
}

TEST(Scale, DoublesEncloseItClosely) {
  const Scale third = Scale::ratio(1, 3).value();
  EXPECT_EQ(third.to_double_down(), 0x1.5555555555555p-2);
  EXPECT_EQ(third.to_double_up(), 0x1.5555555555556p-2);
  const Scale tenth = scale_of("0.1").value();
  EXPECT_EQ(tenth.to_double_down(), 0x1.9999999999999p-4);
  EXPECT_EQ(tenth.to_double_up(), 0x1.999999999999ap-4);
  const Scale tiny = scale_of("1.5e-323").value();  // between 3 and 4 times the least double
  EXPECT_EQ(tiny.to_double_down(), 3 * kLeast);
  EXPECT_EQ(tiny.to_double_up(), 4 * kLeast);
}

TEST(Scale, WhatIsNoWidthIsRefused) {
  for (const double x : {0.0, -0.0, -1.0, std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    const auto scale = Scale::make(x);
    ASSERT_FALSE(scale) << x;
    EXPECT_EQ(scale.error().code, Errc::invalid_parameter);
    EXPECT_EQ(scale.error().where, "scale");
    EXPECT_EQ(scale.error().message, "must be a positive finite number");
  }
  for (const char* text : {"0", "-1", "-1e-400"}) EXPECT_FALSE(scale_of(text)) << text;
  EXPECT_FALSE(Scale::ratio(0, 1));
  EXPECT_FALSE(Scale::ratio(1, 0));
}

TEST(Scale, DecimalsOutsideTheDoublesAreRefused) {
  for (const char* text : {"1e309", "1e400", "1.7976931348623158e308", "4.9e-324", "1e-400"}) {
    const auto scale = scale_of(text);
    ASSERT_FALSE(scale) << text;
    EXPECT_EQ(scale.error().message, "must lie between 2^-1074 and the largest double") << text;
  }
  EXPECT_TRUE(scale_of("1.7976931348623157e308"));
  EXPECT_TRUE(scale_of("5e-324"));
}

}  // namespace
}  // namespace sfumato
