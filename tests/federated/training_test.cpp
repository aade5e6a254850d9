#include "sfumato/federated/training.h"

#include <gtest/gtest.h>

#include <functional>

#include "federated/trained_training.h"
#include "sfumato/account/composition.h"

namespace sfumato {
namespace {

std::string refused(const std::function<void(TrainingTerms&)>& change) {
  TrainingTerms terms = example_training_terms();
  change(terms);
  const auto made = Training::make(std::move(terms), clinic_roster());
  return made ? std::string() : made.error().where;
}

TEST(Training, TwoPartiesDeriveTheSameBytes) {
  const Training one = example_training(), other = example_training();
  ModelState state = one.start();
  for (std::int64_t round = 1; round <= 4; ++round) {
    const auto plan = one.plan(round, state, clinic_roster()).value();
    EXPECT_EQ(plan.bytes(), other.plan(round, state, clinic_roster()).value().bytes());
    state = one.next(state, std::vector<std::int64_t>{700, -300, 20});
  }
}

TEST(Training, AnotherRoundOtherWeightsAndAnotherTrainingGiveAnotherPlan) {
  const Training training = example_training();
  const auto hash = [](const Training& of, std::int64_t round, const ModelState& state) {
    return of.plan(round, state, clinic_roster()).value().hash();
  };
  const ModelState start = training.start();
  const Digest first = hash(training, 1, start);
  EXPECT_NE(hash(training, 2, start), first);
  const auto nonce = [&](std::int64_t round) {
    return training.plan(round, start, clinic_roster()).value().terms().nonce;
  };
  EXPECT_NE(nonce(2), nonce(1));
  ModelState other = start;
  other.weights[2] = 1;
  EXPECT_NE(hash(training, 1, other), first);
  other = start;
  other.moved[0] = -1;
  EXPECT_NE(hash(training, 1, other), first);
  const std::function<void(TrainingTerms&)> changes[] = {
      [](auto& terms) { terms.rate = decimal("2.001"); },
      [](auto& terms) { terms.momentum = decimal("0.499"); },
      [](auto& terms) { terms.people = 1001; },
      [](auto& terms) { terms.features[1].upper = decimal("31"); },
      [](auto& terms) { terms.features[0].lower = decimal("1"); },
      [](auto& terms) { terms.plan.unit = "person"; }};
  for (const auto& change : changes) {
    TrainingTerms terms = example_training_terms();
    change(terms);
    const auto another = Training::make(std::move(terms), clinic_roster()).value();
    EXPECT_NE(another.hash(), training.hash());
    EXPECT_NE(hash(another, 1, start), first);
  }
}

TEST(Training, ARoundAddsUpOneVectorOfWholeStepsAPerson) {
  const Training training = example_training();
  const auto plan = training.plan(3, training.start(), clinic_roster()).value();
  EXPECT_EQ(plan.terms().title.substr(0, 37), "readmissions: round 3 of 4, training ");
  EXPECT_EQ(plan.terms().bounds.max_rows, 1);
  ASSERT_EQ(plan.terms().operations.size(), 1u);
  const JointOperation& sum = plan.terms().operations[0];
  EXPECT_EQ(sum.columns,
            (std::vector<std::string>{"change(readmitted)", "change(age)", "change(days)"}));
  EXPECT_EQ(plan.lattice().parts()[0].sensitivity.l2_squared, 150u * 150u);
  EXPECT_EQ(std::get<ConcentratedCost>(plan.stated_cost()).rho, Exact(decimal("0.025")));
  EXPECT_GT(plan.cost(), LossAmount::at_least(Exact(decimal("0.02499"))).value());
}

TEST(Training, RoundsAddUpToWhatIsStatedAndNeverMore) {
  EXPECT_EQ(example_training().rho(), decimal("0.1"));
  TrainingTerms terms = example_training_terms();
  terms.rounds = 7;
  const auto seven = Training::make(terms, clinic_roster()).value();
  EXPECT_EQ(seven.round_rho(), decimal("0.014285714285"));
  EXPECT_EQ(seven.rho(), decimal("0.099999999995"));
}

TEST(Training, TheGreatestRhoIsTheGreatestOfItsGrid) {
  const Decimal rho = greatest_rho(decimal("2"), decimal("1e-6"), 8).value();
  const auto epsilon = [](const Decimal& of) {
    const auto composed = Composition::make({.events = {{.loss = ZcdpLoss{Exact(of)}}}}).value();
    return composed.epsilon(Exact(decimal("1e-6"))).value().bound;
  };
  EXPECT_LE(epsilon(rho).upper, 2);
  EXPECT_GT(epsilon(Decimal::add(rho, decimal("8e-9")).value()).upper, 2);
  EXPECT_LE(epsilon_of_rho(rho, decimal("1e-6")).value(), decimal("2"));
  EXPECT_FALSE(greatest_rho(decimal("0"), decimal("1e-6"), 8));
  EXPECT_FALSE(greatest_rho(decimal("2"), decimal("1e-6"), 0));
}

TEST(Training, APolicyAllowsChangesOfTheColumnsThatItNamesAlone) {
  const Training training = example_training();
  LocalPolicy policy{.most_epsilon = {},
                     .most_rho = decimal("0.1"),
                     .columns = {"readmitted", "days", "age", "wage"},
                     .units = {"patient"}};
  const auto allowed = training.allowed_by(policy).value();
  const auto plan = training.plan(1, training.start(), clinic_roster()).value();
  EXPECT_TRUE(check(allowed, plan, 0));
  EXPECT_FALSE(check(policy, plan, 0));  // no rows themselves
  policy.columns = {"readmitted", "days"};
  const auto refusal = training.allowed_by(policy);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().message, "allows no training on 'age'");
}

TEST(Training, APolicysLimitOfOnePlanIsThatOfAllRoundsTogether) {
  const Training training = example_training();
  LocalPolicy policy{.most_epsilon = {},
                     .most_rho = decimal("0.0999"),
                     .columns = {"readmitted", "days", "age"},
                     .units = {"patient"}};
  const auto refusal = training.allowed_by(policy);
  ASSERT_FALSE(refusal) << "though four rounds of 0.025 are allowed one by one";
  EXPECT_EQ(refusal.error().message,
            "allows ρ = 0.0999 a plan or training, this one costs 0.1 in all its rounds");
  policy.most_rho = decimal("0.1");
  EXPECT_TRUE(training.allowed_by(policy));
}

TEST(Training, ARoundsNameIsThatOfItsTrainingAndNumberAlone) {
  const Training training = example_training();
  EXPECT_EQ(training.name_of(2), example_training().name_of(2));
  EXPECT_NE(training.name_of(2), training.name_of(3));
  TrainingTerms terms = example_training_terms();
  terms.people = 1001;
  EXPECT_NE(Training::make(std::move(terms), clinic_roster())->name_of(2), training.name_of(2));
}

TEST(Training, TermsThatMakeNoSenseAreRefused) {
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& terms) { terms.plan.title = std::string(121, 'a'); }), "title");
  EXPECT_EQ(refused([](auto& terms) { terms.target = "age"; }), "target");
  EXPECT_EQ(refused([](auto& terms) { terms.target = ""; }), "target");
  EXPECT_EQ(refused([](auto& terms) { terms.clip = decimal("1.505"); }), "clip");
  EXPECT_EQ(refused([](auto& terms) { terms.clip = decimal("0.02"); }), "step");
  EXPECT_EQ(refused([](auto& terms) { terms.rounds = 0; }), "rounds");
  EXPECT_EQ(refused([](auto& terms) { terms.rounds = 1001; }), "rounds");
  EXPECT_EQ(refused([](auto& terms) { terms.rho = decimal("0"); }), "rho");
  EXPECT_EQ(refused([](auto& terms) { terms.rho = decimal("1e-12"); }), "rho");
  EXPECT_EQ(refused([](auto& terms) { terms.features.clear(); }), "features");
  EXPECT_EQ(refused([](auto& terms) { terms.plan.datasets.pop_back(), terms.plan.colluders = 2; }),
            "colluders");
}

}  // namespace
}  // namespace sfumato
