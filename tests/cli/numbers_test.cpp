#include "cli/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace sfumato;

namespace {

Decimal decimal(const char* text) {
  return Decimal::parse(text).value();
}

}  // namespace

TEST(ReadDecimal, NamesTheFlagAndWhatStoodThere) {
  EXPECT_EQ(read_decimal("0.10", "epsilon").value(), decimal("0.1"));
  const Result<Decimal> wrong = read_decimal("nan", "epsilon");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where, "epsilon");
  EXPECT_TRUE(wrong.error().message.ends_with(", is 'nan'")) << wrong.error().message;
}

TEST(ReadWhole, TakesAnyFormOfAWholeNumber) {
  EXPECT_EQ(read_whole("7", "n", 0, 10).value(), 7);
  EXPECT_EQ(read_whole("+7.0", "n", 0, 10).value(), 7);
  EXPECT_EQ(read_whole("1e6", "n", 0, 1'000'000).value(), 1'000'000);
  EXPECT_EQ(read_whole("-0", "n", 0, 10).value(), 0);
  EXPECT_EQ(read_whole("-30", "n", -30, 10).value(), -30);
}

TEST(ReadWhole, TakesBothEndsAndNothingBeyond) {
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(read_whole("9223372036854775807", "at", Limits::min(), Limits::max()).value(),
            Limits::max());
  EXPECT_EQ(read_whole("-9223372036854775808", "at", Limits::min(), Limits::max()).value(),
            Limits::min());
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "1e300", "-1e400"})
    EXPECT_FALSE(read_whole(text, "at", Limits::min(), Limits::max())) << text;
  EXPECT_FALSE(read_whole("11", "n", 1, 10));
  EXPECT_FALSE(read_whole("0", "n", 1, 10));
}

TEST(ReadWhole, SaysWhatWouldBeRight) {
  for (const char* text : {"", "x", "1.5", "1e-1", "nan", "0x10", "1 "}) {
    const Result<std::int64_t> wrong = read_whole(text, "max-rows", 1, 10);
    ASSERT_FALSE(wrong) << text;
    EXPECT_EQ(wrong.error().where, "max-rows");
    EXPECT_EQ(wrong.error().message,
              "must be a whole number from 1 to 10, is '" + std::string(text) + "'");
  }
}

TEST(Totals, AreNeverRoundedToAWeakerGuarantee) {
  for (const char* text : {"0.1", "0.3", "1e-6", "0.7", "0.12345678901234567890123456789"}) {
    const Decimal written = decimal(text);
    EXPECT_EQ(epsilon_of(written).value().value(), written.to_double_down()) << text;
    EXPECT_EQ(delta_of(written).value().value(), written.to_double_down()) << text;
    EXPECT_EQ(rho_of(written).value().value(), written.to_double_down()) << text;
  }
  // Just above the largest ε, and just below the first δ that says nothing: both are taken, lower.
  EXPECT_EQ(epsilon_of(decimal("1048576.00000000000001")).value().value(), 1048576);
  EXPECT_EQ(rho_of(decimal("1048576.00000000000001")).value().value(), 1048576);
  EXPECT_EQ(delta_of(decimal("0.99999999999999999999")).value().value(), std::nextafter(1.0, 0.0));
}

TEST(Totals, OutOfRangeAreRefused) {
  for (const char* text : {"0", "-1", "1e-400", "1048577"}) {
    EXPECT_FALSE(epsilon_of(decimal(text))) << text;
    EXPECT_FALSE(rho_of(decimal(text))) << text;
  }
  for (const char* text : {"-1e-400", "1", "2"}) EXPECT_FALSE(delta_of(decimal(text))) << text;
  EXPECT_EQ(delta_of(decimal("0")).value().value(), 0);
}
