#include "deid/level_search.h"

#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/effort.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

using Cells = LevelSearch::Cells;
using Hierarchies = LevelSearch::Hierarchies;
constexpr std::int64_t kWhole = LevelSearch::kWhole;

Decimal number(const char* text) {
  return Decimal::parse(text).value();
}

/// Three values, of which two become one, and all at the last.
ValueHierarchy three() {
  return ValueHierarchy::make({{"a", "ab", "*"}, {"b", "ab", "*"}, {"c", "c", "*"}}).value();
}

ValueHierarchy two() {
  return ValueHierarchy::make({{"x", "*"}, {"y", "*"}}).value();
}

LevelSearch search_of(Hierarchies columns, std::uint64_t threshold, const char* epsilon = "1",
                      std::optional<std::uint64_t> sampled = {}) {
  return LevelSearch::make(std::move(columns), number(epsilon), threshold, sampled).value();
}

std::vector<std::uint64_t> all_nodes(const LevelSearch& search) {
  std::vector<std::uint64_t> nodes(search.nodes());
  std::iota(nodes.begin(), nodes.end(), 0);
  return nodes;
}

/// The definition: texts of classes, counted; a class keeps a share for each column, by how many values its label has.
std::int64_t plainly(const Hierarchies& columns, std::uint64_t threshold, const Cells& cells,
                     const std::vector<std::uint32_t>& levels) {
  std::map<std::vector<std::string>, std::uint64_t> rows;
  std::map<std::vector<std::string>, std::int64_t> kept;
  const std::int64_t most = kWhole / static_cast<std::int64_t>(columns.size());
  for (std::size_t row = 0; row < cells.front().size(); ++row) {
    std::vector<std::string> labels;
    std::int64_t shares = 0;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::uint32_t cell = cells[c][row];
      const bool labelled = columns[c] && cell < columns[c]->values();
      labels.push_back(!columns[c] ? std::to_string(cell)
                       : !labelled
                           ? "missing"
                           : "=" + columns[c]->text(levels[c], columns[c]->label(levels[c], cell)));
      std::int64_t like = 0;
      for (std::uint32_t v = 0; labelled && v < columns[c]->values(); ++v)
        like += columns[c]->label(levels[c], v) == columns[c]->label(levels[c], cell);
      shares += labelled && columns[c]->values() > 1
                    ? most * (static_cast<std::int64_t>(columns[c]->values()) - like) /
                          (static_cast<std::int64_t>(columns[c]->values()) - 1)
                    : most;
    }
    ++rows[labels];
    kept[labels] = shares;
  }
  std::int64_t score = 0;
  for (const auto& [labels, count] : rows)
    if (count >= threshold)
      score += static_cast<std::int64_t>(count - threshold + 1) * kept[labels];
  return score;
}

TEST(LevelSearch, ScoresAreThoseOfTheDefinition) {
  std::mt19937_64 rng(27);
  const Hierarchies columns = {three(), std::nullopt, two(), three()};
  for (std::uint64_t threshold : {1u, 2u, 5u}) {
    const LevelSearch search = search_of(columns, threshold);
    ASSERT_EQ(search.nodes(), 18u);
    for (const std::size_t rows : {0u, 1u, 7u, 60u}) {
      Cells cells(4);
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t c = 0; c < 4; ++c)
          cells[c].push_back(static_cast<std::uint32_t>(rng() % (c == 2 ? 3 : 4)));
      const std::vector<std::int64_t> scores = search.scores(cells, all_nodes(search));
      ASSERT_EQ(scores.size(), 18u);
      for (std::uint64_t node = 0; node < 18; ++node)
        EXPECT_EQ(scores[node], plainly(columns, threshold, cells, search.levels_of(node)))
            << node << " of " << rows;
      const std::vector<std::uint64_t> some = {1, 2, 9, 17};
      const std::vector<std::int64_t> of_some = search.scores(cells, some);
      for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(of_some[i], scores[some[i]]);
    }
  }
}

/// By hand, of one column: at level 0 a has 3 rows, b and c 1 each; a label of two values of three keeps half.
TEST(LevelSearch, ScoresByHand) {
  const LevelSearch search = search_of({three()}, 2);
  const Cells cells = {{0, 0, 0, 1, 2, 3, 3}};
  EXPECT_EQ(search.scores(cells, all_nodes(search)),
            (std::vector<std::int64_t>{2 * kWhole + kWhole, 3 * (kWhole / 2) + kWhole, kWhole}));
}

/// All tables of three rows or fewer, and each with one row more: no score falls, none rises by more than kWhole, and some by
/// just that.
TEST(LevelSearch, OneRowMoreRaisesNoScoreByMoreThanARowKeeps) {
  const Hierarchies columns = {three(), two()};
  std::int64_t greatest = 0;
  for (std::uint64_t threshold : {1u, 2u, 3u}) {
    const LevelSearch search = search_of(columns, threshold);
    const std::vector<std::uint64_t> nodes = all_nodes(search);
    const auto visit = [&](auto&& self, Cells& cells, std::uint32_t from, int left) -> void {
      const std::vector<std::int64_t> before = search.scores(cells, nodes);
      for (std::uint32_t row = 0; row < 12; ++row) {
        cells[0].push_back(row % 4);  // 3: missing
        cells[1].push_back(row / 4);  // 2: missing
        const std::vector<std::int64_t> after = search.scores(cells, nodes);
        for (std::size_t node = 0; node < nodes.size(); ++node) {
          EXPECT_GE(after[node], before[node]);
          EXPECT_LE(after[node] - before[node], kWhole);
          greatest = std::max(greatest, after[node] - before[node]);
        }
        if (row >= from && left > 0) self(self, cells, row, left - 1);
        cells[0].pop_back();
        cells[1].pop_back();
      }
    };
    Cells cells(2);
    visit(visit, cells, 0, static_cast<int>(times(2, 4)));
  }
  EXPECT_EQ(greatest, kWhole);
}

