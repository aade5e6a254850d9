#include "secagg/untold_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "secagg/example_plan.h"
#include "secagg/honest_parts.h"
#include "secagg/joint_cost.h"

namespace sfumato {
namespace {

PlanTerms untold(PlanTerms terms) {
  for (JointOperation& op : terms.operations) op.noise = Decimal();
  return terms;
}

PlanTerms shared(PlanTerms terms) {
  EXPECT_TRUE(share_noise(terms, clinic_roster()));
  return terms;
}

double cost_of(const PlanTerms& terms) {
  const auto lattice = JointLattice::make(terms).value();
  return joint_cost(terms, lattice, honest_parts(terms).value())->value().to_double_up();
}

/// The same with all noise narrower by a share of it.
PlanTerms narrower(PlanTerms terms, double share) {
  for (JointOperation& op : terms.operations)
    op.noise = decimal(std::to_string(op.noise.to_double_down() * (1 - share)));
  return terms;
}

std::string refusal(PlanTerms terms) {
  const PlanTerms before = terms;
  const Status set = share_noise(terms, clinic_roster());
  if (set) return "taken";
  EXPECT_EQ(terms, before);
  return set.error().where + " " + set.error().message;
}

TEST(UntoldNoise, OfLaplaceNoiseIsAThirdOfEpsilonForEachOfThreeOperations) {
  const PlanTerms terms = shared(untold(example_terms()));  // moves: 6 rows, 6·60 steps, 6 rows
  const auto lattice = JointLattice::make(terms).value();
  for (std::size_t i = 0; i < 3; ++i) {
    const double l1 = static_cast<double>(lattice.parts()[i].sensitivity.l1);
    EXPECT_GE(terms.operations[i].noise.to_double_down(), l1 / 0.5);
    EXPECT_LT(terms.operations[i].noise.to_double_up(), l1 / 0.5 + 0.0011);
  }
  EXPECT_TRUE(QueryPlan::make(terms, clinic_roster()));
}

TEST(UntoldNoise, CostsNoMoreThanTheTotalAndHardlyLess) {
  for (const PlanTerms& told : {gaussian_terms(), concentrated_terms()}) {
    const PlanTerms terms = shared(untold(told));
    const double total = told.loss.to_double_up();
    EXPECT_LE(cost_of(terms), total);
    EXPECT_GT(cost_of(terms), total * 0.9997);
    EXPECT_GT(cost_of(narrower(terms, 1e-3)), total);
    EXPECT_TRUE(QueryPlan::make(terms, clinic_roster()));
  }
}

// ρ of h parts of Gaussian noise is Σ Δ²/(2·h·σ²) but for what the sum of discrete ones adds, here nothing that is seen.
TEST(UntoldNoise, OfGaussianNoiseIsOneMultipleOfWhatEachMovesBy) {
  const PlanTerms terms = shared(untold(concentrated_terms()));
  const auto lattice = JointLattice::make(terms).value();
  const double multiple = std::sqrt(3 / (2 * 0.03 * 2));
  for (std::size_t i = 0; i < 3; ++i) {
    const double l2 = std::sqrt(static_cast<double>(lattice.parts()[i].sensitivity.l2_squared));
    EXPECT_NEAR(terms.operations[i].noise.to_double_up() / (multiple * l2), 1, 2e-4);
  }
}

TEST(UntoldNoise, OfSkellamNoiseIsAVariance) {
  const PlanTerms terms = shared(untold(skellam_terms()));
  const PlanTerms gaussian = shared(untold(gaussian_terms()));
  EXPECT_LE(cost_of(terms), 1);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(std::sqrt(terms.operations[i].noise.to_double_up()) /
                    gaussian.operations[i].noise.to_double_up(),
                1, 0.02);
}

TEST(UntoldNoise, LeavesWhatIsTold) {
  PlanTerms terms = gaussian_terms();
  terms.operations[0].noise = Decimal();
  const PlanTerms set = shared(terms);
  EXPECT_EQ(set.operations[1].noise, terms.operations[1].noise);
  EXPECT_EQ(set.operations[2].noise, terms.operations[2].noise);
  EXPECT_NE(set.operations[0].noise, Decimal());
  EXPECT_LE(cost_of(set), 1);
  EXPECT_GT(cost_of(set), 0.999);
  EXPECT_EQ(shared(gaussian_terms()), gaussian_terms());
}

TEST(UntoldNoise, IsNoNarrowerThanAnyMayBe) {
  PlanTerms terms = untold(concentrated_terms());
  terms.loss = decimal("1000000");
  for (const JointOperation& op : shared(terms).operations) EXPECT_EQ(op.noise, decimal("1"));
}

TEST(UntoldNoise, ThatNoTotalPaysForIsRefused) {
  for (PlanTerms terms : {gaussian_terms(), skellam_terms()}) {
    terms.operations[0].noise = Decimal();
    terms.loss = decimal("0.01");  // and what is told costs more
    EXPECT_EQ(refusal(terms), "ε is too small for these bounds, and the noise that is told");
  }
}

TEST(UntoldNoise, OfTermsThatAreNoPlansIsRefused) {
  PlanTerms terms = untold(example_terms());
  terms.colluders = 3;
  EXPECT_NE(refusal(terms), "taken");
  terms = untold(gaussian_terms());
  terms.delta = {};
  EXPECT_NE(refusal(terms), "taken");
}

}  // namespace
}  // namespace sfumato
