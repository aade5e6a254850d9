#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/table/plan.h"
#include "support/fixed_bits.h"
#include "support/source_path.h"

namespace sfumato {
namespace {

/// The demo's question, asked of the RAND Health Insurance Experiment (examples/data/README.md).
Query question() {
  return {.tables = {source_path("examples/data/randhie.csv")},
          .unit = "person",
          .by = {"coinsurance"},
          .select = parse_select("units, count, mean(visits), mean(spending)").value(),
          .clamps = {{"visits", 0, 20}, {"spending", 0, 1000}},
          .bounds = {.max_groups = 1, .max_rows = 5},
          .total = ApproximateTotal{1.0_eps, 1e-6_delta}};
}

std::vector<AnswerRow> ask(std::uint64_t seed) {
  FixedBits bits(seed);
  return std::move(Plan::make(question()).value()).run(Permit::unaccounted("test"), bits).value();
}

/// units, rows, and means after clamping, computed from the file by a Python script of ten lines.
const std::map<std::string, std::vector<double>> kTruth = {
    {"0", {3255, 10997, 2.98945167, 133.985324}}, {"25", {1162, 4065, 2.65264453, 114.492918}},
    {"50", {385, 1401, 2.52105639, 99.5050036}},  {"95", {824, 2653, 2.02600829, 90.6324425}},
    {"100", {286, 1074, 2.6443203, 110.115186}},
};

TEST(RandHie, IntervalsCoverTheTruthAndShowTheFinding) {
  int covered = 0;
  int asked = 0;
  int finding = 0;
  constexpr int kRuns = 100;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const auto rows = ask(run);
    ASSERT_EQ(rows.size(), 5U);
    for (const AnswerRow& row : rows) {
      const auto& truth = kTruth.at(*row.group.front());
      for (std::size_t i = 0; i < truth.size(); ++i, ++asked)
        covered += row.values[i].low <= truth[i] && truth[i] <= row.values[i].high;
    }
    // People whose care is free see a doctor more often than those who pay 95 % of the bill.
    finding += rows[0].values[2].low > rows[3].values[2].high;
  }
  EXPECT_EQ(asked, 2000);
  EXPECT_GE(covered, 0.93 * asked);
  EXPECT_LE(covered, 0.98 * asked);
  EXPECT_GE(finding, 80);
}

TEST(RandHie, GroupsComeInTheOrderOfTheirShares) {
  std::vector<std::string> keys;
  for (const AnswerRow& row : ask(1)) keys.push_back(*row.group.front());
  EXPECT_EQ(keys, (std::vector<std::string>{"0", "25", "50", "95", "100"}));
}

}  // namespace
}  // namespace sfumato
