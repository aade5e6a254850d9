#pragma once

#include <functional>

#include "privacy/delta_curve.h"

namespace sfumato {

/// The least type II error of a test whose type I error is α, in (0, 1), for what a curve allows in
/// either direction:
///
///     sup over ε >= 0 of   max(0, 1 - δ(ε) - e^ε·α, e^-ε·(1 - δ(ε) - α))
///
/// The upper bound takes it that δ is convex in e^ε, as that of a mechanism is. `guess` is about where
/// the best ε lies, negative for the second form; the search ends where bounds are `gap` of the upper apart.
///
/// Origin  Dong, Roth, Su: Gaussian Differential Privacy, 2019, proposition 2.12
/// Proof   docs/proofs/account/trade_off.md
Bounds trade_off(const DeltaCurve& curve, const Exact& alpha, double guess = 0, double gap = 1e-15);

/// A guess, from what δ(ε) is about.
double trade_off_near(const std::function<double(double epsilon)>& delta, double alpha);

}  // namespace sfumato
