#include "sfumato/account/amplification.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

// Of mpmath, from the two formulas as they stand.
TEST(Amplification, AgreesWithItsFormulas) {
  const ApproximateBounds pure = amplified(1.0, 0.0, exactly("0.01")).value();
  expect_enclosed(pure.epsilon, 0.017036863236176549786);
  EXPECT_LT(pure.epsilon.lower, pure.epsilon.upper) << "no double is the logarithm itself";
  EXPECT_EQ(pure.delta, (Bounds{0, 0}));
  const ApproximateBounds half = amplified(5.0, exactly("1e-5"), 0.5).value();
  expect_enclosed(half.epsilon, 4.3135681679291727592);
  expect_enclosed(half.delta, 5e-6);
}

TEST(Amplification, AWholeSampleChangesNothing) {
  const ApproximateBounds all = amplified(exactly("0.3"), exactly("1e-300"), 1.0).value();
  expect_enclosed(all.epsilon, 0.3);
  expect_enclosed(all.delta, 1e-300);
}

TEST(Amplification, TinyAndHugeBudgetsNeitherVanishNorOverflow) {
  expect_enclosed(amplified(1e-300, 0.0, 0.5).value().epsilon, 5e-301);
  expect_enclosed(amplified(0x1p20, 0.0, 0.5).value().epsilon,
                  1048575.3068528194400547);  // 2^20 - ln 2
  EXPECT_GT(amplified(1.0, 5e-324, 0.25).value().delta.upper, 0);
}

TEST(Amplification, WhatMakesNoSenseIsRefusedByName) {
  EXPECT_EQ(amplified(-1.0, 0.0, 0.5).error().where, "epsilon");
  EXPECT_EQ(amplified(std::nan(""), 0.0, 0.5).error().where, "epsilon");
  EXPECT_EQ(amplified(INFINITY, 0.0, 0.5).error().where, "epsilon");
  EXPECT_EQ(amplified(1.0, exactly("1.0000000000000000000000001"), 0.5).error().where, "delta");
  EXPECT_EQ(amplified(1.0, -0.5, 0.5).error().where, "delta");
  EXPECT_EQ(amplified(1.0, 0.0, 0.0).error().where, "q");
  EXPECT_EQ(amplified(1.0, 0.0, 1.5).error().where, "q");
  EXPECT_EQ(amplified(1.0, 0.0, std::nan("")).error().message, "must lie in (0, 1]");
}

}  // namespace
}  // namespace sfumato
