#include "aggregate/partitions.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/in_parallel.h"
#include "sfumato/aggregate/bounding.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato::partitions_test {
namespace {

struct Row {
  std::uint64_t unit;
  std::uint32_t group;
  Units value;
  std::uint64_t number;
};

struct Setting {
  ContributionBounds bounds;
  bool wide = false;
  std::size_t threads = 1;
  std::size_t memory = std::size_t{1} << 30;
  std::uint64_t seed = 1;
};

constexpr std::uint32_t kGroups = 8;
constexpr std::uint32_t kGroupsInAll = 40;

/// A random block for each unit, as the engine makes them, but that all lie in three partitions: so
/// these have many chunks.
Block block_of(std::uint64_t unit, bool wide) {
  std::mt19937_64 rng(unit + 1);
  const std::uint64_t high = rng() >> 9 | unit % 3 << 55;
  return {high, wide ? rng() : 0};
}

void write(Partitions& partitions, const std::vector<Row>& rows, const Setting& setting,
           std::size_t thread) {
  Partitions::Writer writer(partitions);
  for (std::size_t i = thread; i < rows.size(); i += setting.threads) {
    const Block unit = block_of(rows[i].unit, setting.wide);
    const std::vector<std::vector<Units>> values = {{rows[i].value}};
    ASSERT_TRUE(writer.add({rows[i].number, {&unit, 1}, {&rows[i].group, 1}, values}));
  }
  writer.close();
}

GroupTotals bounded(const std::vector<Row>& rows, const Setting& setting, BitSource& bits) {
  GroupDirectory groups(KeyedHash::make(bits).value(), bits.next());
  for (std::uint32_t g = 0; g < kGroupsInAll; ++g) groups.number("g" + std::to_string(g));
  const auto partitions =
      Partitions::make(setting.bounds, RecordLayout(setting.wide, 1), setting.memory, groups, bits)
          .value();
  in_parallel(setting.threads, [&](std::size_t t) { write(*partitions, rows, setting, t); });
  return partitions->totals(setting.threads).value();
}

GroupTotals bounded(const std::vector<Row>& rows, const Setting& setting) {
  FixedBits bits(setting.seed);
  return bounded(rows, setting, bits);
}

/// What the definition keeps where the bounds do not bind.
GroupTotals defined(const std::vector<Row>& rows, ContributionBounds bounds) {
  FixedBits bits(1);
  Bounding bounding = Bounding::make(bounds, 1, bits).value();
  for (std::uint32_t g = 0; g < kGroupsInAll; ++g)
    bounding.groups().intern("g" + std::to_string(g));
  for (const Row& row : rows)
    bounding.add(std::to_string(row.unit), row.group, std::vector<Units>{row.value}, bits);
  return bounding.totals();
}

std::vector<Row> made_up_rows(std::uint64_t units, std::uint64_t most_rows, std::uint64_t seed,
                              std::uint32_t groups = kGroups) {
  std::mt19937_64 rng(seed);
  std::vector<Row> rows;
  for (std::uint64_t unit = 0; unit < units; ++unit)
    for (std::uint64_t r = rng() % most_rows + 1; r > 0; --r)
      rows.push_back({unit, static_cast<std::uint32_t>(rng() % groups),
                      rng() % 50 == 0 ? kNullUnits : static_cast<Units>(rng() % 1000), 0});
  std::ranges::shuffle(rows, rng);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].number = i << 22;  // up to 2^40
  return rows;
}

std::int64_t rows_in(const GroupTotals& totals) {
  std::int64_t rows = 0;
  for (std::size_t g = 0; g < totals.groups(); ++g) rows += totals.rows(g);
  return rows;
}

TEST(Partitions, AgreeWithTheDefinitionInEachBitWhereTheBoundsDoNotBind) {
  std::vector<Row> rows = made_up_rows(1500, 30, 1);
  const GroupTotals definition = defined(rows, {8, 1000});
  EXPECT_EQ(rows_in(definition), std::ssize(rows));
  for (const bool wide : {false, true})
    for (const std::size_t threads : {1U, 2U, 16U})
      for (const std::size_t memory : {std::size_t{1}, std::size_t{1} << 30})
        EXPECT_EQ(bounded(rows, {{8, 1000}, wide, threads, memory}), definition)
            << wide << " " << threads << " " << memory;
}

