#include "sfumato/secagg/query_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "ledger/canonical.h"
#include "secagg/example_plan.h"
#include "secagg/joint_cost.h"

namespace sfumato {
namespace {

std::string refusal(const std::function<void(PlanTerms&)>& change) {
  PlanTerms terms = example_terms();
  change(terms);
  const auto plan = QueryPlan::make(terms, clinic_roster());
  return plan ? "taken" : plan.error().where + " " + plan.error().message;
}

// Python's hashlib and struct, over the layout of docs/protocol/plans.md.
TEST(QueryPlan, HasTheBytesThatTheProtocolWritesDown) {
  EXPECT_EQ(example_plan().bytes().size(), 498u);
  EXPECT_EQ(hexadecimal(example_plan().hash()),
            "c92655755b25de3556532a9447682608184037f8e4d8c4eeafd179adcc7dbdbc");
}

TEST(QueryPlan, IsReadAsItIsWritten) {
  const QueryPlan plan = example_plan();
  const QueryPlan read = QueryPlan::parse(plan.bytes(), clinic_roster()).value();
  EXPECT_EQ(read.terms(), plan.terms());
  EXPECT_EQ(read.hash(), plan.hash());
  EXPECT_EQ(read.cost(), plan.cost());
}

TEST(QueryPlan, IsOneWhateverOrderItsListsAreToldIn) {
  PlanTerms terms = example_terms();
  std::ranges::reverse(terms.groups);
  std::ranges::reverse(terms.datasets);
  EXPECT_EQ(QueryPlan::make(terms, clinic_roster()).value().hash(), example_plan().hash());
}

TEST(QueryPlan, OfAForeignRosterIsRefused) {
  const auto plan = QueryPlan::parse(example_plan().bytes(), clinic_roster(3));
  EXPECT_EQ(plan.error().message, "must be for this roster, is for another one");
}

TEST(QueryPlan, ShortLongAndReorderedBytesAreRefused) {
  const std::string bytes = example_plan().bytes();
  EXPECT_FALSE(QueryPlan::parse(bytes + '\0', clinic_roster()));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(QueryPlan::parse(bytes.substr(0, size), clinic_roster())) << size;
  std::string other = bytes;  // groups in another order: both begin with the same region
  const std::string one(
      "\0\4"
      "0-17",
      6),
      two("\0\3"
          "18+",
          5);
  const std::size_t at = bytes.find(one), next = bytes.find(two, at);
  const std::string between = bytes.substr(at + one.size(), next - at - one.size());
  other.replace(at, next + two.size() - at, two + between + one);
  EXPECT_EQ(QueryPlan::parse(other, clinic_roster()).error().message,
            "must be written in the one form that there is");
}

// What is read after a bit was changed is written as it was read: another plan, with another hash.
TEST(QueryPlan, AlteredBytesAreNoPlanOrAnotherOne) {
  const QueryPlan plan = example_plan();
  for (std::size_t at = 0; at < plan.bytes().size(); ++at) {
    std::string other = plan.bytes();
    other[at] = static_cast<char>(other[at] ^ 1 << at % 8);
    const auto read = QueryPlan::parse(other, clinic_roster());
    if (!read) continue;
    EXPECT_EQ(read->bytes(), other);
    EXPECT_NE(read->hash(), plan.hash());
  }
}

TEST(QueryPlan, EachTermIsInItsHash) {
  const Digest hash = example_plan().hash();
  const auto differs = [&](const std::function<void(PlanTerms&)>& change) {
    PlanTerms terms = example_terms();
    change(terms);
    return QueryPlan::make(terms, clinic_roster()).value().hash() != hash;
  };
  EXPECT_TRUE(differs([](PlanTerms& t) { t.title = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.datasets[0].name = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.datasets[0].version = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.unit = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.by[0] = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.groups[0][0] = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations.pop_back(); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations[1].columns[0] = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations[1].lower = decimal("1"); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations[1].upper = decimal("29"); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations[1].step = decimal("1"); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations[1].noise = decimal("721"); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.operations[2].edges[1] = decimal("1.5"); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.bounds.max_groups = 1; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.bounds.max_rows = 2; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.most_rows = 7; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.loss = decimal("1.6"); }));
  EXPECT_TRUE(differs([](PlanTerms& t) {
    t.colluders = 2;
    t.threshold = 3;
  }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.dropouts = 1; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.threshold = 3; }));
  EXPECT_TRUE(differs([](PlanTerms& t) {
    t.coordinator = JointCoordinator::active;
    t.threshold = 3;
  }));
  EXPECT_TRUE(differs([](PlanTerms& t) {
    t.path = JointPath::encrypted, t.key_holders = {0, 1};
  }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.coordinated_by.name = "x"; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.coordinated_by.key = key_of(78).public_key(); }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.modulus_bits = 32; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.expires = 1; }));
  EXPECT_TRUE(differs([](PlanTerms& t) { t.nonce[15] = 0; }));
  EXPECT_TRUE(differs([](PlanTerms& t) {
    t.organisations_per_person = 2;
    t.loss = decimal("3");
  }));
}

