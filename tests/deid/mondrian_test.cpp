#include "sfumato/deid/mondrian.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

using Kind = MondrianColumn::Kind;
using Labels = std::vector<std::vector<std::string>>;

ReleaseLimits cut_limits(std::vector<ReleaseModel> models, const char* suppression = "0") {
  return {std::move(models), Fraction::parse(suppression).value()};
}

/// The rows of each class.
std::vector<std::vector<std::uint32_t>> rows_of(const LocalRecoding& made) {
  std::vector<std::vector<std::uint32_t>> rows(made.count);
  for (std::uint32_t row = 0; row < made.classes.size(); ++row)
    if (!made.suppressed[row]) rows[made.classes[row]].push_back(row);
  return rows;
}

/// The patients of LeFevre and others, figures 1 and 3: their classes are {25, 26} M 53711, {25, 27} F 53712 and
/// {27, 28} M {53710, 53711}.
TEST(Mondrian, CutsThePatientsOfThePaperIntoItsClasses) {
  QuasiTable table;
  table.quasi = {ValueHierarchy::make({{"M", "*"}, {"F", "*"}}).value(),
                 ValueHierarchy::make(Labels{{"25"}, {"26"}, {"27"}, {"28"}}).value(),
                 ValueHierarchy::make(Labels{{"53710"}, {"53711"}, {"53712"}}).value()};
  table.cells = {{0, 1, 0, 0, 1, 0}, {0, 0, 1, 2, 2, 3}, {1, 2, 1, 0, 2, 1}};
  const std::vector<MondrianColumn> columns = {
      {Kind::hierarchy}, {Kind::ordered, {25, 26, 27, 28}}, {Kind::ordered, {53710, 53711, 53712}}};
  const auto made = mondrian(table, columns, cut_limits({KAnonymity{2}}));
  ASSERT_TRUE(made && *made);
  EXPECT_EQ(rows_of(**made), (std::vector<std::vector<std::uint32_t>>{{0, 2}, {3, 5}, {1, 4}}));
}