/// Under the same key the same is kept, however rows are ordered, dealt out to threads, bounded early
/// or sent through a file.
TEST(Partitions, WhatIsKeptHangsOnTheKeyAndOnNothingElse) {
  std::vector<Row> rows = made_up_rows(1200, 40, 2);
  for (const bool wide : {false, true}) {
    const GroupTotals first = bounded(rows, {{3, 2}, wide});
    EXPECT_LT(rows_in(first), 1200 * 6 + 1);
    for (const std::size_t threads : {1U, 2U, 16U})
      for (const std::size_t memory :
           {std::size_t{1}, std::size_t{1} << 21, std::size_t{1} << 30}) {
        std::ranges::shuffle(rows, std::mt19937_64(threads + memory));
        EXPECT_EQ(bounded(rows, {{3, 2}, wide, threads, memory}), first)
            << wide << " " << threads << " " << memory;
      }
    EXPECT_NE(bounded(rows, {.bounds = {3, 2}, .wide = wide, .seed = 2}), first);
  }
}

TEST(Partitions, NoUnitExceedsItsBoundsAndUsesAllThatTheyAllow) {
  for (const ContributionBounds bounds :
       {ContributionBounds{1, 1}, {2, 3}, {5, 20}, {3, 70}, {8, 1}})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::vector<Row> rows = made_up_rows(1, 400, seed);
      std::map<std::uint32_t, std::int64_t> there;
      for (const Row& row : rows) ++there[row.group];
      const GroupTotals totals = bounded(rows, {.bounds = bounds, .seed = seed});
      std::int64_t groups = 0;
      for (std::uint32_t g = 0; g < kGroups; ++g) {
        EXPECT_EQ(totals.units(g), totals.rows(g) > 0);
        if (totals.units(g) == 1) {
          EXPECT_EQ(totals.rows(g), std::min(bounds.max_rows, there[g]));
        }
        groups += totals.units(g);
      }
      EXPECT_EQ(groups, std::min(bounds.max_groups, std::ssize(there)));
    }
}

/// Few groups of a unit are found by holding them in order, more by other means: by the same order.
TEST(Partitions, TheLowestGroupsAreAmongTheNextLowest) {
  std::vector<Row> rows;
  for (std::uint32_t i = 0; i < kGroupsInAll * 3; ++i) rows.push_back({7, i / 3, 0, i});
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (std::int64_t most = 1; most < 25; ++most) {
      const GroupTotals fewer = bounded(rows, {.bounds = {most, 3}, .seed = seed});
      const GroupTotals more = bounded(rows, {.bounds = {most + 1, 3}, .seed = seed});
      for (std::uint32_t g = 0; g < kGroupsInAll; ++g) {
        EXPECT_LE(fewer.units(g), more.units(g)) << most;
        EXPECT_EQ(fewer.rows(g), fewer.units(g) * 3);
      }
    }
}

/// As many groups of a unit as are held in order, and more; each bound binds for some of the units.
TEST(Partitions, KeepTheLowestOfManyGroups) {
  std::vector<Row> rows = made_up_rows(300, 200, 5, kGroupsInAll);
  std::map<std::uint64_t, std::map<std::uint32_t, std::int64_t>> there;
  for (const Row& row : rows) ++there[row.unit][row.group];
  for (const std::int64_t most : {15, 16, 17, 30, 39}) {
    const ContributionBounds bounds{most, 2};
    std::int64_t units = 0;
    for (const auto& [unit, groups] : there) units += std::min(most, std::ssize(groups));
    const GroupTotals totals = bounded(rows, {bounds});
    std::int64_t kept = 0;
    for (std::uint32_t g = 0; g < kGroupsInAll; ++g) kept += totals.units(g);
    EXPECT_EQ(kept, units) << most;
    std::ranges::shuffle(rows, std::mt19937_64(static_cast<std::uint64_t>(most)));
    EXPECT_EQ(bounded(rows, {.bounds = bounds, .threads = 2}), totals) << most;
  }
}

/// Each of 20 rows is kept equally often, and so is each pair of rows.
TEST(Partitions, WhichRowsAreKeptIsAUniformSample) {
  for (const std::size_t threads : {1U, 2U, 16U}) {
    FixedBits bits(threads);
    const int runs = threads == 16 ? 300 : 2000;
    std::vector<double> kept(20);
    std::map<std::int64_t, double> pairs;
    std::vector<Row> rows;
    for (std::uint64_t i = 0; i < 20; ++i) rows.push_back({5, 0, Units{1} << i, i});
    for (int run = 0; run < runs; ++run) {
      const GroupTotals totals = bounded(rows, {.bounds = {1, 2}, .threads = threads}, bits);
      const auto sum = static_cast<std::int64_t>(totals.column(0, 0).sum);
      for (std::size_t i = 0; i < 20; ++i) kept[i] += static_cast<double>(sum >> i & 1);
      ++pairs[sum];
    }
    EXPECT_GE(g_test(kept, std::vector<double>(20, runs * 2 / 20.0)).p_value, 1e-3) << threads;
    if (threads != 1) continue;
    ASSERT_EQ(pairs.size(), 190U);
    std::vector<double> counts;
    for (const auto& [sum, count] : pairs) counts.push_back(count);
    EXPECT_GE(g_test(counts, std::vector<double>(190, runs / 190.0)).p_value, 1e-3);
  }
}

