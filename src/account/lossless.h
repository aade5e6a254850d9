#pragma once

#include "base/enclosure.h"

namespace sfumato {

/// The least ε(δ) that a divergence of order α promises for sure, searched for from a guess.
///
/// Proof   docs/proofs/account/renyi.md, claim 4
Bounds lossless_epsilon_at(const Enclosure& alpha, const Enclosure& divergence,
                           const Enclosure& delta, double guess);

}  // namespace sfumato
