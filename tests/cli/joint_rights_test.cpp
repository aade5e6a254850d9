#include "cli/joint_rights.h"

#include <gtest/gtest.h>

#include "cli/joint_home.h"
#include "secagg/clinic.h"

namespace sfumato {
namespace {

const Digest kSession = digest_of(7);

/// Three clinics contribute, a fourth member does not.
struct Members {
  Roster roster = clinic_roster();
  QueryPlan plan = approved().plan();
  MailRights rights{roster, plan};
  std::string in_plan = plan_folder(plan.hash());
  std::string in_roster = roster_folder(roster.hash());
  std::string in_session = session_folder(plan.hash(), kSession);
};

TEST(MailRights, OfWhatIsForAllEachMayFetchAll) {
  const Members four;
  for (const std::size_t member : {0u, 1u, 2u}) {
    for (const char* name : {"plan", "sums", "word.0", "word.2", "approval.1"})
      EXPECT_TRUE(four.rights.may_get(member, four.in_plan + name, std::nullopt)) << name;
    EXPECT_TRUE(four.rights.may_get(member, four.in_roster + "signature.2", std::nullopt));
  }
}

TEST(MailRights, LettersAreForWhomTheyName) {
  const Members four;
  EXPECT_TRUE(four.rights.may_get(1, four.in_session + "to.1.2", kSession));
  EXPECT_FALSE(four.rights.may_get(0, four.in_session + "to.1.2", kSession));
  EXPECT_FALSE(four.rights.may_get(1, four.in_session + "to.1.2", std::nullopt));
  EXPECT_FALSE(four.rights.may_get(1, four.in_session + "to.1.2", digest_of(8)));
  EXPECT_FALSE(four.rights.may_get(1, four.in_session + "to.1.5", kSession));
  EXPECT_TRUE(four.rights.may_get(1, four.in_session + "from.1.2", kSession));
  EXPECT_FALSE(four.rights.may_get(1, four.in_session + "from.2.2", kSession));
  EXPECT_FALSE(four.rights.may_get(1, four.in_session + "from.1.6", kSession));
}

TEST(MailRights, EachSpeaksInItsOwnPlace) {
  const Members four;
  for (const char* name : {"word.", "approval."}) {
    EXPECT_TRUE(four.rights.may_put(1, four.in_plan + name + "1", std::nullopt));
    EXPECT_FALSE(four.rights.may_put(1, four.in_plan + name + "0", std::nullopt));
    EXPECT_FALSE(four.rights.may_put(1, four.in_plan + name + "01", std::nullopt));
  }
  EXPECT_TRUE(four.rights.may_put(1, four.in_roster + "signature.1", std::nullopt));
  EXPECT_FALSE(four.rights.may_put(1, four.in_roster + "signature.2", std::nullopt));
  for (int round = 1; round <= 5; ++round) {
    const std::string end = std::to_string(round);
    EXPECT_TRUE(four.rights.may_put(1, four.in_session + "from.1." + end, kSession));
    EXPECT_FALSE(four.rights.may_put(1, four.in_session + "from.2." + end, kSession));
    EXPECT_FALSE(four.rights.may_put(1, four.in_session + "from.1." + end, std::nullopt));
    EXPECT_FALSE(four.rights.may_put(1, four.in_session + "from.1." + end, digest_of(8)));
    EXPECT_FALSE(four.rights.may_put(1, four.in_session + "to.1." + end, kSession));
  }
  EXPECT_FALSE(four.rights.may_put(1, four.in_session + "from.1.6", kSession));
}

TEST(MailRights, NobodyLeavesAPlanSumsOrFilesOfOtherNames) {
  const Members four;
  for (const std::string& name :
       {four.in_plan + "plan", four.in_plan + "sums", std::string("../key"),
        std::string("/etc/passwd"), four.in_plan + "../word.1", four.in_plan + "word.1/",
        four.in_plan + "word.1" + '\0'}) {
    EXPECT_FALSE(four.rights.may_put(1, name, kSession)) << name;
    const bool for_all = name.ends_with("plan") || name.ends_with("sums");
    EXPECT_EQ(four.rights.may_get(1, name, kSession), for_all) << name;
  }
}

TEST(MailRights, OneThatDoesNotContributeGivesNoWord) {
  PlanTerms terms = example_terms();
  terms.datasets.erase(terms.datasets.begin());
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  const MailRights rights(clinic_roster(), plan);
  EXPECT_FALSE(rights.may_put(0, word_name(plan, 0), kSession));
  EXPECT_FALSE(rights.may_put(0, session_folder(plan.hash(), kSession) + "from.0.1", kSession));
  EXPECT_TRUE(rights.may_put(0, plan_folder(plan.hash()) + "approval.0", kSession));
  EXPECT_TRUE(rights.may_put(1, word_name(plan, 1), kSession));
}

TEST(MailRights, AMaskedInputMayBeAsLongAsThePlansVectorAndTheRestIsShort) {
  const Members four;
  const std::size_t vector = four.plan.lattice().size() * 8;
  const auto input = four.rights.may_put(0, four.in_session + "from.0.3", kSession).value();
  EXPECT_GE(input, vector + 161);  // the bytes around a body
  EXPECT_LE(input, vector + 256);
  for (const char* round : {"1", "2", "4", "5"})
    EXPECT_EQ(four.rights.may_put(0, four.in_session + "from.0." + round, kSession), 16'384u);
  EXPECT_EQ(four.rights.may_put(0, four.in_plan + "approval.0", kSession), 64u);

  PlanTerms narrow = example_terms();
  narrow.modulus_bits = 32;
  const QueryPlan plan = QueryPlan::make(narrow, clinic_roster()).value();
  EXPECT_EQ(MailRights(clinic_roster(), plan)
                .may_put(0, session_folder(plan.hash(), kSession) + "from.0.3", kSession),
            plan.lattice().size() * 4 + 256);
}

TEST(MailRights, WhereSumsAreEncryptedWhoHoldsNoKeySpeaksInOneRound) {
  PlanTerms terms = approved().plan().terms();
  terms.path = JointPath::encrypted, terms.key_holders = {0, 2};
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  const MailRights rights(clinic_roster(), plan);
  const auto longest = [&](std::size_t member, int round) {
    return rights.may_put(member,
                          session_folder(plan.hash(), kSession) + "from." + std::to_string(member) +
                              "." + std::to_string(round),
                          kSession);
  };
  const std::size_t length = plan.lattice().size();
  for (const int round : {1, 2, 3}) {
    EXPECT_EQ(longest(0, round), 16'384u);
    EXPECT_FALSE(longest(1, round));
  }
  for (const std::size_t member : {0u, 1u, 2u}) {
    EXPECT_GE(longest(member, 4), 130 * length + 64 + 161);
    EXPECT_LE(longest(member, 4), 130 * length + 256);
  }
  EXPECT_GE(longest(2, 5), 65 * length + 32 + 65 + 161);
  EXPECT_LE(longest(2, 5), 65 * length + 320);
  EXPECT_FALSE(longest(1, 5));
}

TEST(MailRights, SignaturesAreThoseOfWhoLeavesThem) {
  const Members four;
  const Signature approval = ApprovedPlan::approve(four.plan, four.roster, key_of(2))->signature;
  const Signature roster = SignedRoster::sign(four.roster, key_of(2))->signature;
  const auto check = [&](std::size_t member, const std::string& name, std::string_view bytes) {
    return four.rights.check(member, name, bytes, std::nullopt).has_value();
  };
  EXPECT_TRUE(check(1, four.in_plan + "approval.1", view_of(approval)));
  EXPECT_FALSE(check(0, four.in_plan + "approval.0", view_of(approval)));
  EXPECT_FALSE(check(1, four.in_plan + "approval.1", view_of(roster)));
  EXPECT_FALSE(check(1, four.in_plan + "approval.1", view_of(approval).substr(1)));
  EXPECT_TRUE(check(1, four.in_roster + "signature.1", view_of(roster)));
  EXPECT_FALSE(check(2, four.in_roster + "signature.2", view_of(roster)));
  EXPECT_FALSE(check(1, four.in_roster + "signature.1", view_of(approval)));
}

TEST(MailRights, AWordIsItsMembersAndKeepsItsPromise) {
  const Scratch scratch;
  const ApprovedPlan plan = approved();
  const MailRights rights(clinic_roster(), plan.plan());
  Clinic east(scratch, 1);
  JointGate gate = east.gate(plan);
  const std::string word = word_of(gate), again = word_of(gate);
  const std::string name = word_name(plan.plan(), 0);
  EXPECT_TRUE(rights.check(0, name, word, std::nullopt));
  EXPECT_TRUE(rights.check(0, name, again, word));
  EXPECT_TRUE(rights.check(0, name, word, "what somebody's file left there"));
  EXPECT_FALSE(rights.check(0, name, word + "x", std::nullopt));
  EXPECT_FALSE(rights.check(1, word_name(plan.plan(), 1), word, std::nullopt));

  const Scratch elsewhere;  // a second ledger, and so another promise by the same key
  Clinic twin(elsewhere, 1);
  twin.ledger->add_dataset("more", ApproximateCost{Exact(decimal("10")), 0.0}).value();
  JointGate other = twin.gate(plan);
  const std::string promise = word_of(other);
  EXPECT_TRUE(rights.check(0, name, promise, std::nullopt));
  const Status refused = rights.check(0, name, promise, word);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "must promise what the word before it did");
}

TEST(MailRights, AMessageIsSaidOnce) {
  const Members four;
  const std::string name = four.in_session + "from.0.1";
  EXPECT_TRUE(four.rights.check(0, name, "a message", std::nullopt));
  EXPECT_TRUE(four.rights.check(0, name, "a message", "a message"));
  EXPECT_FALSE(four.rights.check(0, name, "another one", "a message"));
}

TEST(MailRights, ASessionsNamesAreTold) {
  const Members four;
  EXPECT_TRUE(four.rights.is_of_a_session(four.in_session + "from.0.1"));
  EXPECT_TRUE(four.rights.is_of_a_session(four.in_session + "to.0.1"));
  EXPECT_FALSE(four.rights.is_of_a_session(four.in_plan + "word.0"));
  EXPECT_FALSE(four.rights.is_of_a_session(four.in_plan + std::string(31, '0') + "./from.0.1"));
  EXPECT_FALSE(four.rights.is_of_a_session("plan-00/" + std::string(32, '0') + "/from.0.1"));
}

}  // namespace
}  // namespace sfumato
