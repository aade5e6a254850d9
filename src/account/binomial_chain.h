#pragma once

#include <cstdint>

#include "base/enclosure.h"

namespace sfumato {

/// Σ of C(k, n-j)·x^(n-j) over j = 0 … n, divided by its first term:
///
///     1 + w(n)x · (1 + w(n-1)x · (1 + …)),   w(l) = l / (k-l+1)
///
/// for x > 0, whatever the number of terms: those that matter are about √k, and what is left out
/// is bounded by a geometric series. Where they are few the sum is made at the precision of x, else
/// at 256 bits in long double, whose a priori error is added on both sides.
///
/// Proof   docs/proofs/account/pure_composition.md, claim 2
Enclosure binomial_chain(std::int64_t k, std::int64_t n, const Enclosure& x);

}  // namespace sfumato
