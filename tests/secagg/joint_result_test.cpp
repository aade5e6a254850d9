#include "sfumato/secagg/joint_result.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "secagg/example_plan.h"
#include "secagg/present_noise.h"
#include "sfumato/noise/law.h"
#include "sfumato/noise/polya.h"
#include "support/effort.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

/// A plan with each operation, over one group.
QueryPlan whole_plan(std::size_t dropouts = 0) {
  PlanTerms terms = example_terms();
  terms.by.clear();
  terms.groups.clear();
  terms.dropouts = dropouts;
  terms.operations[1].lower = decimal("-10");
  JointOperation variance = terms.operations[1], sum = terms.operations[1];
  variance.answer = JointAnswer::variance;
  sum.answer = JointAnswer::sum;
  terms.operations.push_back(variance);
  terms.operations.push_back(sum);
  terms.operations.push_back({.answer = JointAnswer::vector_sum,
                              .columns = {"x", "y"},
                              .upper = decimal("5"),
                              .step = decimal("0.5"),
                              .noise = decimal("30")});
  terms.loss = decimal("100000");
  return QueryPlan::make(terms, clinic_roster()).value();
}

const JointValue& value(const JointResult& result, const std::string& name) {
  for (const JointValue& value : result.groups[0].values)
    if (value.name == name) return value;
  throw std::runtime_error("no " + name);
}

// Four values: 0, 10, 20, 30 days; in steps of half a day from -10 on: 20, 40, 60, 80 of 80.
std::vector<std::int64_t> exact_sums() {
  std::vector<std::int64_t> sums = {4};
  const std::int64_t u[] = {20, 40, 60, 80};
  std::int64_t first = 0, second = 0, above = 0, between = 0, below = 0;
  for (const std::int64_t x : u) {
    first += x, second += 80 - x;
    above += x * x, between += 2 * x * (80 - x), below += (80 - x) * (80 - x);
  }
  sums.insert(sums.end(), {first, second});
  sums.insert(sums.end(), {1, 2, 1});
  sums.insert(sums.end(), {above, between, below});
  sums.insert(sums.end(), {2 * (0 + 10 + 20 + 30)});
  sums.insert(sums.end(), {-7, 8});
  return sums;
}

TEST(JointResult, OfExactSumsIsWhatTheyAreSumsOf) {
  const JointResult result = decode(whole_plan(), exact_sums(), 3).value();
  ASSERT_EQ(result.groups.size(), 1u);
  EXPECT_EQ(value(result, "count").estimate.value, 4);
  EXPECT_NEAR(value(result, "mean(days)").estimate.value, 15, 1e-9);
  EXPECT_NEAR(value(result, "count(days)").estimate.value, 4, 1e-9);
  EXPECT_NEAR(value(result, "sum(days)").estimate.value, 60, 1e-6);
  EXPECT_NEAR(value(result, "variance(days)").estimate.value, 125, 1e-6);
  EXPECT_EQ(value(result, "histogram(readmitted)[0, 1)").estimate.value, 1);
  EXPECT_EQ(value(result, "histogram(readmitted)[1, 2)").estimate.value, 2);
  EXPECT_EQ(value(result, "histogram(readmitted)[2, 100]").estimate.value, 1);
  EXPECT_EQ(value(result, "vector_sum(x)").estimate.value, -3.5);
  EXPECT_EQ(value(result, "vector_sum(y)").estimate.value, 4);
  EXPECT_EQ(result.outsiders, whole_plan().cost());
}

TEST(JointResult, HasTheGroupsThatWereAgreed) {
  const QueryPlan plan = example_plan();
  const JointResult result =
      decode(plan, std::vector<std::int64_t>(plan.lattice().size()), 3).value();
  ASSERT_EQ(result.groups.size(), 3u);
  EXPECT_EQ(result.groups[2].key, (std::vector<std::string>{"south", "18+"}));
  EXPECT_EQ(result.groups[2].values.size(), 1u + 3 + 3);
}

TEST(JointResult, WithTooFewPartsOfNoiseIsRefused) {
  const auto taken = [](const QueryPlan& plan, std::size_t present, double confidence = 0.9) {
    return static_cast<bool>(decode(plan, exact_sums(), present, confidence));
  };
  EXPECT_FALSE(taken(whole_plan(), 2));
  EXPECT_TRUE(taken(whole_plan(1), 2));
  EXPECT_FALSE(taken(whole_plan(1), 1));
  EXPECT_FALSE(taken(whole_plan(), 4));
  EXPECT_FALSE(taken(whole_plan(), 3, 1));
  EXPECT_FALSE(decode(whole_plan(), std::vector<std::int64_t>(3), 3));
}

