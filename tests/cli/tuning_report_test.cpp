#include "cli/tuning_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace sfumato {
namespace {

Tuning found() {
  return {.bounds = {3, 2},
          .clamps = {{"x", 0, 50}},
          .error = 0.0512,
          .parameters = {{"--max-groups", {{"1", 0.4}, {"3", 0.0512}, {"9", 0.1}}, 1},
                         {"--clamp", {{"a\x1b=0:5", 0.0512}, {"x=0:50", 0.2048}}, 0}}};
}

TEST(TuningReport, TheTableMarksWhatIsRecommended) {
  const std::string text = tuning_table({found(), "ε = 1 for each 'person'"});
  EXPECT_NE(text.find("Recommended: --max-groups 3 --clamp a\\x1b=0:5\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("Expected error: 5.12 % of the exact answers, at ε = 1 for each 'person'.\n"),
            std::string::npos)
      << text;
  EXPECT_NE(
      text.find("           1  40.0 %\n           3  5.12 %  recommended\n           9  10.0 %\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("nothing of it is protected"), std::string::npos);
}

TEST(TuningReport, JsonHasAllThatWasTried) {
  const std::string json = tuning_json({found(), {}});
  EXPECT_NE(json.find(R"("error": 0.0512)"), std::string::npos) << json;
  EXPECT_NE(
      json.find(
          R"({"flag": "--max-groups", "recommended": "3", "tried": [{"value": "1", "error": 0.4}, )"
          R"({"value": "3", "error": 0.0512}, {"value": "9", "error": 0.1}]})"),
      std::string::npos)
      << json;
}

TEST(TuningReport, ThePictureHasABarForEachAsLongAsItsErrorAndTheBestIsDark) {
  const Picture chart = tuning_chart({found(), "ε = 1"});
  std::vector<Box> bars;
  for (const auto& shape : chart.shapes)
    if (const auto* box = std::get_if<Box>(&shape)) bars.push_back(*box);
  ASSERT_EQ(bars.size(), 5U);
  EXPECT_NEAR(bars[0].width, 4 * bars[2].width, 1e-9);
  EXPECT_NEAR(bars[4].width, 4 * bars[3].width, 1e-9);
  EXPECT_NE(bars[1].ink.red, bars[0].ink.red);
  EXPECT_EQ(bars[1].ink.red, bars[3].ink.red);
  EXPECT_EQ(bars[4].ink.red, bars[0].ink.red);
}

TEST(TuningReport, ComesBackFromBytes) {
  Tuning tuning = found();
  const Tuning back = tuning_of(bytes_of(tuning)).value();
  EXPECT_EQ(bytes_of(back), bytes_of(tuning));
  EXPECT_EQ(tuning_table({back, {}}), tuning_table({tuning, {}}));
  EXPECT_FALSE(tuning_of("text"));
  EXPECT_FALSE(tuning_of(bytes_of(tuning).substr(0, 40)));
  tuning.parameters[0].best = tuning.parameters[0].tried.size();
  EXPECT_FALSE(tuning_of(bytes_of(tuning)));
}

TEST(TuningReport, SaysWhatItCost) {
  TuningReport report{found(), {}, TuningCost{Decimal::parse("0.1").value(), Decimal()}};
  EXPECT_NE(tuning_table(report).find("which cost ε = 0.1; the answers"), std::string::npos);
  report.charged = true;
  report.cost->delta = Decimal::parse("1e-6").value();
  EXPECT_NE(tuning_table(report).find("cost ε = 0.1, δ = 1e-6 and were charged to a ledger"),
            std::string::npos);
  EXPECT_NE(tuning_json(report).find(R"("cost": {"epsilon": 0.1, "delta": 1e-6, "charged": true})"),
            std::string::npos);
}

}  // namespace
}  // namespace sfumato
