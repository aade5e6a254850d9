#include "aggregate/coarse_units.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "aggregate/partitions.h"
#include "base/in_parallel.h"
#include "support/fixed_bits.h"

namespace sfumato::coarse_units_test {
namespace {

constexpr std::uint32_t kGroups = 6;

/// Three groups of two, then one of all.
const std::vector<Coarsening> kSets = {{{0, 0, 1, 1, 2, 2}, 3}, {{0, 0, 0, 0, 0, 0}, 1}};

using Pairs = std::set<std::pair<std::uint64_t, std::uint32_t>>;  // of unit and group

/// The definition: different units that have a pair in a group.
std::vector<std::int64_t> defined(const Pairs& pairs, const Coarsening& set) {
  std::vector<std::set<std::uint64_t>> units(set.groups);
  for (const auto& [unit, group] : pairs) units[set.within[group]].insert(unit);
  std::vector<std::int64_t> counts;
  for (const auto& of_group : units) counts.push_back(std::ssize(of_group));
  return counts;
}

std::vector<std::int64_t> counted(const CoarseUnits& units, std::size_t set) {
  const auto counts = units.units(set);
  return {counts.begin(), counts.end()};
}

TEST(CoarseUnits, AUnitCountsOnceInEachGroupThatHoldsSomeOfItsOwn) {
  std::mt19937_64 rng(1);
  for (int run = 0; run < 50; ++run) {
    Pairs pairs;
    for (int i = 0; i < 60; ++i)
      pairs.emplace(rng() % 20, static_cast<std::uint32_t>(rng() % kGroups));
    CoarseUnits units(kSets), others(kSets);
    // Equal upper halves: units are told apart by all of their bits.
    for (const auto& [unit, group] : pairs)
      (unit % 3 == 0 ? others : units).add({unit / 4, unit}, group);
    units.count_pairs();
    others.count_pairs();
    units.add(others);
    for (std::size_t set = 0; set < kSets.size(); ++set)
      EXPECT_EQ(counted(units, set), defined(pairs, kSets[set]));
  }
}

TEST(CoarseUnits, UnitsOfOneGroupEachAddUp) {
  GroupTotals totals(0);
  totals.resize(kGroups);
  for (std::uint32_t group = 0; group < kGroups; ++group)
    for (std::uint32_t unit = 0; unit < group; ++unit) totals.add_unit(group);
  CoarseUnits units(kSets);
  units.add_apart(totals);
  EXPECT_EQ(counted(units, 0), (std::vector<std::int64_t>{1, 5, 9}));
  EXPECT_EQ(counted(units, 1), (std::vector<std::int64_t>{15}));
}

struct Bounded {
  Pairs pairs;  // that are kept
  GroupTotals totals;
  std::vector<std::vector<std::int64_t>> units;
};

/// Rows of five units in all groups, each row in a bit of its own, so that sums say which are kept.
Bounded bounded(std::size_t threads, std::size_t memory, BitSource& bits) {
  GroupDirectory groups(KeyedHash::make(bits).value(), bits.next());
  for (std::uint32_t g = 0; g < kGroups; ++g) groups.number("g" + std::to_string(g));
  const auto partitions =
      Partitions::make({2, 1}, RecordLayout(true, 1), memory, groups, bits).value();
  in_parallel(threads, [&](std::size_t thread) {
    Partitions::Writer writer(*partitions);
    for (std::uint64_t unit = thread; unit < 5; unit += threads)
      for (std::uint32_t g = 0; g < kGroups; ++g) {
        const Block block{unit % 2 << 56, unit + 1};
        const std::vector<std::vector<Units>> values = {{Units{1} << (unit * kGroups + g)}};
        ASSERT_TRUE(writer.add({unit * kGroups + g, {&block, 1}, {&g, 1}, values}));
      }
    writer.close();
  });
  CoarseUnits units(kSets);
  Bounded made{{}, partitions->totals(threads, GroupTotals(1), units).value(), {}};
  for (std::uint32_t g = 0; g < kGroups; ++g)
    for (std::uint64_t unit = 0; unit < 5; ++unit)
      if (static_cast<std::int64_t>(made.totals.column(g, 0).sum) >> (unit * kGroups + g) & 1)
        made.pairs.emplace(unit, g);
  for (std::size_t set = 0; set < kSets.size(); ++set) made.units.push_back(counted(units, set));
  return made;
}

TEST(CoarseUnits, PartitionsCountThoseThatAreKeptForAnyNumberOfThreads) {
  FixedBits bits(2);
  std::set<std::vector<std::int64_t>> seen;
  for (const std::size_t threads : {1U, 2U, 16U})
    for (const std::size_t memory : {std::size_t{1}, std::size_t{1} << 30})
      for (int run = 0; run < 10; ++run) {
        const Bounded made = bounded(threads, memory, bits);
        EXPECT_EQ(made.pairs.size(), 10U);
        for (std::size_t set = 0; set < kSets.size(); ++set)
          EXPECT_EQ(made.units[set], defined(made.pairs, kSets[set]));
        EXPECT_EQ(made.units[1], (std::vector<std::int64_t>{5}));
        seen.insert(made.units[0]);
      }
  EXPECT_GT(seen.size(), 5U);
}

}  // namespace
}  // namespace sfumato::coarse_units_test
