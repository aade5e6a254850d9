#include "sfumato/table/tuning.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "sfumato/table/plan.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

class TuningOf : public testing::Test {
 protected:
  TuningOf() { std::filesystem::create_directories(folder_); }
  ~TuningOf() override { std::filesystem::remove_all(folder_); }

  /// 300 people with 1 to 12 rows in each of 1 to 5 of 6 groups; most values lie below 20, some far above.
  std::string visits() {
    std::ofstream file(folder_ / "visits.csv");
    file << "person,site,cost\n";
    std::uint32_t state = 1;
    const auto below = [&](std::uint32_t n) {
      return (state = state * 1664525 + 1013904223) / 65536 % n;
    };
    for (int person = 0; person < 300; ++person) {
      const std::uint32_t first = below(6), groups = 1 + below(5);
      for (std::uint32_t g = 0; g < groups; ++g)
        for (std::uint32_t rows = 1 + below(12) * below(2); rows > 0; --rows)
          file << person << "," << (first + g) % 6 << ","
               << (below(50) == 0 ? 200 + below(800) : below(20)) << "\n";
    }
    return folder_ / "visits.csv";
  }

  std::string sites() {
    std::ofstream(folder_ / "sites.csv") << "site\n0\n1\n2\n3\n4\n5\n";
    return folder_ / "sites.csv";
  }

  TuningParams params(const std::string& select, double epsilon) {
    return {.query = {.tables = {visits()},
                      .unit = "person",
                      .by = {"site"},
                      .select = parse_select(select).value(),
                      .bounds = {1, 1},
                      .total = ApproximateTotal{Epsilon::make(epsilon).value(), 0.0_delta},
                      .groups = sites()},
            .max_groups = true,
            .max_rows = true};
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("sfumato_tuning_" + std::to_string(getpid()));
};

/// The measured error of a count: root mean square over groups and runs, over that of the exact counts.
double measured(Query query, const std::vector<double>& exact) {
  double wrong = 0, all = 0;
  for (unsigned seed = 0; seed < 12; ++seed) {
    FixedBits bits(seed + 1);
    const auto rows = Plan::make(query).value().run(Permit::unaccounted("test"), bits).value();
    EXPECT_EQ(rows.size(), exact.size());
    for (std::size_t g = 0; g < rows.size(); ++g) {
      wrong += std::pow(rows[g].values[0].value - exact[g], 2);
      all += exact[g] * exact[g];
    }
  }
  return std::sqrt(wrong / all);
}

std::vector<double> exact_answers(Query query) {
  query.total = ApproximateTotal{Epsilon::make(1 << 20).value(), 0.0_delta};
  query.bounds = {10, 100};
  FixedBits bits(1);
  std::vector<double> answers;
  for (const auto& row : Plan::make(query).value().run(Permit::unaccounted("test"), bits).value())
    answers.push_back(row.values[0].value);
  return answers;
}

TEST_F(TuningOf, TheErrorThatIsForetoldIsTheOneThatIsMeasured) {
  for (const double epsilon : {0.5, 4.0}) {
    TuningParams asked = params("sum(cost)", epsilon);
    const Tuning found = tune(asked).value();
    Query query = asked.query;
    query.clamps = {{"cost", 0, 1000}};
    const auto exact = exact_answers(query);
    query.bounds = found.bounds;
    query.clamps = found.clamps;
    EXPECT_NEAR(measured(query, exact) / found.error, 1, 0.1) << epsilon;
  }
}

TEST_F(TuningOf, WhatIsRecommendedIsWithinAFifthOfTheBestOfAGrid) {
  TuningParams asked = params("count", 1);
  const Tuning found = tune(asked).value();
  Query query = asked.query;
  const auto exact = exact_answers(query);
  query.bounds = found.bounds;
  const double recommended = measured(query, exact);
  double best = recommended;
  for (const std::int64_t groups : {1, 2, 3, 5})
    for (const std::int64_t rows : {1, 2, 4, 12}) {
      query.bounds = {groups, rows};
      best = std::min(best, measured(query, exact));
    }
  EXPECT_LE(recommended, 1.2 * best);
}

TEST_F(TuningOf, MoreNoiseMeansTighterBoundsAndMoreRowsMeanWiderOnes) {
  const Tuning noisy = tune(params("sum(cost)", 0.05)).value();
  const Tuning exact = tune(params("sum(cost)", 1000)).value();
  EXPECT_LT(noisy.bounds.max_rows, 12);
  EXPECT_EQ(exact.bounds.max_groups, 5);
  EXPECT_EQ(exact.bounds.max_rows, 12);
  EXPECT_LT(noisy.clamps[0].upper, exact.clamps[0].upper);
  TuningParams large = params("sum(cost)", 0.05);
  large.rows = 10'000'000;
  EXPECT_GT(tune(large).value().clamps[0].upper, noisy.clamps[0].upper);
}

TEST_F(TuningOf, WhatIsGivenStaysAndWhatWasTriedIsTold) {
  TuningParams asked = params("units, mean(cost)", 1);
  asked.query.bounds.max_groups = 2;
  asked.max_groups = false;
  const Tuning found = tune(asked).value();
  EXPECT_EQ(found.bounds.max_groups, 2);
  ASSERT_EQ(found.parameters.size(), 2U);
  EXPECT_EQ(found.parameters[0].flag, "--max-rows");
  EXPECT_EQ(found.parameters[1].flag, "--clamp");
  for (const TunedParameter& parameter : found.parameters)
    for (const Tried& tried : parameter.tried)
      EXPECT_GE(tried.error, parameter.tried[parameter.best].error) << tried.text;
  asked.query.clamps = {{"cost", 0, 77}};
  EXPECT_EQ(tune(asked).value().clamps[0].upper, 77);
}

TEST_F(TuningOf, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(tune(params("median(cost)", 1)).error().where, "select");
  EXPECT_EQ(tune(params("variance(cost)", 1)).error().where, "select");
  TuningParams asked = params("count", 1);
  asked.query.rollup = true;
  EXPECT_EQ(tune(asked).error().where, "rollup");
  asked = params("count", 1);
  asked.rows = 0;
  EXPECT_EQ(tune(asked).error().where, "rows");
  asked = params("count", 1);
  asked.query.where = {parse_condition("cost < 0").value()};
  EXPECT_EQ(tune(asked).error().where, "public");
}

}  // namespace
}  // namespace sfumato
