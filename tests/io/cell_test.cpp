#include "io/cell.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "io/scratch.h"

namespace sfumato {
namespace {

std::string key(std::string_view text) {
  return shown(key_of_text(text));
}
std::string number(std::string_view text) {
  return shown(number_of_text(text));
}

TEST(Cell, TheShortestFormOfAnInt64IsThatInteger) {
  EXPECT_EQ(key("0"), "i0");
  EXPECT_EQ(key("7"), "i7");
  EXPECT_EQ(key("-7"), "i-7");
  EXPECT_EQ(key("10"), "i10");
  EXPECT_EQ(key("9223372036854775807"), "i9223372036854775807");
  EXPECT_EQ(key("-9223372036854775808"), "i-9223372036854775808");
}

TEST(Cell, EveryOtherFormStaysText) {
  for (const char* text : {"",
                           "-",
                           "+5",
                           "-0",
                           "00",
                           "05",
                           "-05",
                           " 5",
                           "5 ",
                           "5.0",
                           "1e3",
                           "0x10",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "18446744073709551615",
                           "99999999999999999999",
                           "100000000000000000000",
                           "--5",
                           "NaN",
                           "true"})
    EXPECT_EQ(key(text), std::string("t'").append(text).append("'"));
}

TEST(Cell, IntegersAndTheirTextAreOneToOne) {
  std::mt19937_64 rng(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto value = static_cast<std::int64_t>(rng() >> (rng() % 64));
    EXPECT_EQ(key(std::to_string(value)), numbered("i", value));
  }
}

TEST(Cell, AWholeRealIsThatIntegerAsAKey) {
  char pen[kRealText];
  EXPECT_EQ(shown(key_of_real(3.0, pen)), "i3");
  EXPECT_EQ(shown(key_of_real(-0.0, pen)), "i0");
  EXPECT_EQ(shown(key_of_real(1e15, pen)), "i1000000000000000");
  EXPECT_EQ(shown(key_of_real(-0x1p63, pen)), "i-9223372036854775808");
  EXPECT_EQ(shown(key_of_real(0x1p62f, pen)), "i4611686018427387904");
}

TEST(Cell, OtherRealsAreTheirShortestTextAsAKey) {
  char pen[kRealText];
  EXPECT_EQ(shown(key_of_real(0.1, pen)), "t'0.1'");
  EXPECT_EQ(shown(key_of_real(0.1F, pen)), "t'0.1'");
  EXPECT_EQ(shown(key_of_real(-2.5, pen)), "t'-2.5'");
  EXPECT_EQ(shown(key_of_real(0x1p63, pen)), "t'9223372036854775808'");
  EXPECT_EQ(shown(key_of_real(std::nan(""), pen)), "t'nan'");
  EXPECT_EQ(shown(key_of_real(-INFINITY, pen)), "t'-inf'");
  EXPECT_EQ(shown(key_of_real(-2.2250738585072014e-308, pen)), "t'-2.2250738585072014e-308'");
}

TEST(Cell, TextThatIsAnInt64IsAnIntegerNumber) {
  EXPECT_EQ(number("42"), "i42");
  EXPECT_EQ(number("-42"), "i-42");
  EXPECT_EQ(number("+42"), "i42");
  EXPECT_EQ(number("007"), "i7");
  EXPECT_EQ(number("  42\t"), "i42");
  EXPECT_EQ(number("9223372036854775807"), "i9223372036854775807");
}

TEST(Cell, OtherNumbersAreTheNearestDouble) {
  EXPECT_EQ(number("0.5"), "r0.5");
  EXPECT_EQ(number("+.5"), "r0.5");
  EXPECT_EQ(number("-1.5e3"), "r-1500");
  EXPECT_EQ(number("1E3"), "r1000");
  EXPECT_EQ(number("9223372036854775808"), "r9.2233720368547758e+18");
  // The midpoint of two doubles goes to the even one, and a hair above it to the other.
  EXPECT_EQ(number_of_text("9007199254740993.0").real, 9007199254740992.0);
  EXPECT_EQ(number_of_text("9007199254740993.00000000000000000001").real, 9007199254740994.0);
}

TEST(Cell, DoublesSurviveTheWayThroughText) {
  std::mt19937_64 rng(11);
  for (int i = 0; i < 10'000; ++i) {
    const double value = std::bit_cast<double>(rng());
    if (!std::isfinite(value)) continue;
    char text[kRealText];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
    EXPECT_EQ(number_of_text({text, end.ptr}).real, value);
  }
}

TEST(Cell, BeyondTheRangeOfDoubleANumberIsInfiniteOrZero) {
  for (const char* text :
       {"1e400", "1e+400", "9e308", "0.0001e400", "1e99999999999999999999", "inf", "Infinity"})
    EXPECT_EQ(number(text), "rinf") << text;
  EXPECT_EQ(number("-1e400"), "r-inf");
  EXPECT_EQ(number(std::string(400, '9')), "rinf");
  for (const char* text : {"1e-400", "0.001e-330", "1000e-400", "1e-99999999999999999999"})
    EXPECT_EQ(number(text), "r0") << text;
  EXPECT_EQ(number("-1e-400"), "r-0");
  EXPECT_EQ(number("0." + std::string(400, '0') + "1"), "r0");
  EXPECT_EQ(number("0." + std::string(400, '0') + "1e800"), "rinf");
  EXPECT_EQ(number("1" + std::string(400, '0') + "e-800"), "r0");
  EXPECT_EQ(number("0." + std::string(800, '0') + "1e400"), "r0");
  EXPECT_EQ(number("1" + std::string(800, '0') + "e-400"), "rinf");
  EXPECT_EQ(number(std::string(800, '0') + "1e-400"), "r0");
  EXPECT_EQ(number("0e400"), "r0");
}

TEST(Cell, WhatIsNoNumberIsNull) {
  for (const char* text :
       {"",  " ", "abc", "5x", "5 5", "1,5", "1_000", "0x10", "--5",  "+-5", "++5",
        "+", "-", ".",   "e5", "1e",  "nan", "-NaN",  "NA",   "null", "true"})
    EXPECT_EQ(number(text), "null") << text;
}

TEST(Cell, NanIsNullAndInfinityIsNot) {
  EXPECT_EQ(shown(number_of_real(std::nan(""))), "null");
  EXPECT_EQ(shown(number_of_real(INFINITY)), "rinf");
  EXPECT_EQ(shown(number_of_integer(-3)), "i-3");
}

}  // namespace
}  // namespace sfumato
