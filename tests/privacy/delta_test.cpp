#include "sfumato/privacy/delta.h"

#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>

namespace sfumato {
namespace {

std::string delta_refusal(double value) {
  const Result<Delta> made = Delta::make(value);
  if (made) return "";
  EXPECT_EQ(made.error().where, "delta");
  return made.error().message;
}

TEST(Delta, TakesZeroAndAnythingBelowOne) {
  for (double x : {0.0, 1e-300, 0.5, std::nextafter(1.0, 0.0)})
    EXPECT_EQ(Delta::make(x).value().value(), x);
}

TEST(Delta, ZeroHasNoSign) {
  EXPECT_FALSE(std::signbit(Delta::make(-0.0).value().value()));
}

TEST(Delta, WhatIsOutsideItsRangeIsRefusedByName) {
  EXPECT_EQ(delta_refusal(1), "must lie in [0, 1), is 1");
  EXPECT_EQ(delta_refusal(-1e-9), "must lie in [0, 1), is -1e-09");
  EXPECT_EQ(delta_refusal(std::nan("")), "must lie in [0, 1), is nan");
  EXPECT_EQ(delta_refusal(INFINITY), "must lie in [0, 1), is inf");
}

TEST(Delta, SumsRoundUpAndStopAtOne) {
  EXPECT_GT((1e-300_delta + 0.5_delta).value(), 0.5);  // not lost
  EXPECT_EQ((0.75_delta + 0.5_delta).value(), 1);      // claims nothing, and says so
  EXPECT_EQ((0.25_delta + 0.5_delta).value(), 0.75);
}

TEST(Delta, HasNoDefault) {
  EXPECT_FALSE(std::is_default_constructible_v<Delta>);
}

}  // namespace
}  // namespace sfumato
