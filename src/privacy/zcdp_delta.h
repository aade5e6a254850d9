#pragma once

#include "base/enclosure.h"

namespace sfumato {

/// The infimum of privacy/zcdp.h, enclosed; at most 1. For ρ > 0 and ε >= 0.
///
/// Proof   docs/proofs/privacy/zcdp.md, claims 1 and 4
Enclosure zcdp_delta(const Enclosure& rho, const Enclosure& epsilon);

}  // namespace sfumato
