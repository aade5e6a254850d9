#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sfumato/noise/scale.h"
#include "support/fixed_bits.h"

namespace sfumato {

inline constexpr std::uint64_t kOnes = ~std::uint64_t{0};

/// How the real number at one address goes on: its first extensions, and one word for all others.
struct Led {
  std::uint64_t address;
  std::vector<std::uint64_t> first;
  std::uint64_t others = 0;
};

/// Extensions of levels 1 to 7: beyond, no test here leaves a doubt.
inline CraftedBits::Extensions led(const std::vector<Led>& words) {
  CraftedBits::Extensions all;
  for (const Led& word : words)
    for (std::uint32_t level = 1; level <= 7; ++level)
      all[{word.address, level}] = level <= word.first.size() ? word.first[level - 1] : word.others;
  return all;
}

/// How many times as much is compared where there is time: `./dev long` sets SFUMATO_LONG.
inline int patience() {
  return std::getenv("SFUMATO_LONG") != nullptr ? 10 : 1;
}

inline Scale exact_scale(double value) {
  return Scale::make(value).value();
}
inline Scale exact_scale(std::uint64_t numerator, std::uint64_t denominator) {
  return Scale::ratio(numerator, denominator).value();
}

}  // namespace sfumato
