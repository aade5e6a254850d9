#pragma once

#include <span>

#include "privacy/delta_curve.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// The least δ(ε) that holds for all that is composed of `count` (ε, δ) releases of each event: of
/// PureLoss, ApproximateLoss and BinaryResponseLoss, unsampled.
///
/// Of one ε any number is served, of several those with at most 2^14 combinations of losses.
///
/// Origin  Kairouz, Oh, Viswanath: The Composition Theorem for Differential Privacy, theorem 3.3;
///         Murtagh, Vadhan: The Complexity of Computing the Optimal Composition of DP, theorem 1.5
/// Proof   docs/proofs/account/pure_composition.md
Result<DeltaCurve> pure_composition(std::span<const Event> events);

/// Whether `pure_composition` knows this loss.
bool is_pure_or_approximate(const Loss& loss);

}  // namespace sfumato
