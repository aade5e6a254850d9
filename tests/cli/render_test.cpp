#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cli/report.h"

using namespace sfumato;

namespace {

Decimal exact(const char* text) {
  return Decimal::parse(text).value();
}

/// A report on one column of groups with a count and a mean, as a run might have left it.
Report report(std::vector<AnswerRow> rows) {
  const PrivacyTotal total = ApproximateTotal{.epsilon = 1.0_eps, .delta = 0.0_delta};
  return {.query = {.tables = {"t.csv"},
                    .unit = "person",
                    .by = {"site"},
                    .select = {{Aggregate::Kind::count, {}}, {Aggregate::Kind::mean, "x"}},
                    .clamps = {{"x", 0, 20}},
                    .bounds = {.max_groups = 1, .max_rows = 2},
                    .total = total},
          .written = {false, exact("1"), exact("0"), exact("0.95")},
          .parts = 2,
          .cost = total,
          .aggregates = {{"count", "discrete_laplace", 4, 5.5, {}},
                         {"mean(x)", "laplace", 80, {}, INFINITY}},
          .selection = std::nullopt,
          .rows = std::move(rows)};
}

const std::vector<AnswerRow> kRows = {
    {{std::nullopt}, {{7, 1, 13}, {2.4444, 2.2249, 2.6611}}},
    {{"2"}, {{120, 114, 126}, {3.0, 2.0, 4.0}}},
};

std::string first_lines(const std::string& text, int count) {
  std::size_t end = 0;
  while (count-- > 0) end = text.find('\n', end) + 1;
  return text.substr(0, end);
}

}  // namespace

TEST(RenderTable, IntervalsAreRoundedOutwardAndAligned) {
  EXPECT_EQ(first_lines(render_table(report(kRows)), 3),
            "site  count              mean(x)\n"
            "NULL     ~7     [1, 13]     2.44  [2.22, 2.67]\n"
            "   2    120  [114, 126]     3.00  [2.00, 4.00]\n");
}

TEST(RenderTable, WhatHasNoIntervalIsToldAlone) {
  auto rows = kRows;
  rows[0].values[1] = estimate_alone(2.5);
  EXPECT_EQ(render_csv(report(rows)).find("nan"), std::string::npos);
  EXPECT_EQ(render_table(report(rows)).find("nan"), std::string::npos);
  EXPECT_NE(
      render_json(report(rows), std::nullopt).find(R"("value": 2.5, "low": null, "high": null)"),
      std::string::npos);
}

// 7 may be off by 6, which is 0.857 of it; 120 by 6, 2.4444 by 0.2195, 3 by 1.
TEST(RenderTable, MarksWhatNoiseMayMoveByMoreThanTheStatedShare) {
  Report told = report(kRows);
  told.mark = 0.051;
  EXPECT_EQ(first_lines(render_table(told), 3),
            "site  count              mean(x)\n"
            "NULL     ~7     [1, 13]    ~2.44  [2.22, 2.67]\n"
            "   2    120  [114, 126]    ~3.00  [2.00, 4.00]\n");
  told.mark = 2;
  const std::string unmarked = render_table(told);
  EXPECT_EQ(unmarked.find('~'), unmarked.find("~ before a value"));
  EXPECT_NE(unmarked.find("by more than 200 % of it"), std::string::npos);
}

// An interval that ends at 0, as that of a count may, reaches less far down than up.
TEST(IsNoisy, TheFartherEndDecides) {
  EXPECT_TRUE(is_noisy({3, 0, 9}, 1.5));
  EXPECT_FALSE(is_noisy({3, 0, 9}, 2));
  EXPECT_TRUE(is_noisy({9, 0, 10}, 0.9));
  EXPECT_TRUE(is_noisy({-4, -12, -3}, 1.9));
  EXPECT_FALSE(is_noisy({-4, -12, -3}, 2));
  EXPECT_TRUE(is_noisy({0, 0, 1}, 1e9));
  EXPECT_FALSE(is_noisy({0, 0, 0}, 1e-9));
  EXPECT_TRUE(is_noisy({5, -INFINITY, INFINITY}, 1e9));
  EXPECT_FALSE(is_noisy(estimate_alone(0), 1e-9));
}

TEST(RenderTable, TextGroupsStandLeft) {
  auto rows = kRows;
  rows[1].group = {"b"};
  EXPECT_EQ(first_lines(render_table(report(rows)), 3),
            "site  count              mean(x)\n"
            "NULL     ~7     [1, 13]     2.44  [2.22, 2.67]\n"
            "b       120  [114, 126]     3.00  [2.00, 4.00]\n");
}

