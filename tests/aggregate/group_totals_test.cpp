#include "sfumato/aggregate/group_totals.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/aggregate/value_grid.h"

namespace sfumato {
namespace {

TEST(GroupTotals, AddsRowsAndLeavesNullsOut) {
  GroupTotals totals(2);
  totals.resize(3);
  totals.add_row(1, std::vector<Units>{5, kNullUnits});
  totals.add_row(1, std::vector<Units>{-7, 9});
  totals.add_unit(1);
  EXPECT_EQ(totals.rows(1), 2);
  EXPECT_EQ(totals.units(1), 1);
  EXPECT_EQ(totals.column(1, 0), (ColumnTotal{2, -2}));
  EXPECT_EQ(totals.column(1, 1), (ColumnTotal{1, 9}));
  EXPECT_EQ(totals.rows(0), 0);
  EXPECT_EQ(totals.column(2, 1), (ColumnTotal{}));
}

TEST(GroupTotals, GrowingKeepsWhatIsThere) {
  GroupTotals totals(1);
  totals.resize(1);
  totals.add_row(0, std::vector<Units>{4});
  totals.resize(100);
  EXPECT_EQ(totals.column(0, 0), (ColumnTotal{1, 4}));
  EXPECT_EQ(totals.groups(), 100U);
}

TEST(GroupTotals, SquaresOfDistancesAreAddedUpWhereAnOriginIsGiven) {
  const std::vector<ColumnUse> uses = {{}, {.origin = -3, .squares = true}};
  GroupTotals totals(uses);
  totals.resize(2);
  totals.add_row(1, std::vector<Units>{5, 4});
  totals.add_row(1, std::vector<Units>{5, kNullUnits});
  totals.add_row(1, std::vector<Units>{5, -3});
  GroupTotals more(uses);
  more.resize(2);
  more.add_row(1, std::vector<Units>{1, std::int64_t{1} << 30});
  totals.add(more);
  const int128 far = (int128{1} << 30) + 3;
  EXPECT_TRUE(totals.column(1, 0).squares == 0);
  EXPECT_TRUE(totals.column(1, 1).squares == 49 + far * far);
  GroupTotals turned = totals.in_order(std::vector<std::size_t>{1, 0});
  EXPECT_EQ(turned.column(0, 1), totals.column(1, 1));
  turned.add_row(1, std::vector<Units>{0, 0});
  EXPECT_TRUE(turned.column(1, 1).squares == 9);
}

std::vector<std::uint32_t> sorted(std::span<const std::uint32_t> values) {
  std::vector<std::uint32_t> all(values.begin(), values.end());
  std::ranges::sort(all);
  return all;
}

TEST(GroupTotals, ValuesAreKeptByGroupWhereThatIsAsked) {
  using Values = std::vector<std::uint32_t>;
  const std::vector<ColumnUse> uses = {{.origin = 10, .values = true}, {}};
  GroupTotals totals(uses);
  totals.resize(3);
  totals.add_row(2, std::vector<Units>{15, 1});
  totals.add_row(0, std::vector<Units>{10, 2});
  totals.add_row(2, std::vector<Units>{kNullUnits, 3});
  GroupTotals more(uses);
  more.resize(3);
  more.add_row(2, std::vector<Units>{10 + (Units{1} << 31), 4});
  more.add_row(0, std::vector<Units>{11, 4});
  totals.add(more);
  EXPECT_EQ(sorted(totals.values(0).of(0)), (Values{0, 1}));
  EXPECT_EQ(sorted(totals.values(0).of(1)), Values{});
  EXPECT_EQ(sorted(totals.values(0).of(2)), (Values{5, std::uint32_t{1} << 31}));
  const GroupTotals turned = totals.in_order(std::vector<std::size_t>{2, 0});
  EXPECT_EQ(sorted(turned.values(0).of(0)), (Values{5, std::uint32_t{1} << 31}));
  EXPECT_EQ(sorted(turned.values(0).of(1)), (Values{0, 1}));
}

TEST(GroupTotals, ValuesOfAGroupThatIsLeftOutAreInNoOther) {
  GroupTotals totals({ColumnUse{.values = true}});
  totals.resize(3);
  for (const std::size_t group : {1U, 0U, 2U, 1U})
    totals.add_row(group, std::vector<Units>{static_cast<Units>(group)});
  const GroupTotals some = totals.in_order(std::vector<std::size_t>{2, 0});
  EXPECT_EQ(sorted(some.values(0).of(0)), std::vector<std::uint32_t>{2});
  EXPECT_EQ(sorted(some.values(0).of(1)), std::vector<std::uint32_t>{0});
}

TEST(GroupTotals, BinsAreCountedByGroupWhereverTheirValuesComeFrom) {
  using Counts = std::vector<std::int64_t>;
  const std::vector<ColumnUse> uses = {{.bins = true}, {}};
  GroupTotals totals(uses), more(uses);
  for (GroupTotals* const part : {&totals, &more}) {
    part->resize(3);
    const std::pair<std::size_t, Units> rows[] = {
        {0, 2}, {2, 0}, {2, 2}, {2, 2}, {1, kNullUnits}};
    for (const auto& [group, bin] : rows) part->add_row(group, std::vector<Units>{bin, 9});
  }
  totals.add(more);
  EXPECT_EQ(totals.bins(0, 0, 3), (Counts{0, 0, 2}));
  EXPECT_EQ(totals.bins(1, 0, 3), (Counts{0, 0, 0}));
  EXPECT_EQ(totals.bins(2, 0, 3), (Counts{2, 0, 4}));
  EXPECT_EQ(totals.all_bins(0, 3), (Counts{2, 0, 6}));
  const GroupTotals some = totals.in_order(std::vector<std::size_t>{2, 1});
  EXPECT_EQ(some.bins(0, 0, 3), (Counts{2, 0, 4}));
  EXPECT_EQ(some.all_bins(0, 3), (Counts{2, 0, 4}));
  const GroupTotals coarser =
      totals.gathered(std::vector<std::uint32_t>{1, 0, 1}, std::vector<std::int64_t>{1, 2});
  EXPECT_EQ(coarser.bins(0, 0, 3), (Counts{0, 0, 0}));
  EXPECT_EQ(coarser.bins(1, 0, 3), (Counts{2, 0, 6}));
}

TEST(GroupTotals, OfAPairThoseRowsAreAddedUpThatHaveBothValues) {
  const std::vector<PairUse> pairs = {{0, 2, -5, 100}, {1, 0, 0, -5}};
  GroupTotals totals({{}, {}, {}}, pairs);
  totals.resize(2);
  totals.add_row(1, std::vector<Units>{-2, 1, 110});
  totals.add_row(1, std::vector<Units>{-4, kNullUnits, 102});
  totals.add_row(1, std::vector<Units>{kNullUnits, 7, 108});
  GroupTotals more({{}, {}, {}}, pairs);
  more.resize(2);
  more.add_row(0, std::vector<Units>{0, 4, kNullUnits});
  more.add_row(1, std::vector<Units>{0, 5, 100});
  totals.add(more);
  EXPECT_EQ(totals.pair(1, 0), (PairTotal{3, 3 + 1 + 5, 10 + 2 + 0, 30 + 2, 9 + 1 + 25, 100 + 4}));
  EXPECT_EQ(totals.pair(1, 1), (PairTotal{2, 1 + 5, 3 + 5, 3 + 25, 1 + 25, 9 + 25}));
  EXPECT_EQ(totals.pair(0, 0), PairTotal{});
  EXPECT_EQ(totals.pair(0, 1), (PairTotal{1, 4, 5, 20, 16, 25}));

  const GroupTotals turned = totals.in_order(std::vector<std::size_t>{1, 0});
  EXPECT_EQ(turned.pair(0, 1), totals.pair(1, 1));
  EXPECT_EQ(turned.pair(1, 1), totals.pair(0, 1));
  const GroupTotals all =
      totals.gathered(std::vector<std::uint32_t>{0, 0}, std::vector<std::int64_t>{3});
  EXPECT_EQ(all.pair(0, 0), totals.pair(1, 0));
  EXPECT_EQ(all.pair(0, 1), (PairTotal{3, 10, 13, 48, 42, 59}));
}

TEST(GroupTotals, DifferentValuesAreCountedOnceInEachGroupAndInCoarserOnesTogether) {
  const std::vector<ColumnUse> uses = {{}, {.distinct = true}};
  GroupTotals totals(uses);
  totals.resize(3);
  for (const Units value : {Units{5}, Units{7}, Units{5}, kNullUnits, INT64_MAX})
    totals.add_row(2, std::vector<Units>{1, value});
  totals.add_row(0, std::vector<Units>{1, 7});
  GroupTotals more(uses);
  more.resize(3);
  for (const Units value : {Units{7}, Units{8}}) more.add_row(2, std::vector<Units>{1, value});
  totals.add(more);
  EXPECT_EQ(totals.distinct(1), (std::vector<std::int64_t>{1, 0, 4}));
  EXPECT_EQ(totals.column(2, 1).count, 6);
  EXPECT_EQ(totals.in_order(std::vector<std::size_t>{2, 1}).distinct(1),
            (std::vector<std::int64_t>{4, 0}));
  const std::vector<std::uint32_t> within = {0, 1, 0};
  EXPECT_EQ(totals.gathered(within, std::vector<std::int64_t>{0, 0}).distinct(1),
            (std::vector<std::int64_t>{4, 0}));
}

TEST(GroupTotals, OfManyDifferentValuesNoneIsLostAndNoneCountedTwice) {
  GroupTotals totals({ColumnUse{.distinct = true}});
  totals.resize(2);
  std::mt19937_64 rng(17);
  std::set<Units> seen[2];
  for (int i = 0; i < 50'000; ++i) {
    const std::size_t group = rng() % 2;
    const auto value = static_cast<Units>(rng() % 20'000);
    totals.add_row(group, std::vector<Units>{value});
    seen[group].insert(value);
  }
  EXPECT_EQ(totals.distinct(0), (std::vector{static_cast<std::int64_t>(seen[0].size()),
                                             static_cast<std::int64_t>(seen[1].size())}));
}

TEST(GroupTotals, WithoutColumnsRowsAndUnitsAreStillCounted) {
  GroupTotals totals(0);
  totals.resize(1);
  totals.add_row(0, {});
  totals.add_unit(0);
  EXPECT_EQ(totals.rows(0), 1);
  EXPECT_EQ(totals.units(0), 1);
}

/// A million doubles in three orders: what sums of doubles get wrong (Casacuberta et al. 2022).
TEST(GroupTotals, NoOrderOfRowsChangesASumByABit) {
  const ValueGrid grid = ValueGrid::make(-1e3, 1e6).value();
  std::mt19937_64 rng(11);
  std::lognormal_distribution<double> money(3, 4);
  std::vector<double> values(100'000);
  for (double& x : values) x = money(rng) - 500;

  const auto total_in_this_order = [&] {
    GroupTotals totals(1);
    totals.resize(1);
    for (double x : values) totals.add_row(0, std::vector<Units>{grid.units(x)});
    return totals.column(0, 0);
  };
  const ColumnTotal first = total_in_this_order();
  std::ranges::sort(values);
  EXPECT_EQ(total_in_this_order(), first);
  std::ranges::shuffle(values, rng);
  EXPECT_EQ(total_in_this_order(), first);
}

// Float sums exceed their sensitivity in peers: one row more moves a sum of doubles by more than its
// bound. Here the difference of neighbouring totals is the row's own units, exactly.
TEST(GroupTotals, OneRowMovesASumByItsOwnUnitsExactly) {
  const ValueGrid grid = ValueGrid::make(0, 1).value();
  GroupTotals totals(1);
  totals.resize(1);
  for (int i = 0; i < 100'000; ++i)
    totals.add_row(0, std::vector<Units>{grid.units(1.0 / (i + 3))});
  const int128 before = totals.column(0, 0).sum;
  totals.add_row(0, std::vector<Units>{grid.units(1.0)});
  EXPECT_EQ(totals.column(0, 0).sum - before, int128{grid.upper_units()});
}

TEST(GroupTotals, CoarserGroupsHaveTheRowsAndValuesOfTheirsAndUnitsThatAreSaid) {
  GroupTotals finest(2);
  finest.resize(3);
  for (std::size_t group = 0; group < 3; ++group) {
    const auto value = static_cast<Units>(group + 1);
    finest.add_unit(group);
    finest.add_row(group, std::vector<Units>{value, kNullUnits});
    finest.add_row(group, std::vector<Units>{10 * value, 5});
  }
  const GroupTotals coarser =
      finest.gathered(std::vector<std::uint32_t>{1, 0, 1}, std::vector<std::int64_t>{1, 2, 0});
  ASSERT_EQ(coarser.groups(), 3U);
  EXPECT_EQ(coarser.rows(0), 2);
  EXPECT_EQ(coarser.rows(1), 4);
  EXPECT_EQ(coarser.rows(2), 0);
  EXPECT_EQ(coarser.units(1), 2);
  EXPECT_EQ(coarser.column(0, 0), (ColumnTotal{2, 22}));
  EXPECT_EQ(coarser.column(1, 0), (ColumnTotal{4, 44}));
  EXPECT_EQ(coarser.column(1, 1), (ColumnTotal{2, 10}));
  EXPECT_EQ(coarser.column(2, 0), (ColumnTotal{0, 0}));
}

TEST(GroupTotals, CoarserGroupsHaveTheSquaresAndTheValuesOfTheirs) {
  GroupTotals finest({ColumnUse{.origin = 1, .squares = true, .values = true}});
  finest.resize(3);
  finest.add_row(0, std::vector<Units>{3});
  finest.add_row(1, std::vector<Units>{9});
  finest.add_row(2, std::vector<Units>{6});
  const GroupTotals coarser =
      finest.gathered(std::vector<std::uint32_t>{1, 0, 1}, std::vector<std::int64_t>{1, 2});
  EXPECT_EQ(coarser.column(0, 0).squares, 64);
  EXPECT_EQ(coarser.column(1, 0).squares, 4 + 25);
  const auto values = [&](std::size_t group) {
    const GroupedValues all = coarser.values(0);
    return std::multiset<std::uint32_t>(all.of(group).begin(), all.of(group).end());
  };
  EXPECT_EQ(values(0), (std::multiset<std::uint32_t>{8}));
  EXPECT_EQ(values(1), (std::multiset<std::uint32_t>{2, 5}));
}

}  // namespace
}  // namespace sfumato
