#pragma once

#include <cstddef>

#include "sfumato/account/amount.h"
#include "sfumato/base/result.h"
#include "sfumato/secagg/joint_lattice.h"
#include "sfumato/secagg/plan_terms.h"

namespace sfumato {

/// ε at the plan's δ of its whole vector, or its ρ, rounded up, against who does not know `parts` of the noise, at least h.
///
/// Proof   docs/proofs/secagg/joint_lattice.md
Result<LossAmount> joint_cost(const PlanTerms& terms, const JointLattice& lattice,
                              std::size_t parts);

}  // namespace sfumato
