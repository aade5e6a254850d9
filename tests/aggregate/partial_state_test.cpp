#include "aggregate/partial_state.h"

#include <algorithm>
#include <bit>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aggregate/partial_merge.h"
#include "aggregate/partial_reader.h"
#include "aggregate/partial_writer.h"
#include "aggregate/partitions.h"
#include "support/fixed_bits.h"

namespace sfumato::partial_state_test {
namespace {

using Row = std::vector<std::uint64_t>;
using Content = std::map<UnitName, std::map<std::string, std::multiset<Row>>>;

/// A state as it reads by eye: whose rows, in which group.
struct State {
  std::set<std::string> shards, groups;
  Content units;
};

constexpr ContributionBounds kBounds{.max_groups = 3, .max_rows = 2};
const PartialShape kShape{.bounds = kBounds, .columns = {{-50, 1000}}};

GroupOrderKey key(unsigned char first = 1) {
  GroupOrderKey made;
  for (unsigned char& byte : made.cipher) byte = first++;
  for (unsigned char& byte : made.hash) byte = first++;
  return made;
}

PartialReader::Source source_of(std::string bytes) {
  return [bytes = std::move(bytes), at = std::size_t{0}](std::span<char> into) mutable {
    const std::size_t size = std::min({into.size(), bytes.size() - at, std::size_t{777}});
    std::copy_n(bytes.data() + at, size, into.data());
    at += size;
    return Result<std::size_t>(size);
  };
}

PartialWriter writer_to(std::string& bytes) {
  return PartialWriter(kShape.row_words(), [&bytes](std::string_view more) {
    bytes += more;
    return ok();
  });
}

std::string written(const State& state, const std::string& plan = "plan",
                    const GroupOrderKey& order = key()) {
  std::string bytes;
  PartialWriter writer = writer_to(bytes);
  EXPECT_TRUE(writer.begin({plan, order, {state.shards.begin(), state.shards.end()},
                            {state.groups.begin(), state.groups.end()}}));
  for (const auto& [name, groups] : state.units) {
    PartialUnit unit{name, {}, {}};
    for (const auto& [group, rows] : groups) {
      const auto number = std::distance(state.groups.begin(), state.groups.find(group));
      unit.pairs.push_back(
          {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(rows.size())});
      for (const Row& row : rows) unit.words.insert(unit.words.end(), row.begin(), row.end());
    }
    EXPECT_TRUE(writer.add(unit));
  }
  EXPECT_TRUE(writer.finish());
  return bytes;
}

Result<PartialReader> begun(const std::string& bytes, const std::string& name = "state") {
  Result<PartialReader> reader = PartialReader::open(name, source_of(bytes));
  if (!reader) return reader;
  if (Status more = reader->begin(kShape); !more) return more.error();
  return reader;
}

/// What is wrong with the bytes; nothing where all can be read.
std::string wrong_with(const std::string& bytes) {
  Result<PartialReader> reader = begun(bytes);
  if (!reader) return reader.error().message;
  for (PartialUnit unit;;) {
    const Result<bool> more = reader->next(unit);
    if (!more) return more.error().message;
    if (!*more) return "";
  }
}

Result<std::string> merged(const std::vector<std::string>& states) {
  std::vector<PartialReader> readers;
  for (const std::string& bytes : states)
    readers.push_back(begun(bytes, "state " + std::to_string(readers.size() + 1)).value());
  Result<PartialMerge> merge = PartialMerge::make(std::move(readers), kShape);
  if (!merge) return merge.error();
  std::string bytes;
  PartialWriter writer = writer_to(bytes);
  EXPECT_TRUE(writer.begin(merge->header()));
  for (PartialUnit unit;;) {
    const Result<bool> more = merge->next(unit);
    if (!more) return more.error();
    if (!*more) break;
    EXPECT_TRUE(writer.add(unit));
  }
  EXPECT_TRUE(writer.finish());
  return bytes;
}

/// The definition of bounding: of each unit the groups with the lowest E(unit ⊕ H(group)), of each of
/// these the lowest rows.
State bounded(State state) {
  const BlockCipher cipher = BlockCipher::of(key().cipher).value();
  const KeyedHash hash = KeyedHash::of_key(key().hash).value();
  for (auto& [name, groups] : state.units) {
    std::vector<std::pair<Block, std::string>> order;
    for (const auto& [group, rows] : groups) {
      Block block = name.block ^ hash(group);
      cipher.encrypt({&block, 1});
      order.emplace_back(block, group);
    }
    std::ranges::sort(order);
    for (std::size_t i = kBounds.max_groups; i < order.size(); ++i) groups.erase(order[i].second);
    for (auto& [group, rows] : groups)
      while (std::ssize(rows) > kBounds.max_rows) rows.erase(std::prev(rows.end()));
  }
  return state;
}

State united(const State& a, const State& b) {
  State all = a;
  all.shards.insert(b.shards.begin(), b.shards.end());
  all.groups.insert(b.groups.begin(), b.groups.end());
  for (const auto& [name, groups] : b.units)
    for (const auto& [group, rows] : groups)
      all.units[name][group].insert(rows.begin(), rows.end());
  return all;
}

UnitName name_of(std::uint64_t unit) {
  std::mt19937_64 rng(unit);
  UnitName name{{rng() >> (unit % 7 == 0 ? 60 : 0), rng()}, unit % 3 == 0, {}};
  if (name.long_id)
    for (unsigned char& byte : name.digest) byte = static_cast<unsigned char>(rng());
  return name;
}

/// Rows of a shard, not bounded yet; some units and priorities are those of others.
State made_up(const std::string& shard, std::uint64_t seed, std::uint64_t rows) {
  std::mt19937_64 rng(seed);
  State state{{shard}, {}, {}};
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::string group = "g" + std::to_string(rng() % 9);
    const Units value = rng() % 20 == 0 ? kNullUnits : static_cast<Units>(rng() % 1050) - 50;
    state.groups.insert(group);
    state.units[name_of(rng() % 60)][group].insert(
        {rng() % 10 == 0 ? rng() % 3 : rng(), std::bit_cast<std::uint64_t>(value)});
  }
  return state;
}

TEST(PartialState, IsReadAsItWasWritten) {
  for (const std::uint64_t rows : {0U, 1U, 40U, 3000U}) {
    const std::string bytes = written(bounded(made_up("north", rows, rows)));
    EXPECT_EQ(wrong_with(bytes), "");
    EXPECT_EQ(merged({bytes}).value(), bytes);
  }
}

TEST(PartialState, MergesToWhatBoundingAllRowsKeeps) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    State all;
    std::vector<std::string> states;
    for (std::uint64_t s = 0; s < 1 + seed % 6; ++s) {
      const State shard = made_up("s" + std::to_string(s), 100 * seed + s, 50 + 40 * s);
      all = united(all, shard);
      states.push_back(written(bounded(shard)));
    }
    EXPECT_EQ(merged(states).value(), written(bounded(all)));
  }
}

