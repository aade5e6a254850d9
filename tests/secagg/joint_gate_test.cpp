#include "sfumato/secagg/joint_gate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "secagg/clinic.h"

namespace sfumato {
namespace {

class Gates : public testing::Test {
 protected:
  /// All reserve and enter; the session of each.
  std::vector<Digest> whole_session(const ApprovedPlan& plan) {
    std::vector<JointGate> gates;
    std::vector<std::string> words;
    for (Clinic& clinic : clinics) gates.push_back(clinic.gate(plan));
    for (JointGate& gate : gates) words.push_back(word_of(gate));
    std::vector<Digest> sessions;
    for (std::size_t i = 0; i < 3; ++i) {
      JointPermit permit = gates[i].admit(words, kNow).value();
      sessions.push_back(permit.session);
      EXPECT_TRUE(gates[i].enter(clinics[i].begun(plan, std::move(permit))));
    }
    return sessions;
  }

  /// A clinic's ledger becomes what it was before `then`.
  void roll_back_after(Clinic& clinic, const std::function<void()>& then) {
    const std::string backup = clinic.ledger_path + ".backup";
    clinic.ledger.reset();
    std::filesystem::copy_file(clinic.ledger_path, backup);
    clinic.restart();
    then();
    clinic.ledger.reset();
    std::filesystem::copy_file(backup, clinic.ledger_path,
                               std::filesystem::copy_options::overwrite_existing);
    clinic.restart();
  }

  struct Reserved {
    std::vector<JointGate> gates;
    std::vector<std::string> words;
  };
  Reserved reserved(const ApprovedPlan& plan) {
    Reserved all;
    for (Clinic& clinic : clinics) all.gates.push_back(clinic.gate(plan));
    for (JointGate& gate : all.gates) all.words.push_back(word_of(gate));
    return all;
  }

  static std::string refusal(JointGate& gate, const std::vector<std::string>& words) {
    const auto permit = gate.admit(words, kNow);
    return permit ? "admitted" : permit.error().message;
  }

  Scratch scratch;
  Clinic clinics[3] = {{scratch, 1}, {scratch, 2}, {scratch, 3}};
};

TEST_F(Gates, AllChargeAndEnterOneSession) {
  const auto sessions = whole_session(approved());
  EXPECT_EQ(sessions[0], sessions[1]);
  EXPECT_EQ(sessions[0], sessions[2]);
  for (Clinic& clinic : clinics) EXPECT_EQ(clinic.spent(), "1.5");
  EXPECT_NE(whole_session(approved(1)), sessions);
  for (Clinic& clinic : clinics) EXPECT_EQ(clinic.spent(), "3");
}

TEST_F(Gates, WhereOneDoesNotReserveNobodyEnters) {
  JointGate first = clinics[0].gate(approved()), second = clinics[1].gate(approved());
  const std::string one = word_of(first), two = word_of(second);
  EXPECT_EQ(
      refusal(first, {one, two}),
      "must be one of each organisation that contributes: all ledgers are charged, or none is "
      "used");
  EXPECT_EQ(refusal(first, {one, two, two}), refusal(first, {one, two}));
  JointGate third = clinics[2].gate(approved());
  EXPECT_EQ(refusal(first, {one, two, word_of(third)}), "admitted") << "and later all may";
}

TEST_F(Gates, AnExhaustedLedgerReservesNothing) {
  const Status capped = clinics[2].ledger->freeze({.dataset = "stays"});
  ASSERT_TRUE(capped);
  JointGate gate = clinics[2].gate(approved());
  EXPECT_FALSE(gate.reserve(kNow));
  EXPECT_FALSE(gate.admit(std::vector<std::string>{}, kNow));
}

TEST_F(Gates, ARestartBeforeEnteringChargesNothingTwiceAndLeadsToTheSameSession) {
  std::vector<std::string> words;
  std::vector<JointGate> gates;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(approved()));
  for (JointGate& gate : gates) words.push_back(word_of(gate));
  const Digest session = gates[0].admit(words, kNow).value().session;
  gates.clear();
  for (Clinic& clinic : clinics) {
    clinic.ledger->freeze({.dataset = "stays"}).value();
    clinic.ledger->freeze({.dataset = "stays"}, false).value();  // the ledger has gone on since
    clinic.restart();
  }
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(approved()));
  std::vector<std::string> again;
  for (JointGate& gate : gates) again.push_back(word_of(gate));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NE(again[i], words[i]) << "of the ledger as it is now";
    EXPECT_EQ(gates[i].admit(again, kNow).value().session, session);
    EXPECT_EQ(clinics[i].spent(), "1.5");
  }
}