TEST(Partitions, WhichGroupsAreKeptIsAUniformSample) {
  for (const std::size_t threads : {1U, 2U, 16U}) {
    FixedBits bits(40 + threads);
    const int runs = threads == 16 ? 300 : 2000;
    std::vector<double> kept(kGroups);
    std::vector<Row> rows;
    for (std::uint32_t g = 0; g < kGroups; ++g) rows.push_back({5, g, 0, g});
    for (int run = 0; run < runs; ++run) {
      const GroupTotals totals = bounded(rows, {.bounds = {3, 1}, .threads = threads}, bits);
      for (std::size_t g = 0; g < kGroups; ++g) kept[g] += static_cast<double>(totals.units(g));
    }
    EXPECT_GE(g_test(kept, std::vector<double>(kGroups, runs * 3.0 / kGroups)).p_value, 1e-3)
        << threads;
  }
}

/// Which two of four groups are kept, and which of three rows in each of them: each of the 54 outcomes is as
/// likely, whether rows are bounded at once or, with hardly any memory and by two threads, piece by piece.
TEST(Partitions, GroupsAndTheirRowsAreAUniformSampleTogether) {
  constexpr int kRuns = 54 * 40;
  std::vector<Row> rows;
  for (std::uint32_t g = 0; g < 4; ++g)
    for (std::uint32_t r = 0; r < 3; ++r)
      rows.push_back({5, g, Units{1} << (3 * g + r), rows.size()});
  for (const bool in_pieces : {false, true}) {
    FixedBits bits(70 + in_pieces);
    Setting setting{.bounds = {2, 1}};
    if (in_pieces) setting.threads = 2, setting.memory = 1;
    std::map<std::int64_t, double> outcomes;
    for (int run = 0; run < kRuns; ++run) {
      const GroupTotals totals = bounded(rows, setting, bits);
      int128 kept = 0;
      for (std::size_t g = 0; g < 4; ++g) kept += totals.column(g, 0).sum;
      ++outcomes[static_cast<std::int64_t>(kept)];
    }
    ASSERT_EQ(outcomes.size(), 54U);
    std::vector<double> counts;
    for (const auto& [kept, count] : outcomes) counts.push_back(count);
    EXPECT_GE(g_test(counts, std::vector<double>(54, kRuns / 54.0)).p_value, 1e-3) << in_pieces;
  }
}

/// Two units choose independently: knowing the groups of one tells nothing of those of another, of
/// the same partition or not.
TEST(Partitions, UnitsChooseApartFromOneAnother) {
  FixedBits bits(50);
  constexpr int kRuns = 4000;
  std::vector<double> both(16);
  std::vector<Row> rows;
  for (std::uint64_t unit = 0; unit < 2; ++unit)
    for (std::uint32_t g = 0; g < 4; ++g)
      rows.push_back({unit, g, Units{1} << (4 * unit), rows.size()});
  for (int run = 0; run < kRuns; ++run) {
    const GroupTotals totals = bounded(rows, {.bounds = {1, 1}}, bits);
    std::size_t choice[2] = {};
    for (std::size_t g = 0; g < 4; ++g)
      for (std::size_t unit = 0; unit < 2; ++unit)
        if (static_cast<std::int64_t>(totals.column(g, 0).sum) >> (4 * unit) & 1) choice[unit] = g;
    ++both[choice[0] * 4 + choice[1]];
  }
  EXPECT_GE(g_test(both, std::vector<double>(16, kRuns / 16.0)).p_value, 1e-3);
}

