#include "table/released_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sfumato {
namespace {

TEST(SizeBins, HoldEachNumberOnce) {
  for (std::int64_t number = 1; number < 5000; ++number) {
    const std::size_t bin = SizeBins::of(number);
    EXPECT_LE(SizeBins::least(bin), static_cast<double>(number));
    EXPECT_GE(SizeBins::greatest(bin), static_cast<double>(number));
  }
  EXPECT_EQ(SizeBins::of(8), 7u);
  EXPECT_EQ(SizeBins::of(9), 8u);
  EXPECT_EQ(SizeBins::of(12), 8u);
  EXPECT_EQ(SizeBins::of(13), 9u);
  EXPECT_EQ(SizeBins::of(17), 10u);
  EXPECT_EQ(SizeBins::of(std::numeric_limits<std::int64_t>::max()), SizeBins::kBins - 1);
}

TEST(ValueBins, HoldEachValueOnce) {
  for (const double value : {0x1p-32, 0.1, 0.9999, 1.0, 1.25, 1.2499, 3.0, 1000.0, 0x1.ffp61}) {
    const std::size_t bin = ValueBins::of(value);
    EXPECT_LE(ValueBins::lower(bin), value);
    EXPECT_LT(value, ValueBins::upper(bin));
    EXPECT_LE(ValueBins::upper(bin), 1.25 * ValueBins::lower(bin));
    const std::size_t mirrored = ValueBins::of(-value);
    EXPECT_EQ(ValueBins::lower(mirrored), -ValueBins::upper(bin));
    EXPECT_EQ(ValueBins::upper(mirrored), -ValueBins::lower(bin));
  }
  EXPECT_EQ(ValueBins::of(0), ValueBins::kSide);
  EXPECT_EQ(ValueBins::of(-0x1p-40), ValueBins::kSide);
  EXPECT_EQ(ValueBins::of(INFINITY), ValueBins::kBins - 1);
  EXPECT_EQ(ValueBins::of(-INFINITY), 0u);
}

/// 1,000 units, each with 4 rows in 2 groups, 2 in each, of one value in [4, 5); two groups of even size.
TuningCounts even() {
  TuningCounts counts;
  counts.rows_in_group.resize(SizeBins::kBins * SizeBins::kBins);
  counts.groups = counts.rows_in_group;
  counts.rows_in_group[3 * SizeBins::kBins + 1] = 1000;
  counts.groups[3 * SizeBins::kBins + 1] = 1000;
  counts.values.assign(1, std::vector<double>(ValueBins::kBins));
  counts.values[0][ValueBins::of(4.5)] = 1000;
  counts.group_sizes = {500, 500};
  return counts;
}

Query asking(const char* select, ContributionBounds bounds) {
  return {.tables = {},
          .unit = "u",
          .select = parse_select(select).value(),
          .bounds = bounds,
          .total = ApproximateTotal{1.0_eps, 0.0_delta}};
}

TEST(ReleasedModel, ErrorsAreThoseOfWhatIsLeftOutAndOfNoise) {
  ReleasedModel model({"x"}, even());
  model.clamp({{"x", 0, 9}});
  const AggregateError exact{.name = "", .mechanism = "", .standard_error = 0};
  EXPECT_EQ(model.most_groups(), 2);
  EXPECT_EQ(model.most_rows(), 2);
  EXPECT_NEAR(model.error_of(asking("count", {2, 2}), 0, exact), 0, 1e-12);
  EXPECT_NEAR(model.error_of(asking("count", {2, 1}), 0, exact), 0.5, 1e-12);
  // Of 4,000 rows, half is kept of each of two groups by odds of 1/2: a quarter is left out of it by chance.
  // Each of 2,000 pairs of 2 rows varies by 1/4 of 4 over both groups, of which each has 2,000 rows.
  EXPECT_NEAR(model.error_of(asking("count", {1, 2}), 0, exact),
              std::sqrt(0.25 + 1000 / (2000.0 * 2000.0)), 1e-12);
  const AggregateError noisy{.name = "", .mechanism = "", .standard_error = 200};
  EXPECT_NEAR(model.error_of(asking("count", {2, 2}), 0, noisy), 0.1, 1e-12);
  EXPECT_NEAR(model.error_of(asking("units", {2, 2}), 0, noisy), 0.2, 1e-12);
  EXPECT_NEAR(model.error_of(asking("units", {1, 1}), 0, exact),
              std::sqrt(0.25 + 250 / (1000.0 * 1000.0)), 1e-12);
}

TEST(ReleasedModel, ClampsBendSumsAndMeans) {
  ReleasedModel model({"x"}, even());
  const AggregateError exact{
      .name = "", .mechanism = "", .standard_error = 0, .standard_error_times_count = 0};
  for (const char* select : {"sum(x)", "mean(x)"}) {
    Query query = asking(select, {2, 2});
    query.clamps = {{"x", 0, 9}};
    model.clamp(query.clamps);
    EXPECT_NEAR(model.error_of(query, 0, exact), 0, 1e-12);
    query.clamps = {{"x", 0, 3}};
    model.clamp(query.clamps);
    EXPECT_NEAR(model.error_of(query, 0, exact), 1.5 / 4.5, 1e-12);
  }
  const auto clamps = model.clamps_for(0);
  ASSERT_EQ(clamps.size(), 1u);
  EXPECT_EQ(clamps[0].lower, 0);
  EXPECT_EQ(clamps[0].upper, 5);
}

// Of what lies beyond them no plan could be made, which a failure would tell.
TEST(ReleasedModel, ClampsEndWhereAGridCanBeMade) {
  TuningCounts counts = even();
  counts.values[0][ValueBins::of(INFINITY)] = 500;
  counts.values[0][ValueBins::of(-INFINITY)] = 500;
  const std::vector<Clamp> clamps = ReleasedModel({"x"}, counts).clamps_for(0);
  EXPECT_EQ(clamps.back().lower, -0x1p62);
  EXPECT_EQ(clamps.back().upper, 0x1p62);
  Query query = asking("sum(x)", {1, 1});
  query.clamps = {clamps.back()};
  query.tables = {"t.csv"};
  const auto errors = expected_errors(query);
  EXPECT_TRUE(errors) << errors.error().where << errors.error().message;
}

TEST(ReleasedModel, WhereNothingWasCountedThereIsOneUnit) {
  TuningCounts counts = even();
  std::ranges::fill(counts.rows_in_group, 0);
  std::ranges::fill(counts.groups, 0);
  std::ranges::fill(counts.values[0], 0);
  ReleasedModel model({"x"}, counts);
  EXPECT_EQ(model.most_groups(), 1);
  EXPECT_EQ(model.most_rows(), 1);
  EXPECT_EQ(model.clamps_for(0).size(), 1u);
}

TEST(ReleasedModel, GroupsThatWereTakenForNoiseFollowFromRows) {
  TuningCounts counts = even();
  counts.rows_in_group[SizeBins::of(64) * SizeBins::kBins + 1] = 10;  // √64, as √4 is 2
  EXPECT_EQ(ReleasedModel({"x"}, counts).most_groups(), 8);
}

}  // namespace
}  // namespace sfumato
