#include "sfumato/secagg/joint_session.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "secagg/clinic.h"
#include "secagg/kept_numbers.h"
#include "sfumato/random/system_bits.h"
#include "sfumato/secagg/contribution.h"
#include "sfumato/secagg/coordinator.h"
#include "sfumato/secagg/joint_noise.h"
#include "sfumato/secagg/joint_result.h"

namespace sfumato {
namespace {

/// The table of one clinic: its number a hundred times of patients in each agreed group, for as many days.
std::string stays(int clinic) {
  std::ostringstream text;
  text << "patient,region,age,days,readmitted\n";
  int patient = 0;
  for (const char* group : {"north,0-17", "north,18+", "south,18+"})
    for (int i = 0; i < 100 * clinic; ++i)
      text << clinic << '-' << ++patient << ',' << group << ',' << 5 * clinic << ',' << i % 2
           << '\n';
  return text.str();
}

/// Three clinics, all steps from a plan to its numbers, in one process.
class ThreeClinics : public testing::Test {
 protected:
  void enter(const ApprovedPlan& plan) {
    std::vector<JointGate> gates;
    std::vector<std::string> words;
    for (Clinic& clinic : clinics) gates.push_back(clinic.gate(plan));
    for (JointGate& gate : gates) words.push_back(word_of(gate));
    for (std::size_t i = 0; i < 3; ++i) {
      JointPermit permit = gates[i].admit(words, kNow).value();
      const Session session = session_of(plan.plan(), clinic_roster(), permit.session).value();
      if (!coordinator) coordinator = Coordinator::begin(session, chief).value();
      SystemBits bits = SystemBits::open().value();
      const std::string file =
          scratch.file("stays" + std::to_string(i), stays(static_cast<int>(i) + 1));
      auto contribution = contribution_of(plan.plan(), {file}, bits).value();
      auto input = noised(std::move(permit), plan.plan(), contribution, bits).value();
      parties.push_back(Party::begin(session, clinics[i].key, std::move(input)).value());
      inputs.push_back(kept_numbers(parties.back()));
      ASSERT_TRUE(gates[i].enter(parties.back()));
      said.push_back(parties.back().step().message);
    }
  }

  /// Plays all rounds; who is silent says nothing from the inputs on.
  std::vector<std::int64_t> sum_without(const std::vector<std::size_t>& silent) {
    while (coordinator->round() != SessionRound::done) {
      for (const std::size_t place : coordinator->awaited()) {
        const bool late = coordinator->round() >= SessionRound::inputs;
        if (late && std::ranges::find(silent, place) != silent.end()) continue;
        EXPECT_TRUE(coordinator->receive(said[place]));
      }
      const CoordinatorStep closed = coordinator->close().value();
      for (const Letter& letter : closed.letters) {
        said[letter.to] = parties[letter.to].receive(letter.message).value().message;
      }
    }
    return coordinator->sum().value();
  }

