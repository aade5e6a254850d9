#include "sfumato/aggregate/bounding.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

struct Row {
  std::string unit;
  std::string group;
  Units value;
};

GroupTotals bounded(const std::vector<Row>& rows, ContributionBounds bounds, BitSource& bits,
                    const std::vector<std::string>& groups) {
  Bounding bounding = Bounding::make(bounds, 1, bits).value();
  for (const std::string& group : groups) bounding.groups().intern(group);
  for (const Row& row : rows)
    bounding.add(row.unit, bounding.groups().intern(row.group), std::vector<Units>{row.value},
                 bits);
  return bounding.totals();
}

std::vector<Row> made_up_rows(int units, int most_groups, int most_rows, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::vector<Row> rows;
  for (int unit = 0; unit < units; ++unit)
    for (auto g = rng() % static_cast<unsigned>(most_groups) + 1; g > 0; --g)
      for (auto r = rng() % static_cast<unsigned>(most_rows) + 1; r > 0; --r)
        rows.push_back({"u" + std::to_string(unit), "g" + std::to_string(g),
                        static_cast<Units>(rng() % 1000)});
  std::ranges::shuffle(rows, rng);
  return rows;
}

const std::vector<std::string> kGroups = {"g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8"};

TEST(Bounding, KeepsEverythingInTheSameBitsWhereTheBoundsDoNotBind) {
  std::vector<Row> rows = made_up_rows(200, 8, 6, 1);
  FixedBits bits(1);
  const GroupTotals first = bounded(rows, {8, 1000}, bits, kGroups);
  EXPECT_EQ(
      [&] {
        std::int64_t all = 0;
        for (std::size_t g = 0; g < kGroups.size(); ++g) all += first.rows(g);
        return all;
      }(),
      std::ssize(rows));
  std::ranges::reverse(rows);
  EXPECT_EQ(bounded(rows, {8, 1000}, bits, kGroups), first);
  std::ranges::sort(rows, {}, &Row::value);
  EXPECT_EQ(bounded(rows, {8, 1000}, bits, kGroups), first);
}

TEST(Bounding, NoUnitExceedsItsBounds) {
  for (const ContributionBounds bounds : {ContributionBounds{1, 1}, {2, 3}, {5, 2}, {3, 70}}) {
    FixedBits bits(2);
    for (int unit = 0; unit < 40; ++unit) {
      const std::vector<Row> rows = made_up_rows(1, 8, 100, static_cast<std::uint64_t>(unit));
      const GroupTotals totals = bounded(rows, bounds, bits, kGroups);
      std::int64_t groups = 0;
      for (std::size_t g = 0; g < kGroups.size(); ++g) {
        EXPECT_LE(totals.rows(g), bounds.max_rows);
        EXPECT_EQ(totals.units(g), totals.rows(g) > 0);
        groups += totals.units(g);
      }
      EXPECT_LE(groups, bounds.max_groups);
    }
  }
}

TEST(Bounding, KeepsAsManyRowsAndGroupsAsTheBoundsAllow) {
  std::vector<Row> rows;
  for (int i = 0; i < 400; ++i) rows.push_back({"u", kGroups[static_cast<std::size_t>(i % 8)], 1});
  FixedBits bits(3);
  const GroupTotals totals = bounded(rows, {3, 7}, bits, kGroups);
  std::int64_t units = 0;
  std::int64_t kept = 0;
  for (std::size_t g = 0; g < 8; ++g) units += totals.units(g), kept += totals.rows(g);
  EXPECT_EQ(units, 3);
  EXPECT_EQ(kept, 21);
}

/// A group that gave way to another goes on getting rows: they count in neither.
TEST(Bounding, RowsOfADroppedGroupCountNowhere) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < 80; ++i) rows.push_back({"u", kGroups[i % 8], Units{1} << i % 8});
    FixedBits bits(seed);
    const GroupTotals totals = bounded(rows, {2, 100}, bits, kGroups);
    for (std::size_t g = 0; g < 8; ++g) {
      EXPECT_EQ(totals.rows(g), totals.units(g) * 10);
      EXPECT_EQ(totals.column(g, 0).sum, totals.rows(g) * (1 << g));
    }
  }
}

/// Each of 20 rows of a unit is kept equally often, first or last, and so is each pair of rows.
TEST(Bounding, WhichRowsAreKeptIsAUniformSample) {
  FixedBits bits(4);
  constexpr int kRuns = 20'000;
  std::vector<double> kept(20);
  std::map<std::int64_t, double> pairs;
  for (int run = 0; run < kRuns; ++run) {
    Bounding bounding = Bounding::make({1, 2}, 1, bits).value();
    const std::uint32_t group = bounding.groups().intern("g");
    for (int i = 0; i < 20; ++i)
      bounding.add("u", group, std::vector<Units>{std::int64_t{1} << i}, bits);
    const auto sum = static_cast<std::int64_t>(bounding.totals().column(0, 0).sum);
    for (std::size_t i = 0; i < 20; ++i) kept[i] += static_cast<double>(sum >> i & 1);
    ++pairs[sum];
  }
  EXPECT_EQ(pairs.size(), 190U);
  EXPECT_GE(g_test(kept, std::vector<double>(20, kRuns * 2 / 20.0)).p_value, 1e-3);
  std::vector<double> counts;
  for (const auto& [sum, count] : pairs) counts.push_back(count);
  EXPECT_GE(g_test(counts, std::vector<double>(190, kRuns / 190.0)).p_value, 1e-3);
}