TEST(QueryPlan, CostsWhatItsNoiseGivesAway) {
  EXPECT_EQ(example_plan().cost().to_string(), "1.5") << "6/12 + 360/720 + 6/12";
  EXPECT_EQ(refusal([](PlanTerms& t) { t.loss = decimal("1.499999999999"); }),
            "loss must be at least what the noise costs, ε = 1.5");
  EXPECT_EQ(refusal([](PlanTerms& t) { t.operations[0].noise = decimal("11.99"); }),
            "loss must be at least what the noise costs, ε = 1.500417014179");
  EXPECT_EQ(refusal([](PlanTerms& t) { t.organisations_per_person = 2; }),
            "loss must be at least what the noise costs, ε = 3");
  EXPECT_EQ(refusal([](PlanTerms& t) { t.operations[0].noise = {}; }),
            "noise must have a scale of 2^-5 to 2^62 steps");
}

// ρ of h = 2 noises of σ each: Δ² = 2·(3)², 2·(180)², 2·(3)² in steps; 18/1250·2 + 64800/4.5e6 over 2 = 0.0216. By
// the conversion of Canonne, Kamath, Steinke, proposition 12, in mpmath: ε = 0.937751140260 at δ = 1e-6.
TEST(QueryPlan, OfGaussianNoiseCostsWhatItsDivergenceIs) {
  const double epsilon = gaussian_plan().cost().value().to_double_up();
  EXPECT_GE(epsilon, 0.937751140260);
  EXPECT_LT(epsilon, 0.937752);
  const auto refused = [](const std::function<void(PlanTerms&)>& change) {
    PlanTerms terms = gaussian_terms();
    change(terms);
    const auto plan = QueryPlan::make(terms, clinic_roster());
    return plan ? std::string("taken") : plan.error().where + " " + plan.error().message;
  };
  EXPECT_EQ(refused([](PlanTerms&) {}), "taken");
  EXPECT_EQ(refused([](PlanTerms& t) { t.delta = {}; }),
            "delta must lie between 0 and 1, but for Pólya noise");
  EXPECT_EQ(
      refused([](PlanTerms& t) { t.operations[0].noise = decimal("0.99"); }),
      "noise must have for each organisation a σ of 1 to 2^62 steps, or a variance μ of 1 to 2^50");
  EXPECT_NE(refused([](PlanTerms& t) { t.loss = decimal("0.93"); }), "taken");
  EXPECT_NE(refused([](PlanTerms& t) { t.dropouts = 1; }), "taken") << "one part less";
  EXPECT_EQ(QueryPlan::parse(gaussian_plan().bytes(), clinic_roster()).value().hash(),
            gaussian_plan().hash());
}

// μ = σ² of each costs a little more than discrete Gaussian noise of σ does.
TEST(QueryPlan, OfSkellamNoiseCostsWhatItsDivergencesAre) {
  const QueryPlan plan = QueryPlan::make(skellam_terms(), clinic_roster()).value();
  EXPECT_GT(plan.cost(), gaussian_plan().cost());
  EXPECT_LT(plan.cost().value().to_double_up(), 1.01 * 0.937752);
  EXPECT_EQ(QueryPlan::parse(plan.bytes(), clinic_roster()).value().hash(), plan.hash());
  PlanTerms narrow = skellam_terms();
  narrow.operations[0].noise = decimal("0.99");
  EXPECT_FALSE(QueryPlan::make(narrow, clinic_roster()));
}