// Replay: a plan whose session was entered is never entered again, whatever is sent, and says which one it was.
TEST_F(Gates, AReplayedPlanIsNotEnteredTwice) {
  const auto sessions = whole_session(approved());
  Clinic& clinic = clinics[0];
  for (int restarts = 0; restarts < 2; ++restarts, clinic.restart()) {
    JointGate again = clinic.gate(approved());
    const auto given = again.reserve(kNow).value();
    EXPECT_EQ(std::get<EnteredSession>(given).session, sessions[0]);
    EXPECT_FALSE(again.admit(std::vector<std::string>{}, kNow));
    EXPECT_EQ(clinic.spent(), "1.5");
  }
}

TEST_F(Gates, AReplayedWordOfAnotherPlanIsRefused) {
  JointGate before = clinics[1].gate(approved(0));
  const std::string old = word_of(before);
  std::vector<JointGate> gates;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(approved(1)));
  const std::string one = word_of(gates[0]), three = word_of(gates[2]);
  EXPECT_EQ(refusal(gates[0], {one, old, three}), "must be for this plan, is for another one");
}

TEST_F(Gates, ASessionIsAdmittedOnceByOneReservation) {
  auto [gates, words] = reserved(approved());
  EXPECT_EQ(refusal(gates[0], words), "admitted");
  EXPECT_EQ(refusal(gates[0], words), "must be entered once, after a reservation");
}

// Two processes of one clinic, at the same time, with the same words: a coordinator could have each take part among
// other parties, and see the rows twice for one charge.
TEST_F(Gates, OfTwoProcessesOfOneOrganisationOneEnters) {
  const ApprovedPlan plan = approved();
  auto [gates, words] = reserved(plan);
  Clinic& clinic = clinics[0];
  Ledger ledger = Ledger::open(clinic.ledger_path, "owner", [] { return kNow; }).value();
  JointBook book = JointBook::open(clinic.book_path).value();
  JointGate other =
      JointGate::open(ledger, book, clinic.key, signed_clinics(), plan, clinic_policy()).value();
  word_of(other);
  const Party one = clinic.begun(plan, clinic.admitted(gates[0], words));
  const Party two = clinic.begun(plan, clinic.admitted(other, words));
  EXPECT_TRUE(gates[0].enter(one));
  EXPECT_EQ(other.enter(two).error().message,
            "was entered by another party of this organisation, which alone may go on");
  EXPECT_FALSE(other.enter(two)) << "nor when it asks again";
  EXPECT_FALSE(gates[0].enter(two));
  EXPECT_TRUE(gates[0].enter(one));
}

