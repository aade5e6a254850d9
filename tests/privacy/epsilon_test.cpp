#include "sfumato/privacy/epsilon.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <type_traits>

namespace sfumato {
namespace {

std::string epsilon_refusal(double value) {
  const Result<Epsilon> made = Epsilon::make(value);
  if (made) return "";
  EXPECT_EQ(made.error().code, Errc::invalid_parameter);
  EXPECT_EQ(made.error().where, "epsilon");
  return made.error().message;
}

TEST(Epsilon, TakesAnythingAboveZeroUpToItsCap) {
  for (double x : {5e-324, 0.1, 1.0, 1048576.0}) EXPECT_EQ(Epsilon::make(x).value().value(), x);
}

// diffprivlib accepts ε = NaN.
TEST(Epsilon, NanIsRefused) {
  EXPECT_EQ(epsilon_refusal(std::nan("")), "must lie in (0, 2^20], is nan");
  EXPECT_EQ(epsilon_refusal(-std::nan("")), "must lie in (0, 2^20], is nan");
}

TEST(Epsilon, WhatIsOutsideItsRangeIsRefusedByName) {
  EXPECT_EQ(epsilon_refusal(0), "must lie in (0, 2^20], is 0");
  EXPECT_EQ(epsilon_refusal(-0.5), "must lie in (0, 2^20], is -0.5");
  EXPECT_EQ(epsilon_refusal(INFINITY), "must lie in (0, 2^20], is inf");
  EXPECT_EQ(epsilon_refusal(-INFINITY), "must lie in (0, 2^20], is -inf");
  EXPECT_EQ(epsilon_refusal(std::nextafter(0x1p20, 1e9)),
            "must lie in (0, 2^20], is 1048576.0000000002");
}

TEST(Epsilon, SumsRoundUp) {
  double sum = 0.1;  // the double, which is above a tenth
  Epsilon total = 0.1_eps;
  for (int i = 1; i < 10; ++i, sum += 0.1) total = total + 0.1_eps;
  EXPECT_LT(sum, 1);  // what rounding to nearest makes of ten times 0.1
  EXPECT_GE(total.value(), 1);
  EXPECT_EQ((0.5_eps + 0.25_eps).value(), 0.75);  // exact where a double holds the sum
}

TEST(Epsilon, LiteralsAreTheNearestDouble) {
  EXPECT_EQ((0.1_eps).value(), 0.1);
  EXPECT_LT(0.1_eps, 0.2_eps);
}

TEST(Epsilon, HasNoDefault) {
  EXPECT_FALSE(std::is_default_constructible_v<Epsilon>);
}

}  // namespace
}  // namespace sfumato
