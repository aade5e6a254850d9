#include "sfumato/io/instant.h"

#include <gtest/gtest.h>

#include <string>

namespace sfumato {
namespace {

std::int64_t seconds_of(const char* text) {
  const auto instant = Instant::parse(text);
  EXPECT_TRUE(instant) << text;
  return instant ? instant->seconds : -1;
}

// Known answers of `date -u -d TEXT +%s` (GNU coreutils 9.1).
TEST(Instant, CountsSecondsSince1970) {
  EXPECT_EQ(seconds_of("1970-01-01"), 0);
  EXPECT_EQ(seconds_of("2024-06-01"), 1'717'200'000);
  EXPECT_EQ(seconds_of("2000-02-29T23:59:59"), 951'868'799);
  EXPECT_EQ(seconds_of("1900-03-01"), -2'203'891'200);
  EXPECT_EQ(seconds_of("0000-01-01"), -62'167'219'200);
  EXPECT_EQ(seconds_of("9999-12-31 23:59:59"), 253'402'300'799);
}

TEST(Instant, ATimeWithAZoneIsTheSameInstantInUtc) {
  for (const char* text :
       {"2024-06-01T12:30:00Z", "2024-06-01 12:30", "2024-06-01T14:30+02:00", "2024-06-01T14:30+02",
        "2024-06-01 14:30:00.000+0200", "2024-06-01T07:00:00-05:30", "2024-05-31T23:30-13:00"})
    EXPECT_EQ(Instant::parse(text), Instant::parse("2024-06-01T12:30:00")) << text;
}

TEST(Instant, HasUpToNineDecimals) {
  EXPECT_EQ(Instant::parse("2024-06-01 00:00:00.5")->nanoseconds, 500'000'000);
  EXPECT_EQ(Instant::parse("2024-06-01 00:00:00.000000001")->nanoseconds, 1);
  EXPECT_EQ(Instant::parse("1969-12-31T23:59:59.25")->seconds, -1);
  EXPECT_EQ(Instant::parse("2024-06-01 00:00:00.120"), Instant::parse("2024-06-01 00:00:00.12"));
}

TEST(Instant, WhatIsNoInstantIsNone) {
  for (const char* text : {"",
                           "2024",
                           "2024-06",
                           "2024-6-1",
                           "24-06-01",
                           "2024-06-31",
                           "2023-02-29",
                           "1900-02-29",
                           "2024-13-01",
                           "2024-00-10",
                           "2024-06-01T",
                           "2024-06-01 ",
                           " 2024-06-01",
                           "2024-06-01T24:00",
                           "2024-06-01T12",
                           "2024-06-01T12:60",
                           "2024-06-01T12:30:60",
                           "2024-06-01T12:30:00.",
                           "2024-06-01T12:30:00.1234567890",
                           "2024-06-01T1230",
                           "2024-06-01T12:30+",
                           "2024-06-01+02:00",
                           "2024-06-01T12:30+2",
                           "2024-06-01T12:30+02:",
                           "2024-06-01T12:30+24:00",
                           "2024-06-01T12:30z",
                           "2024-06-01T12:30:00Z ",
                           "2024-06-01x",
                           "-2024-06-01",
                           "12024-06-01",
                           "20240601",
                           "2024-06-01t12:30",
                           "2024/06/01",
                           "0000-01-01T00:00+00:01",
                           "9999-12-31T23:59-00:01"})
    EXPECT_FALSE(Instant::parse(text)) << text;
}

TEST(Instant, IsOrderedByTime) {
  EXPECT_LT(Instant::parse("1969-12-31T23:59:59.9"), Instant::parse("1970-01-01"));
  EXPECT_LT(Instant::parse("2024-06-01T12:00:00.1"), Instant::parse("2024-06-01T12:00:00.12"));
  EXPECT_GT(Instant::parse("2024-06-01T12:00-01:00"), Instant::parse("2024-06-01T12:00+01:00"));
}

TEST(Instant, TellsItselfInTheFormThatReadsBack) {
  for (const char* text : {"2024-06-01", "0000-01-01", "1969-12-31T23:59:59.25Z",
                           "2024-06-01T12:30:00Z", "2024-06-01T00:00:00.000000001Z"})
    EXPECT_EQ(Instant::parse(text)->to_string(), text);
  EXPECT_EQ(Instant::parse("2024-06-01T14:30:10.500+02:00")->to_string(), "2024-06-01T12:30:10.5Z");
}

TEST(Instant, YearsThatAreNotThereAreNone) {
  const std::int64_t first = Instant::parse("0000-01-01")->seconds;
  const std::int64_t last = Instant::parse("9999-12-31T23:59:59")->seconds;
  EXPECT_TRUE(Instant::make(first, 0) && Instant::make(last, 999'999'999));
  EXPECT_FALSE(Instant::make(first - 1, 999'999'999) || Instant::make(last + 1, 0));
}

}  // namespace
}  // namespace sfumato