// A party that was kept before the end of its process enters, or goes on, under the name that the ledger has.
TEST_F(Gates, APartyThatWasKeptGoesOnAfterARestartAlsoWhenThePlanHasExpired) {
  const ApprovedPlan plan = approved();
  auto [gates, words] = reserved(plan);
  Clinic& clinic = clinics[0];
  const Party party = clinic.begun(plan, clinic.admitted(gates[0], words));
  const Party other = clinic.begun(
      plan, {.permit = Permit::unaccounted("a test"),
             .plan = plan.plan().hash(),
             .session = party.session().terms().session,
             .head = {}});
  ASSERT_TRUE(gates[0].enter(party));
  gates.clear();
  clinic.restart();
  JointGate again = clinic.gate(plan);
  const auto given = std::get<EnteredSession>(again.reserve(1'800'000'001).value());
  EXPECT_EQ(given.party, party.name());
  EXPECT_FALSE(again.enter(other));
  EXPECT_TRUE(again.enter(Party::resume(party.session(), clinic.key, party.step().state).value()));
}

TEST_F(Gates, APartyOfAnotherSessionDoesNotEnter) {
  const ApprovedPlan plan = approved();
  auto [gates, words] = reserved(plan);
  const Party other = clinics[0].begun(plan, {.permit = Permit::unaccounted("a test"),
                                              .plan = plan.plan().hash(),
                                              .session = {},
                                              .head = {}});
  EXPECT_EQ(gates[0].enter(other).error().message,
            "must be entered after the words of all were taken");
  clinics[0].admitted(gates[0], words);
  EXPECT_EQ(gates[0].enter(other).error().message,
            "must be of this plan's session, is of another one");
}

// A clinic goes on from a copy of its ledger that is older than what others have seen of it.
TEST_F(Gates, ARolledBackLedgerIsFoundByOthersAndByItself) {
  roll_back_after(clinics[1], [&] {
    whole_session(approved(1));
    whole_session(approved(3));
  });
  JointGate itself = clinics[1].gate(approved(2));
  EXPECT_FALSE(itself.reserve(kNow)) << "its book knows more than its ledger";
  std::filesystem::remove(clinics[1].book_path);
  clinics[1].restart();
  auto [gates, words] = reserved(approved(2));
  EXPECT_EQ(refusal(gates[0], words),
            "must not be older than it was: ask for its word again; where that is older, too, it "
            "was rolled back");
  EXPECT_NE(refusal(gates[1], words), "admitted") << "others told it what they know";
}

// The same, after as many entries as were lost.
TEST_F(Gates, ARolledBackLedgerThatHasGoneOnIsAFork) {
  roll_back_after(clinics[1], [&] { whole_session(approved(1)); });
  std::filesystem::remove(clinics[1].book_path);
  clinics[1].restart();
  JointGate before = clinics[1].gate(approved(2));
  word_of(before);
  auto [gates, words] = reserved(approved(2));
  EXPECT_EQ(refusal(gates[0], words),
            "must be one ledger: it was told of in two ways, and so was forked");
}

// Plans that run at the same time: the end of a ledger that came with the later one is beyond the first one's.
TEST_F(Gates, PlansAtTheSameTimeAreEnteredInAnyOrder) {
  auto [first, early] = reserved(approved(1));
  auto [second, words] = reserved(approved(2));
  for (JointGate& gate : second) EXPECT_EQ(refusal(gate, words), "admitted");
  EXPECT_NE(refusal(first[0], early), "admitted") << "words that are older than what is known";
  std::vector<std::string> anew;
  for (JointGate& gate : first) anew.push_back(word_of(gate));
  for (JointGate& gate : first) EXPECT_EQ(refusal(gate, anew), "admitted");
  for (Clinic& clinic : clinics) EXPECT_EQ(clinic.spent(), "3");
}

/// The word with other known heads.
static std::string telling(const std::string& word, const ApprovedPlan& plan, const Clinic& teller,
                           const KnownHeads& known) {
  JointWord other = JointWord::parse(word, plan.plan(), clinic_roster()).value();
  other.known = known;
  return other.signed_by(teller.key);
}

// The same clinic tells of two ledgers: each pair of what is known is compared, also where both are old.
TEST_F(Gates, AForkedLedgerIsFound) {
  const ApprovedPlan plan = approved(1);
  auto [gates, words] = reserved(plan);
  const SigningKey& forger = clinics[1].key;
  const std::string forked = "must be one ledger: it was told of in two ways, and so was forked";
  const JointWord two = JointWord::parse(words[1], plan.plan(), clinic_roster()).value();
  LedgerHead fork = two.now.head;
  fork.hash[5] ^= 1;
  const auto told = [&](const LedgerHead& head) {
    const KnownHeads known = {{forger.public_key(), SignedHead::sign(head, forger)}};
    return std::vector{words[0], words[1], telling(words[2], plan, clinics[2], known)};
  };
  EXPECT_EQ(refusal(gates[0], told(fork)), forked);
  ASSERT_TRUE(clinics[0].book->learn(
      {{forger.public_key(), SignedHead::sign({0, digest_of(1)}, forger)}}));
  EXPECT_EQ(refusal(gates[0], told({0, digest_of(2)})), forked);
  EXPECT_EQ(refusal(gates[0], told({0, digest_of(1)})), "admitted");
}

TEST_F(Gates, AHeadThatThisLedgerDoesNotHoldIsRefused) {
  const ApprovedPlan plan = approved(1);
  auto [gates, words] = reserved(plan);
  const KnownHeads known = {
      {clinics[0].key.public_key(), SignedHead::sign({1, {}}, clinics[0].key)}};
  EXPECT_NE(refusal(gates[0], {words[0], words[1], telling(words[2], plan, clinics[2], known)}),
            "admitted");
}

// Two reservations of one clinic, each to others: their sessions have other names, so that no message passes between.
TEST_F(Gates, ReservationsThatDifferMakeSessionsThatDiffer) {
  const ApprovedPlan plan = approved();
  auto [gates, words] = reserved(plan);
  JointWord second = JointWord::parse(words[2], plan.plan(), clinic_roster()).value();
  JointReservation says =
      JointReservation::parse(second.reservation, plan.plan(), clinic_roster()).value();
  says.head.number -= 1;
  second.reservation = says.signed_by(clinics[2].key);
  const std::string other = second.signed_by(clinics[2].key);
  const auto here = gates[0].admit(words, kNow).value();
  const auto there = gates[1].admit(std::vector{words[0], words[1], other}, kNow).value();
  EXPECT_NE(here.session, there.session);
  const std::vector<std::string> in_another_order = {words[2], words[0], words[1]};
  EXPECT_EQ(session_named_by(in_another_order, plan.plan(), clinic_roster()).value(), here.session);
  EXPECT_EQ(refusal(gates[2], {words[0], words[1], other}),
            "must have the one that this organisation gave");
}

TEST_F(Gates, OpenForWhoContributesAndSignedTheRosterAlone) {
  Clinic& clinic = clinics[0];
  const auto refusal_of = [&](const SigningKey& key, const SignedRoster& roster,
                              const LocalPolicy& policy = clinic_policy()) {
    const auto gate =
        JointGate::open(*clinic.ledger, *clinic.book, key, roster, approved(), policy);
    return gate ? "opened" : gate.error().message;
  };
  EXPECT_EQ(refusal_of(clinic.key, signed_clinics()), "opened");
  EXPECT_EQ(refusal_of(key_of(9), signed_clinics()), "must have this key, has it not");
  const Roster roster = clinic_roster();
  const SignedRoster without =
      SignedRoster::make(roster, {SignedRoster::sign(roster, key_of(2)).value(),
                                  SignedRoster::sign(roster, key_of(3)).value()})
          .value();
  EXPECT_EQ(refusal_of(clinic.key, without),
            "must be signed by this key: sign it when its names are compared");
  EXPECT_EQ(refusal_of(clinic.key, signed_clinics(3)),
            "must be for this roster, is for another one");
  LocalPolicy policy = clinic_policy();
  policy.most_epsilon = decimal("1");
  EXPECT_EQ(refusal_of(clinic.key, signed_clinics(), policy),
            "allows ε = 1 a plan, this one costs 1.5");
  policy = clinic_policy();
  policy.datasets = {"beds"};
  EXPECT_EQ(refusal_of(clinic.key, signed_clinics(), policy),
            "does not allow that dataset 'stays' is used");
  EXPECT_EQ(clinic.spent(), "0");
}

TEST_F(Gates, AnExpiredPlanIsNeitherChargedNorEntered) {
  JointGate gate = clinics[0].gate(approved());
  EXPECT_FALSE(gate.reserve(1'800'000'000));
  EXPECT_EQ(clinics[0].spent(), "0");
  const std::string word = word_of(gate);
  EXPECT_EQ(gate.admit(std::vector{word}, 1'800'000'000).error().message,
            "must be used before it expires, and it has expired");
}

}  // namespace
}  // namespace sfumato
