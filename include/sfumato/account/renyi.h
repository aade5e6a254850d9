#pragma once

#include <span>

#include "sfumato/base/directed.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// The Rényi divergence of order α > 1 of what is composed of `events`: the sum of theirs.
///
/// Of Poisson samples only Gaussian releases are known: at whole orders up to 10^5 exactly, between two
/// of them as a chord above and a step below. Discrete Gaussian noise is exact where αΔ is whole, and a
/// bound in the same way elsewhere. Bounds (pure, zCDP, RDP, bounded range) count as what they allow.
/// Refuses δ > 0, which has no divergence, and an order above all those of an RdpLoss.
///
/// Origin  Mironov: Rényi Differential Privacy, 2017, table II; Mironov, Talwar, Zhang: Rényi Differential
///         Privacy of the Sampled Gaussian Mechanism, 2019, section 3.3
/// Proof   docs/proofs/account/renyi.md
Result<Bounds> renyi_divergence(std::span<const Event> events, const Exact& alpha);

/// The ρ for which what is composed of `events`, none sampled, is ρ-zCDP: Δ²/2σ² of Gaussian noise,
/// ε²/2 of pure laws, ε²/8 of bounded range.
///
/// Origin  Bun, Steinke: Concentrated Differential Privacy, 2016, propositions 1.4 and 1.6; Cesar,
///         Rogers: Bounding, Concentrating, and Truncating, 2021, lemma 3.4
Result<Bounds> concentrated_rho(std::span<const Event> events);

/// The least δ(ε), or ε(δ), that one of the points shows:
///
///     δ = exp((α-1)(r-ε)) / (α-1) · (1 - 1/α)^α
///
/// Origin  Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, proposition 12
Result<Bounds> renyi_delta(std::span<const RdpPoint> curve, const Exact& epsilon);
Result<Bounds> renyi_epsilon(std::span<const RdpPoint> curve, const Exact& delta);

/// The least ε(δ) that holds for all mechanisms with the divergence of one of the points: no conversion of
/// single orders is better.
///
/// Origin  Asoodeh, Liao, Calmon, Kosut, Sankar: A Better Bound Gives a Hundred Rounds, 2020, theorem 3
Result<Bounds> lossless_epsilon(std::span<const RdpPoint> curve, const Exact& delta);

}  // namespace sfumato
