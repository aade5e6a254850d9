#pragma once

#include "sfumato/base/directed.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// A guarantee of (ε, δ), each enclosed.
struct ApproximateBounds {
  Bounds epsilon;
  Bounds delta;
};

/// What an (ε, δ) release costs on a sample:
///
///     ε' = ln(1 + q·(e^ε - 1)),   δ' = q·δ
///
/// It holds for Poisson samples that each unit joins with probability q where neighbours differ by one
/// unit more, and for m of n units without replacement, q = m/n, where one unit is exchanged.
/// Refuses ε < 0, δ outside [0, 1] and q outside (0, 1].
///
/// Origin  Balle, Barthe, Gaboardi: Privacy Amplification by Subsampling, 2018, theorems 8 and 9
/// Proof   docs/proofs/account/amplification.md
Result<ApproximateBounds> amplified(const Exact& epsilon, const Exact& delta, const Exact& q);

}  // namespace sfumato
