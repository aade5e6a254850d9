#include "sfumato/secagg/approval.h"

#include <gtest/gtest.h>

#include "secagg/endorsements.h"
#include "secagg/example_plan.h"
#include "secagg/wire.h"

namespace sfumato {
namespace {

class Approvals : public testing::Test {
 protected:
  static Endorsement of(unsigned char key) {
    return ApprovedPlan::approve(example_plan(), clinic_roster(), key_of(key)).value();
  }

  static std::string refusal(const std::vector<Endorsement>& signatures,
                             const QueryPlan& plan = example_plan()) {
    const auto approved = ApprovedPlan::make(plan, clinic_roster(), signatures);
    return approved ? "taken" : approved.error().message;
  }

  static QueryPlan other_plan(void (*change)(PlanTerms&)) {
    PlanTerms terms = example_terms();
    change(terms);
    return QueryPlan::make(terms, clinic_roster()).value();
  }

  const std::vector<Endorsement> all = {of(3), of(1), of(2)};
};

TEST_F(Approvals, OfAllWhoContributeAreEnoughInAnyOrder) {
  EXPECT_EQ(refusal(all), "taken");
}

TEST_F(Approvals, OfAQuorumWithoutAContributorAreTooFew) {
  EXPECT_EQ(refusal({of(1), of(3)}),
            "must have one of each organisation that contributes, lack that of 'clinic north'");
}

TEST_F(Approvals, OfAllContributorsButNoQuorumAreTooFew) {
  const QueryPlan two = other_plan([](PlanTerms& t) { t.datasets.pop_back(); });
  const Roster roster = clinic_roster();
  const std::vector<Endorsement> both = {ApprovedPlan::approve(two, roster, key_of(1)).value(),
                                         ApprovedPlan::approve(two, roster, key_of(2)).value()};
  EXPECT_TRUE(ApprovedPlan::make(two, roster, both));
  EXPECT_EQ(refusal({both[0]}, two), "must be those of at least 2 members, are 1");
}

TEST_F(Approvals, TwiceByOneMemberAreRefused) {
  EXPECT_EQ(refusal({of(1), of(1), of(2), of(3)}),
            "must be one of each member, and 'clinic east' has two");
}

TEST_F(Approvals, OfTheSamePlanUnderAnotherNonceAreRefused) {
  const QueryPlan again = other_plan([](PlanTerms& t) { t.nonce[0] = 99; });
  EXPECT_EQ(refusal(all, again),
            "must be of these bytes by their member's key, that of 'clinic east' is not");
}

TEST_F(Approvals, OfAForeignRosterAreRefused) {
  const Roster foreign = clinic_roster(3);
  EXPECT_EQ(ApprovedPlan::make(example_plan(), foreign, all).error().message,
            "must be for this roster, is for another one");
  EXPECT_FALSE(ApprovedPlan::approve(example_plan(), foreign, key_of(1)));
}

TEST_F(Approvals, BySwappedKeysAreRefused) {
  std::vector<Organisation> members = three_clinics();
  std::swap(members[0].key, members[1].key);
  const Roster swapped = Roster::make(members, 2).value();
  const QueryPlan plan = QueryPlan::make(example_terms(), swapped).value();
  EXPECT_FALSE(ApprovedPlan::make(plan, swapped, all)) << "keys of the same members, swapped";
  EXPECT_EQ(refusal({{0, of(2).signature}, {1, of(1).signature}, of(3)}),
            "must be of these bytes by their member's key, that of 'clinic east' is not");
}

// A roster's signature over bytes that are a plan's hash would be one of the plan, but for the meaning.
TEST_F(Approvals, MeaningSomethingElseAreRefused) {
  Endorsement other = of(1);
  other.signature =
      key_of(1).sign(std::string("sfumato joint roster v1\0", 24) +
                     std::string(reinterpret_cast<const char*>(example_plan().hash().data()), 32));
  EXPECT_EQ(refusal({other, of(2), of(3)}),
            "must be of these bytes by their member's key, that of 'clinic east' is not");
}

TEST_F(Approvals, AreReadAsTheyAreWrittenAndAlteredBytesAreRefused) {
  const Roster roster = clinic_roster();
  const std::string bytes = ApprovedPlan::make(example_plan(), roster, all).value().bytes();
  EXPECT_EQ(ApprovedPlan::parse(bytes, roster).value().bytes(), bytes);
  EXPECT_FALSE(ApprovedPlan::parse(bytes + '\0', roster));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1 << at % 8);
    EXPECT_FALSE(ApprovedPlan::parse(other, roster)) << at;
  }
}

TEST_F(Approvals, ThatAreReadAreThoseOfAllContributorsInOneOrder) {
  const auto read = [](const std::vector<Endorsement>& signatures) {
    WireWriter writer(WireKind::approved_plan);
    writer.vector(example_plan().bytes(), 0xffffffff);
    write_endorsements(writer, signatures);
    const auto plan = ApprovedPlan::parse(writer.bytes(), clinic_roster());
    return plan ? "taken" : plan.error().message;
  };
  EXPECT_EQ(read({of(1), of(2), of(3)}), "taken");
  EXPECT_EQ(read({of(1), of(3)}),
            "must have one of each organisation that contributes, lack that of 'clinic north'");
  EXPECT_EQ(read({of(2), of(1), of(3)}), "must have its signatures in the order of its members");
}

TEST_F(Approvals, AreLookedAtBeforeThePlanIs) {
  WireWriter writer(WireKind::approved_plan);
  writer.vector("no plan", 0xffffffff).vector("", 6500);
  EXPECT_EQ(ApprovedPlan::parse(writer.bytes(), clinic_roster()).error().where, "signatures");
}

TEST_F(Approvals, AreWorthNothingFromTheirExpiryOn) {
  const ApprovedPlan plan = ApprovedPlan::make(example_plan(), clinic_roster(), all).value();
  EXPECT_TRUE(plan.alive(1'799'999'999));
  EXPECT_FALSE(plan.alive(1'800'000'000));
}

}  // namespace
}  // namespace sfumato
