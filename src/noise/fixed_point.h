#pragma once

#include "sfumato/base/dyadic.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A real number that is not negative and lies within [lower, upper] · 2^-120.
///
/// Each truncation on the way is an error of at most one unit; the counts are added up in the proof.
///
/// Proof   docs/proofs/noise/fixed_point.md
struct FixedInterval {
  uint128 lower;
  uint128 upper;
};

inline constexpr int kFixedPlaces = 120;

/// ln 2 and π/4 in units of 2^-120 and 2^-128, cut off.
inline constexpr uint128 kLn2 = uint128{0xB17217F7D1CF79} << 64 | 0xABC9E3B39803F2F6;
inline constexpr uint128 kQuarterPi = uint128{0xC90FDAA22168C234} << 64 | 0xC4C6628B80DC1CD1;

/// -ln U for all U within (k, k + 1) · 2^-127, where 1 <= k < 2^127.
FixedInterval fixed_minus_log(uint128 k) noexcept;

/// √(2x), for x < 127.
FixedInterval fixed_root_of_twice(const FixedInterval& x) noexcept;

struct FixedDirection {
  FixedInterval cosine;
  FixedInterval sine;
};

/// The 63 bits of a word and the 64 of its first extension: U lies within (k, k + 1) · 2^-127.
inline uint128 first_127_bits(LazyWord word, BitSource& bits) noexcept {
  return static_cast<uint128>(word.bits >> 1) << 64 | bits.extension(word.address, 1);
}

/// cos and sin of π/4 · V for all V within (v, v + 1) · 2^-125, where v < 2^125.
FixedDirection fixed_direction(uint128 v) noexcept;

/// a · b, for a < 16 and b < 2.
FixedInterval fixed_product(const FixedInterval& a, const FixedInterval& b) noexcept;

}  // namespace sfumato
