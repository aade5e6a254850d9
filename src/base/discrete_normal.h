#pragma once

#include <cstdint>

#include "base/enclosure.h"

namespace sfumato {

// The law on the integers with masses in proportion to e^(-x²/2σ²), to at least 90 bits.
// Proof   docs/proofs/base/discrete_normal.md

Enclosure discrete_normal_mass(const Enclosure& sigma, std::int64_t x);  ///< P(X = x)
Enclosure discrete_normal_tail(const Enclosure& sigma, std::int64_t x);  ///< P(X >= x)
Enclosure discrete_normal_deviation(const Enclosure& sigma);             ///< √Var X

}  // namespace sfumato