TEST(PartialState, MergesToTheSameBytesInWhateverOrderAndSteps) {
  std::vector<std::string> states;
  for (std::uint64_t s = 0; s < 6; ++s)
    states.push_back(written(bounded(made_up("s" + std::to_string(s), s, 300))));
  const std::string at_once = merged(states).value();
  std::mt19937_64 rng(1);
  for (int tries = 0; tries < 30; ++tries) {
    std::vector<std::string> left = states;
    while (left.size() > 1) {
      std::ranges::shuffle(left, rng);
      const std::size_t some = 2 + rng() % (left.size() - 1);
      const std::vector<std::string> taken(left.end() - static_cast<std::ptrdiff_t>(some),
                                           left.end());
      left.resize(left.size() - some);
      left.push_back(merged(taken).value());
    }
    EXPECT_EQ(left.front(), at_once);
  }
}

TEST(PartialState, AddsUpToWhatItHolds) {
  const State state = bounded(made_up("s", 5, 500));
  std::vector<PartialReader> readers;
  readers.push_back(begun(written(state)).value());
  PartialMerge merge = PartialMerge::make(std::move(readers), kShape).value();
  const Coarsening all{std::vector<std::uint32_t>(state.groups.size(), 0), 1};
  CoarseUnits whole({&all, 1});
  const GroupTotals totals = add_up(merge, GroupTotals(1), whole).value();
  EXPECT_EQ(whole.units(0)[0], std::ssize(state.units));
  std::size_t g = 0;
  for (const std::string& group : state.groups) {
    std::int64_t units = 0, rows = 0, values = 0;
    int128 sum = 0;
    for (const auto& [name, groups] : state.units) {
      if (!groups.contains(group)) continue;
      ++units;
      for (const Row& row : groups.at(group)) {
        ++rows;
        const auto value = std::bit_cast<Units>(row[1]);
        if (value == kNullUnits) continue;
        ++values;
        sum += value;
      }
    }
    EXPECT_EQ(totals.units(g), units);
    EXPECT_EQ(totals.rows(g), rows);
    EXPECT_EQ(totals.column(g, 0), (ColumnTotal{values, sum}));
    ++g;
  }
  EXPECT_EQ(totals.groups(), g);
}