/// Each of 8 groups is kept equally often, whatever the order of the rows and of the groups.
TEST(Bounding, WhichGroupsAreKeptIsAUniformSample) {
  FixedBits bits(5);
  std::vector<double> kept(8);
  for (int run = 0; run < 20'000; ++run) {
    Bounding bounding = Bounding::make({3, 1}, 1, bits).value();
    for (const std::string& g : kGroups)
      bounding.add("u", bounding.groups().intern(g), std::vector<Units>{0}, bits);
    const GroupTotals totals = bounding.totals();
    for (std::size_t g = 0; g < 8; ++g) kept[g] += static_cast<double>(totals.units(g));
  }
  EXPECT_GE(g_test(kept, std::vector<double>(8, 20'000 * 3 / 8.0)).p_value, 1e-3);
}

TEST(Bounding, OfAUnitTheSameGroupsAreKeptInAnyOrderOfItsRows) {
  std::vector<Row> rows = made_up_rows(100, 8, 3, 6);
  for (Row& row : rows) row.value = 0;
  const auto units_of = [&] {
    FixedBits bits(6);  // the same key
    const GroupTotals totals = bounded(rows, {2, 1}, bits, kGroups);
    std::vector<std::int64_t> units;
    for (std::size_t g = 0; g < 8; ++g) units.push_back(totals.units(g));
    return units;
  };
  const auto first = units_of();
  std::ranges::reverse(rows);
  EXPECT_EQ(units_of(), first);
}

/// The exact sums of neighbouring tables differ by at most the stated sensitivity.
TEST(Bounding, OneUnitMoreMovesNothingOfTheOthers) {
  const std::vector<Row> others = made_up_rows(50, 8, 4, 7);
  const ContributionBounds bounds{2, 3};
  const auto groups_kept = [&](const std::vector<Row>& rows) {
    FixedBits bits(7);
    return bounded(rows, bounds, bits, kGroups);
  };
  std::vector<Row> with = others;
  for (int i = 0; i < 30; ++i)
    with.push_back({"one more", kGroups[static_cast<std::size_t>(i % 8)], 999});
  const GroupTotals before = groups_kept(others);
  const GroupTotals after = groups_kept(with);
  std::int64_t groups = 0;
  for (std::size_t g = 0; g < 8; ++g) {
    const std::int64_t more = after.units(g) - before.units(g);
    EXPECT_TRUE(more == 0 || more == 1);
    EXPECT_EQ(after.rows(g) - before.rows(g), more * bounds.max_rows);
    EXPECT_EQ(after.column(g, 0).sum - before.column(g, 0).sum, more * bounds.max_rows * 999);
    groups += more;
  }
  EXPECT_EQ(groups, bounds.max_groups);
}

/// Two rows whose priorities agree, a third that is higher than both: arrival does not decide.
TEST(Bounding, EqualPrioritiesAreSettledByACoin) {
  // words: the hash's key (2), two seeds, then for each row its priority, and a coin after a tie
  for (const std::uint64_t coin : {0U, 1U}) {
    CraftedBits bits({1, 2, 3, 4, 500, 500, coin});
    Bounding bounding = Bounding::make({1, 1}, 1, bits).value();
    const std::uint32_t group = bounding.groups().intern("g");
    bounding.add("u", group, std::vector<Units>{10}, bits);
    bounding.add("u", group, std::vector<Units>{20}, bits);
    EXPECT_EQ(bounding.totals().column(0, 0).sum, coin == 0 ? 10 : 20);
  }
}

TEST(Bounding, RowsOfTheLowestPrioritiesAreKept) {
  CraftedBits bits({1, 2, 3, 4, 50, 40, 60, 10, 45});
  Bounding bounding = Bounding::make({1, 2}, 1, bits).value();
  const std::uint32_t group = bounding.groups().intern("g");
  for (Units value : {1, 2, 4, 8, 16}) bounding.add("u", group, std::vector<Units>{value}, bits);
  EXPECT_EQ(bounding.totals().column(0, 0).sum, 2 + 8);
}

TEST(Bounding, IdsThatLookAlikeAreDifferentUnits) {
  FixedBits bits(9);
  std::vector<Row> rows;
  for (const char* id : {"7", "07", "7 ", "", "７"}) rows.push_back({id, "g1", 1});
  EXPECT_EQ(bounded(rows, {1, 1}, bits, {"g1"}).units(0), 5);
}

TEST(Bounding, AGroupNobodyIsInHasTotalsOfZero) {
  FixedBits bits(10);
  const GroupTotals totals = bounded({{"u", "g2", 1}}, {1, 1}, bits, kGroups);
  EXPECT_EQ(totals.groups(), 8U);
  EXPECT_EQ(totals.units(0), 0);
  EXPECT_EQ(totals.units(1), 1);
}

TEST(Bounding, RefusesBoundsOfZero) {
  FixedBits bits(11);
  EXPECT_FALSE(Bounding::make({0, 1}, 1, bits));
  EXPECT_FALSE(Bounding::make({1, 0}, 1, bits));
}

}  // namespace
}  // namespace sfumato
