#pragma once

#include <cstdint>

#include "sfumato/base/dyadic.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

// Another sampler of the discrete Gaussian, as published, whole numbers only: Canonne, Kamath, Steinke,
// The Discrete Gaussian for Differential Privacy, 2020, algorithms 1 to 3. A witness of the law.

/// True with probability exp(-x / y), for x <= y: of coins x/y·1/1, x/y·1/2, … the first tails is odd.
inline bool coin_exp_minus_fraction(std::uint64_t x, std::uint64_t y, BitSource& bits) {
  std::uint64_t k = 1;
  while (bits.below(y * k) < x) ++k;
  return k % 2 == 1;
}

inline bool coin_exp_minus(std::uint64_t x, std::uint64_t y, BitSource& bits) {
  for (; x > y; x -= y)
    if (!coin_exp_minus_fraction(1, 1, bits)) return false;
  return coin_exp_minus_fraction(x, y, bits);
}

inline std::int64_t integer_laplace(std::uint64_t t, BitSource& bits) {
  for (;;) {
    const std::uint64_t fine = bits.below(t);
    if (!coin_exp_minus_fraction(fine, t, bits)) continue;
    std::uint64_t coarse = 0;
    while (coin_exp_minus_fraction(1, 1, bits)) ++coarse;
    const auto magnitude = static_cast<std::int64_t>(fine + t * coarse);
    const bool negative = (bits.next() & 1) != 0;
    if (negative && magnitude == 0) continue;
    return negative ? -magnitude : magnitude;
  }
}

/// For a whole σ: accepted with exp(-(|y| - σ²/t)² / 2σ²), t = σ + 1.
inline std::int64_t integer_gaussian(std::uint64_t sigma, BitSource& bits) {
  const std::uint64_t t = sigma + 1;
  for (;;) {
    const std::int64_t y = integer_laplace(t, bits);
    const std::uint64_t scaled = static_cast<std::uint64_t>(y < 0 ? -y : y) * t;
    const std::uint64_t gap =
        scaled > sigma * sigma ? scaled - sigma * sigma : sigma * sigma - scaled;
    if (coin_exp_minus(gap * gap, 2 * sigma * sigma * t * t, bits)) return y;
  }
}

}  // namespace sfumato