TEST(PartialState, AnyByteThatIsAnotherIsSeen) {
  const std::string bytes = written(bounded(made_up("north", 3, 25)));
  ASSERT_EQ(wrong_with(bytes), "");
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const int flip : {1, 2, 0x10, 0x80, 0xff}) {
      std::string other = bytes;
      other[at] = static_cast<char>(other[at] ^ flip);
      EXPECT_NE(wrong_with(other), "") << at << " " << flip;
    }
}

TEST(PartialState, ThatIsCutShortOrGoesOnIsRefused) {
  const std::string bytes = written(bounded(made_up("north", 3, 25)));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(wrong_with(bytes.substr(0, size)),
              size < 16 ? "is no partial state of sfumato" : "is cut short")
        << size;
  EXPECT_EQ(wrong_with(bytes + '\0'), "is damaged: something follows its end");
}

TEST(PartialState, OfAnotherFormSaysSo) {
  std::string bytes = written(made_up("north", 3, 3));
  bytes[16] = 3;
  EXPECT_EQ(wrong_with(bytes), "is a partial state of form 3, and this program reads form 2");
}

/// Lengths that promise gigabytes are believed as far as there are bytes.
TEST(PartialState, TakesNoMemoryForWhatIsNotThere) {
  std::string bytes = written(State{{"s"}, {"g"}, {}});
  bytes.resize(16 + 4);
  for (const char* rest : {"\xff\xff\xff\xff", "\x01\0\0\0p"}) {
    std::string other = bytes + std::string(rest, rest[0] == 1 ? 5 : 4);
    if (rest[0] == 1) other += std::string(48, 'k') + "\xff\xff\xff\xff" + "\xff\xff\xff\xff";
    EXPECT_EQ(wrong_with(other), "is cut short");
  }
}

/// Writes units as they are given, whatever is wrong with them.
std::string crafted(const std::vector<PartialUnit>& units,
                    const std::vector<std::string>& groups = {"a", "b", "c", "d"},
                    const std::vector<std::string>& shards = {"s"}) {
  std::string bytes;
  PartialWriter writer = writer_to(bytes);
  EXPECT_TRUE(writer.begin({"plan", key(), shards, groups}));
  for (const PartialUnit& unit : units) EXPECT_TRUE(writer.add(unit));
  EXPECT_TRUE(writer.finish());
  return bytes;
}