// As above: 0.0216 of all three, but for the gap between a sum of two discrete Gaussian noises and one, which is below
// 10^-12 at such widths. Of Pólya noise (1/2)²/2 of each.
TEST(QueryPlan, CountsInRhoWhereItSaysSo) {
  PlanTerms terms = concentrated_terms();
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  EXPECT_GE(plan.cost().to_string(), "0.0216");
  EXPECT_LE(plan.cost().to_string(), "0.021600000001");
  EXPECT_EQ(std::get<ConcentratedCost>(plan.stated_cost()).rho, Exact(decimal("0.03")));
  EXPECT_EQ(std::get<ConcentratedCost>(plan.stated_cost()).delta, Exact(0.0));
  EXPECT_EQ(QueryPlan::parse(plan.bytes(), clinic_roster()).value().hash(), plan.hash());
  const auto refused = [&](const std::function<void(PlanTerms&)>& change) {
    PlanTerms changed = concentrated_terms();
    change(changed);
    const auto made = QueryPlan::make(changed, clinic_roster());
    return made ? std::string("taken") : made.error().where + " " + made.error().message;
  };
  EXPECT_EQ(refused([&](PlanTerms& t) { t.loss = decimal("0.021599999999"); }),
            "loss must be at least what the noise costs, ρ = " + plan.cost().to_string());
  EXPECT_EQ(refused([](PlanTerms& t) { t.delta = decimal("1e-6"); }),
            "delta must be 0 where ρ is counted");
  EXPECT_EQ(refused([](PlanTerms& t) { t.law = JointLaw::skellam; }),
            "law must be polya or discrete_gaussian where ρ is counted: Skellam noise has none");
  EXPECT_NE(refused([](PlanTerms& t) { t.dropouts = 1; }), "taken") << "one part less";
  PlanTerms pure = example_terms();
  pure.measure = JointMeasure::rho;
  pure.loss = decimal("0.375");
  EXPECT_EQ(QueryPlan::make(pure, clinic_roster()).value().cost().to_string(), "0.375");
}

// A width that lies a little above a double costs what that double does, not what the next one does, which costs less.
TEST(QueryPlan, CostsWhatNoNarrowerNoiseThanItsOwnCosts) {
  for (PlanTerms terms : {gaussian_terms(), skellam_terms()}) {
    terms.operations.resize(1);
    terms.bounds.max_rows = 3'000;
    const auto cost = [&](const char* noise) {
      terms.operations[0].noise = decimal(noise);
      return joint_cost(terms, JointLattice::make(terms).value(), 2).value();
    };
    EXPECT_EQ(cost("2.0000000000000001"), cost("2"));
    EXPECT_LT(cost("2.0000000000000005"), cost("2")) << "of the next double";
  }
}

TEST(QueryPlan, LeavesHonestNoiseAndAMajorityWhateverHappens) {
  EXPECT_EQ(refusal([](PlanTerms& t) { t.colluders = 3; }),
            "colluders and dropouts must leave one honest organisation at least");
  EXPECT_EQ(refusal([](PlanTerms& t) { t.dropouts = 2; }),
            "colluders and dropouts must leave one honest organisation at least");
  EXPECT_EQ(
      refusal([](PlanTerms& t) { t.threshold = 1; }),
      "threshold must be more than half of the organisations, and no more than are left after "
      "all dropouts");
  EXPECT_NE(refusal([](PlanTerms& t) { t.dropouts = 1, t.threshold = 3; }), "taken");
  EXPECT_EQ(refusal([](PlanTerms& t) { t.colluders = 2; }),
            "threshold must be above the number of colluders, who could unmask alone");
  EXPECT_EQ(
      refusal([](PlanTerms& t) { t.coordinator = JointCoordinator::active; }),
      "threshold must be above (organisations + colluders) / 2 against an active coordinator");
}

PlanTerms encrypted_plan_terms() {
  PlanTerms terms = example_terms();
  terms.path = JointPath::encrypted, terms.key_holders = {0, 1, 2};
  return terms;
}

std::string encrypted_refusal(const std::function<void(PlanTerms&)>& change) {
  return refusal([&](PlanTerms& t) {
    t = encrypted_plan_terms();
    change(t);
  });
}

