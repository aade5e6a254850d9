#include "sfumato/aggregate/group_totals.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
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
  const std::vector<std::optional<Units>> origins = {std::nullopt, -3};
  GroupTotals totals(origins);
  totals.resize(2);
  totals.add_row(1, std::vector<Units>{5, 4});
  totals.add_row(1, std::vector<Units>{5, kNullUnits});
  totals.add_row(1, std::vector<Units>{5, -3});
  GroupTotals more(origins);
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

}  // namespace
}  // namespace sfumato