TEST(PartialState, WithWhatNoRunWritesIsRefusedThoughItsDigestIsRight) {
  const UnitName one{{1, 1}, false, {}}, two{{1, 2}, false, {}};
  const auto unit = [](UnitName name, std::vector<PartialUnit::Pair> pairs,
                       std::vector<std::uint64_t> words) {
    return PartialUnit{name, std::move(pairs), std::move(words)};
  };
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 1}}, {5, 1}), unit(two, {{0, 1}}, {5, 1})})), "");
  const std::string units = "is damaged: its units are out of order";
  EXPECT_EQ(wrong_with(crafted({unit(two, {{0, 1}}, {5, 1}), unit(one, {{0, 1}}, {5, 1})})), units);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 1}}, {5, 1}), unit(one, {{0, 1}}, {5, 1})})), units);
  const std::string many = "is damaged: a unit is in too many groups";
  EXPECT_EQ(wrong_with(crafted({unit(one, {}, {})})), many);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 1}, {1, 1}, {2, 1}, {3, 1}},
                                     {1, 1, 1, 1, 1, 1, 1, 1})})),
            many);
  const std::string twice = "is damaged: a unit's groups are out of order";
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 1}, {0, 1}}, {1, 1, 1, 1})})), twice);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{1, 1}, {0, 1}}, {1, 1, 1, 1})})), twice);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{4, 1}}, {1, 1})})),
            "is damaged: a group is not in its list");
  const std::string rows = "is damaged: a unit has too many rows in a group";
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 0}}, {})})), rows);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 3}}, {1, 1, 2, 1, 3, 1})})), rows);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 2}}, {2, 1, 1, 1})})),
            "is damaged: rows are out of order");
  const std::string value = "is damaged: a value lies outside its bounds";
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 1}}, {1, 1001})})), value);
  EXPECT_EQ(wrong_with(crafted({unit(one, {{0, 1}}, {1, std::bit_cast<std::uint64_t>(Units{-51})})})),
            value);
  EXPECT_EQ(wrong_with(crafted({}, {"b", "a"})), "is damaged: its groups are out of order");
  EXPECT_EQ(wrong_with(crafted({}, {"a", "a"})), "is damaged: its groups are out of order");
  EXPECT_EQ(wrong_with(crafted({}, {}, {"t", "s"})), "is damaged: its shards are out of order");
  EXPECT_EQ(wrong_with(crafted({}, {}, {})), "is damaged: a shard has no name");
}

TEST(PartialState, OfAnotherPlanOrRunOrWithAShardTwiceIsNotMerged) {
  const State north = bounded(made_up("north", 1, 20)), south = bounded(made_up("south", 2, 20));
  const auto refusal = [](const std::vector<std::string>& states) {
    const Result<std::string> all = merged(states);
    return all ? "" : all.error().where + ": " + all.error().message;
  };
  EXPECT_EQ(refusal({written(north), written(south)}), "");
  EXPECT_EQ(refusal({written(north), written(south, "another")}),
            "state 2: asks something else than state 1 does");
  EXPECT_EQ(refusal({written(north), written(south, "plan", key(2))}),
            "state 2: was made with another run file than state 1");
  EXPECT_EQ(refusal({written(north), written(south), merged({written(south)}).value()}),
            "state 3: holds the shard 'south', which state 2 holds, too: its rows would count twice");
}

/// What a shard's engine keeps is what merging keeps.
TEST(GroupOrder, IsThatOfThePairTable) {
  FixedBits bits(7);
  std::vector<std::string> names;
  for (int g = 0; g < 12; ++g) names.push_back("group " + std::to_string(100 + g));
  GroupDirectory groups(KeyedHash::of_key(key().hash).value(), 1);
  for (const std::string& name : names) groups.number(name);
  const RecordLayout layout(true, 0);
  Orders orders{BlockCipher::of(key().cipher).value(), BlockCipher::make(bits).value()};
  const auto partitions =
      Partitions::make({4, 1}, layout, 1 << 20, groups, std::move(orders), bits).value();
  std::mt19937_64 rng(8);
  std::map<Block, std::vector<std::uint32_t>> all, kept;
  Partitions::Writer writer(*partitions);
  std::uint64_t number = 0;
  for (int i = 0; i < 300; ++i) {
    const Block unit{rng(), rng()};
    for (std::uint32_t g = 0; g < 12; ++g) {
      if (rng() % 3 == 0) continue;
      all[unit].push_back(g);
      ASSERT_TRUE(writer.add({number++, {&unit, 1}, {&g, 1}, {}}));
    }
  }
  writer.close();
  ASSERT_TRUE(partitions->take(
      1, {[&](std::size_t, std::size_t partition, PairTable& table) {
            table.take([&](const Block& unit, std::uint32_t group, auto) {
              kept[layout.unit(unit, partition)].push_back(group);
            });
          },
          [](std::size_t, std::size_t) { return ok(); }}));
  GroupOrder order = GroupOrder::make(key(), names).value();
  for (auto& [unit, numbers] : all) {
    order.keep_lowest(unit, 4, numbers);
    std::ranges::sort(kept[unit]);
    EXPECT_EQ(kept[unit], numbers);
  }
}

}  // namespace
}  // namespace sfumato::partial_state_test
