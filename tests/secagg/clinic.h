#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "secagg/example_plan.h"
#include "sfumato/secagg/joint_gate.h"
#include "sfumato/secagg/joint_session.h"
#include "support/scratch.h"

namespace sfumato {

inline constexpr std::int64_t kNow = 1'700'000'000;

inline LocalPolicy clinic_policy() {
  return {.most_epsilon = decimal("2"),
          .columns = {"region", "age", "days", "readmitted"},
          .units = {"patient"}};
}

inline ApprovedPlan approved(unsigned char nonce = 0) {
  PlanTerms terms = example_terms();
  terms.nonce[0] = nonce;
  for (JointDataset& dataset : terms.datasets) dataset = {dataset.member, "stays", "2026"};
  const Roster roster = clinic_roster();
  const QueryPlan plan = QueryPlan::make(terms, roster).value();
  std::vector<Endorsement> signatures;
  for (unsigned char key = 1; key <= 3; ++key)
    signatures.push_back(ApprovedPlan::approve(plan, roster, key_of(key)).value());
  return ApprovedPlan::make(plan, roster, signatures).value();
}

/// One organisation: its ledger, book and key.
class Clinic {
 public:
  Clinic(const Scratch& scratch, unsigned char number)
      : key(key_of(number)),
        ledger_path(scratch.path("ledger" + std::to_string(number))),
        book_path(scratch.path("book" + std::to_string(number))) {
    ledger =
        std::make_unique<Ledger>(Ledger::create(ledger_path, "owner", [] { return kNow; }).value());
    ledger->add_dataset("stays", ApproximateCost{Exact(decimal("10")), 0.0}).value();
    restart();
  }

  /// As after the end of the process.
  void restart() {
    ledger =
        std::make_unique<Ledger>(Ledger::open(ledger_path, "owner", [] { return kNow; }).value());
    book = std::make_unique<JointBook>(JointBook::open(book_path).value());
  }

  JointGate gate(const ApprovedPlan& plan) {
    return JointGate::open(*ledger, *book, key, signed_clinics(), plan, clinic_policy()).value();
  }

  /// Leave for the session that these words name.
  JointPermit admitted(JointGate& gate, const std::vector<std::string>& words) {
    return gate.admit(words, kNow).value();
  }

  /// A party of that session, with a vector of zeros.
  Party begun(const ApprovedPlan& plan, JointPermit permit) {
    const Session session = session_of(plan.plan(), clinic_roster(), permit.session).value();
    const std::vector<std::int64_t> numbers(plan.plan().lattice().size());
    return Party::begin(session, key, NoisedVector::made_elsewhere(std::move(permit), numbers))
        .value();
  }

  std::string spent() {
    const auto accounts = ledger->accounts().value();
    return accounts.front().spent.loss.to_string();
  }

  SigningKey key;
  std::string ledger_path, book_path;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<JointBook> book;
};

inline std::string word_of(JointGate& gate) {
  return std::get<std::string>(gate.reserve(kNow).value());
}

}  // namespace sfumato
