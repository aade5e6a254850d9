#include "cli/spending_chart.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

SpendingChart three_steps() {
  return {.letter = "ε",
          .spenders = {"ada", "<b>"},
          .steps = {{0, 0, 1}, {520, 1, 2}, {520, 0, 1}},
          .cap = 10,
          .begin = 0,
          .end = 1000};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(SpendingFigure, StacksWhatEachSpentAsSteps) {
  const std::string figure = spending_figure(three_steps());
  // The top is 11, of 400 pixels: 1 spent lies at 363.6, 2 at 327.3, and 4 at 254.5; 520 of 1040
  // seconds are half of 960 pixels.
  EXPECT_TRUE(contains(figure, "<path class=\"s0\" d=\"M0 363.6H480V327.3H960V400.0H0Z\">"))
      << figure;
  EXPECT_TRUE(
      contains(figure, "<path class=\"s1\" d=\"M0 363.6H480V254.5H960V327.3H480V363.6H0Z\">"))
      << figure;
  EXPECT_TRUE(contains(figure, "<title>ada: ε 2</title>"));
  EXPECT_TRUE(contains(figure, "in all 4 of 10."));
}

TEST(SpendingFigure, ShowsTheCapWhereItIsNear) {
  SpendingChart drawn = three_steps();
  EXPECT_TRUE(contains(spending_figure(drawn), "class=\"cap\" d=\"M0 36.4H960\""));
  drawn.cap = 100;
  const std::string figure = spending_figure(drawn);
  EXPECT_FALSE(contains(figure, "class=\"cap\""));
  EXPECT_TRUE(contains(figure, "The cap, 100, lies above the picture."));
}

TEST(SpendingFigure, TakesNamesAsText) {
  EXPECT_TRUE(contains(spending_figure(three_steps()), "&lt;b&gt;"));
  EXPECT_FALSE(contains(spending_figure(three_steps()), "<b>"));
}

TEST(SpendingFigure, StaysSmallHoweverManySteps) {
  SpendingChart drawn = three_steps();
  drawn.cap = 1e6;
  for (std::int64_t i = 0; i < 100'000; ++i)
    drawn.steps.push_back({i / 100, static_cast<std::size_t>(i % 2), 0.25});
  EXPECT_LT(spending_figure(drawn).size(), 20'000u);
}

TEST(SpendingFigure, StandsWhateverTimesAndAmountsItGets) {
  SpendingChart drawn = three_steps();
  drawn.end = drawn.begin;
  drawn.steps = {{-5, 0, 0}, {5'000'000, 1, 0}};
  EXPECT_TRUE(contains(spending_figure(drawn), "H960"));
  drawn.cap = 0;
  EXPECT_TRUE(contains(spending_figure(drawn), "H960"));
}

}  // namespace
}  // namespace sfumato
