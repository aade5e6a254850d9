#include "sfumato/secagg/joint_noise.h"

#include <gtest/gtest.h>

#include "secagg/example_plan.h"
#include "secagg/kept_numbers.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/polya.h"
#include "sfumato/noise/skellam.h"
#include "sfumato/secagg/joint_session.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

JointPermit permit_for(const QueryPlan& plan) {
  return {.permit = Permit::unaccounted("a test"), .plan = plan.hash(), .session = {}, .head = {}};
}

std::vector<std::int64_t> numbers_of(const QueryPlan& plan, NoisedVector vector) {
  const Session session = session_of(plan, clinic_roster(), {}).value();
  const SigningKey key = key_of(1);
  return kept_numbers(Party::begin(session, key, std::move(vector)).value());
}

TEST(JointNoise, IsOnePartOfTheScaleOfEachOperation) {
  const QueryPlan plan = example_plan();
  std::vector<std::int64_t> answers(plan.lattice().size());
  for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = static_cast<std::int64_t>(1000 * i);
  FixedBits bits(5), same(5);
  const auto noisy = numbers_of(plan, noised(permit_for(plan), plan, answers, bits).value());
  std::size_t at = 0;
  for (const auto& [scale, coordinates] :
       std::vector<std::pair<std::uint64_t, std::size_t>>{{12, 3}, {720, 6}, {12, 9}}) {
    const Polya law = Polya::make(Scale::ratio(scale, 1).value(), 2).value();
    for (std::size_t k = 0; k < coordinates; ++k, ++at)
      EXPECT_EQ(noisy[at], answers[at] + law.draw(same)) << at;
  }
  EXPECT_EQ(at, noisy.size());
}

TEST(JointNoise, IsSkellamWhereThePlanSaysSo) {
  PlanTerms terms = skellam_terms();
  terms.operations.resize(1);
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  FixedBits bits(5), same(5);
  const std::vector<std::int64_t> sevens(plan.lattice().size(), 7);
  const auto noisy = numbers_of(plan, noised(permit_for(plan), plan, sevens, bits).value());
  ASSERT_EQ(noisy.size(), 3u);
  const Skellam law = Skellam::make(Scale::ratio(625, 1).value()).value();
  for (const std::int64_t number : noisy) EXPECT_EQ(number, 7 + law.draw(same));
}

TEST(JointNoise, IsGaussianWhereThePlanSaysSo) {
  const QueryPlan plan = gaussian_plan();
  FixedBits bits(5), same(5);
  const std::vector<std::int64_t> sevens(plan.lattice().size(), 7);
  const auto noisy = numbers_of(plan, noised(permit_for(plan), plan, sevens, bits).value());
  std::size_t at = 0;
  for (const auto& [sigma, coordinates] :
       std::vector<std::pair<std::uint64_t, std::size_t>>{{25, 3}, {1500, 6}, {25, 9}}) {
    const DiscreteGaussian law = DiscreteGaussian::make(Scale::ratio(sigma, 1).value()).value();
    std::vector<std::int64_t> noise(coordinates);
    law.fill(noise, same);
    for (const std::int64_t number : noise) EXPECT_EQ(noisy[at++], 7 + number);
  }
}

// A remainder tells nothing but the number's; a number cut to the end would tell how far out it was.
TEST(JointNoise, WrapsWhereASumWouldNotFit) {
  const QueryPlan plan = example_plan();
  const std::vector<std::int64_t> most(plan.lattice().size(), INT64_MAX);
  FixedBits bits(5), same(5);
  const auto noisy = numbers_of(plan, noised(permit_for(plan), plan, most, bits).value());
  bool any_beyond = false;
  const Polya law = Polya::make(Scale::ratio(12, 1).value(), 2).value();
  for (std::size_t k = 0; k < 3; ++k) {
    const std::int64_t noise = law.draw(same);
    any_beyond = any_beyond || noise > 0;
    EXPECT_EQ(static_cast<std::uint64_t>(noisy[k]),
              std::uint64_t{INT64_MAX} + static_cast<std::uint64_t>(noise));
  }
  EXPECT_TRUE(any_beyond);
}

TEST(JointNoise, TakesNoPermitOfAnotherPlanAndNoOtherLength) {
  const QueryPlan plan = example_plan();
  PlanTerms terms = example_terms();
  terms.nonce[0] = 9;
  const QueryPlan other = QueryPlan::make(terms, clinic_roster()).value();
  std::vector<std::int64_t> answers(plan.lattice().size());
  FixedBits bits(5);
  EXPECT_EQ(noised(permit_for(other), plan, answers, bits).error().message,
            "must be for this plan, is for another one");
  answers.pop_back();
  EXPECT_EQ(noised(permit_for(plan), plan, answers, bits).error().message, "must have 18 numbers");
}

}  // namespace
}  // namespace sfumato
