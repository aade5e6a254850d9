#include "sfumato/account/odometer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sfumato/privacy/zcdp.h"
#include "support/exact.h"

namespace sfumato {
namespace {

ConcentratedOdometer odometer(const Exact& first, const Exact& delta, const Exact& cost = 0.0) {
  return ConcentratedOdometer::make({first, delta, cost}).value();
}

// ε(δ) of ρ-zCDP at 80 digits by mpmath, over real α > 1: each odometer here reads with half of δ at its
// first mark.
TEST(Odometer, AtTheFirstMarkReadsTheConversionOfTheMark) {
  ConcentratedOdometer first = odometer(exactly("0.1"), exactly("2e-5"));
  ASSERT_TRUE(first.charge({.rho = exactly("0.05")}));
  EXPECT_EQ(first.mark().to_string(), "0.1");
  EXPECT_GE(first.epsilon(), 1.9142388320035977985);
  EXPECT_NEAR(first.epsilon(), 1.9142388320035977985, 1e-8);
  ASSERT_TRUE(first.charge({.rho = exactly("0.05")}));
  EXPECT_NEAR(first.epsilon(), 1.9142388320035977985, 1e-8) << "the mark itself is not passed";
}

TEST(Odometer, MarksLieAnEighthApart) {
  ConcentratedOdometer odometer_of_one = odometer(1.0, exactly("1e-6"));
  const char* marks[] = {"1",    "1.125", "1.25", "1.375", "1.5", "1.625",
                         "1.75", "1.875", "2",    "2.25",  "2.5", "2.75"};
  ASSERT_TRUE(odometer_of_one.charge({.rho = exactly("0.9999")}));
  const Exact step = exactly("0.0001");
  std::size_t passed = 0;
  for (int i = 0; i < 17'000; ++i) {
    ASSERT_TRUE(odometer_of_one.charge({.rho = step}));
    const LossAmount mark = odometer_of_one.mark();
    EXPECT_GE(mark, odometer_of_one.spent().loss);
    if (mark.to_string() != marks[passed]) {
      ASSERT_EQ(mark.to_string(), marks[passed + 1]);
      ++passed;
    }
  }
  EXPECT_EQ(passed, 11u);
}

TEST(Odometer, EachMarkHasItsOwnPartOfDelta) {
  ConcentratedOdometer at_half = odometer(exactly("0.25"), exactly("2e-9"));
  ASSERT_TRUE(at_half.charge({.rho = exactly("0.5")}));
  // Eight marks on: ρ = 0.5 and δ = 2e-9 / 90.
  const double reading = at_half.epsilon();
  EXPECT_LE(zcdp_delta(0.5_rho, reading), 2e-9 / 90 * (1 + 1e-12));
  EXPECT_GT(zcdp_delta(0.5_rho, reading * (1 - 1e-9)), 2e-9 / 90);
}

TEST(Odometer, ReadingsRiseAndAreNeverBelowAFilters) {
  ConcentratedOdometer running = odometer(exactly("0.001"), exactly("1e-6"));
  ConcentratedFilter filter = ConcentratedFilter::make({.rho = 100.0}).value();
  double before = 0;
  for (int i = 0; i < 200; ++i) {
    const Exact rho = std::ldexp(1.0, -9 + i / 40);
    ASSERT_TRUE(running.charge({.rho = rho}));
    ASSERT_TRUE(filter.charge({.rho = rho}));
    const double reading = running.epsilon(), plain = running_epsilon(filter, exactly("1e-6"));
    EXPECT_GE(reading, before);
    EXPECT_GT(reading, plain);
    EXPECT_LT(reading, 1.45 * plain);
    before = reading;
  }
}

TEST(Odometer, NothingSpentReadsZero) {
  ConcentratedOdometer fresh = odometer(exactly("0.1"), exactly("1e-6"));
  EXPECT_EQ(fresh.epsilon(), 0);
  ASSERT_TRUE(fresh.charge({.rho = 0.0}));
  EXPECT_EQ(fresh.epsilon(), 0);
  ASSERT_TRUE(fresh.charge({.rho = exactly("1e-300")}));
  EXPECT_GT(fresh.epsilon(), 0) << "of the first mark, however little was spent";
}

TEST(Odometer, TheDeltaOfChargesComesOutOfTheWhole) {
  ConcentratedOdometer half = odometer(exactly("0.1"), exactly("2e-6"), exactly("1e-6"));
  ASSERT_TRUE(half.charge({.rho = exactly("0.1"), .delta = exactly("1e-6")}));
  ConcentratedOdometer none = odometer(exactly("0.1"), exactly("1e-6"));
  ASSERT_TRUE(none.charge({.rho = exactly("0.1")}));
  EXPECT_NEAR(half.epsilon(), none.epsilon(), 1e-9);
  EXPECT_EQ(half.charge({.rho = 0.0, .delta = exactly("1e-30")}).error().code, Errc::refused);
  EXPECT_EQ(none.charge({.rho = 0.0, .delta = exactly("1e-30")}).error().where, "delta");
}

TEST(Odometer, ADeltaBelowAnyUnitStillReads) {
  ConcentratedOdometer tiny = odometer(exactly("0.1"), exactly("1e-200"));
  ASSERT_TRUE(tiny.charge({.rho = exactly("0.1")}));
  EXPECT_LE(zcdp_delta(0.1_rho, tiny.epsilon()), 0.5e-200);
}

TEST(Odometer, WhatMakesNoSenseIsRefused) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  for (const double bad : {0.0, -1.0, nan, inf, 1e-12, 0x1p20})
    EXPECT_EQ(ConcentratedOdometer::make({bad, 1e-6}).error().where, "first_mark") << bad;
  for (const double bad : {0.0, -1.0, nan, inf, 1.0})
    EXPECT_EQ(ConcentratedOdometer::make({0.1, bad}).error().where, "delta") << bad;
  for (const double bad : {-1.0, nan, inf, 1e-6, 1.0})
    EXPECT_EQ(ConcentratedOdometer::make({0.1, 1e-6, bad}).error().where, "cost_delta") << bad;
  ConcentratedOdometer running = odometer(1.0, 1e-6);
  EXPECT_EQ(running.charge({.rho = nan}).error().where, "rho");
  EXPECT_EQ(running.charge({.rho = 0x1p20}).error().code, Errc::refused);
  ASSERT_TRUE(running.charge({.rho = 0x1p19}));
  EXPECT_LT(running.epsilon(), inf);
}

TEST(RunningEpsilon, OfAConcentratedFilterIsTheConversionOfWhatWasSpent) {
  ConcentratedFilter filter =
      ConcentratedFilter::make({.rho = 1.0, .delta = exactly("1e-6")}).value();
  EXPECT_EQ(running_epsilon(filter, exactly("1e-5")), 0);
  ASSERT_TRUE(filter.charge({.rho = exactly("0.1")}));
  EXPECT_NEAR(running_epsilon(filter, exactly("1e-5")), 1.9142388320035977985, 1e-8);
  ASSERT_TRUE(filter.charge({.rho = 0.0, .delta = exactly("1e-6")}));
  EXPECT_NEAR(running_epsilon(filter, exactly("1.1e-5")), 1.9142388320035977985, 1e-8);
  EXPECT_EQ(running_epsilon(filter, exactly("1e-6")), std::numeric_limits<double>::infinity());
}

TEST(RunningEpsilon, OfARenyiFilterIsTheBestOrders) {
  RenyiFilter filter = RenyiFilter::make({{4.0, 64.0}, 10.0, exactly("1e-5")}).value();
  // mpmath at 80 digits: (64, 64 · 0.05)-RDP of Gaussian noise at δ = 1e-5, less 3.2 and its log terms.
  ASSERT_TRUE(
      filter.charge(std::vector<Exact>{std::numeric_limits<double>::infinity(), exactly("3.2")}));
  EXPECT_NEAR(running_epsilon(filter, exactly("1e-5")),
              3.2 + std::log1p(-1.0 / 64) - (std::log(1e-5) + std::log(64.0)) / 63, 1e-12);
  EXPECT_EQ(running_epsilon(filter, 0.0), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace sfumato