TEST(QueryPlan, ThatEncryptsNamesKeyHoldersAmongThoseWhoContribute) {
  EXPECT_EQ(encrypted_refusal([](PlanTerms&) {}), "taken");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.key_holders = {2, 0}; }), "taken");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.key_holders = {}; }),
            "key_holders must be 2 at least where sums are encrypted");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.key_holders = {1}; }),
            "key_holders must be 2 at least where sums are encrypted");
  const std::string some =
      "key_holders must be some of those who contribute, each once, by their places";
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.key_holders = {0, 0, 1}; }), some);
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.key_holders = {0, 3}; }), some);
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.datasets.pop_back(); }), some);
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.modulus_bits = 32; }),
            "modulus_bits must be 64 where sums are encrypted");
  const QueryPlan plan = QueryPlan::make(encrypted_plan_terms(), clinic_roster()).value();
  EXPECT_EQ(QueryPlan::parse(plan.bytes(), clinic_roster()).value().terms(), plan.terms());
}

// Dropouts are of those who contribute, and no matter of the key.
TEST(QueryPlan, ThatEncryptsHasAThresholdThatColludersAndTwoListsDoNotReach) {
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.key_holders = {0, 2}; }), "taken");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.dropouts = 1, t.threshold = 3; }), "taken");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.threshold = 4; }),
            "threshold must be more than half of the key holders, and no more than they are");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.threshold = 1; }),
            "threshold must be more than half of the key holders, and no more than they are");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) { t.colluders = 2; }),
            "threshold must be above the number of colluders, who could decrypt alone");
  EXPECT_EQ(
      encrypted_refusal([](PlanTerms& t) { t.coordinator = JointCoordinator::active; }),
      "threshold must be above (key holders + colluders) / 2 against an active coordinator");
  EXPECT_EQ(encrypted_refusal([](PlanTerms& t) {
              t.coordinator = JointCoordinator::active, t.key_holders = {0, 2};
            }),
            "taken");
}

// Of three clinics sums of at most 3·1000 a row, and noise of scale 10^6, of which two parts make the whole: 96·10^6.
TEST(QueryPlan, ThatEncryptsHasSumsThatAreFoundAndCiphertextsThatFitAMessage) {
  const auto wide = [](std::int64_t most_rows) {
    return [=](PlanTerms& t) {
      t.operations.erase(t.operations.begin() + 1);
      t.operations[0].answer = JointAnswer::sum, t.operations[0].columns = {"days"};
      t.operations[0].upper = decimal("1000"), t.operations[0].step = decimal("1");
      t.operations[0].noise = decimal("1e6"), t.most_rows = most_rows;
    };
  };
  const auto most = static_cast<std::int64_t>((Session::kGreatestSum - 96'000'000) / 3000);
  EXPECT_EQ(encrypted_refusal(wide(most)), "taken");
  EXPECT_EQ(encrypted_refusal(wide(most + 1)),
            "sum may add up to more than 2^40 units with its noise, which is all that is found in "
            "ciphertexts: take larger steps or fewer rows");
  const auto groups = [](std::size_t count) {
    return [=](PlanTerms& t) {
      t.operations.resize(1), t.groups.clear();
      for (std::size_t i = 0; i < count; ++i) t.groups.push_back({std::to_string(i), "all"});
    };
  };
  EXPECT_EQ(encrypted_refusal(groups(Session::kMostCiphertexts / 3)), "taken");
  EXPECT_EQ(encrypted_refusal(groups(Session::kMostCiphertexts / 3 + 1)),
            "operations make more than 2^19 ciphertexts of all organisations: take fewer groups, "
            "or the masked path");
}

TEST(QueryPlan, ThatEncryptsSaysWhoHoldsTheKeyAndWhatTheyCouldRead) {
  PlanTerms terms = encrypted_plan_terms();
  terms.key_holders = {0, 2};
  const std::string text = QueryPlan::make(terms, clinic_roster()).value().explain(clinic_roster());
  EXPECT_NE(
      text.find("Numbers are encrypted, and the key is held by 'clinic east', 'clinic south': 2 of "
                "them together could read each organisation's noised numbers, 1 cannot. Who holds "
                "no key may leave when its numbers are sent. Sums are decrypted where 2 are there, "
                "by 'agency'"),
      std::string::npos)
      << text;
  EXPECT_EQ(text.find("modulo"), std::string::npos);
}