/// Units of two partitions may have the same bits but for those that the partition says.
TEST(Partitions, UnitsThatDifferByTheirPartitionAloneChooseApart) {
  FixedBits bits(60);
  GroupDirectory groups(KeyedHash::make(bits).value(), 1);
  for (std::uint32_t g = 0; g < kGroupsInAll; ++g) groups.number("g" + std::to_string(g));
  constexpr int kRuns = 400;
  for (const bool wide : {false, true}) {
    int alike = 0;
    for (int run = 0; run < kRuns; ++run) {
      const auto partitions =
          Partitions::make({1, 1}, RecordLayout(wide, 1), 1 << 20, groups, bits).value();
      Partitions::Writer writer(*partitions);
      std::uint64_t number = 0;
      for (const std::uint64_t partition : {0U, 1U})
        for (std::uint32_t g = 0; g < kGroups; ++g) {
          const Block unit{partition << 55 | 12345, wide ? 67890U : 1U};
          const std::vector<std::vector<Units>> values = {{1}};
          ASSERT_TRUE(writer.add({number++, {&unit, 1}, {&g, 1}, values}));
        }
      writer.close();
      const GroupTotals totals = partitions->totals(1).value();
      for (std::size_t g = 0; g < kGroups; ++g) alike += totals.units(g) == 2;
    }
    // Of 400, one in eight: 50, with a standard deviation of 6.6.
    EXPECT_GT(alike, 20);
    EXPECT_LT(alike, 90);
  }
}

TEST(Partitions, OneUnitMoreMovesNothingOfTheOthers) {
  const std::vector<Row> others = made_up_rows(500, 30, 7);
  std::vector<Row> with = others;
  for (std::uint64_t i = 0; i < 80; ++i)
    with.push_back({9999, static_cast<std::uint32_t>(i % kGroups), 999, others.size() + i});
  for (const std::size_t memory : {std::size_t{1}, std::size_t{1} << 30}) {
    const Setting setting{.bounds = {2, 3}, .memory = memory};
    const GroupTotals before = bounded(others, setting);
    const GroupTotals after = bounded(with, setting);
    std::int64_t groups = 0;
    for (std::size_t g = 0; g < kGroups; ++g) {
      const std::int64_t more = after.units(g) - before.units(g);
      EXPECT_TRUE(more == 0 || more == 1);
      EXPECT_EQ(after.rows(g) - before.rows(g), more * 3);
      EXPECT_EQ(after.column(g, 0).sum - before.column(g, 0).sum, more * 3 * 999);
      groups += more;
    }
    EXPECT_EQ(groups, 2);
  }
}

TEST(Partitions, UnitsThatShareAllBitsButOneAreTwoUnits) {
  FixedBits bits(9);
  GroupDirectory groups(KeyedHash::make(bits).value(), 1);
  const std::uint32_t group = groups.number("g");
  for (const bool wide : {false, true}) {
    const auto partitions =
        Partitions::make({1, 1}, RecordLayout(wide, 1), 1 << 20, groups, bits).value();
    std::vector<Block> units = {{0, 0}};
    for (unsigned bit = 0; bit < 64; ++bit) units.push_back({std::uint64_t{1} << bit, 0});
    for (unsigned bit = 0; bit < (wide ? 64 : 1); ++bit)
      units.push_back({0, std::uint64_t{1} << bit});
    const std::vector<std::uint32_t> in(units.size(), group);
    const std::vector<std::vector<Units>> values = {std::vector<Units>(units.size(), 1)};
    Partitions::Writer writer(*partitions);
    ASSERT_TRUE(writer.add({std::uint64_t{1} << 38, units, in, values}));
    writer.close();
    EXPECT_EQ(partitions->totals(1).value().units(group), std::ssize(units));
  }
}

/// Row numbers wrap at 2^40: rows that share one are told apart by what is in them.
TEST(Partitions, RowsOfOneNumberAreSettledByTheKeyAndNotByArrival) {
  std::vector<int> kept(2);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<Row> rows = {{5, 0, 10, 3}, {5, 0, 20, 3}};
    const GroupTotals totals = bounded(rows, {.bounds = {1, 1}, .seed = seed});
    std::ranges::reverse(rows);
    EXPECT_EQ(bounded(rows, {.bounds = {1, 1}, .seed = seed}), totals);
    ++kept[totals.column(0, 0).sum == 20];
  }
  EXPECT_GT(kept[0], 60);
  EXPECT_GT(kept[1], 60);
}

TEST(Partitions, RowsOfNoGroupDoNotCount) {
  std::vector<Row> rows = made_up_rows(50, 5, 3);
  const GroupTotals all = bounded(rows, {{8, 10}});
  for (std::uint64_t i = 0; i < 20; ++i) rows.push_back({i, NamedRows::kNoGroup, 1, 1000 + i});
  EXPECT_EQ(bounded(rows, {{8, 10}}), all);
}

TEST(Partitions, RefuseBoundsOfZero) {
  FixedBits bits(11);
  const GroupDirectory groups(KeyedHash::make(bits).value(), 1);
  EXPECT_FALSE(Partitions::make({0, 1}, RecordLayout(true, 1), 1, groups, bits));
  EXPECT_FALSE(Partitions::make({1, 0}, RecordLayout(true, 1), 1, groups, bits));
}

}  // namespace
}  // namespace sfumato::partitions_test
