#include "sfumato/aggregate/automatic_bounds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "aggregate/log_bins.h"
#include "sfumato/aggregate/value_grid.h"
#include "sfumato/noise/law.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

AutomaticBounds automatic(double false_odds = 1e-9, std::int64_t max_rows = 1, double epsilon = 1) {
  return AutomaticBounds::make({.epsilon = Epsilon::make(epsilon).value(),
                                .max_rows = max_rows,
                                .false_odds = false_odds})
      .value();
}

std::optional<ValueBounds> bounds_for(const AutomaticBounds& automatic,
                                      const std::vector<std::pair<double, int>>& values,
                                      std::uint64_t seed = 1) {
  auto histogram = LogHistogram::make().value();
  for (const auto& [value, count] : values)
    histogram.add(std::vector<double>(static_cast<std::size_t>(count), value));
  FixedBits bits(seed);
  return automatic.release(Permit::unaccounted("test"), histogram, bits).value();
}

TEST(AutomaticBounds, BoundsAreTheOuterEdgesOfTheOutermostBins) {
  const AutomaticBounds one = automatic();
  EXPECT_EQ(bounds_for(one, {{3, 1000}}), (ValueBounds{2, 4}));
  EXPECT_EQ(bounds_for(one, {{3, 1000}, {100, 1000}}), (ValueBounds{2, 128}));
  EXPECT_EQ(bounds_for(one, {{-3, 1000}}), (ValueBounds{-4, -2}));
  EXPECT_EQ(bounds_for(one, {{-3, 1000}, {0, 1000}}), (ValueBounds{-4, 0}));
  EXPECT_EQ(bounds_for(one, {{0, 1000}, {0.3, 1000}}), (ValueBounds{0, 0.5}));
  EXPECT_EQ(bounds_for(one, {{-100, 1000}, {0.3, 1000}, {1e6, 5}}), (ValueBounds{-128, 0.5}));
  EXPECT_EQ(bounds_for(one, {{1e-20, 1000}}), (ValueBounds{0, std::exp2(-31)}));
  EXPECT_EQ(bounds_for(one, {{-1e-20, 1000}}), (ValueBounds{-std::exp2(-31), 0}));
  EXPECT_EQ(bounds_for(one, {{1e300, 1000}}), (ValueBounds{0x1p61, 0x1p62}));
}

TEST(AutomaticBounds, BoundsAreNeverEqualSoThatTheyMakeAClamp) {
  EXPECT_EQ(bounds_for(automatic(), {{0, 1000}}), (ValueBounds{0, std::exp2(-31)}));
  EXPECT_EQ(bounds_of_bins({-1022, 1023}, 0, 2 * 2046),
            (ValueBounds{-1.7976931348623157e308, 1.7976931348623157e308}));
  for (std::size_t first = 0; first < 9; ++first)
    for (std::size_t last = first; last < 9; ++last) {
      const ValueBounds bounds = bounds_of_bins({-1, 2}, first, last);
      EXPECT_LT(bounds.lower, bounds.upper) << first << ' ' << last;
      EXPECT_FALSE(std::signbit(bounds.lower) && bounds.lower == 0);
    }
}

TEST(AutomaticBounds, WhateverBoundsAreFoundMakeAValueGrid) {
  for (std::size_t first = 0; first < 189; ++first)
    for (std::size_t last = first; last < 189; ++last) {
      const ValueBounds bounds = bounds_of_bins({}, first, last);
      EXPECT_TRUE(ValueGrid::make(bounds.lower, bounds.upper)) << first << ' ' << last;
    }
}

TEST(AutomaticBounds, WhereNoBinPassesThereAreNone) {
  EXPECT_EQ(bounds_for(automatic(), {}), std::nullopt);
  EXPECT_EQ(bounds_for(automatic(), {{7, 3}}), std::nullopt);
}

TEST(AutomaticBounds, TheThresholdIsTheLeastWithTheseOdds) {
  for (const double odds : {0.5, 0.01, 1e-9, 1e-300}) {
    for (const std::int64_t rows : {1, 10}) {
      const AutomaticBounds bounds = automatic(odds, rows);
      const Scale scale = Scale::make(static_cast<double>(rows)).value();
      const auto any = [&](std::int64_t threshold) {
        const double one = discrete_laplace_tail(scale, threshold).upper;
        return -std::expm1(189 * std::log1p(-one));
      };
      EXPECT_LE(any(bounds.threshold()), odds * (1 + 1e-12));
      EXPECT_GT(any(bounds.threshold() - 1), odds);
    }
  }
}

TEST(AutomaticBounds, EmptyBinsPassAsOftenAsTheOddsSay) {
  const bool all = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = all ? 10'000 : 2'000;
  const AutomaticBounds bounds = automatic(0.1, 20);
  const auto empty = LogHistogram::make().value();
  FixedBits bits(3);
  int passed = 0;
  for (int run = 0; run < runs; ++run)
    passed += bounds.release(Permit::unaccounted("test"), empty, bits).value().has_value();
  const double expected = -std::expm1(
      189 *
      std::log1p(-discrete_laplace_tail(Scale::make(20.0).value(), bounds.threshold()).upper));
  EXPECT_NEAR(static_cast<double>(passed) / runs, expected, 5 * std::sqrt(0.09 / runs));
  EXPECT_GE(expected, 0.09);
}

TEST(AutomaticBounds, ABinOfTheSureCountIsMissedAsSeldomAsItSays) {
  const AutomaticBounds bounds = automatic(1e-9, 5);
  const Scale scale = Scale::make(5.0).value();
  for (const double miss : {0.5, 0.05, 1e-6}) {
    const std::int64_t sure = bounds.sure_count(miss);
    EXPECT_LE(discrete_laplace_tail(scale, sure - bounds.threshold() + 1).lower, miss);
    EXPECT_GT(discrete_laplace_tail(scale, sure - bounds.threshold()).upper, miss);
  }
  EXPECT_EQ(bounds.sure_count(0), std::numeric_limits<std::int64_t>::max());
  const int sure = static_cast<int>(bounds.sure_count(0.05));
  int missed = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    missed += !bounds_for(bounds, {{3, sure}}, seed).has_value();
  EXPECT_NEAR(missed / 2000.0, 0.05, 0.02);
}

TEST(AutomaticBounds, TheCostIsAnEventOfItsOwn) {
  const AutomaticBounds bounds = automatic(1e-9, 1, 0.25);
  EXPECT_EQ(bounds.cost(), 0.25_eps);
  EXPECT_EQ(bounds.event(), (Event{.loss = PureLoss{0.25}}));
}

TEST(AutomaticBounds, ParametersOutOfRangeAreRefused) {
  const auto where = [](AutomaticBoundsParams params) {
    return AutomaticBounds::make(params).error().where;
  };
  EXPECT_EQ(where({.epsilon = 1.0_eps, .max_rows = 0}), "max-rows");
  for (const double odds : {0.0, 1.0, -1.0, std::nan("")})
    EXPECT_EQ(where({.epsilon = 1.0_eps, .max_rows = 1, .false_odds = odds}), "false_odds");
  EXPECT_EQ(where({.epsilon = 1.0_eps, .max_rows = 1, .range = {3, 2}}), "range");
  EXPECT_EQ(where({.epsilon = Epsilon::make(1e-18).value(), .max_rows = 1}), "epsilon");
  const auto other = LogHistogram::make({0, 1}).value();
  FixedBits bits(1);
  EXPECT_EQ(automatic().release(Permit::unaccounted("test"), other, bits).error().where, "range");
}

}  // namespace
}  // namespace sfumato
