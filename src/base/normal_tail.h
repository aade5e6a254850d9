#pragma once

#include "base/enclosure.h"

namespace sfumato {

/// φ(x), the standard normal density.
Enclosure normal_density(const Enclosure& x);

/// Φ(-x), the mass above x.
Enclosure normal_tail(const Enclosure& x);

/// The Mills ratio Φ(-x) / φ(x). From x = 8 on by its continued fraction: MPFR's erfc costs the more
/// the smaller it is, 10 ms where δ is 1e-300, and this the less.
///
/// Origin  Laplace: Mécanique céleste, book X, 1805, for the continued fraction
Enclosure mills_ratio(const Enclosure& x);

/// e^(x²)·erfc(x).
Enclosure erfcx(const Enclosure& x);

/// log Φ(-x), also where Φ(-x) is next to 1 or beyond all doubles.
Enclosure log_normal_tail(const Enclosure& x);

/// The x above which lies the mass p: Φ(-x) = p. Of a p that may be 0 or 1 nothing is claimed.
///
/// Proof   docs/proofs/base/enclosure.md, claim 5
Enclosure normal_quantile(const Enclosure& p);

}  // namespace sfumato