/// By hand: of values 1 1 1 2 9 the middle row has 1, and 3 to 2 is as near to halves as can be; of 1 2 2 2 the cut
/// goes below the value of the middle row.
TEST(Mondrian, CutsOrderedValuesNearestToHalves) {
  const auto sizes = [](std::vector<std::uint32_t> cells, std::uint64_t k) {
    QuasiTable table;
    table.quasi = {ValueHierarchy::make(Labels{{"1"}, {"2"}, {"9"}}).value()};
    table.cells = {std::move(cells)};
    const auto made = mondrian(table, {{Kind::ordered, {1, 2, 9}}}, cut_limits({KAnonymity{k}}));
    std::vector<std::size_t> rows;
    for (const auto& one : rows_of(made->value())) rows.push_back(one.size());
    return rows;
  };
  EXPECT_EQ(sizes({0, 0, 0, 1, 2}, 2), (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(sizes({0, 0, 0, 1, 2}, 1), (std::vector<std::size_t>{3, 1, 1}));
  EXPECT_EQ(sizes({0, 1, 1, 1}, 1), (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(sizes({0, 1, 1, 1}, 2), (std::vector<std::size_t>{4}));
  EXPECT_EQ(sizes({0, 0, 0, 0}, 2), (std::vector<std::size_t>{4}));
}

TEST(Mondrian, RowsThatSatisfyNothingAreSuppressedAsFarAsThatMayBe) {
  QuasiTable table;
  table.quasi = {ValueHierarchy::make(Labels{{"a"}, {"b"}}).value(),
                 ValueHierarchy::make({{"1", "*"}, {"2", "*"}})->with_missing(),
                 ValueHierarchy::make(Labels{{"5"}, {"6"}})->with_missing()};
  table.cells = {{0, 0, 0, 1, 0, 0}, {0, 1, 2, 0, 0, 0}, {0, 0, 1, 1, 2, 2}};
  const std::vector<MondrianColumn> columns = {
      {Kind::fixed}, {Kind::hierarchy}, {Kind::ordered, {5, 6}}};
  const auto made = mondrian(table, columns, cut_limits({KAnonymity{2}}, "1/6"));
  ASSERT_TRUE(made && *made);
  // b stands alone, and the last two lack a number; what lacks a value under * is like the others.
  EXPECT_EQ((*made)->suppressed, (std::vector<bool>{false, false, false, true, false, false}));
  EXPECT_EQ((*made)->suppressed_rows, 1U);
  EXPECT_EQ(rows_of(**made), (std::vector<std::vector<std::uint32_t>>{{0, 1, 2}, {4, 5}}));
  const auto none = mondrian(table, columns, cut_limits({KAnonymity{2}}, "1/7"));
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  ReleaseLimits stay = cut_limits({KAnonymity{2}}, "1/6");
  stay.suppressed_stay = true;
  EXPECT_FALSE(mondrian(table, columns, stay)->has_value());
}

TEST(Mondrian, IsRefusedWhereTheQuestionIsAmiss) {
  QuasiTable table;
  table.quasi = {ValueHierarchy::make(Labels{{"1"}, {"2"}}).value()};
  table.cells = {{0, 1}};
  table.population = {{0, 1}};
  const std::vector<MondrianColumn> columns = {{Kind::ordered, {1, 2}}};
  EXPECT_TRUE(mondrian(table, columns, cut_limits({KAnonymity{1}})));
  EXPECT_FALSE(mondrian(table, {}, cut_limits({KAnonymity{1}})));
  EXPECT_FALSE(mondrian(table, {{Kind::ordered, {1}}}, cut_limits({KAnonymity{1}})));
  EXPECT_FALSE(mondrian(table, {{Kind::ordered, {2, 1}}}, cut_limits({KAnonymity{1}})));
  EXPECT_FALSE(mondrian(table, {{Kind::ordered, {1, 1}}}, cut_limits({KAnonymity{1}})));
  EXPECT_FALSE(mondrian(table, {{Kind::ordered, {-1e308, 1e308}}}, cut_limits({KAnonymity{1}})));
  EXPECT_FALSE(mondrian(table, columns, cut_limits({KMap{1}})));
  EXPECT_FALSE(mondrian(table, columns, cut_limits({})));
  ReleaseLimits wild = cut_limits({KAnonymity{1}});
  wild.wildcards = true;
  EXPECT_FALSE(mondrian(table, columns, wild));
}

struct RandomCuts {
  QuasiTable table;
  std::vector<MondrianColumn> columns;
};

RandomCuts random_cuts(std::mt19937_64& random) {
  RandomCuts made;
  const std::size_t rows = 1 + random() % 200;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::uint32_t values = 2 + static_cast<std::uint32_t>(random() % 9);
    Labels lines;
    MondrianColumn column{.kind = c == 0 ? Kind::hierarchy : Kind::ordered};
    if (c == 2 && random() % 3 == 0) column.kind = Kind::fixed;
    for (std::uint32_t v = 0; v < values; ++v) {
      lines.push_back({std::to_string(v)});
      if (column.kind == Kind::hierarchy)
        lines.back().insert(lines.back().end(), {"s" + std::to_string(v / 3), "*"});
      if (column.kind == Kind::ordered) column.positions.push_back(v * v);
    }
    made.table.quasi.push_back(ValueHierarchy::make(lines).value());
    made.table.cells.emplace_back();
    for (std::size_t row = 0; row < rows; ++row)
      made.table.cells.back().push_back(static_cast<std::uint32_t>(random() % values));
    made.columns.push_back(column);
  }
  made.table.sensitive = {{{}, 3}, {{}, 2}};
  for (SensitiveColumn& column : made.table.sensitive)
    for (std::size_t row = 0; row < rows; ++row)
      column.cells.push_back(static_cast<std::uint32_t>(random() % column.values));
  return made;
}

/// Counted anew from the rows.
bool naively(const QuasiTable& table, const std::vector<std::uint32_t>& rows,
             const ReleaseLimits& limits) {
  bool all = true;
  for (std::size_t m = 0; m < limits.models.size(); ++m) {
    const SensitiveColumn& column = table.sensitive[limits.column_of(m)];
    std::map<std::uint32_t, std::uint64_t> values;
    TableCounts whole{table.rows(), std::vector<std::uint64_t>(column.values)};
    for (const std::uint32_t value : column.cells) ++whole.sensitive[value];
    for (const std::uint32_t row : rows) ++values[column.cells[row]];
    std::vector<ValueCount> counts;
    for (const auto& [value, count] : values) counts.push_back({value, count});
    all = all && holds(limits.models[m], {rows.size(), counts}, whole);
  }
  return all;
}

/// Every class satisfies the models, and no column can be cut so that both sides do: of ordered ones the cut
/// nearest to halves is tried, of two that are as near one.
TEST(Mondrian, ClassesSatisfyTheModelsAndNoneCanBeCutFurther) {
  std::mt19937_64 random(31);
  int classes = 0;
  for (int i = 0; i < 300; ++i) {
    const auto [table, columns] = random_cuts(random);
    ReleaseLimits limits = cut_limits({KAnonymity{1 + random() % 9}}, "1");
    if (random() % 2 == 0) limits.models.push_back(DistinctDiversity{2});
    if (random() % 3 == 0) limits.models.push_back(EqualCloseness{Fraction::make(1, 3).value()});
    for (std::size_t m = 0; m < limits.models.size(); ++m) limits.columns.push_back(m % 2);
    const LocalRecoding made = mondrian(table, columns, limits).value().value();
    std::set<std::vector<std::uint32_t>> boxes;
    for (const std::vector<std::uint32_t>& rows : rows_of(made)) {
      ++classes;
      EXPECT_TRUE(naively(table, rows, limits));
      for (std::size_t c = 0; c < columns.size(); ++c) {
        std::map<std::uint32_t, std::vector<std::uint32_t>> by_value;
        for (const std::uint32_t row : rows) by_value[table.cells[c][row]].push_back(row);
        if (columns[c].kind == Kind::fixed) {
          EXPECT_EQ(by_value.size(), 1U);
        }
        if (columns[c].kind != Kind::ordered || by_value.size() == 1) continue;
        // The cut nearest to halves.
        std::vector<std::uint32_t> low, best_low, best_high;
        bool tied = false;
        for (const auto& [value, list] : by_value) {
          low.insert(low.end(), list.begin(), list.end());
          if (low.size() == rows.size()) break;
          const std::size_t half = std::min(low.size(), rows.size() - low.size());
          const std::size_t best = std::min(best_low.size(), best_high.size());
          tied = tied || half == best;
          if (half > best) {
            tied = false;
            best_low = low;
            best_high.clear();
            for (const std::uint32_t row : rows)
              if (!std::ranges::count(low, row)) best_high.push_back(row);
          }
        }
        EXPECT_FALSE(!tied && naively(table, best_low, limits) && naively(table, best_high, limits))
            << i;
      }
      std::map<std::uint32_t, std::vector<std::uint32_t>> by_label;
      std::size_t level = 2;
      for (; level > 0; --level) {
        by_label.clear();
        for (const std::uint32_t row : rows)
          by_label[table.quasi[0].label(level - 1, table.cells[0][row])].push_back(row);
        if (by_label.size() > 1) break;
      }
      EXPECT_FALSE(level > 0 && std::ranges::all_of(by_label, [&](const auto& one) {
                     return naively(table, one.second, limits);
                   }));
    }
  }
  EXPECT_GT(classes, 1000);
}

/// Of two classes one lies wholly beside the other in some column.
TEST(Mondrian, ClassesAreBoxesThatDoNotOverlap) {
  std::mt19937_64 random(32);
  for (int i = 0; i < 50; ++i) {
    const auto [table, columns] = random_cuts(random);
    const LocalRecoding made =
        mondrian(table, columns, cut_limits({KAnonymity{3}}, "1")).value().value();
    const auto rows = rows_of(made);
    const auto labels = [&](std::size_t c, const std::vector<std::uint32_t>& of) {
      std::set<std::uint32_t> values;
      for (const std::uint32_t row : of) values.insert(table.cells[c][row]);
      return values;
    };
    for (std::size_t a = 0; a < rows.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        bool apart = false;
        for (std::size_t c = 0; c < columns.size(); ++c) {
          const auto one = labels(c, rows[a]), other = labels(c, rows[b]);
          if (columns[c].kind == Kind::ordered)
            apart = apart || *one.rbegin() < *other.begin() || *other.rbegin() < *one.begin();
          else
            apart = apart || std::ranges::none_of(
                                 one, [&](std::uint32_t value) { return other.contains(value); });
        }
        EXPECT_TRUE(apart);
      }
  }
}

}  // namespace
}  // namespace sfumato
