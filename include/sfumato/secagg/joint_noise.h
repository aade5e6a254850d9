#pragma once

#include <cstdint>
#include <span>

#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"
#include "sfumato/secagg/noised_vector.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// A contribution with the organisation's part of the noise in each coordinate, modulo 2^64: what may be masked.
/// Consumes the permit of the gate (secagg/joint_gate.h). Refuses the permit of another plan, and another length.
///
/// **Law** of the sum of h of them, which the plan's h organisations made, coordinates have discrete Laplace noise of
/// the operation's scale, exactly, or Skellam noise of h times its μ, exactly, or h discrete Gaussian noises of its σ;
/// those of more have more.
///
/// **Timing** as `Polya::draw`, `Skellam` or `DiscreteGaussian`: it grows with the noise. It is drawn before this
/// organisation's first message, which comes so much later: docs/protocol/masked_sums.md, "Traffic".
///
/// Proof   docs/proofs/noise/polya.md
/// Proof   docs/proofs/noise/skellam.md
/// Proof   docs/proofs/noise/discrete_gaussian.md
Result<NoisedVector> noised(JointPermit permit, const QueryPlan& plan,
                            std::span<const std::int64_t> contribution, BitSource& bits);

}  // namespace sfumato
