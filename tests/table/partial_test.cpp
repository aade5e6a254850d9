#include "sfumato/table/partial.h"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aggregate/partial_merge.h"
#include "sfumato/base/hexadecimal.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"
#include "support/scratch.h"
#include "table/known_question.h"

namespace sfumato::partial_test {
namespace {

struct Row {
  std::string unit, group;
  int value;
};
using Rows = std::vector<Row>;

constexpr const char* kAll =
    "units, count, sum(value), variance(value), stddev(value), quantile(value,0.125,0.9), "
    "median(value), covariance(value,kind), correlation(kind,value), "
    "histogram(value,0,300,900)";

/// A state, read to its end.
struct Content {
  PartialHeader header;
  std::vector<PartialUnit> units;
  GroupTotals totals{1};
};

/// The values that are kept, in an order of their own: by which they came does not matter.
std::vector<std::vector<std::uint32_t>> values_of(const GroupTotals& totals) {
  const GroupedValues kept = totals.values(0);
  std::vector<std::vector<std::uint32_t>> all;
  for (std::size_t group = 0; group < totals.groups(); ++group) {
    const auto values = kept.of(group);
    std::ranges::sort(all.emplace_back(values.begin(), values.end()));
  }
  return all;
}

std::string line_of(const std::string& unit, const std::string& group, int value) {
  return unit + "," + group + "," + std::to_string(value) + "," + std::to_string(value % 3) + "\n";
}

/// Of `kAll`.
void expect_same_values(const std::vector<Estimate>& told, const GroupAnswer& answer) {
  const GroupAnswer::Column& column = answer.columns[0];
  const std::vector<double> values = {
      answer.units->value,
      answer.count->value,
      column.sum->value,
      column.variance->value,
      column.deviation->value,
      column.quantiles[0].value,
      column.quantiles[2].value,
      column.quantiles[1].value,
      answer.pairs[0].covariance->value,
      answer.pairs[0].correlation->value,
      answer.columns[2].bins[0].value,
      answer.columns[2].bins[1].value,
  };
  ASSERT_EQ(told.size(), values.size());
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(told[i].value, values[i]) << i;
  for (std::size_t i = 8; i < values.size(); ++i) EXPECT_EQ(told[i].value, values[i]) << i;
  for (std::size_t i = 5; i < 8; ++i)  // a value's place within its unit is random
    EXPECT_NEAR(told[i].value, values[i], 1e-5) << i;
}

/// As == does, but for that order.
void expect_same(const GroupTotals& a, const GroupTotals& b) {
  ASSERT_EQ(a.groups(), b.groups());
  for (std::size_t group = 0; group < a.groups(); ++group) {
    EXPECT_EQ(a.units(group), b.units(group));
    EXPECT_EQ(a.rows(group), b.rows(group));
    EXPECT_EQ(a.column(group, 0), b.column(group, 0));
    EXPECT_EQ(a.pair(group, 0), b.pair(group, 0));
  }
  EXPECT_EQ(values_of(a), values_of(b));
}

class Shards : public testing::Test {
 protected:
  static PartialQuestion question(ContributionBounds bounds,
                                  const char* select = "units, count, sum(value)") {
    return {.unit = "person",
            .by = {"site"},
            .select = parse_select(select).value(),
            .clamps = {{"value", 0, 1000}},
            .bounds = bounds};
  }

  std::string csv(const Rows& rows) {
    std::string text = "person,site,value,kind\n";
    for (const auto& [unit, group, value] : rows) text += line_of(unit, group, value);
    return scratch_.file("table" + std::to_string(++files_) + ".csv", text);
  }

  std::string fresh(const std::string& ending) {
    return scratch_.path(std::to_string(++files_) + ending);
  }

  std::string state_of(const PartialRun& run, const std::string& name, const Rows& rows,
                       int threads = 1) {
    return state_of(run, {.name = name, .tables = {csv(rows)}, .threads = threads}, bits_);
  }

