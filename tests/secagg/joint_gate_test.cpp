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
    for (JointGate& gate : gates)
      sessions.push_back(gate.enter(words, kNow).value().session.session);
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

  static std::string refusal(JointGate& gate, const std::vector<std::string>& words) {
    const auto entry = gate.enter(words, kNow);
    return entry ? "entered" : entry.error().message;
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
  EXPECT_EQ(refusal(first, {one, two, word_of(third)}), "entered") << "and later all may";
}

TEST_F(Gates, AnExhaustedLedgerReservesNothing) {
  const Status capped = clinics[2].ledger->freeze({.dataset = "stays"});
  ASSERT_TRUE(capped);
  JointGate gate = clinics[2].gate(approved());
  EXPECT_FALSE(gate.reserve(kNow));
  EXPECT_FALSE(gate.enter(std::vector<std::string>{}, kNow));
}

TEST_F(Gates, ARestartBeforeEnteringChargesNothingTwiceAndGivesTheSameWord) {
  std::vector<std::string> words;
  for (Clinic& clinic : clinics) {
    JointGate gate = clinic.gate(approved());
    words.push_back(word_of(gate));
  }
  for (Clinic& clinic : clinics) {
    clinic.ledger->freeze({.dataset = "stays"}).value();
    clinic.ledger->freeze({.dataset = "stays"}, false).value();  // the ledger has gone on since
    clinic.restart();
  }
  for (std::size_t i = 0; i < 3; ++i) {
    JointGate gate = clinics[i].gate(approved());
    EXPECT_EQ(word_of(gate), words[i]);
    EXPECT_EQ(clinics[i].spent(), "1.5");
    EXPECT_EQ(refusal(gate, words), "entered");
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
    EXPECT_FALSE(again.enter(std::vector<std::string>{}, kNow));
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

TEST_F(Gates, ASessionIsEnteredOnceByOneGateAlone) {
  std::vector<std::string> words;
  std::vector<JointGate> gates;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(approved()));
  for (JointGate& gate : gates) words.push_back(word_of(gate));
  EXPECT_EQ(refusal(gates[0], words), "entered");
  EXPECT_EQ(refusal(gates[0], words), "must be entered once, after a reservation");
}

// A clinic goes on from a copy of its ledger that is older than what others have seen of it.
TEST_F(Gates, ARolledBackLedgerIsFoundByOthersAndByItself) {
  roll_back_after(clinics[1], [&] {
    whole_session(approved(1));
    whole_session(approved(3));
  });
  std::vector<JointGate> gates;
  std::vector<std::string> words;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(approved(2)));
  for (JointGate& gate : gates) words.push_back(word_of(gate));
  EXPECT_EQ(refusal(gates[0], words), "must not be older than it was: it was rolled back");
  EXPECT_NE(refusal(gates[1], words), "entered") << "others told it what they know";
}

// The same, after as many entries as were lost.
TEST_F(Gates, ARolledBackLedgerThatHasGoneOnIsAFork) {
  roll_back_after(clinics[1], [&] { whole_session(approved(1)); });
  std::vector<JointGate> gates;
  std::vector<std::string> words;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(approved(2)));
  for (JointGate& gate : gates) words.push_back(word_of(gate));
  EXPECT_EQ(refusal(gates[0], words),
            "must be one ledger: it was told of in two ways, and so was forked");
}

// The same clinic tells of two ledgers of the same length.
TEST_F(Gates, AForkedLedgerIsFound) {
  const ApprovedPlan plan = approved(1);
  std::vector<JointGate> gates;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(plan));
  const std::string one = word_of(gates[0]), two = word_of(gates[1]), three = word_of(gates[2]);
  JointReservation other = JointReservation::parse(two, plan.plan(), clinic_roster()).value();
  LedgerHead fork = other.head;
  fork.hash[5] ^= 1;
  JointReservation knows = JointReservation::parse(three, plan.plan(), clinic_roster()).value();
  knows.known = {{clinics[1].key.public_key(), fork}};
  EXPECT_EQ(refusal(gates[0], {one, two, knows.signed_by(clinics[2].key)}),
            "must be one ledger: it was told of in two ways, and so was forked");
  knows.known = {{clinics[0].key.public_key(), {1, {}}}};
  EXPECT_NE(refusal(gates[0], {one, two, knows.signed_by(clinics[2].key)}), "entered")
      << "a head that this ledger does not hold";
  EXPECT_EQ(refusal(gates[0], {one, two, three}), "entered");
}

// Two words of one clinic, each to others: their sessions have other names, so that no message passes between them.
TEST_F(Gates, WordsThatDifferMakeSessionsThatDiffer) {
  const ApprovedPlan plan = approved();
  std::vector<JointGate> gates;
  std::vector<std::string> words;
  for (Clinic& clinic : clinics) gates.push_back(clinic.gate(plan));
  for (JointGate& gate : gates) words.push_back(word_of(gate));
  JointReservation second = JointReservation::parse(words[2], plan.plan(), clinic_roster()).value();
  second.head.number += 1;
  const std::string other = second.signed_by(clinics[2].key);
  const auto here = gates[0].enter(words, kNow).value();
  const auto there = gates[1].enter(std::vector{words[0], words[1], other}, kNow).value();
  EXPECT_NE(here.session.session, there.session.session);
  EXPECT_EQ(refusal(gates[2], {words[0], words[1], other}),
            "must have the word that this organisation gave");
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
  EXPECT_EQ(clinic.spent(), "0");
}

TEST_F(Gates, AnExpiredPlanIsNeitherChargedNorEntered) {
  JointGate gate = clinics[0].gate(approved());
  EXPECT_FALSE(gate.reserve(1'800'000'000));
  EXPECT_EQ(clinics[0].spent(), "0");
  const std::string word = word_of(gate);
  EXPECT_EQ(gate.enter(std::vector{word}, 1'800'000'000).error().message,
            "must be used before it expires, and it has expired");
}

}  // namespace
}  // namespace sfumato
