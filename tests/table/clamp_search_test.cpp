#include "sfumato/table/clamp_search.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/table/least_cost.h"
#include "sfumato/table/partial.h"
#include "sfumato/table/plan.h"
#include "sfumato/table/tuning.h"
#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

Clamp automatic(std::string column) {
  return {.column = std::move(column), .source = Clamp::Source::automatic};
}

class ClampSearchOfTable : public testing::Test {
 protected:
  /// 600 persons with a row each, of cost 100 … 250, and one of 5,000 rows of cost 5,000,000.
  std::string visits() {
    std::string text = "person,site,cost,debt\n";
    for (int i = 0; i < 600; ++i)
      text += std::to_string(i) + ",a," + std::to_string(100 + i % 151) + ",-0.25\n";
    for (int i = 0; i < 5000; ++i) text += "loud,b,5000000,\n";
    return scratch_.file("visits.csv", text);
  }

  Query query_of(std::vector<Clamp> clamps) {
    return {.tables = {visits()},
            .unit = "person",
            .by = {"site"},
            .select = parse_select("count, sum(cost), mean(debt), quantile(debt,0.5)").value(),
            .clamps = std::move(clamps),
            .bounds = {.max_groups = 2, .max_rows = 3},
            .total = ApproximateTotal{Epsilon::make(40).value(), Delta::make(1e-6).value()}};
  }

  Scratch scratch_;
};

double epsilon_of(const PrivacyTotal& total) {
  return std::get<ApproximateTotal>(total).epsilon.value();
}

TEST_F(ClampSearchOfTable, TakesItsShareAndLeavesTheRest) {
  Query query = query_of({automatic("cost"), automatic("debt")});
  query.automatic_share = 0.25;
  const ClampSearch search = *ClampSearch::of(query).value();
  EXPECT_DOUBLE_EQ(search.mechanism.cost().value(), 5);
  EXPECT_DOUBLE_EQ(epsilon_of(search.rest), 30);
  EXPECT_EQ(std::get<ApproximateTotal>(search.rest).delta.value(), 1e-6);
  EXPECT_EQ(search.mechanism.params().max_rows, 6);  // in all groups together
  EXPECT_EQ(search.event().count, 2);
  EXPECT_EQ(search.columns, (std::vector<std::string>{"cost", "debt"}));
  // 1/2·ε² of each, and what is left
  query.total = ConcentratedTotal{Rho::make(0.8).value(), Delta::make(1e-6).value()};
  const ClampSearch concentrated = *ClampSearch::of(query).value();
  EXPECT_NEAR(std::pow(concentrated.mechanism.cost().value(), 2) / 2, 0.1, 1e-15);
  EXPECT_NEAR(std::get<ConcentratedTotal>(concentrated.rest).rho.value(), 0.6, 1e-15);
}

TEST_F(ClampSearchOfTable, NeverTakesMoreThanTheTotalByRounding) {
  for (const double share : {0.1, 1.0 / 3, 0.7, 0.999})
    for (const double epsilon : {0.1, 1.0, 3.7, 1e5}) {
      Query query = query_of({automatic("cost"), automatic("debt"), automatic("cost")});
      query.total = ApproximateTotal{Epsilon::make(epsilon).value(), 0.0_delta};
      query.automatic_share = share;
      const ClampSearch search = *ClampSearch::of(query).value();
      const long double spent = 3 * static_cast<long double>(search.mechanism.cost().value()) +
                                static_cast<long double>(epsilon_of(search.rest));
      EXPECT_LE(spent, static_cast<long double>(epsilon));
      EXPECT_GT(spent, static_cast<long double>(epsilon) * (1 - 1e-14L));
    }
}