  std::string state_of(const PartialRun& run, Shard shard, BitSource& bits) {
    std::string path = fresh(".state");
    if (!shard.memory) shard.memory = std::uint64_t{1} << 26;
    EXPECT_TRUE(run.shard(shard, path, bits));
    return path;
  }

  /// Row i is in shard i mod `shards`; merged in a random order.
  std::string merged_of(const PartialRun& run, const Rows& rows, std::size_t shards,
                        int threads = 1) {
    std::vector<Rows> parts(shards);
    for (std::size_t i = 0; i < rows.size(); ++i) parts[i % shards].push_back(rows[i]);
    return merged_of(run, parts, threads);
  }

  std::string merged_of(const PartialRun& run, const std::vector<Rows>& parts, int threads = 1) {
    std::vector<std::string> states;
    for (std::size_t s = 0; s < parts.size(); ++s)
      states.push_back(state_of(run, "s" + std::to_string(s), parts[s], threads));
    std::ranges::shuffle(states, std::mt19937_64(parts.size()));
    std::string path = fresh(".state");
    EXPECT_TRUE(merge_partials(states, path));
    return path;
  }

  static Content read(const std::string& path) {
    const std::string bytes = contents(path);
    Content content;
    const auto open = [&] {
      return PartialReader::open("state",
                                 [bytes, at = std::size_t{0}](std::span<char> to) mutable {
                                   const std::size_t size = std::min(to.size(), bytes.size() - at);
                                   std::copy_n(bytes.data() + at, size, to.data());
                                   at += size;
                                   return Result<std::size_t>(size);
                                 })
          .value();
    };
    PartialReader reader = open();
    const KnownQuestion known = question_of(reader.header().plan).value();
    const Reading reading = reading_of(known).value();
    const PartialShape shape = shape_of(reading, known.question.bounds);
    EXPECT_TRUE(reader.begin(shape));
    content.header = reader.header();
    for (PartialUnit unit; reader.next(unit).value();) content.units.push_back(unit);
    std::vector<PartialReader> again;
    again.push_back(open());
    EXPECT_TRUE(again.front().begin(shape));
    PartialMerge merge = PartialMerge::make(std::move(again), shape).value();
    CoarseUnits none({});
    content.totals = add_up(merge, reading.layout.nothing(), none).value();
    return content;
  }

  /// What a query adds up, in one pass.
  ExactSets one_pass(const Rows& rows, const PartialQuestion& asked) {
    const Query query = query_of(known(asked).value(), {csv(rows)});
    const Reading reading = reading_of(query).value();
    TableReader reader = TableReader::open(query.tables, reading.request).value();
    const auto engine = Engine::make(reading.layout, asked.bounds, {1, 1 << 26}, bits_).value();
    EXPECT_TRUE(engine->read(reader, {}));
    return engine->answer().value();
  }

