// What one unit moves before noise, against what a release is calibrated to: over exhaustive small tables.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/aggregate/bin_edges.h"
#include "sfumato/aggregate/group_release.h"
#include "sfumato/aggregate/group_totals.h"

namespace sfumato {
namespace {

constexpr std::int64_t kRows = 2;

struct Bounded {
  double lower;
  double upper;
  bool whole;  // values are read as integers
};

void PrintTo(const Bounded& clamp, std::ostream* out) {
  *out << clamp.lower << ":" << clamp.upper << (clamp.whole ? " whole" : "");
}

/// Seven values from below the clamp to above it, its ends and what lies about its middle among them.
std::vector<double> values_of(const Bounded& clamp) {
  const double width = clamp.upper - clamp.lower;
  std::vector<double> values = {clamp.lower - 1,         clamp.lower, clamp.lower + width / 3,
                                clamp.lower + width / 2, 0.1,         clamp.upper,
                                clamp.upper + 1e9};
  if (clamp.whole)
    for (double& value : values) value = std::floor(value);
  return values;
}

Units units_of(const ValueGrid& grid, const Bounded& clamp, double value) {
  return clamp.whole ? grid.units(static_cast<std::int64_t>(value)) : grid.units(value);
}

/// What meets noise of a column, as exact whole numbers of one unit.
std::vector<int128> exact_answers(const ColumnWish& wish, const GroupTotals& totals) {
  const ColumnTotal& total = totals.column(0, 0);
  if (wish.sums() == 3) {
    const auto parts = wish.grid.square_parts(total.count, total.sum, total.squares);
    return {parts[0].units, parts[1].units, parts[2].units};
  }
  if (wish.sums() == 2)
    return {wish.grid.above_lower(total.count, total.sum).units,
            wish.grid.below_upper(total.count, total.sum).units};
  return {wish.sum ? total.sum : int128{total.count}};
}

GroupTotals totals_of(const ColumnWish& wish, const std::vector<Units>& rows) {
  GroupTotals totals({ColumnUse{.origin = wish.grid.lower_units(), .squares = wish.squares()}});
  totals.resize(1);
  for (const Units row : rows) totals.add_row(0, std::array{row});
  return totals;
}

/// Norms of what a unit moves, in the units of the column, or their squares.
struct Moved {
  double l1 = 0;
  double l2 = 0;
};

Moved moved(const ColumnWish& wish, const std::vector<Units>& others,
            const std::vector<Units>& own) {
  std::vector<Units> all = others;
  all.insert(all.end(), own.begin(), own.end());
  const auto with = exact_answers(wish, totals_of(wish, all));
  const auto without = exact_answers(wish, totals_of(wish, others));
  const bool counted = wish.sums() == 1 && !wish.sum;
  const int exponent = counted ? 0 : wish.grid.exponent() * (wish.sums() == 3 ? 2 : 1);
  Moved norms;
  for (std::size_t i = 0; i < with.size(); ++i) {
    const double by = std::fabs(Dyadic{with[i] - without[i], exponent}.to_double());
    norms.l1 += by;
    norms.l2 = std::hypot(norms.l2, by);
  }
  return norms;
}

/// The most that a unit of `kRows` rows moves, over all choices of these, of fewer, and of one row of another unit.
Moved most_moved(const ColumnWish& wish, const Bounded& clamp) {
  std::vector<Units> rows = {kNullUnits};
  for (const double value : values_of(clamp)) rows.push_back(units_of(wish.grid, clamp, value));
  Moved most;
  for (const Units other : rows)
    for (const Units first : rows)
      for (const Units second : rows) {
        const Moved by = moved(wish, {other}, {first, second});
        most = {std::max(most.l1, by.l1), std::max(most.l2, by.l2)};
      }
  return most;
}

/// What noise is calibrated to, from its scale: b = Δ₁/ε at ε = 1, σ = Δ₂/√(2ρ) at ρ = 1/2.
double stated(ColumnWish wish, NoiseLaw law) {
  const PrivacyTotal total = law == NoiseLaw::laplace
                                 ? PrivacyTotal(ApproximateTotal{1.0_eps, 0.0_delta})
                                 : PrivacyTotal(ConcentratedTotal{0.5_rho, 0.0_delta});
  const GroupRelease release = GroupRelease::make({.bounds = {.max_groups = 1, .max_rows = kRows},
                                                   .total = total,
                                                   .private_groups = false,
                                                   .columns = {wish},
                                                   .law = law})
                                   .value();
  return release.column_noise(0).scale();
}

class Neighbours : public testing::TestWithParam<Bounded> {};

TEST_P(Neighbours, DifferByAtMostWhatIsStatedAndReachIt) {
  const ValueGrid fine = ValueGrid::make(GetParam().lower, GetParam().upper).value();
  const ValueGrid narrow = ValueGrid::make_narrow(GetParam().lower, GetParam().upper).value();
  const std::vector<ColumnWish> wishes = {
      {.grid = fine, .count = true},      {.grid = fine, .sum = true},
      {.grid = fine, .mean = true},       {.grid = fine, .count = true, .sum = true},
      {.grid = narrow, .variance = true}, {.grid = narrow, .sum = true, .deviation = true}};
  for (const ColumnWish& wish : wishes) {
    const Moved most = most_moved(wish, GetParam());
    EXPECT_LE(most.l1, stated(wish, NoiseLaw::laplace));
    EXPECT_GE(most.l1, stated(wish, NoiseLaw::laplace) * (1 - 1e-9));
    EXPECT_LE(most.l2, stated(wish, NoiseLaw::gaussian));
    EXPECT_GE(most.l2, stated(wish, NoiseLaw::gaussian) * (1 - 1e-9));
  }
}

INSTANTIATE_TEST_SUITE_P(Clamps, Neighbours,
                         testing::Values(Bounded{0, 10, true}, Bounded{0, 7, true},
                                         Bounded{-3, 4, true}, Bounded{-4, 4, true},
                                         Bounded{5, 6, true}, Bounded{-9, -2, true},
                                         Bounded{0, 1, false}, Bounded{-0.3, 0.7, false},
                                         Bounded{-1e-9, 3, false}, Bounded{1e6, 1e6 + 1, false},
                                         Bounded{0, 0x1p40, true}, Bounded{-0x1p62, 0x1p62, true},
                                         Bounded{1e-100, 3e-100, false}));

/// A unit of two rows moves the counts of a histogram's bins by two together, both where they meet in one bin.
TEST(Neighbours, OfAHistogramDifferByTheRowsOfAUnitInBothNorms) {
  const BinEdges edges = BinEdges::make({-2, 0, 0.5, 7}).value();
  const ColumnWish wish{.grid = ValueGrid::make(0, 1).value(), .bins = edges.bins()};
  const std::vector<double> values = {-3, -2, -0.1, 0, 0.25, 0.5, 7, 7.5, std::nan("")};
  const auto counts = [&](const std::vector<Units>& rows) {
    GroupTotals totals({wish.use()});
    totals.resize(1);
    for (const Units row : rows) totals.add_row(0, std::array{row});
    return totals.bins(0, 0, edges.bins());
  };
  double l1 = 0, l2 = 0;
  for (const double other : values)
    for (const double first : values)
      for (const double second : values) {
        const auto without = counts({edges.bin_of(other)});
        const auto with = counts({edges.bin_of(other), edges.bin_of(first), edges.bin_of(second)});
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < with.size(); ++i) {
          const auto by = static_cast<double>(with[i] - without[i]);
          sum += std::fabs(by), squares += by * by;
        }
        l1 = std::max(l1, sum), l2 = std::max(l2, std::sqrt(squares));
      }
  EXPECT_EQ(l1, stated(wish, NoiseLaw::laplace));
  EXPECT_NEAR(l2, stated(wish, NoiseLaw::gaussian), 1e-9);
  EXPECT_LE(l2, stated(wish, NoiseLaw::gaussian));
}

/// All tables of up to three rows of five values and NULL, and a unit of two rows more.
TEST(Neighbours, OfDistinctValuesDifferByTheRowsOfAUnit) {
  const ColumnWish wish{.grid = ValueGrid::make(0, 1).value(), .distinct = true};
  const auto distinct = [&](const std::vector<Units>& rows) {
    GroupTotals totals({wish.use()});
    totals.resize(1);
    for (const Units row : rows) totals.add_row(0, std::array{row});
    return static_cast<double>(totals.distinct(0).front());
  };
  double most = 0;
  const std::vector<Units> values = {kNullUnits, 0, 1, 2, 3, INT64_MAX};
  for (const Units a : values)
    for (const Units b : values)
      for (const Units c : values)
        for (const Units first : values)
          for (const Units second : values)
            most =
                std::max(most, std::fabs(distinct({a, b, c, first, second}) - distinct({a, b, c})));
  EXPECT_EQ(most, stated(wish, NoiseLaw::laplace));
}

/// Google's library took the sensitivity of the squares of integers about the middle of an odd range at half of what it
/// is. Here the three sums of one value at either end of [0, 7] are 49 away from those of no value.
TEST(Neighbours, AVarianceOfIntegersIsChargedForAllOfItsSensitivity) {
  const ValueGrid grid = ValueGrid::make_narrow(0, 7).value();
  const ColumnWish wish{.grid = grid, .variance = true};
  for (const std::int64_t end : {0, 7}) EXPECT_EQ(moved(wish, {}, {grid.units(end)}).l1, 49);
  EXPECT_NEAR(stated(wish, NoiseLaw::laplace), 2 * 49, 1e-6);
  EXPECT_GE(stated(wish, NoiseLaw::laplace), 2 * 49);
}

}  // namespace
}  // namespace sfumato