TEST_F(ClampSearchOfTable, FindsWhereManyLieAndNotWhereOneUnitDoes) {
  FixedBits bits(1);
  const Query query = query_of({automatic("debt"), automatic("cost")});
  Plan plan = Plan::make(query).value();
  ASSERT_TRUE(plan.find_clamps(Permit::unaccounted("test"), bits));
  const std::vector<Clamp>& found = plan.query().clamps;
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].column, "debt");
  EXPECT_EQ(found[0].lower, -0.5);
  EXPECT_EQ(found[0].upper, -0.25);
  EXPECT_EQ(found[0].source, Clamp::Source::found);
  EXPECT_EQ(found[1].lower, 64);
  EXPECT_EQ(found[1].upper, 256);  // 5,000 rows of one person are 3
}

TEST_F(ClampSearchOfTable, AnswersAreThoseOfAQueryWithTheClampsThatWereFound) {
  const std::vector<Clamp> found = {{"cost", 64, 256}, {"debt", -0.5, -0.25}};
  Query given = query_of(found);
  given.total = ApproximateTotal{Epsilon::make(1 << 19).value(), Delta::make(1e-6).value()};
  Query open = query_of({automatic("cost"), automatic("debt")});
  open.total = ApproximateTotal{Epsilon::make(1 << 20).value(), Delta::make(1e-6).value()};
  open.automatic_share = 0.5;
  // With next to no noise one row is many, so that the loud person's bounds are found, too: leave her out.
  for (Query* query : {&given, &open}) query->where = {parse_condition("site = 'a'").value()};
  FixedBits bits(1), others(2);
  const auto expected = Plan::make(given).value().run(Permit::unaccounted("test"), bits).value();
  const auto rows = Plan::make(open).value().run(Permit::unaccounted("test"), others).value();
  ASSERT_EQ(rows.size(), expected.size());
  ASSERT_EQ(rows.size(), 1u);
  for (std::size_t i = 0; i < rows[0].values.size(); ++i)
    EXPECT_NEAR(rows[0].values[i].value, expected[0].values[i].value, 0.05) << i;
}

TEST_F(ClampSearchOfTable, WhatIsChargedDoesNotHangOnWhatIsFound) {
  for (const NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian})
    for (const bool rollup : {false, true}) {
      Query query = query_of({automatic("cost"), automatic("debt")});
      query.noise = law;
      query.rollup = rollup;
      Plan plan = Plan::make(query).value();
      const ReleaseLoss before = plan.loss();
      ASSERT_EQ(before.parts.back(), plan.search()->event());
      const auto nominal = plan.release();
      FixedBits bits(1);
      ASSERT_TRUE(plan.find_clamps(Permit::unaccounted("test"), bits));
      EXPECT_EQ(plan.loss(), before);
      // Noise has grown as the sensitivity has: the sum's bound is 256, and the mean's width 1/4.
      for (std::size_t set = 0; set < nominal.sets().size(); ++set) {
        const GroupRelease& now = plan.release().sets()[set];
        const GroupRelease& then = nominal.sets()[set];
        EXPECT_DOUBLE_EQ(now.column_noise(0).scale(), 256 * then.column_noise(0).scale());
        EXPECT_DOUBLE_EQ(now.column_noise(1).scale(), then.column_noise(1).scale() / 4);
        EXPECT_EQ(now.count_noise()->scale(), then.count_noise()->scale());
      }
    }
}

TEST_F(ClampSearchOfTable, ErrorsOfPlansThatWaitAreNotTold) {
  const Plan plan = Plan::make(query_of({automatic("cost"), {"debt", -1, 0}})).value();
  const auto errors = plan.errors();
  EXPECT_TRUE(errors[0].standard_error.has_value());
  EXPECT_TRUE(errors[1].awaits_bounds);
  EXPECT_FALSE(errors[1].standard_error || errors[1].scale);
  EXPECT_FALSE(errors[2].awaits_bounds);
  EXPECT_TRUE(errors[2].standard_error_times_count.has_value());
  Query settled = plan.query();
  settled.clamps[0] = {"cost", 0, 2, Clamp::Source::found};
  const auto known = expected_errors(settled).value()[0];
  settled.clamps[0].upper = 4;
  EXPECT_DOUBLE_EQ(*expected_errors(settled).value()[0][1].standard_error,
                   2 * *known[1].standard_error);
}

