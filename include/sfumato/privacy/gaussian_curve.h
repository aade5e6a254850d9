#pragma once

#include "sfumato/base/directed.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/delta.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/sensitivity.h"

namespace sfumato {

/// Where δ(ε) of Gaussian noise lies, for ε >= 0, σ > 0, both finite:
///
///     δ(ε)  =  Φ(Δ/2σ - εσ/Δ)  -  e^ε · Φ(-Δ/2σ - εσ/Δ)
///
/// Enclosed by interval arithmetic of at least 200 bits, to a few ulp, however small δ is.
///
/// Origin  Balle, Wang: Improving the Gaussian Mechanism, theorem 8
/// Proof   docs/proofs/privacy/gaussian_curve.md
Bounds gaussian_delta(double epsilon, double sigma, L2Sensitivity sensitivity);

/// Where ε(δ) of Gaussian noise lies; 0 where no noise-free bound is needed, for 0 < δ < 1.
Bounds gaussian_epsilon(Delta delta, double sigma, L2Sensitivity sensitivity);

/// A σ with δ(ε) <= δ for certain, above the least such by less than 1e-9 of it.
/// Refuses δ = 0, which no Gaussian noise reaches.
Result<double> gaussian_sigma(Epsilon epsilon, Delta delta, L2Sensitivity sensitivity);

}  // namespace sfumato
