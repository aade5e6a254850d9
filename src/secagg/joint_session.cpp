#include "sfumato/secagg/joint_session.h"

#include "secagg/plan_check.h"

namespace sfumato {

Result<Session> session_of(const QueryPlan& plan, const Roster& roster, const Digest& entered) {
  if (const Status same = check_roster(plan.roster_hash(), roster); !same) return same.error();
  const PlanTerms& terms = plan.terms();
  std::vector<std::size_t> parties;
  for (const JointDataset& dataset : terms.datasets) parties.push_back(dataset.member);
  return Session::make(
      {.roster = roster,
       .parties = std::move(parties),
       .coordinator = terms.coordinated_by.key,
       .plan = plan.hash(),
       .session = entered,
       .threshold = terms.threshold,
       .colluders = terms.colluders,
       .dropouts = terms.dropouts,
       .active_coordinator = terms.coordinator == JointCoordinator::active,
       .modulus = terms.modulus_bits == 32 ? Modulus::two_to_32 : Modulus::two_to_64,
       .length = plan.lattice().size(),
       .range = plan.lattice().range(),
       .noise_tail = plan.lattice().noise_tail(),
       .path = terms.path,
       .key_holders = terms.key_holders});
}

}  // namespace sfumato
