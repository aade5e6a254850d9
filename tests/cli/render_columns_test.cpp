#include "cli/render_columns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace sfumato {
namespace {

Report rolled_up_counts() {
  const PrivacyTotal total = ApproximateTotal{.epsilon = 0.5_eps, .delta = 1e-6_delta};
  return {
      .query = {.tables = {"t.csv"},
                .unit = "person",
                .by = {"region", "city"},
                .rollup = true,
                .select = {{Aggregate::Kind::count, {}}, {Aggregate::Kind::median, "x", 0.5}},
                .clamps = {{"x", -1, 2.5}},
                .bounds = {.max_groups = 3, .max_rows = 2},
                .total = total},
      .written = {false, Decimal::parse("0.50").value(), Decimal::parse("1e-6").value(),
                  Decimal::parse("0.9").value()},
      .parts = 2,
      .cost = total,
      .aggregates = {{.name = "count", .mechanism = "laplace", .scale = 4, .standard_error = 5.5},
                     {.name = "median(x)", .mechanism = "tree", .rank_error = 7}},
      .selection = std::nullopt,
      .rows = std::vector<AnswerRow>{{{}, {{9, 8, 10}, estimate_alone(1)}},
                                     {{std::nullopt}, {{4, 3, 5}, estimate_alone(0)}},
                                     {{"a", ""}, {{5, 4, 6}, estimate_alone(2)}}},
      .charged = true};
}

std::string note(const TableNotes& notes, const std::string& name) {
  for (const auto& [key, text] : notes)
    if (key == name) return text;
  return "(none)";
}

TEST(ColumnsOf, HasTheColumnsOfCsvAndTheirCells) {
  const NewTable table = columns_of(rolled_up_counts(), "abc");
  std::vector<std::string> names;
  for (const NewTableColumn& column : table.columns) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"region", "city", "rolled_up", "count", "count low",
                                             "count high", "median(x)", "median(x) low",
                                             "median(x) high"}));
  using Texts = std::vector<std::optional<std::string>>;
  EXPECT_EQ(std::get<Texts>(table.columns[0].cells), (Texts{std::nullopt, std::nullopt, "a"}));
  EXPECT_EQ(std::get<Texts>(table.columns[1].cells), (Texts{std::nullopt, std::nullopt, ""}));
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(table.columns[2].cells),
            (std::vector<std::int64_t>{2, 1, 0}));
  EXPECT_EQ(std::get<std::vector<double>>(table.columns[4].cells), (std::vector<double>{8, 3, 4}));
  EXPECT_EQ(std::get<std::vector<double>>(table.columns[5].cells), (std::vector<double>{10, 5, 6}));
  EXPECT_TRUE(std::isnan(std::get<std::vector<double>>(table.columns[8].cells)[1]));
}

TEST(ColumnsOf, NotesSayWhatItCostAndOfWhom) {
  Report report = rolled_up_counts();
  const TableNotes notes = columns_of(report, "abc").notes;
  for (const auto& [name, text] : TableNotes{{"epsilon", "0.5"},
                                             {"delta", "1e-6"},
                                             {"unit", "person"},
                                             {"relation", "add-remove"},
                                             {"max_groups", "3"},
                                             {"max_rows", "2"},
                                             {"confidence", "0.9"},
                                             {"charged", "true"},
                                             {"plan_sha256", "abc"},
                                             {"clamps", "x=-1:2.5"},
                                             {"version", SFUMATO_VERSION},
                                             {"where", "(none)"},
                                             {"rho", "(none)"}})
    EXPECT_EQ(note(notes, "sfumato." + name), text) << name;
  report.written.concentrated = true;
  report.charged = false;
  report.query.unit = std::nullopt;
  report.query.where = {parse_condition("x > 1").value(), parse_condition("y is null").value()};
  const TableNotes other = columns_of(report, "abc").notes;
  EXPECT_EQ(note(other, "sfumato.rho"), "0.5");
  EXPECT_EQ(note(other, "sfumato.epsilon"), "(none)");
  EXPECT_EQ(note(other, "sfumato.charged"), "false");
  EXPECT_EQ(note(other, "sfumato.unit"), "row");
  EXPECT_EQ(note(other, "sfumato.where"), "x > 1\ny is null");
}

TEST(ColumnsOf, ValuesHaveTheirLawsAndErrors) {
  const NewTable table = columns_of(rolled_up_counts(), "abc");
  EXPECT_EQ(note(table.columns[3].notes, "sfumato.mechanism"), "laplace");
  EXPECT_EQ(note(table.columns[3].notes, "sfumato.scale"), "4");
  EXPECT_EQ(note(table.columns[3].notes, "sfumato.standard_error"), "5.5");
  EXPECT_EQ(note(table.columns[6].notes, "sfumato.rank_error"), "7");
  EXPECT_EQ(note(table.columns[6].notes, "sfumato.scale"), "(none)");
  EXPECT_TRUE(table.columns[4].notes.empty());
}

}  // namespace
}  // namespace sfumato
