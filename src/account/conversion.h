#pragma once

#include "account/side.h"

namespace sfumato {

/// Whether a side holds releases of which only Rényi bounds are known.
bool needs_conversion(const Side& side);

/// A δ that holds at ε: the least over orders 1 + t of infinite mass and
///
///     M(t)·e^(-tε)·t^t / (1 + t)^(1 + t),   log M(t) = K(t) + ρt(1 + t) + Σ t·ε_{1 + t}
///
/// Proof   docs/proofs/account/composition.md
Enclosure converted(const Side& side, const Enclosure& epsilon);

}  // namespace sfumato
