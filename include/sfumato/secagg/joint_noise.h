#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/privacy/permit.h"
#include "sfumato/random/bit_source.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// A contribution with the organisation's part of the noise in each coordinate: what may be masked. Consumes the permit
/// of the gate (secagg/joint_gate.h), so that an uncharged one does not compile.
///
/// **Law** of the sum of h of them, which the plan's h organisations made, coordinates have discrete Laplace noise of
/// the operation's scale, exactly, or h discrete Gaussian noises of its σ; those of more have more.
///
/// **Timing** as `Polya::draw`, of which who can measure it learns something of the noise; or as `DiscreteGaussian`.
///
/// Proof   docs/proofs/noise/polya.md
/// Proof   docs/proofs/noise/discrete_gaussian.md
std::vector<std::int64_t> noised(Permit permit, const QueryPlan& plan,
                                 std::vector<std::int64_t> contribution, BitSource& bits);

}  // namespace sfumato