/// The probabilities of the exponential mechanism, from scores in doubles.
std::vector<double> law(const std::vector<std::int64_t>& scores, double epsilon) {
  std::vector<double> odds;
  double sum = 0;
  for (const std::int64_t score : scores) {
    odds.push_back(std::exp(epsilon * static_cast<double>(score) / kWhole));
    sum += odds.back();
  }
  for (double& each : odds) each /= sum;
  return odds;
}

std::uint64_t node_of(const LevelSearch& search, const std::vector<std::uint32_t>& levels) {
  std::uint64_t node = 0;
  while (search.levels_of(node) != levels) ++node;
  return node;
}

void expect_drawn_by(const LevelSearch& search, const Cells& cells,
                     const std::vector<double>& expected, std::uint64_t seed) {
  FixedBits bits(seed);
  const auto draws = static_cast<double>(times(5'000, 1'000'000));
  std::vector<double> seen(expected.size(), 0), wanted = expected;
  for (double i = 0; i < draws; ++i) ++seen[node_of(search, search.draw(cells, bits))];
  for (double& each : wanted) each *= draws;
  EXPECT_GT(g_test(seen, wanted, 5).p_value, 1e-4);
}

TEST(LevelSearch, DrawsEachGeneralisationAsOftenAsTheLawSays) {
  const Cells cells = {{0, 0, 0, 1, 2, 3}, {0, 0, 1, 1, 1, 2}};
  for (const char* epsilon : {"0.25", "1.5"}) {
    const LevelSearch search = search_of({three(), two()}, 2, epsilon);
    const auto scores = search.scores(cells, all_nodes(search));
    expect_drawn_by(search, cells, law(scores, std::stod(epsilon)), 20271201);
  }
}

/// Of two candidates that are drawn first, each pair as likely as any other, one is chosen by the same law.
TEST(LevelSearch, DrawsAmongSampledCandidates) {
  const Cells cells = {{0, 0, 0, 0, 1, 2}, {0, 0, 0, 1, 1, 1}};
  const LevelSearch search = search_of({three(), two()}, 2, "2", 2);
  const auto scores = search.scores(cells, all_nodes(search));
  std::vector<double> expected(6, 0);
  for (std::size_t a = 0; a < 6; ++a)
    for (std::size_t b = a + 1; b < 6; ++b) {
      const std::vector<double> pair = law({scores[a], scores[b]}, 2);
      expected[a] += pair[0] / 15;
      expected[b] += pair[1] / 15;
    }
  expect_drawn_by(search, cells, expected, 20271202);
  const std::vector<double> alike(6, 1 / 6.0);
  expect_drawn_by(search, {{}, {}}, alike, 20271203);
}

/// A table without rows is one as any other: its neighbours have one.
TEST(LevelSearch, OfNoRowsAllAreAsLikely) {
  const LevelSearch search = search_of({three(), std::nullopt}, 1);
  EXPECT_EQ(search.scores({{}, {}}, all_nodes(search)), (std::vector<std::int64_t>{0, 0, 0}));
  expect_drawn_by(search, {{}, {}}, {1 / 3.0, 1 / 3.0, 1 / 3.0}, 3);
}

TEST(LevelSearch, NeitherOrderNorNumbersOfRowsPlayAPart) {
  const LevelSearch search = search_of({three(), std::nullopt}, 2);
  const auto of = [&](const Cells& cells) { return search.scores(cells, all_nodes(search)); };
  EXPECT_EQ(of({{0, 0, 1, 2}, {7, 7, 7, 1}}),
            of({{2, 0, 1, 0}, {0, 4'000'000'000, 4'000'000'000, 4'000'000'000}}));
}

std::string refusal(Hierarchies columns, const char* epsilon,
                    std::optional<std::uint64_t> sampled = {}) {
  const auto made = LevelSearch::make(std::move(columns), number(epsilon), 5, sampled);
  return made ? "no error" : made.error().where + " " + made.error().message;
}

TEST(LevelSearch, RefusesWhatItWouldHaveToRoundOrLookAtForTooLong) {
  for (const char* epsilon : {"0", "-1", "5.000000000001", "0.0000000000001"})
    EXPECT_NE(refusal({three()}, epsilon).find("twelve decimal places"), std::string::npos);
  for (const char* epsilon : {"5", "0.000000000001", "1e-12"})
    EXPECT_EQ(refusal({three()}, epsilon), "no error");
  const Hierarchies many(11, three());  // 177,147 > 2^16
  EXPECT_NE(refusal(many, "1").find("search-candidates"), std::string::npos);
  EXPECT_EQ(refusal(many, "1", 1000), "no error");
  EXPECT_NE(refusal(Hierarchies(17, three()), "1", 1000).find("2^26"), std::string::npos);
}

}  // namespace
}  // namespace sfumato
