#pragma once

#include "sfumato/base/result.h"
#include "sfumato/privacy/delta.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/rho.h"

namespace sfumato {

/// A δ for which each ρ-zCDP release is (ε, δ)-differentially private, for ε >= 0:
///
///     inf over α > 1 of   exp((α-1)·(αρ - ε)) / (α-1) · (1 - 1/α)^α
///
/// Rounded up, by less than 1e-9 of it while ε² < 1e12·ρ: each α gives a bound that holds, and the
/// best one is only searched for.
///
/// Origin  Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, proposition 12
/// Proof   docs/proofs/privacy/zcdp.md
double zcdp_delta(Rho rho, double epsilon);

/// The greatest ρ, rounded down, whose conversion by `zcdp_delta` is within (ε, δ).
/// Refuses δ = 0, and what would ask for a ρ outside (0, 2^20].
Result<Rho> zcdp_rho(Epsilon epsilon, Delta delta);

}  // namespace sfumato
