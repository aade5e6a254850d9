#include "cli/answer_chart.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace sfumato {
namespace {

/// A report on counts and means by site, as a run might have left it.
Report report_on(std::vector<AnswerRow> rows, std::size_t means = 1) {
  const PrivacyTotal total = ApproximateTotal{.epsilon = 1.0_eps, .delta = 0.0_delta};
  Report report{.query = {.tables = {"t.csv"},
                          .unit = "person",
                          .by = {"site"},
                          .select = {{Aggregate::Kind::count, {}}},
                          .bounds = {.max_groups = 1, .max_rows = 2},
                          .total = total},
                .written = {false, Decimal::parse("1").value(), {}, Decimal::parse("0.95").value()},
                .parts = 2,
                .cost = total,
                .aggregates = {{.name = "count", .mechanism = "discrete_laplace"}},
                .selection = std::nullopt,
                .rows = std::move(rows)};
  for (std::size_t i = 0; i < means; ++i) {
    report.query.select.push_back({Aggregate::Kind::mean, "x"});
    report.aggregates.push_back({.name = "mean(x)", .mechanism = "laplace"});
  }
  return report;
}

template <class Shape>
std::vector<Shape> all_of(const Picture& picture) {
  std::vector<Shape> found;
  for (const auto& shape : picture.shapes)
    if (const auto* one = std::get_if<Shape>(&shape)) found.push_back(*one);
  return found;
}

bool tells(const Picture& picture, const std::string& text) {
  return std::ranges::any_of(all_of<Label>(picture),
                             [&](const Label& label) { return label.text == text; });
}

/// The horizontal ones: intervals.
std::vector<Stroke> intervals_of(const Picture& picture) {
  std::vector<Stroke> found = all_of<Stroke>(picture);
  std::erase_if(found, [](const Stroke& stroke) { return stroke.y0 != stroke.y1; });
  return found;
}

const std::vector<AnswerRow> kRows = {
    {{std::nullopt}, {{8, 2, 14}, {2.5, 2.25, 2.75}}},
    {{"b"}, {{16, 14, 18}, {-5, -10, 0}}},
};

// Of the counts 16 is the farther bar by twice, as is the interval of 8 by three times that of 16.
TEST(AnswerChart, LengthsAreThoseOfTheNumbers) {
  const Picture chart = answer_chart(report_on(kRows));
  const auto bars = all_of<Box>(chart);
  const auto lines = intervals_of(chart);
  ASSERT_EQ(bars.size(), 4U);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_DOUBLE_EQ(bars[1].width, 2 * bars[0].width);
  EXPECT_DOUBLE_EQ(bars[1].x, bars[0].x);
  EXPECT_NEAR(lines[0].x1 - lines[0].x0, 3 * (lines[1].x1 - lines[1].x0), 1e-9);
  EXPECT_NEAR((lines[0].x0 + lines[0].x1) / 2, bars[0].x + bars[0].width, 1e-9);
  EXPECT_EQ(lines[0].y0, bars[0].y + bars[0].height / 2);
}

TEST(AnswerChart, WhatIsNegativeEndsAtZeroFromTheLeft) {
  const auto bars = all_of<Box>(answer_chart(report_on(kRows)));
  EXPECT_NEAR(bars[3].x + bars[3].width, bars[2].x, 1e-9);
  EXPECT_NEAR(bars[3].width, 2 * bars[2].width, 1e-9);
}

TEST(AnswerChart, NumbersStandAsInTheTableAndPaleWhereTheyAreMarked) {
  const Picture chart = answer_chart(report_on(kRows));
  for (const char* text :
       {"~8", "16", "2.50", "~-5.00", "NULL", "b", "count by site", "mean(x) by site",
        "ε = 1 for each 'person', added or removed with all its rows."})
    EXPECT_TRUE(tells(chart, text)) << text;
  const auto bars = all_of<Box>(chart);
  EXPECT_EQ(bars[0].ink.red, bars[3].ink.red);
  EXPECT_EQ(bars[1].ink.red, bars[2].ink.red);
  EXPECT_NE(bars[0].ink.red, bars[1].ink.red);
  EXPECT_EQ(bars[0].tip, "NULL: 8 [2, 14]");
}

TEST(AnswerChart, WhatHasNoEndIsDrawnToTheEdgeWithoutAMarkAndWhatHasNoIntervalAsABar) {
  auto rows = kRows;
  rows[0].values[0] = {8, -INFINITY, INFINITY};
  rows[1].values[1] = estimate_alone(5);
  rows[0].values[1] = {1.7e308, -1.7e308, 1.7e308};
  const Picture chart = answer_chart(report_on(rows));
  const auto lines = intervals_of(chart);
  ASSERT_EQ(lines.size(), 3U);
  const auto strokes = all_of<Stroke>(chart);
  const auto ends = std::ranges::count_if(strokes, [](const Stroke& stroke) {
    return stroke.x0 == stroke.x1 && std::fabs(stroke.y1 - stroke.y0) == 8;
  });
  EXPECT_EQ(ends, 2) << "of the one interval that is finite and near";
  for (const Stroke& stroke : strokes)
    for (const double x : {stroke.x0, stroke.x1}) EXPECT_TRUE(x >= 0 && x <= chart.width) << x;
  for (const Box& box : all_of<Box>(chart)) EXPECT_TRUE(box.width >= 0 && box.width <= chart.width);
}

TEST(AnswerChart, EndsAtAHundredGroupsAndTwelveAnswersAndSaysSo) {
  std::vector<AnswerRow> rows;
  for (int i = 0; i < 150; ++i)
    rows.push_back({{std::to_string(i)}, std::vector<Estimate>(20, {1, 0, 2})});
  const Picture chart = answer_chart(report_on(rows, 19));
  EXPECT_EQ(all_of<Box>(chart).size(), 1200U);
  EXPECT_TRUE(tells(chart, "Drawn: the first 100 of 150 groups and the first 12 of 20 answers."));
  EXPECT_LT(chart.height, 32'000) << "as high as a PNG may be";
}

/// By site a count, and a histogram of so many bins.
Report histograms(std::size_t sites, std::size_t bins) {
  std::vector<AnswerRow> rows;
  for (std::size_t i = 0; i < sites; ++i)
    rows.push_back({{std::to_string(i)}, std::vector<Estimate>(bins + 1, {6, 5, 7})});
  Report report = report_on(std::move(rows), 0);
  Aggregate bin{.kind = Aggregate::Kind::histogram, .column = "x"};
  for (std::size_t edge = 0; edge <= bins; ++edge) bin.edges.push_back(10 * static_cast<double>(edge));
  for (; bin.bin < bins; ++bin.bin) {
    report.query.select.push_back(bin);
    report.aggregates.push_back({.name = bin.name(), .mechanism = "discrete_laplace"});
  }
  return report;
}

TEST(AnswerChart, AHistogramIsAPanelOfEachGroupWithABarForEachBin) {
  const Picture chart = answer_chart(histograms(2, 3));
  EXPECT_EQ(all_of<Box>(chart).size(), 2U + 2 * 3);
  for (const char* text : {"count by site", "histogram(x), 0", "histogram(x), 1", "20 to 30"})
    EXPECT_TRUE(tells(chart, text)) << text;
  Report alone = histograms(1, 3);
  alone.query.by = {};
  alone.rows->front().group = {};
  EXPECT_TRUE(tells(answer_chart(alone), "histogram(x)"));
}

TEST(AnswerChart, AHistogramOfNoGroupIsOnePanel) {
  Report report = histograms(1, 3);
  report.rows->clear();
  const auto labels = all_of<Label>(answer_chart(report));
  EXPECT_EQ(std::ranges::count(labels, std::string("no group is shown"), &Label::text), 2);
  EXPECT_EQ(std::ranges::count(labels, std::string("histogram(x)"), &Label::text), 1);
}

TEST(AnswerChart, OfManyBinsAndHistogramsItSaysHowManyThereAre) {
  const Picture chart = answer_chart(histograms(13, 120));
  EXPECT_EQ(all_of<Box>(chart).size(), 13U + 11 * 100);
  EXPECT_TRUE(tells(chart, "Drawn: the first 100 of 120 bins and the first 12 of 14 answers."));
  EXPECT_LT(chart.height, 32'000) << "as high as a PNG may be";
}

TEST(AnswerChart, SaysThatThereIsNothingToDraw) {
  EXPECT_TRUE(tells(answer_chart(report_on({})), "no group is shown"));
  Report alone = report_on({{{}, {{3, 1, 5}}}}, 0);
  alone.query.by = {};
  EXPECT_TRUE(tells(answer_chart(alone), "all"));
  EXPECT_TRUE(tells(answer_chart(alone), "count"));
}

TEST(AnswerChart, NamesWhatIsRolledUp) {
  Report report = report_on({{{}, {{5, 4, 6}}}, {{"a"}, {{3, 2, 4}}}, {{"a", ""}, {{3, 2, 4}}}}, 0);
  report.query.by = {"region", "city"};
  report.query.rollup = true;
  const Picture chart = answer_chart(report);
  for (const char* text : {"(all), (all)", "a, (all)", "a, \"\"", "count by region, city"})
    EXPECT_TRUE(tells(chart, text)) << text;
}

TEST(AnswerChart, LongNamesAreShortenedBetweenLettersAndToldInFull) {
  auto rows = kRows;
  std::string wide;
  for (int i = 0; i < 30; ++i) wide += "\u5317";
  rows[0].group = {"a rather long name of a group, indeed"};
  rows[1].group = {wide};
  const auto words = all_of<Label>(answer_chart(report_on(rows)));
  const auto cut = std::ranges::find(words, "a rather long name of a g…", &Label::text);
  ASSERT_NE(cut, words.end());
  EXPECT_EQ(cut->tip, "a rather long name of a group, indeed");
  EXPECT_NE(std::ranges::find(words, wide.substr(0, 3 * 12) + "…", &Label::text), words.end());
}

}  // namespace
}  // namespace sfumato