  Scratch scratch;
  Clinic clinics[3] = {{scratch, 1}, {scratch, 2}, {scratch, 3}};
  SigningKey chief = key_of(77);
  std::optional<Coordinator> coordinator;
  std::vector<Party> parties;
  std::vector<std::vector<std::int64_t>> inputs;
  std::vector<std::string> said;
};

double value_of(const JointGroup& group, const std::string& name) {
  for (const JointValue& value : group.values)
    if (value.name == name) return value.estimate.value;
  return -1;
}

// 600 patients in each group, 300 of them readmitted; noise of scale 12, one and a half times over, is beyond 420 with
// odds below 1e-13.
TEST_F(ThreeClinics, FindTheirJointTable) {
  const ApprovedPlan plan = approved();
  enter(plan);
  const auto sum = sum_without({});
  std::vector<std::int64_t> expected(sum.size());
  for (const auto& input : inputs)
    for (std::size_t i = 0; i < sum.size(); ++i) expected[i] += input[i];
  EXPECT_EQ(sum, expected);
  const JointResult result = decode(plan.plan(), sum, coordinator->survivors().size()).value();
  ASSERT_EQ(result.groups.size(), 3u);
  for (const JointGroup& group : result.groups) {
    EXPECT_NEAR(value_of(group, "count"), 600, 420);
    EXPECT_NEAR(value_of(group, "histogram(readmitted)[1, 2)"), 300, 420);
  }
  EXPECT_EQ(result.outsiders.to_string(), "1.5");
}

// One of them is gone when inputs are in: the plan allows for that.
TEST_F(ThreeClinics, FindItWithoutOneWhoDroppedOut) {
  PlanTerms terms = approved().plan().terms();
  terms.dropouts = 1;
  const Roster roster = clinic_roster();
  const QueryPlan plan = QueryPlan::make(terms, roster).value();
  std::vector<Endorsement> signatures;
  for (unsigned char key = 1; key <= 3; ++key)
    signatures.push_back(ApprovedPlan::approve(plan, roster, key_of(key)).value());
  enter(ApprovedPlan::make(plan, roster, signatures).value());
  const auto sum = sum_without({2});
  for (std::size_t i = 0; i < sum.size(); ++i) EXPECT_EQ(sum[i], inputs[0][i] + inputs[1][i]);
  EXPECT_EQ(coordinator->survivors(), (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(decode(plan, sum, 2));
}

// Each message is about the heads that stand in the words: those the session is named by.
TEST_F(ThreeClinics, TellTheHeadsOfTheirLedgersInEachMessage) {
  const ApprovedPlan plan = approved();
  enter(plan);
  sum_without({});
  const auto heads = parties[0].heads();
  ASSERT_EQ(heads.size(), 3u);
  for (const auto& [place, head] : heads) {
    const std::string says = clinics[place].book->reservation(plan.plan().hash()).value();
    EXPECT_EQ(JointReservation::parse(says, plan.plan(), clinic_roster()).value().head, head);
  }
}

// Bit for bit, noise and all.
TEST(JointSession, OnCiphertextsFindsTheSumOfWhatWasNoisedByAnyLaw) {
  const Roster roster = clinic_roster();
  for (PlanTerms terms : {example_terms(), gaussian_terms(), skellam_terms(), concentrated_terms()}) {
    terms.path = JointPath::encrypted, terms.key_holders = {0, 2};
    const QueryPlan plan = QueryPlan::make(terms, roster).value();
    const Session session = session_of(plan, roster, digest_of(5)).value();
    const std::size_t length = plan.lattice().size();
    const SigningKey keys[] = {key_of(1), key_of(2), key_of(3)}, chief = key_of(77);
    SystemBits bits = SystemBits::open().value();
    std::vector<std::int64_t> expected(length);
    std::vector<Party> parties;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::vector<std::int64_t> contribution(length, static_cast<std::int64_t>(1000 * i));
      JointPermit permit{.permit = Permit::unaccounted("a test"),
                         .plan = plan.hash(),
                         .session = digest_of(5),
                         .head = {}};
      auto input = noised(std::move(permit), plan, contribution, bits).value();
      parties.push_back(Party::begin(session, keys[i], std::move(input)).value());
      const auto numbers = kept_numbers(parties.back());
      for (std::size_t at = 0; at < length; ++at) expected[at] += numbers[at];
    }
    Coordinator coordinator = Coordinator::begin(session, chief).value();
    while (coordinator.round() != SessionRound::done) {
      for (const std::size_t place : coordinator.awaited())
        ASSERT_TRUE(coordinator.receive(parties[place].step().message));
      for (const Letter& letter : coordinator.close().value().letters)
        ASSERT_TRUE(parties[letter.to].receive(letter.message));
    }
    EXPECT_EQ(coordinator.sum().value(), expected);
    EXPECT_TRUE(decode(plan, expected, 3));
  }
}

TEST(JointSession, OfAForeignRosterIsRefused) {
  EXPECT_TRUE(session_of(example_plan(), clinic_roster(), {}));
  EXPECT_FALSE(session_of(example_plan(), clinic_roster(3), {}));
}

TEST(JointSession, TakesWhateverAPlanAllows) {
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t d = 0; d < 3; ++d)
      for (std::size_t t = 0; t <= 4; ++t)
        for (const auto coordinator : {JointCoordinator::honest, JointCoordinator::active}) {
          PlanTerms terms = example_terms();
          terms.colluders = c, terms.dropouts = d, terms.threshold = t;
          terms.coordinator = coordinator;
          const auto plan = QueryPlan::make(terms, clinic_roster());
          if (!plan) continue;
          EXPECT_TRUE(session_of(*plan, clinic_roster(), {})) << c << d << t;
          terms.path = JointPath::encrypted, terms.key_holders = {0, 1, 2};
          const auto encrypted = QueryPlan::make(terms, clinic_roster());
          EXPECT_TRUE(encrypted && session_of(*encrypted, clinic_roster(), {})) << c << d << t;
        }
}

}  // namespace
}  // namespace sfumato
