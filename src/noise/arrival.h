#pragma once

#include <cstddef>
#include <cstdint>

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

// What candidates of a race are compared by: docs/proofs/noise/exponential_race.md.

/// 6·ln 2 - ln(-ln(1 - U)), where the word begins U: by so much a candidate is ahead of its score / b.
struct Lead {
  double value;
  double margin;  ///< it is off by less; infinite where U < 2^-20 or U > 1 - 2^-20
};

inline constexpr double kLeadMargin = 0x1p-39;

Lead lead(std::uint64_t word) noexcept;

/// The further digits of all U of a race, as extensions of one word that is drawn after them.
struct FurtherDigits {
  std::uint64_t address;
  std::uint32_t candidates;

  /// Digits 64·n … 64·n + 63 of the U of candidate i.
  std::uint64_t operator()(std::uint32_t i, std::uint32_t n, BitSource& bits) const noexcept {
    return bits.extension(address, 1 + i + candidates * (n - 1));
  }
};

/// A candidate as the definition sees it.
struct Arrival {
  std::uint32_t index;
  std::uint64_t word;
  Dyadic score;
};

/// Whether a's score / b and lead make more than those of `other`; by MPFR, with more and more digits.
bool ahead_by_definition(const Arrival& a, const Arrival& other, const Scale& b,
                         const FurtherDigits& digits, BitSource& bits);

}  // namespace sfumato