TEST(QueryPlan, NamesItsCoordinatorByAKeyThatIsThatOfTheName) {
  EXPECT_EQ(refusal([](PlanTerms& t) { t.coordinated_by = three_clinics()[1]; }), "taken");
  const std::string one = "coordinator must have name and key of one member, or neither of any";
  EXPECT_EQ(refusal([](PlanTerms& t) { t.coordinated_by.name = kClinics[1]; }), one);
  EXPECT_EQ(refusal([](PlanTerms& t) { t.coordinated_by.key = key_of(2).public_key(); }), one);
  EXPECT_EQ(refusal([](PlanTerms& t) {
              t.coordinated_by = {kClinics[0], key_of(2).public_key()};
            }),
            one);
  EXPECT_NE(refusal([](PlanTerms& t) { t.coordinated_by.name = "a\nb"; }), "taken");
}

// Of three with two parts as the whole noise one knows its own part: for it ε = 1/10 would be 0.6.
TEST(QueryPlan, HoldsAgainstEachOrganisationWhichKnowsItsOwnPartOfTheNoise) {
  for (const std::size_t organisations : {2u, 3u})
    EXPECT_EQ(refusal([&](PlanTerms& t) {
                t.datasets.resize(organisations, t.datasets[0]);
                t.colluders = 0;
              }),
              "colluders must be 1 at least: each organisation knows its own part of the noise, so "
              "that those of the others have to be the whole noise");
}

TEST(QueryPlan, TwoOrganisationsEachAddTheWholeNoiseAndItSaysSo) {
  const auto two = [](PlanTerms& t) { t.datasets.pop_back(); };
  EXPECT_EQ(refusal(two), "taken");
  PlanTerms terms = example_terms();
  two(terms);
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  EXPECT_EQ(plan.honest(), 1u);
  EXPECT_NE(plan.explain(clinic_roster()).find("each adds the whole noise"), std::string::npos);
}

TEST(QueryPlan, NumbersOutsideTheirLimitsAreRefused) {
  for (const auto& change : std::vector<std::function<void(PlanTerms&)>>{
           [](PlanTerms& t) { t.title = ""; },
           [](PlanTerms& t) { t.title = std::string(201, 'x'); },
           [](PlanTerms& t) { t.title = "x\x1b[2J"; },
           [](PlanTerms& t) { t.title = "x\ny"; },
           [](PlanTerms& t) { t.unit = "a\nb"; },
           [](PlanTerms& t) { t.by.clear(); },
           [](PlanTerms& t) { t.by[1] = t.by[0]; },
           [](PlanTerms& t) { t.by[1] = t.unit; },
           [](PlanTerms& t) { t.groups.clear(); },
           [](PlanTerms& t) { t.groups[0].pop_back(); },
           [](PlanTerms& t) { t.groups[0] = t.groups[1]; },
           [](PlanTerms& t) { t.groups[0][0] = "\xff"; },
           [](PlanTerms& t) { t.datasets.resize(1); },
           [](PlanTerms& t) { t.datasets[1].member = 0; },
           [](PlanTerms& t) { t.datasets[1].member = 3; },
           [](PlanTerms& t) { t.datasets[1].name = ""; },
           [](PlanTerms& t) { t.operations.clear(); },
           [](PlanTerms& t) { t.operations[0].columns = {"x"}; },
           [](PlanTerms& t) { t.operations[1].columns = {}; },
           [](PlanTerms& t) { t.operations[0].step = decimal("1"); },
           [](PlanTerms& t) { t.operations[2].lower = decimal("1"); },
           [](PlanTerms& t) { t.operations[1].edges = {decimal("1")}; },
           [](PlanTerms& t) { t.operations[1].lower = decimal("30"); },
           [](PlanTerms& t) {  // which could not be read in the end
             t.operations[1].upper = decimal("1e19");
             t.operations[1].step = decimal("1e17");
           },
           [](PlanTerms& t) { t.operations[1].lower = decimal("0.2"); },
           [](PlanTerms& t) { t.operations[1].step = decimal("-0.5"); },
           [](PlanTerms& t) { t.operations[1].step = decimal("1e-37"); },
           [](PlanTerms& t) { t.operations[2].edges.resize(1); },
           [](PlanTerms& t) { t.operations[2].edges[0] = decimal("1"); },
           [](PlanTerms& t) { t.operations[0].noise = decimal("0.01"); },
           [](PlanTerms& t) { t.bounds.max_rows = 0; },
           [](PlanTerms& t) { t.bounds.max_groups = 0; },
           [](PlanTerms& t) { t.organisations_per_person = 0; },
           [](PlanTerms& t) { t.organisations_per_person = 4; },
           [](PlanTerms& t) { t.most_rows = 2; },
           [](PlanTerms& t) { t.modulus_bits = 48; },
           [](PlanTerms& t) { t.path = static_cast<JointPath>(0); },
           [](PlanTerms& t) { t.path = static_cast<JointPath>(3), t.key_holders = {0, 1}; },
           [](PlanTerms& t) { t.key_holders = {0, 1}; },
           [](PlanTerms& t) { t.loss = {}; },
           [](PlanTerms& t) { t.delta = decimal("1e-6"); },
           [](PlanTerms& t) { t.law = static_cast<JointLaw>(0); },
           [](PlanTerms& t) { t.law = static_cast<JointLaw>(4); },
           [](PlanTerms& t) { t.measure = static_cast<JointMeasure>(0); },
           [](PlanTerms& t) { t.measure = static_cast<JointMeasure>(3); },
           [](PlanTerms& t) { t.coordinator = static_cast<JointCoordinator>(3); },
           [](PlanTerms& t) { t.expires = -1; }})
    EXPECT_NE(refusal(change), "taken");
}

