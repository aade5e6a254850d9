#pragma once

#include <bit>
#include <cstdint>

#include "sfumato/base/dyadic.h"

namespace sfumato {

/// floor(a · b / 2^128), exactly: four products of halves.
constexpr uint128 multiply_high(uint128 a, uint128 b) noexcept {
  const auto low = [](uint128 x) { return static_cast<uint128>(static_cast<std::uint64_t>(x)); };
  const uint128 middle = (a >> 64) * low(b) + (low(a) * low(b) >> 64);
  const uint128 other = low(a) * (b >> 64) + low(middle);
  return (a >> 64) * (b >> 64) + (middle >> 64) + (other >> 64);
}

/// The least n with x < 2^n.
constexpr int bit_width(uint128 x) noexcept {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  return high != 0 ? 64 + static_cast<int>(std::bit_width(high))
                   : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(x)));
}

}  // namespace sfumato
