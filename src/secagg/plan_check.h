#pragma once

#include "sfumato/account/amount.h"
#include "sfumato/base/result.h"
#include "sfumato/secagg/joint_lattice.h"
#include "sfumato/secagg/plan_terms.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// Refuses a plan that names another roster.
Status check_roster(const Digest& named, const Roster& roster);

/// Refuses terms that no lattice can be made of: names, lists, numbers, who takes part.
Status check_terms(const PlanTerms& terms, const Roster& roster);

/// What a plan costs with the parts of h honest organisations, rounded up; refuses what is above its total.
Result<LossAmount> check_cost(const PlanTerms& terms, const JointLattice& lattice);

}  // namespace sfumato
