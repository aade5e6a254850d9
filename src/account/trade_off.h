#pragma once

#include "privacy/delta_curve.h"

namespace sfumato {

/// The least type II error of a test whose type I error is α, for what a curve allows in either
/// direction:
///
///     sup over ε >= 0 of   max(0, 1 - δ(ε) - e^ε·α, e^-ε·(1 - δ(ε) - α))
///
/// The upper bound takes it that δ is convex in e^ε, as that of a mechanism is.
///
/// Origin  Dong, Roth, Su: Gaussian Differential Privacy, 2019, proposition 2.12
/// Proof   docs/proofs/account/privacy_curve.md, claim 3
Bounds trade_off(const DeltaCurve& curve, const Exact& alpha);

}  // namespace sfumato