  Scratch scratch_;
  FixedBits bits_{1};
  int files_ = 0;
};

Rows made_up(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 rng(seed);
  const std::vector<std::string> units = {"",
                                          "7",
                                          "07",
                                          "\"\"",
                                          "ann",
                                          "a person with a long name",
                                          "a person with a long nose",
                                          "-3",
                                          "12345678901234567890"};
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t who = rng() % 60;
    rows.push_back({who < units.size() ? units[who] : "p" + std::to_string(who),
                    "g" + std::to_string(rng() % 7), static_cast<int>(rng() % 1000)});
  }
  return rows;
}

TEST_F(Shards, GiveTheBitsOfOnePassWhereBoundsDoNotBind) {
  const Rows rows = made_up(1, 1500);
  PartialQuestion asked = question({10, 1000}, kAll);
  asked.clamps.push_back({"kind", 0, 3});
  const PartialRun run = PartialRun::make(asked, bits_).value();
  const GroupTotals once = one_pass(rows, asked).sets.front().totals;
  ASSERT_GT(once.groups(), 5U);
  ASSERT_GT(once.column(0, 0).squares, 0);
  ASSERT_GT(once.pair(0, 0).products, 0);
  ASSERT_GT(values_of(once).front().size(), 100U);
  for (const std::size_t shards : {1U, 2U, 5U, 16U})
    for (const int threads : {1, 2, 16}) {
      SCOPED_TRACE(testing::Message() << shards << " shards, " << threads << " threads");
      expect_same(read(merged_of(run, rows, shards, threads)).totals, once);
    }
}

/// Noise and all: what is released of states is what the same bits release of one pass, to the last bit;
/// of quantiles to the unit of a grid of 2^-20. (By other bits than these a quantile may take one word more here than there,
/// since values come in another order.)
TEST_F(Shards, ReleaseTheBitsOfOnePassWhereBoundsDoNotBind) {
  const Rows rows = made_up(4, 1500);
  PartialQuestion asked = question({30, 1000}, kAll);
  asked.clamps.push_back({"kind", 0, 3});
  for (const bool rollup : {false, true}) {
    asked.by = rollup ? std::vector<std::string>{"site", "kind"} : std::vector<std::string>{"site"};
    asked.rollup = rollup;
    const PartialRun run = PartialRun::make(asked, bits_).value();
    const ExactSets once = one_pass(rows, asked);
    const FinalTerms terms{
        .total = ApproximateTotal{Epsilon::make(1000).value(), Delta::make(1e-6).value()}};
    for (const std::size_t shards : {1U, 16U}) {
      SCOPED_TRACE(testing::Message() << rollup << " " << shards << " shards");
      FinalPlan final = plan_of_partials({merged_of(run, rows, shards)}, terms).value();
      const RollupRelease release = final.plan.release();
      FixedBits bits(1), same(1);
      const auto of_states = std::move(final.plan).run(Permit::unaccounted("test"), bits).value();
      const auto of_one_pass = release.release(Permit::unaccounted("test"), once.sets, same);
      ASSERT_EQ(of_states.size(), rollup ? 1U + 7 + 21 : 7U);
      ASSERT_EQ(of_one_pass.size(), rollup ? 3U : 1U);
      for (const AnswerRow& row : of_states) {
        const std::size_t set = asked.by.size() - row.group.size();
        const auto place = std::ranges::find(once.keys[set], row.group) - once.keys[set].begin();
        expect_same_values(row.values, of_one_pass[set][static_cast<std::size_t>(place)].value());
      }
    }
  }
}

/// That a person's rows lie in several shards must not count the person several times in coarser groups.
TEST_F(Shards, CountAPersonOnceInEachCoarserGroup) {
  PartialQuestion asked = question({4, 2});
  asked.by = {"site", "kind"};
  asked.rollup = true;
  const PartialRun run = PartialRun::make(asked, bits_).value();
  const FinalTerms terms{
      .total = ApproximateTotal{Epsilon::make(1 << 20).value(), Delta::make(0.5).value()}};
  const std::vector<std::string> states = {
      state_of(run, "a", {{"ann", "g0", 0}, {"ann", "g0", 1}, {"bob", "g0", 0}, {"cyd", "g0", 0}}),
      state_of(run, "b", {{"ann", "g0", 1}, {"bob", "g0", 1}, {"cyd", "g0", 1}, {"ann", "g1", 2}})};
  FinalPlan final = plan_of_partials(states, terms).value();
  const auto rows = std::move(final.plan).run(Permit::unaccounted("test"), bits_).value();
  ASSERT_GE(rows.size(), 2U);
  EXPECT_EQ(rows[0].group.size(), 0U);
  EXPECT_EQ(rows[0].values[0].value, 3);
  EXPECT_EQ(rows[0].values[1].value, 8);
  EXPECT_EQ(rows[1].group, (GroupKey{"g0"}));
  EXPECT_EQ(rows[1].values[0].value, 3);
  EXPECT_EQ(rows[1].values[1].value, 7);
}

/// A person with rows in two places, in three groups each, is bounded as one person is.
TEST_F(Shards, BoundAPersonInTwoOfThemOnce) {
  Rows north, south;
  for (const char* group : {"g0", "g1", "g2"})
    for (int i = 0; i < 4; ++i) {
      north.push_back({"ann", group, 1000});
      south.push_back({"ann", group, 1000});
    }
  PartialQuestion of_all = question({2, 3}, kAll);
  of_all.clamps.push_back({"kind", 0, 3});
  const PartialRun run = PartialRun::make(of_all, bits_).value();
  for (const std::string& state :
       {merged_of(run, {north, south}), merged_of(run, {north, south, {}, north})}) {
    const Content content = read(state);
    ASSERT_EQ(content.units.size(), 1U);
    ASSERT_EQ(content.units[0].pairs.size(), 2U);
    std::int64_t units = 0, rows = 0;
    int128 sum = 0;
    for (std::size_t group = 0; group < 3; ++group) {
      units += content.totals.units(group);
      rows += content.totals.rows(group);
      sum += content.totals.column(group, 0).sum;
      EXPECT_LE(content.totals.units(group), 1);
      EXPECT_LE(content.totals.rows(group), 3);
    }
    EXPECT_EQ(units, 2);
    EXPECT_EQ(rows, 6);
    EXPECT_EQ(values_of(content.totals)[0].size() + values_of(content.totals)[1].size() +
                  values_of(content.totals)[2].size(),
              6U);
    const KnownQuestion asked = known(of_all).value();
    const Units highest = shape_of(reading_of(asked).value(), {2, 3}).columns[0].upper;
    EXPECT_EQ(sum, int128{6} * highest);
  }
}

/// Units and groups as they are known by a run, whatever the shard.
TEST_F(Shards, KeepTheGroupsThatOnePassKeepsAndAsManyRows) {
  const Rows rows = made_up(2, 1500);
  const PartialRun run = PartialRun::make(question({3, 2}), bits_).value();
  const Content whole = read(state_of(run, "all", rows));
  for (const std::size_t shards : {2U, 5U, 16U}) {
    const Content merged = read(merged_of(run, rows, shards, 2));
    EXPECT_EQ(merged.header.groups, whole.header.groups);
    EXPECT_EQ(merged.header.shards.size(), shards);
    ASSERT_EQ(merged.units.size(), whole.units.size());
    for (std::size_t i = 0; i < whole.units.size(); ++i) {
      const PartialUnit &a = merged.units[i], &b = whole.units[i];
      EXPECT_EQ(a.name, b.name);
      ASSERT_EQ(a.pairs.size(), b.pairs.size());
      for (std::size_t p = 0; p < a.pairs.size(); ++p) {
        EXPECT_EQ(a.pairs[p].group, b.pairs[p].group);
        EXPECT_EQ(a.pairs[p].rows, b.pairs[p].rows);
      }
    }
  }
}

TEST_F(Shards, AreTheSameBytesForAnyThreadsAndMemory) {
  const Rows rows = made_up(3, 4000);
  const PartialRun run = PartialRun::make(question({3, 2}), bits_).value();
  const std::string table = csv(rows);
  std::string first;
  for (const int threads : {1, 2, 16})
    for (const std::uint64_t memory : {std::uint64_t{1}, std::uint64_t{1} << 26}) {
      FixedBits bits(77);  // the same order of rows
      const Shard shard{.name = "s", .tables = {table}, .threads = threads, .memory = memory};
      const std::string bytes = contents(state_of(run, shard, bits));
      if (first.empty()) first = bytes;
      EXPECT_EQ(bytes, first) << threads << " " << memory;
    }
}

/// Of each of 1,500 units 20 rows of one group, dealt out: each row is kept equally often, whatever the order.
TEST_F(Shards, KeepAUniformSampleOfRowsForOneShardOrSixteen) {
  Rows rows;
  constexpr int kUnits = 1500;
  for (int value = 0; value < 20; ++value)
    for (int unit = 0; unit < kUnits; ++unit)
      rows.push_back({"p" + std::to_string(unit), "g", value});
  const PartialRun run = PartialRun::make(question({1, 2}), bits_).value();
  for (const std::size_t shards : {1U, 2U, 16U, 1U, 16U}) {
    // Value v of unit u is in shard (1500 v + u) mod 16: of most units in several.
    const Content content = read(merged_of(run, rows, shards));
    ASSERT_EQ(content.units.size(), std::size_t{kUnits});
    std::map<std::uint64_t, double> kept;
    std::map<std::pair<std::uint64_t, std::uint64_t>, double> pairs;
    for (const PartialUnit& unit : content.units) {
      ASSERT_EQ(unit.words.size(), 4U);
      ++kept[unit.words[1]], ++kept[unit.words[3]];
      ++pairs[std::minmax(unit.words[1], unit.words[3])];
    }
    const auto fits = [](const auto& counts, std::size_t bins, double total) {
      std::vector<double> seen;
      for (const auto& [what, count] : counts) seen.push_back(count);
      seen.resize(bins);
      const std::vector<double> expected(bins, total / static_cast<double>(bins));
      return g_test(seen, expected, 5).p_value;
    };
    EXPECT_GE(fits(kept, 20, 2.0 * kUnits), 1e-3) << shards;
    EXPECT_GE(fits(pairs, 190, kUnits), 1e-3) << shards;
    std::ranges::stable_sort(rows, std::greater{}, &Row::unit);  // each person's rows together
  }
}

/// Of each unit's 4 groups of 3 rows, two groups and one row of each: all 54 outcomes equally often.
TEST_F(Shards, KeepGroupsAndTheirRowsUniformlyTogetherForOneShardOrSixteen) {
  constexpr int kUnits = 2700;
  Rows rows;
  for (int unit = 0; unit < kUnits; ++unit)
    for (int row = 0; row < 12; ++row)
      rows.push_back({"p" + std::to_string(unit), "g" + std::to_string(row % 4), row / 4});
  std::mt19937_64 rng(12);
  for (const std::size_t shards : {1U, 16U, 16U}) {
    const PartialRun run = PartialRun::make(question({2, 1}), bits_).value();
    const Content content = read(merged_of(run, rows, shards));
    std::map<std::vector<std::uint64_t>, double> seen;
    for (const PartialUnit& unit : content.units) {
      ASSERT_EQ(unit.words.size(), 4U);  // values of 0 … 1000 lie on a grid of 2^-42
      ++seen[{unit.pairs[0].group, unit.pairs[1].group, unit.words[1] >> 42, unit.words[3] >> 42}];
    }
    std::vector<double> counts;
    for (const auto& [outcome, count] : seen) counts.push_back(count);
    ASSERT_EQ(counts.size(), 54U);
    EXPECT_GE(g_test(counts, std::vector<double>(54, kUnits / 54.0)).p_value, 1e-3) << shards;
    std::ranges::shuffle(rows, rng);
  }
}

/// A unit stands in 8 groups in one shard, and in one of them in each of 15 further shards: that one
/// must not be kept more often than others.
TEST_F(Shards, GiveAGroupThatStandsInManyOfThemNoMoreChances) {
  constexpr int kUnits = 1600;
  for (const std::size_t shards : {1U, 2U, 16U}) {
    std::vector<Rows> parts(shards);
    for (int unit = 0; unit < kUnits; ++unit) {
      const std::string name = "p" + std::to_string(unit);
      for (int g = 0; g < 8; ++g) parts[0].push_back({name, "g" + std::to_string(g), 1});
      for (std::size_t s = 1; s < shards; ++s) parts[s].push_back({name, "g0", 1});
    }
    const PartialRun run = PartialRun::make(question({3, 2}), bits_).value();
    const Content content = read(merged_of(run, parts));
    std::vector<double> kept(8);
    for (std::size_t g = 0; g < 8; ++g) kept[g] = static_cast<double>(content.totals.units(g));
    EXPECT_GE(g_test(kept, std::vector<double>(8, kUnits * 3 / 8.0)).p_value, 1e-3) << shards;
  }
}

/// Rows of one unit in a shard that has many do not weigh less than the one of another shard.
TEST_F(Shards, GiveARowThatIsAloneInItsShardTheSameChance) {
  constexpr int kUnits = 3000;
  std::vector<Rows> parts(2);
  for (int unit = 0; unit < kUnits; ++unit) {
    const std::string name = "p" + std::to_string(unit);
    for (int value = 0; value < 9; ++value) parts[0].push_back({name, "g", value});
    parts[1].push_back({name, "g", 9});
  }
  const PartialRun run = PartialRun::make(question({1, 1}), bits_).value();
  std::vector<double> seen(10);  // values of 0 … 1000 lie on a grid of 2^-42
  for (const PartialUnit& unit : read(merged_of(run, parts)).units) ++seen[unit.words[1] >> 42];
  EXPECT_GE(g_test(seen, std::vector<double>(10, kUnits / 10.0)).p_value, 1e-3);
}

/// Of two programs that gave a person two pseudonyms, states would count the person twice: whoever changes how ids become
/// blocks, or anything else that this digest hangs on, has to raise kPartialVersion.
TEST_F(Shards, HaveTheBytesOfTheirVersion) {
  FixedBits of_run(5), of_shard(6);
  const PartialRun run = PartialRun::make(question({2, 2}), of_run).value();
  Rows rows;
  for (const char* unit :
       {"", "7", "07", "-12", "ann", "fifteen letters", "somebody with a long id",
        "sixteen-letters_", "0123456789abcdef0123", "12345678901234567890",
        "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5bd9cb469fa16570867728950e",
        "0F8FAD5B-D9CB-469F-A165-70867728950E"})
    for (int i = 0; i < 4; ++i) rows.push_back({unit, "g" + std::to_string(i % 3), i});
  const std::string bytes = contents(state_of(run, {.name = "s", .tables = {csv(rows)}}, of_shard));
  EXPECT_EQ(kPartialVersion, 2U);
  EXPECT_EQ(hexadecimal(bytes.substr(bytes.size() - 32)),  // SHA-256 of all before
            "b3bfd78adef7f54e3566214c177c40638db978a0f1293612d1a16d9cac1e1ba1");
}

TEST_F(Shards, OfTwoRunsChooseApart) {
  Rows rows;
  for (int unit = 0; unit < 400; ++unit)
    for (int g = 0; g < 4; ++g) rows.push_back({"p" + std::to_string(unit), std::to_string(g), 1});
  std::vector<Content> states;
  for (int i = 0; i < 2; ++i)
    states.push_back(read(state_of(PartialRun::make(question({1, 1}), bits_).value(), "s", rows)));
  EXPECT_NE(states[0].units.front().name, states[1].units.front().name);
  EXPECT_NE(states[0].header.order, states[1].header.order);
}

TEST_F(Shards, HaveIntervalsOfQuantilesWhereFinalTermsAskForThem) {
  const PartialRun run =
      PartialRun::make(question({10, 1000}, "median(value), count"), bits_).value();
  FinalTerms terms{.total =
                       ApproximateTotal{Epsilon::make(100).value(), Delta::make(1e-3).value()}};
  const std::string state = merged_of(run, made_up(5, 3000), 2);
  EXPECT_EQ(plan_of_partials({state}, terms).value().plan.errors()[0].mechanism, "exponential");
  terms.quantile_intervals = true;
  FinalPlan final = plan_of_partials({state}, terms).value();
  EXPECT_EQ(final.plan.errors()[0].mechanism, "tree");
  const auto rows = std::move(final.plan).run(Permit::unaccounted("test"), bits_).value();
  ASSERT_GE(rows.size(), 1U);
  for (const AnswerRow& row : rows) EXPECT_TRUE(row.values[0].has_interval());
}

TEST_F(Shards, ReleaseWhatAQueryWould) {
  const Rows rows = made_up(5, 3000);
  const PartialRun run = PartialRun::make(question({10, 1000}), bits_).value();
  const FinalTerms terms{
      .total = ApproximateTotal{Epsilon::make(1 << 20).value(), Delta::make(0.5).value()}};
  FinalPlan final =
      plan_of_partials({merged_of(run, rows, 3), state_of(run, "last", {})}, terms).value();
  EXPECT_EQ(final.plan.query().tables, (std::vector<std::string>{"last", "s0", "s1", "s2"}));
  EXPECT_EQ(final.plan.query().where, question({10, 1000}).where);
  Plan plan = Plan::make(query_of(known(question({10, 1000})).value(), {csv(rows)}, terms)).value();
  EXPECT_EQ(plan.errors().front().scale, final.plan.errors().front().scale);
  const auto merged = std::move(final.plan).run(Permit::unaccounted("test"), bits_).value();
  const auto once = std::move(plan).run(Permit::unaccounted("test"), bits_).value();
  ASSERT_EQ(merged.size(), 7U);
  ASSERT_EQ(once.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(merged[i].group, once[i].group);
    EXPECT_EQ(merged[i].values[0].value, once[i].values[0].value);
    EXPECT_EQ(merged[i].values[1].value, once[i].values[1].value);
    EXPECT_NEAR(merged[i].values[2].value, once[i].values[2].value, 600);  // its scale is 9.5
  }
}

TEST_F(Shards, WithAPublicListAnswerAllOfIt) {
  PartialQuestion asked = question({10, 1000});
  asked.groups = scratch_.file("sites.csv", "site\ng1\nnowhere\ng0\ng1\n");
  const PartialRun run = PartialRun::make(asked, bits_).value();
  const Content content = read(merged_of(run, made_up(6, 500), 3));
  ASSERT_EQ(content.header.groups.size(), 3U);
  EXPECT_GT(content.totals.units(0), 0);
  EXPECT_EQ(content.totals.units(2), 0);  // "nowhere": canonical bytes begin with the length
}

TEST_F(Shards, WithoutColumnsOfGroupsAreOneGroup) {
  PartialQuestion asked = question({1, 1000});
  asked.by.clear();
  const PartialRun run = PartialRun::make(asked, bits_).value();
  const Rows rows = made_up(7, 500);
  const Content content = read(merged_of(run, rows, 4));
  EXPECT_EQ(content.header.groups, std::vector<std::string>{""});
  EXPECT_EQ(content.totals.rows(0), std::ssize(rows));
}

TEST_F(Shards, OfOtherRunsPlansOrNamesThatAreThereTwiceAreRefused) {
  const Rows rows = made_up(8, 50);
  const PartialRun run = PartialRun::make(question({3, 2}), bits_).value();
  const std::string a = state_of(run, "a", rows), b = state_of(run, "b", rows);
  const auto refusal = [&](const std::vector<std::string>& states) {
    const std::string path = fresh(".state");
    const Status done = merge_partials(states, path);
    EXPECT_EQ(contents(path).empty(), !done);
    return done ? "" : done.error().message;
  };
  EXPECT_EQ(refusal({a, b}), "");
  EXPECT_EQ(refusal({}), "must be one file at least");
  EXPECT_EQ(refusal({a, b, a}),
            "holds the shard 'a', which " + a + " holds, too: its rows would count twice");
  EXPECT_EQ(refusal({a, state_of(run, "a", rows)}),
            "holds the shard 'a', which " + a + " holds, too: its rows would count twice");
  const PartialRun again = PartialRun::make(question({3, 2}), bits_).value();
  EXPECT_EQ(refusal({a, state_of(again, "b", rows)}), "was made with another run file than " + a);
  PartialQuestion rolled_up = question({3, 2});
  rolled_up.rollup = true;
  for (const PartialQuestion& asked :
       {question({3, 3}), question({3, 2}, "units, count, mean(value)"),
        question({3, 2}, "units, count, sum(value), quantile(value,0.5)"), rolled_up}) {
    const PartialRun other = PartialRun::make(asked, bits_).value();
    EXPECT_EQ(refusal({a, state_of(other, "b", rows)}), "asks something else than " + a + " does");
  }
  ASSERT_EQ(::chmod(b.c_str(), 0644), 0);
  EXPECT_EQ(refusal({a, b}), "may be read by others: `chmod 600` it");
  EXPECT_FALSE(merge_partials({a}, a));
  EXPECT_FALSE(run.shard({.name = "", .tables = {csv(rows)}}, fresh(".state"), bits_));
  EXPECT_FALSE(
      run.shard({.name = std::string(201, 'x'), .tables = {csv(rows)}}, fresh(".state"), bits_));
  EXPECT_FALSE(
      run.shard({.name = "x", .tables = {csv(rows)}, .threads = 0}, fresh(".state"), bits_));
  EXPECT_FALSE(run.shard({.name = "x", .tables = {"no.csv"}}, fresh(".state"), bits_));
}

TEST_F(Shards, AreReadOfARunFileAsOfTheRun) {
  PartialQuestion asked = question({3, 2});
  asked.by = {"site", "na,me\"d"};
  asked.rollup = true;
  asked.select = parse_select(
                     "count, sum(\"a, b\"\"c\"), mean(x), stddev(x), quantile(x,0.1,1e-3), "
                     "median(\"a, b\"\"c\"), quantile(\"0.5,0.7\",0.1234567890123456789)")
                     .value();
  asked.clamps = {{"x", -0.5, 7}, {"a, b\"c", 0, 1}, {"0.5,0.7", 0, 2}};
  asked.where = {parse_condition("y in (1, 2)").value(), parse_condition("x < 3").value()};
  const PartialRun run = PartialRun::make(asked, bits_).value();
  const std::string path = fresh(".run"), copy = fresh(".run");
  ASSERT_TRUE(run.write(path));
  ASSERT_TRUE(PartialRun::read(path).value().write(copy));
  const std::string known_bytes = bytes_of(known(asked).value());
  EXPECT_EQ(question_of(known_bytes).value().question.select, asked.select);
  EXPECT_TRUE(question_of(known_bytes).value().question.rollup);
  EXPECT_EQ(contents(path), contents(copy));
  EXPECT_FALSE(run.write(path));
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600U);