// Three parts of two: deviation √1.5 times that of the whole noise.
TEST(JointResult, ErrorsAreThoseOfThePartsThatAreThere) {
  const JointResult result = decode(whole_plan(), exact_sums(), 3).value();
  const double one = discrete_laplace_deviation(Scale::ratio(12, 1).value());
  EXPECT_NEAR(value(result, "count").standard_error, one * std::sqrt(1.5), 1e-9);
  EXPECT_NEAR(value(result, "vector_sum(x)").standard_error,
              discrete_laplace_deviation(Scale::ratio(30, 1).value()) * 0.5 * std::sqrt(1.5), 1e-9);
}

// Parts of noise on fixed bits, of which 2 make the whole and 3 are there: 95 intervals in 100 hold, or some more.
TEST(JointResult, IntervalsHoldWhatTheySay) {
  const QueryPlan plan = whole_plan();
  std::vector<std::int64_t> sums = exact_sums();
  for (std::int64_t& sum : sums) sum *= 100;  // 400 values
  std::vector<Polya> laws;
  for (const JointOperation& op : plan.terms().operations)
    laws.push_back(Polya::make(Scale::make(op.noise).value(), 2).value());
  const std::vector<std::pair<std::string, double>> truths = {{"count", 400},
                                                              {"mean(days)", 15},
                                                              {"count(days)", 400},
                                                              {"variance(days)", 125},
                                                              {"vector_sum(x)", -350}};
  std::vector<int> held(truths.size());
  FixedBits bits(11);
  const int runs = times(60, 20'000);
  for (int run = 0; run < runs; ++run) {
    std::vector<std::int64_t> noisy = sums;
    for (std::size_t i = 0; i < laws.size(); ++i) {
      const LatticePart& part = plan.lattice().parts()[i];
      for (std::size_t k = 0; k < part.per_group; ++k)
        for (int parts = 0; parts < 3; ++parts) noisy[part.first + k] += laws[i].draw(bits);
    }
    const JointResult result = decode(plan, noisy, 3).value();
    for (std::size_t i = 0; i < truths.size(); ++i) {
      const Estimate& estimate = value(result, truths[i].first).estimate;
      held[i] += estimate.low <= truths[i].second && truths[i].second <= estimate.high;
    }
  }
  for (std::size_t i = 0; i < truths.size(); ++i) {
    EXPECT_GE(held[i], runs * 0.95 - 4 * std::sqrt(runs * 0.05)) << truths[i].first;
    EXPECT_LT(held[i], std::max(runs, 1000)) << truths[i].first << ": and is none of everything";
  }
}

// Three noises of σ = 25 are there where two were needed; one of them may tell.
TEST(JointResult, OfGaussianNoiseTellsBothCosts) {
  const QueryPlan plan = gaussian_plan();
  const JointResult result =
      decode(plan, std::vector<std::int64_t>(plan.lattice().size()), 3).value();
  EXPECT_LT(result.outsiders, result.colluders);
  EXPECT_EQ(result.colluders, plan.cost());
  const JointValue& count = value(result, "count");
  EXPECT_NEAR(count.standard_error, 25 * std::sqrt(3), 1e-9);
  EXPECT_NEAR(count.estimate.high, 1.959964 * 25 * std::sqrt(3), 0.01);
}

// Three parts of two: 2/3 of the ρ that two of them cost.
TEST(JointResult, TellsBothCostsInRhoWhereThatIsCounted) {
  const QueryPlan plan = QueryPlan::make(concentrated_terms(), clinic_roster()).value();
  const JointResult result =
      decode(plan, std::vector<std::int64_t>(plan.lattice().size()), 3).value();
  EXPECT_EQ(result.colluders, plan.cost());
  EXPECT_NEAR(result.outsiders.value().to_double_up(), 0.0216 * 2 / 3, 1e-11);
}

TEST(JointResult, OfSkellamNoiseIsAsWideAsItsVariance) {
  const QueryPlan plan = QueryPlan::make(skellam_terms(), clinic_roster()).value();
  const JointResult result =
      decode(plan, std::vector<std::int64_t>(plan.lattice().size()), 3).value();
  EXPECT_LT(result.outsiders, result.colluders);
  EXPECT_NEAR(value(result, "count").standard_error, 25 * std::sqrt(3), 1e-9);
}

// Of ten noises a bound by Chernoff, which is no narrower than what six and their law say of six.
TEST(JointResult, IntervalsGrowWithTheParts) {
  double before = 0;
  for (std::size_t parts = 1; parts <= 10; ++parts) {
    const auto noise = present_polya(Scale::ratio(7, 1).value(), 1, parts, 2, 0.95).value();
    EXPECT_GT(noise.law.half_width(), before);
    EXPECT_GT(noise.law.half_width(), 1.9 * noise.standard_error);
    EXPECT_LT(noise.law.half_width(), 4 * noise.standard_error);
    before = noise.law.half_width();
  }
}

}  // namespace
}  // namespace sfumato