TEST(QueryPlan, IsExplainedForPeople) {
  EXPECT_EQ(example_plan().explain(clinic_roster()),
            R"(readmissions by region and age

* clinic east: dataset 'stays', version '2026'
* clinic north: dataset 'stays', version '2026'
* clinic south: dataset 'beds'

Groups are by 'region', 'age', and agreed on:
* 'north', '0-17'
* 'north', '18+'
* 'south', '18+'

Computed is for each of them
* count; noise of scale 12 steps
* mean of 'days', values within 0 and 30 in steps of 0.5; noise of scale 720 steps
* histogram of 'readmitted', edges 0 1 2 100; noise of scale 12 steps

Protected is a person, as column 'patient' tells people apart, with all rows at up to 1 organisation. Each organisation uses at most 3 rows of a person in each of at most 2 groups, and cuts what a group adds up to where it has more than 100000 rows.
It costs ε = 1.5, and each organisation's ledger is charged ε = 1.5: whoever sees the result, and all that the colluders know, finds each outcome at most e^ε times as likely with a person's rows as without them.
Of 3 organisations up to 0 may drop out, and up to 1 may pool all that they see, as one alone does who knows its own part of the noise: the parts of the other 2 are the whole noise. Sums are unmasked where 2 are there, by 'agency' of key sha256:7cb8c4eeba865f0b93ff7b745b8d092e, a coordinator that is trusted to follow the protocol, but with no number.
Sums are taken modulo 2^64. The plan is worth nothing from 2027-01-15 08:00:00 UTC on.
Not protected: what an organisation makes up in place of its rows, that it takes part, and how much it sends.
)");
}

TEST(QueryPlan, TellsNoTerminalWhatToDo) {
  PlanTerms terms = example_terms();
  terms.groups[0][0] = "\x1b[2Jnorth\x7f\n";
  const std::string text = QueryPlan::make(terms, clinic_roster()).value().explain(clinic_roster());
  EXPECT_NE(text.find("'\\x1b[2Jnorth\\x7f\\x0a'"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

// A mark that turns the direction of what follows, one without width, and a control character of eight bits.
TEST(QueryPlan, ShowsAnApproverNothingThatReordersOrHidesItsWords) {
  const std::string odd = "\xe2\x80\xae\xe2\x80\x8b\xc2\x9b";
  PlanTerms terms = example_terms();
  for (std::string* const text : {&terms.title, &terms.datasets[0].name, &terms.datasets[0].version,
                                  &terms.unit, &terms.by[0], &terms.groups[0][0],
                                  &terms.operations[1].columns[0], &terms.coordinated_by.name})
    *text += odd;
  std::vector<Organisation> members = three_clinics();
  members[0].name += odd;
  const Roster roster = Roster::make(members, 2).value();
  const std::string text = QueryPlan::make(terms, roster).value().explain(roster);
  for (const char* const what : {"readmissions by region and age", "clinic east", "'stays", "'2026",
                                 "'patient", "'region", "'north", "'days", "'agency"})
    EXPECT_NE(text.find(what + std::string("\\u202e\\u200b\\x9b")), std::string::npos) << what;
  for (const char* const mark : {"\xe2\x80\xae", "\xe2\x80\x8b", "\xc2\x9b"})
    EXPECT_EQ(text.find(mark), std::string::npos) << text;
}

}  // namespace
}  // namespace sfumato
