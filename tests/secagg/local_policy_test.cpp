#include "sfumato/secagg/local_policy.h"

#include <gtest/gtest.h>

#include <functional>

#include "secagg/example_plan.h"

namespace sfumato {
namespace {

LocalPolicy generous() {
  return {.most_epsilon = decimal("1.5"),
          .columns = {"region", "age", "days", "readmitted"},
          .units = {"patient"}};
}

std::string refusal(const std::function<void(LocalPolicy&)>& change) {
  LocalPolicy policy = generous();
  change(policy);
  const Status allowed = check(policy, example_plan(), 0);
  return allowed ? "allowed" : allowed.error().message;
}

TEST(LocalPolicy, AllowsWhatItSays) {
  EXPECT_EQ(refusal([](LocalPolicy&) {}), "allowed");
}

TEST(LocalPolicy, NamesWhatItDoesNotAllow) {
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.most_epsilon = decimal("1.49"); }),
            "allows ε = 1.49 a plan, this one costs 1.5");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.columns.erase(p.columns.begin()); }),
            "allows no groups by 'region'");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.columns.pop_back(); }),
            "allows no histogram of 'readmitted'");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.units = {"stay"}; }),
            "does not allow that 'patient' says who is protected");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.fewest_contributors = 4; }),
            "asks for 4 organisations, this plan has 3");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.fewest_colluders = 2; }),
            "asks that plans hold against 2 colluders, this one does against 1");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.coordinator_trusted = false; }),
            "asks that plans hold against an active coordinator");
  EXPECT_EQ(
      refusal([](LocalPolicy& p) { p.fewest_organisations_per_person = 2; }),
      "asks for noise that hides a person with rows at 2 organisations, this plan's hides one "
      "at 1");
  EXPECT_EQ(refusal([](LocalPolicy& p) { p.coordinators = {key_of(1).public_key()}; }),
            "does not allow that 'agency', of key " + key_of(77).public_key().fingerprint() +
                ", coordinates");
  EXPECT_EQ(refusal([](LocalPolicy& p) {
              p.coordinators = {key_of(1).public_key(), key_of(77).public_key()};
            }),
            "allowed");
}

TEST(LocalPolicy, AllowsNoDeltaThatItDoesNotName) {
  const QueryPlan plan = gaussian_plan();
  LocalPolicy policy = generous();
  policy.most_delta = decimal("1e-7");
  EXPECT_EQ(check(policy, plan, 0).error().message, "allows δ = 1e-7 a plan, this one costs 1e-6");
  policy.most_delta = decimal("1e-6");
  EXPECT_TRUE(check(policy, plan, 0));
}

TEST(LocalPolicy, AllowsNoRhoThatItDoesNotName) {
  const QueryPlan plan = QueryPlan::make(concentrated_terms(), clinic_roster()).value();
  LocalPolicy policy = generous();
  EXPECT_EQ(check(policy, plan, 0).error().message, "allows ρ = 0 a plan, this one costs 0.03");
  policy.most_rho = decimal("0.03");
  EXPECT_TRUE(check(policy, plan, 0));
}

// Of the three the last one has its own beds in the plan, and a fourth has nothing.
TEST(LocalPolicy, NamesTheDatasetsThatMayBeUsed) {
  LocalPolicy policy = generous();
  const QueryPlan plan = example_plan();
  EXPECT_TRUE(check(policy, plan, 0));
  policy.datasets = {"beds", "stays"};
  EXPECT_TRUE(check(policy, plan, 0));
  policy.datasets = {"beds"};
  EXPECT_EQ(check(policy, plan, 0).error().message, "does not allow that dataset 'stays' is used");
  EXPECT_TRUE(check(policy, plan, 2));
  EXPECT_TRUE(check(policy, plan, 3));
  EXPECT_TRUE(check(policy, plan, std::nullopt));
}

}  // namespace
}  // namespace sfumato