TEST_F(ClampSearchOfTable, WhereNothingIsFoundZeroToOneStandsIn) {
  Query query = query_of({automatic("cost"), automatic("debt")});
  query.total = ApproximateTotal{Epsilon::make(0.01).value(), Delta::make(1e-6).value()};
  Plan plan = Plan::make(query).value();
  FixedBits bits(1);
  ASSERT_TRUE(plan.find_clamps(Permit::unaccounted("test"), bits));
  for (const Clamp& clamp : plan.query().clamps) {
    EXPECT_EQ(clamp.source, Clamp::Source::missed);
    EXPECT_EQ(clamp.lower, 0);
    EXPECT_EQ(clamp.upper, 1);
  }
  EXPECT_TRUE(std::move(plan).run(bits));
}

TEST_F(ClampSearchOfTable, OnePermitPaysForBothOrNothingRuns) {
  FixedBits bits(1);
  Plan plan = Plan::make(query_of({automatic("cost"), automatic("debt")})).value();
  EXPECT_FALSE(std::move(plan).run(bits));
}

TEST_F(ClampSearchOfTable, WhateverIsFoundHasNoise) {
  Query query = query_of({automatic("cost"), automatic("debt")});
  query.select = parse_select("variance(cost), quantile(cost,0.5), sum(debt)").value();
  ASSERT_TRUE(expected_errors(query));
  for (const double low : {-0x1p62, -1.0, 0.0, 0x1p-32})
    for (const double high : {0x1p-31, 1.0, 0x1p62}) {
      query.clamps[0] = {"cost", low, high, Clamp::Source::found};
      query.clamps[1] = {"debt", -high, low <= 0 ? 0 : low, Clamp::Source::found};
      EXPECT_TRUE(expected_errors(query)) << low << ' ' << high;
    }
}

TEST_F(ClampSearchOfTable, IsRefusedWhereItCannotBe) {
  Query query = query_of({automatic("cost"), automatic("debt")});
  const auto where_of = [](const Query& refused) { return Plan::make(refused).error().where; };
  for (const double share : {0.0, 1.0, -1.0, std::nan("")}) {
    query.automatic_share = share;
    EXPECT_EQ(where_of(query), "auto-share");
  }
  query.automatic_share = 0.1;
  query.tables = {"-"};
  EXPECT_EQ(where_of(query), "clamp");
  query = query_of({automatic("cost"), automatic("debt")});
  query.bounds = {std::int64_t{1} << 16, std::int64_t{1} << 16};
  EXPECT_EQ(where_of(query), "max-groups");
  query.bounds = {1, 1};
  EXPECT_EQ(least_epsilon(query, {.share = 0.1, .rows = 100}).error().where, "error");
  EXPECT_EQ(tune({.query = query, .max_groups = true, .max_rows = true}).error().where, "clamp");
  FixedBits bits(1);
  const PartialQuestion asked{.unit = "person",
                              .select = parse_select("sum(cost)").value(),
                              .clamps = {automatic("cost")},
                              .bounds = {1, 1}};
  EXPECT_EQ(PartialRun::make(asked, bits).error().where, "clamp");
}

TEST(ParsedClamp, MayBeAutomatic) {
  const Clamp clamp = parse_clamp(" \"a=b\" = auto ").value();
  EXPECT_EQ(clamp.column, "a=b");
  EXPECT_EQ(clamp.source, Clamp::Source::automatic);
  EXPECT_FALSE(parse_clamp("=auto"));
  EXPECT_FALSE(parse_clamp("cost=automatic"));
  EXPECT_FALSE(parse_clamp("cost=auto:5"));
}

}  // namespace
}  // namespace sfumato