TEST(RenderTable, NoGroupShownLeavesTheHeader) {
  EXPECT_EQ(first_lines(render_table(report({})), 2), "site  count    mean(x)\n\n");
}

TEST(RenderTable, AnInfiniteIntervalIsShownAsOne) {
  auto rows = kRows;
  rows[0].values[1] = {0, -INFINITY, INFINITY};
  EXPECT_NE(render_table(report(rows)).find("0.0  [-inf, inf]"), std::string::npos);
}

TEST(RenderCsv, HasAHeaderAndTheDigitsThatReadBack) {
  EXPECT_EQ(render_csv(report(kRows)),
            "site,count,count low,count high,mean(x),mean(x) low,mean(x) high\n"
            ",7,1,13,2.4444,2.2249,2.6611\n"
            "2,120,114,126,3,2,4\n");
}

TEST(RenderCsv, APlanTellsEachLaw) {
  Report plan = report({});
  plan.rows = std::nullopt;
  EXPECT_EQ(render_csv(plan),
            "name,mechanism,scale,standard_error,standard_error_times_count,rank_error\n"
            "count,discrete_laplace,4,5.5,,\n"
            "mean(x),laplace,80,,inf,\n");
}

TEST(RenderJson, InfinityIsAStringAndNullIsNull) {
  auto rows = kRows;
  rows[1].values[1] = {0, -INFINITY, INFINITY};
  const std::string json = render_json(report(rows), std::nullopt);
  EXPECT_NE(json.find(R"("standard_error_times_count": "inf")"), std::string::npos);
  EXPECT_NE(json.find(R"("low": "-inf", "high": "inf")"), std::string::npos);
  EXPECT_NE(json.find(R"("group": {"site": null})"), std::string::npos);
  EXPECT_NE(json.find(R"("group": {"site": "2"})"), std::string::npos);
}

TEST(RenderJson, BytesThatAreNoUtf8AreReplaced) {
  auto rows = kRows;
  rows[0].group = {"\xff\"\\"};
  const std::string json = render_json(report(rows), std::nullopt);
  EXPECT_NE(json.find(R"({"site": "\ufffd\"\\"})"), std::string::npos) << json;
}

TEST(Explain, TellsWhatIsReleasedOfWhatAndWhatNoProgramSees) {
  Report told = report(kRows);
  const std::string text = explain(told);
  EXPECT_NE(text.find("What is released: count, mean(x), by site, of the table t.csv; by sfumato "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("one value of 'person'; that the bounds, the clamps were chosen without"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("is added up elsewhere.\n"), std::string::npos);
  told.charged = true;
  told.query.unit = std::nullopt;
  told.query.groups = "sites.csv";
  told.rows = std::nullopt;
  const std::string other = explain(told);
  EXPECT_NE(other.find("What would be released:"), std::string::npos);
  EXPECT_NE(
      other.find("has more than one row; that the bounds, the clamps, the list of groups were"),
      std::string::npos)
      << other;
  EXPECT_NE(other.find("is charged to the same ledger.\n"), std::string::npos);
}

// p·e^ε / (1 - p + p·e^ε), upward: of 1/2 at ln 3 it is 3/4, of 1/100 it is 3/102.
TEST(Explain, ASuspicionGrowsByTheOddsAndEpsilonOfTwoUnitsCountsTwice) {
  Report told = report(kRows);
  told.written.loss = exact("1.0986122886681098");
  EXPECT_NE(
      explain(told).find("50 % can become one of 75.0 % at most, and one of 1 % one of 3.0 %"),
      std::string::npos)
      << explain(told);
  EXPECT_NE(explain(told).find("of two, ε counts twice"), std::string::npos);
  told.written.concentrated = true;
  EXPECT_NE(explain(told).find("of two, ρ counts four times"), std::string::npos);
}

TEST(Explain, ScalesItsWarningWithTheTotal) {
  Report told = report(kRows);
  EXPECT_EQ(explain(told).find("protects nobody"), std::string::npos);
  EXPECT_NE(explain(told).find("a factor of at most 2.72"), std::string::npos);
  told.written.loss = exact("0.01");
  EXPECT_NE(explain(told).find("a factor of at most 1.011"), std::string::npos) << explain(told);
  told.written.loss = exact("1000");
  EXPECT_NE(explain(told).find("more than 1e308"), std::string::npos);
  EXPECT_NE(explain(told).find("protects nobody"), std::string::npos);
}
