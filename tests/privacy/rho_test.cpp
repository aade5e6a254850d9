#include "sfumato/privacy/rho.h"

#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>

namespace sfumato {
namespace {

std::string rho_refusal(double value) {
  const Result<Rho> made = Rho::make(value);
  if (made) return "";
  EXPECT_EQ(made.error().where, "rho");
  return made.error().message;
}

TEST(Rho, TakesAnythingAboveZeroUpToItsCap) {
  for (double x : {5e-324, 0.5, 1048576.0}) EXPECT_EQ(Rho::make(x).value().value(), x);
}

TEST(Rho, WhatIsOutsideItsRangeIsRefusedByName) {
  EXPECT_EQ(rho_refusal(0), "must lie in (0, 2^20], is 0");
  EXPECT_EQ(rho_refusal(-1), "must lie in (0, 2^20], is -1");
  EXPECT_EQ(rho_refusal(std::nan("")), "must lie in (0, 2^20], is nan");
  EXPECT_EQ(rho_refusal(2097152), "must lie in (0, 2^20], is 2097152");
}

TEST(Rho, SumsRoundUp) {
  EXPECT_GT((1.0_rho + 1e-30_rho).value(), 1);
  EXPECT_EQ((0.5_rho + 0.25_rho).value(), 0.75);
}

TEST(Rho, HasNoDefault) {
  EXPECT_FALSE(std::is_default_constructible_v<Rho>);
}

}  // namespace
}  // namespace sfumato