  const std::string bytes = contents(path);
  const auto readable = [&](const std::string& other) {
    const std::string file = scratch_.file("other.run", other);
    EXPECT_EQ(::chmod(file.c_str(), 0600), 0);
    return PartialRun::read(file).has_value();
  };
  EXPECT_TRUE(readable(bytes));
  EXPECT_FALSE(readable(bytes + '\0'));
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 0x11);
    EXPECT_FALSE(readable(other)) << at;
    EXPECT_FALSE(readable(bytes.substr(0, at))) << at;
  }
}

TEST_F(Shards, AreNotBegunForWhatNoPlanWouldTake) {
  const auto refused = [&](auto change) {
    PartialQuestion asked = question({3, 2});
    change(asked);
    return !PartialRun::make(asked, bits_);
  };
  EXPECT_FALSE(refused([](PartialQuestion&) {}));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.bounds.max_groups = 0; }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.bounds.max_rows = -1; }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.clamps.clear(); }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.clamps.push_back({"other", 0, 1}); }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.clamps[0].upper = -1; }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.by = {"site", "site"}; }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.groups = "no such file"; }));
  EXPECT_TRUE(refused([](PartialQuestion& q) { q.by.clear(), q.rollup = true; }));
  for (const double level : {0.0, 1.0, -0.5, 2.0, std::nan("")})
    EXPECT_TRUE(refused([&](PartialQuestion& q) {
      q.select = {{Aggregate::Kind::quantile, "value", level}};
    }));
}

}  // namespace
}  // namespace sfumato::partial_test
