#include "sfumato/table/private_tuning.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

class PrivateTuningOf : public testing::Test {
 protected:
  /// 2,000 people with 1 to 12 rows in each of 1 to 5 of 6 groups; most values lie below 20, some far above. One person
  /// has a row in each of 500 further groups.
  std::string visits() {
    std::string text = "person,site,cost\n";
    std::uint32_t state = 1;
    const auto below = [&](std::uint32_t n) {
      return (state = state * 1664525 + 1013904223) / 65536 % n;
    };
    for (int person = 0; person < 2000; ++person) {
      const std::uint32_t first = below(6), groups = 1 + below(5);
      for (std::uint32_t g = 0; g < groups; ++g)
        for (std::uint32_t rows = 1 + below(12) * below(2); rows > 0; --rows)
          text += std::to_string(person) + "," + std::to_string((first + g) % 6) + "," +
                  std::to_string(below(50) == 0 ? 200 + below(800) : below(20)) + "\n";
    }
    for (int site = 10; site < 510; ++site) text += "loud," + std::to_string(site) + ",1\n";
    return scratch_.file("visits.csv", text);
  }

  TuningParams params(const std::string& select, bool listed) {
    Query query{.tables = {visits()},
                .unit = "person",
                .by = {"site"},
                .select = parse_select(select).value(),
                .bounds = {1, 1},
                .total = ApproximateTotal{1.0_eps, Delta::make(1e-6).value()}};
    if (listed) query.groups = scratch_.file("sites.csv", "site\n0\n1\n2\n3\n4\n5\n");
    return {.query = query, .max_groups = true, .max_rows = true};
  }

  static Tuning run(const TuningParams& params, double spend, std::uint64_t seed = 1) {
    FixedBits bits(seed);
    return PrivateTuning::make(params, Epsilon::make(spend).value())
        .value()
        .run(Permit::unaccounted("test"), bits)
        .value();
  }

  Scratch scratch_;
};

long double epsilons(const ReleaseLoss& loss) {
  long double sum = 0;
  for (const Event& event : loss.parts)
    sum += static_cast<long double>(event.count) *
           static_cast<long double>(std::get<PureLoss>(event.loss).epsilon.upper());
  return sum;
}

TEST_F(PrivateTuningOf, ItsPartsCostWhatIsSpent) {
  for (const char* select : {"count", "sum(cost)", "units, mean(cost), count(site)"})
    for (const bool listed : {false, true})
      for (const double spend : {0.1, 1.0 / 3, 7.0}) {
        const auto tuning =
            PrivateTuning::make(params(select, listed), Epsilon::make(spend).value()).value();
        const auto cost = std::get<ApproximateTotal>(tuning.cost());
        EXPECT_EQ(cost.epsilon.value(), spend);
        EXPECT_EQ(cost.delta.value() > 0, !listed);
        EXPECT_LE(cost.delta.value(), 1e-6);
        EXPECT_LE(epsilons(tuning.loss()), static_cast<long double>(spend));
        EXPECT_GT(epsilons(tuning.loss()), 0.99999L * static_cast<long double>(spend));
      }
  TuningParams alone = params("count", false);
  alone.query.by.clear();
  const auto tuning = PrivateTuning::make(alone, 1.0_eps).value();
  EXPECT_EQ(std::get<ApproximateTotal>(tuning.cost()).delta.value(), 0);
  EXPECT_EQ(tuning.loss().parts.size(), 1u);  // sizes of units
}

/// The error that `tune` foretells for the bounds, by all of the table.
double foretold(TuningParams params, const Tuning& found) {
  params.query.bounds = found.bounds;
  params.query.clamps = found.clamps;
  params.max_groups = params.max_rows = false;
  return tune(params).value().error;
}

TEST_F(PrivateTuningOf, WhatIsRecommendedIsWithinAFifthOfTheBestByAllOfTheTable) {
  for (const char* select : {"count", "sum(cost)", "mean(cost)"}) {
    const TuningParams asked = params(select, true);
    const Tuning best = tune(asked).value();
    for (std::uint64_t seed = 1; seed <= 2; ++seed)
      EXPECT_LE(foretold(asked, run(asked, 30, seed)), 1.2 * best.error) << select << ' ' << seed;
  }
}

TEST_F(PrivateTuningOf, OneUnitIsNotSeen) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Tuning found = run(params("count", false), 1, seed);
    ASSERT_EQ(found.parameters[0].flag, "--max-groups");
    EXPECT_LE(std::stoi(found.parameters[0].tried.back().text), 16) << seed;
  }
}

TEST_F(PrivateTuningOf, WithNextToNothingSpentSomethingIsRecommended) {
  const Tuning found = run(params("sum(cost)", false), 1e-6);
  EXPECT_EQ(found.bounds.max_groups, 1);
  EXPECT_EQ(found.bounds.max_rows, 1);
  EXPECT_EQ(found.clamps.size(), 1u);
}

// What was drawn decides neither whether it ends nor how: else failures would tell of it, and be had again for nothing.
TEST_F(PrivateTuningOf, NoValueMakesItFail) {
  for (const char* value : {"1e300", "-1e300", "9223372036854775807", "-9.2e18", "1e-300"}) {
    std::string text = "person,cost\n";
    for (int person = 0; person < 300; ++person)
      text += std::to_string(person) + "," + (person % 4 == 0 ? value : "2.5") + "\n";
    TuningParams asked = params("sum(cost), mean(cost)", false);
    asked.query.tables = {scratch_.file("extremes.csv", text)};
    asked.query.by.clear();
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Tuning found = run(asked, 1, seed);
      EXPECT_TRUE(std::isfinite(found.error)) << value;
      for (const Clamp& clamp : found.clamps)
        EXPECT_LE(std::max(-clamp.lower, clamp.upper), 0x1p62) << value;
    }
  }
}

TEST_F(PrivateTuningOf, RowsMayBeUnitsAndAllMayBeOneGroup) {
  TuningParams rows = params("mean(cost)", true);
  rows.query.unit.reset();
  rows.max_groups = rows.max_rows = false;
  EXPECT_EQ(run(rows, 1).parameters.size(), 1u);
  TuningParams alone = params("sum(cost)", false);
  alone.query.by.clear();
  EXPECT_EQ(run(alone, 1).bounds.max_groups, 1);
}

TEST_F(PrivateTuningOf, IsRefusedBeforeARowIsRead) {
  const auto where_of = [](const TuningParams& params) {
    return PrivateTuning::make(params, 1.0_eps).error().where;
  };
  EXPECT_EQ(where_of(params("median(cost)", true)), "select");
  TuningParams asked = params("count", false);
  asked.query.total = ApproximateTotal{1.0_eps, 0.0_delta};
  EXPECT_EQ(where_of(asked), "delta");  // which private groups need
  asked = params("sum(cost)", true);
  asked.query.rollup = true;
  EXPECT_EQ(where_of(asked), "rollup");
  asked = params("sum(cost)", true);
  asked.query.clamps = {{.column = "cost", .source = Clamp::Source::automatic}};
  EXPECT_EQ(where_of(asked), "clamp");
  asked.query.clamps = {{"cost", 5, 5}};
  EXPECT_EQ(where_of(asked), "clamp");
  asked = params("sum(debt)", true);
  EXPECT_FALSE(PrivateTuning::make(asked, 1.0_eps));  // no such column
}

}  // namespace
}  // namespace sfumato
