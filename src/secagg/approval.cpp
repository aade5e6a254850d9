#include "sfumato/secagg/approval.h"

#include <algorithm>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/endorsements.h"
#include "secagg/plan_check.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint plan v1";
constexpr std::uint64_t kLongestPlan = 0xffffffff;

/// Each organisation that contributes is among those who signed.
Status check_contributors(const QueryPlan& plan, const Roster& roster,
                          std::span<const Endorsement> signatures) {
  for (const JointDataset& dataset : plan.terms().datasets)
    if (!std::ranges::binary_search(signatures, dataset.member, {}, &Endorsement::member))
      return Error{Errc::refused, "signatures",
                   "must have one of each organisation that contributes, lack that of '" +
                       roster.members()[dataset.member].name + "'"};
  return ok();
}

}  // namespace

Result<Endorsement> ApprovedPlan::approve(const QueryPlan& plan, const Roster& roster,
                                          const SigningKey& key) {
  if (const Status same = check_roster(plan.roster_hash(), roster); !same) return same.error();
  return endorse(roster, key, kMeaning, view_of(plan.hash()));
}

Status ApprovedPlan::check(const QueryPlan& plan, const Roster& roster,
                           const Endorsement& endorsement) {
  if (const Status same = check_roster(plan.roster_hash(), roster); !same) return same;
  return check_endorsement(roster, endorsement, kMeaning, view_of(plan.hash()));
}

Result<ApprovedPlan> ApprovedPlan::make(QueryPlan plan, const Roster& roster,
                                        std::vector<Endorsement> signatures) {
  if (const Status same = check_roster(plan.roster_hash(), roster); !same) return same.error();
  sort_endorsements(signatures);
  const Status good = check_endorsements(roster, signatures, kMeaning, view_of(plan.hash()));
  if (!good) return good.error();
  const Status all = check_contributors(plan, roster, signatures);
  if (!all) return all.error();
  return ApprovedPlan(std::move(plan), std::move(signatures));
}

Result<ApprovedPlan> ApprovedPlan::parse(std::string_view bytes, const Roster& roster) {
  WireReader reader(bytes, WireKind::approved_plan);
  const std::string_view inner = reader.vector(0, kLongestPlan);
  std::vector<Endorsement> signatures = read_endorsements(reader);
  if (!reader.complete())
    return Error{Errc::malformed, "plan", "is no approved plan of a joint statistic"};
  sort_endorsements(signatures);
  const Digest hash = sha256(inner);  // what nobody signed is not worth a look
  const Status good = check_endorsements(roster, signatures, kMeaning, view_of(hash));
  if (!good) return good.error();
  auto plan = QueryPlan::parse(inner, roster);
  if (!plan) return std::move(plan).error();
  const Status all = check_contributors(*plan, roster, signatures);
  if (!all) return all.error();
  ApprovedPlan whole(*std::move(plan), std::move(signatures));
  if (whole.bytes() != bytes)
    return Error{Errc::malformed, "plan", "must have its signatures in the order of its members"};
  return whole;
}

std::string ApprovedPlan::bytes() const {
  WireWriter writer(WireKind::approved_plan);
  writer.vector(plan_.bytes(), kLongestPlan);
  write_endorsements(writer, signatures_);
  return std::move(writer).bytes();
}

Status ApprovedPlan::alive(std::int64_t now) const {
  if (now < plan_.terms().expires) return ok();
  return Error{Errc::refused, "plan", "must be used before it expires, and it has expired"};
}

}  // namespace sfumato
