// Signed bytes: an approved plan, an organisation's word that its ledger was charged.
#include "fuzz/target.h"
#include "secagg/example_plan.h"
#include "sfumato/secagg/approval.h"
#include "sfumato/secagg/joint_word.h"
#include "sfumato/secagg/reservation.h"

namespace sfumato {
namespace {

const Roster& roster() {
  static const Roster clinics = clinic_roster();
  return clinics;
}

const QueryPlan& plan() {
  static const QueryPlan example = example_plan();
  return example;
}

}  // namespace

void take(std::string_view bytes) {
  if (const auto approved = ApprovedPlan::parse(bytes, roster()))
    require(approved->bytes() == bytes);
  const auto says = JointReservation::parse(bytes, plan(), roster());
  if (says) require(says->signed_by(key_of(static_cast<unsigned char>(says->member + 1))) == bytes);
  const auto word = JointWord::parse(bytes, plan(), roster());
  if (!word) return;
  const auto member = JointReservation::parse(word->reservation, plan(), roster()).value().member;
  require(word->signed_by(key_of(static_cast<unsigned char>(member + 1))) == bytes);
}

std::vector<std::string> seeds() {
  std::vector<Endorsement> signatures;
  for (unsigned char key = 1; key <= 3; ++key)
    signatures.push_back(ApprovedPlan::approve(plan(), roster(), key_of(key)).value());
  const JointReservation says{
      .plan = plan().hash(), .roster = roster().hash(), .member = 1, .head = {17, {}}};
  JointWord word{.reservation = says.signed_by(key_of(2)),
                 .now = SignedHead::sign({19, {}}, key_of(2)),
                 .known = {}};
  word.known.emplace(key_of(1).public_key(), SignedHead::sign({3, {}}, key_of(1)));
  return {ApprovedPlan::make(plan(), roster(), signatures).value().bytes(),
          says.signed_by(key_of(2)), word.signed_by(key_of(2))};
}

}  // namespace sfumato
