#pragma once

#include "account/pair.h"
#include "privacy/delta_curve.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

// What one whole answer gives away that has noise which parties share. All losses and δ are those of the greatest move.
//
// Proof   docs/proofs/account/shared_noise.md

/// The greatest loss: log f(0)/f(d) where parts are missing, else d/s.
Result<Enclosure> polya_most(const PolyaLoss& law);

/// At most D_α at a whole α > 1, of an integer vector that moves by no more in either norm.
Enclosure skellam_divergence(const Enclosure& mu, const Enclosure& l1, const Enclosure& l2,
                             const Enclosure& alpha);

/// By how much log f(x) - log g(x) varies over x, at most, for f the sum and g the discrete Gaussian law of σ²·n.
Enclosure gaussian_sum_gap(const Enclosure& sigma, std::int64_t parts);

/// √2ρ of an integer vector of this many coordinates at most: √(L2²/nσ² + 2τ·L1/(√n·σ) + τ²·k).
Enclosure gaussian_sum_root(const Enclosure& sigma, std::int64_t parts, const Enclosure& l1,
                            const Enclosure& l2, const Enclosure& coordinates);

/// δ(ε) of one release, and its losses where they are composed. The law's own checks have passed.
Result<DeltaCurve> curve_of(const PolyaLoss& law);
Result<DeltaCurve> curve_of(const SkellamLoss& law);
Result<DeltaCurve> curve_of(const DiscreteGaussianSumLoss& law);
Pairs pairs_of(const PolyaLoss& law);
Pair pair_of(const SkellamLoss& law);
Pairs pairs_of(const DiscreteGaussianSumLoss& law);

/// How many losses `pairs_of` would have, about.
double losses_of(const PolyaLoss& law);
double losses_of(const SkellamLoss& law);
double losses_of(const DiscreteGaussianSumLoss& law);

}  // namespace sfumato
