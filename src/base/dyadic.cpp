#include "sfumato/base/dyadic.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace sfumato {
namespace {

constexpr int kDigits = std::numeric_limits<double>::digits;
constexpr int kLeastExponent = std::numeric_limits<double>::min_exponent - kDigits;  // -1074
constexpr double kLargest = std::numeric_limits<double>::max();

uint128 magnitude_of(int128 x) noexcept {
  const auto bits = static_cast<uint128>(x);
  return x < 0 ? 0 - bits : bits;
}

int bit_length(uint128 x) noexcept {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  return high != 0 ? 128 - std::countl_zero(high)
                   : 64 - std::countl_zero(static_cast<std::uint64_t>(x));
}

/// x / 2^shift to the nearest whole number, ties to even, for x <= 2^127 and 1 <= shift.
uint128 shifted_to_nearest(uint128 x, std::int64_t shift) noexcept {
  if (shift > 127) return 0;  // one half at most
  const uint128 half = static_cast<uint128>(1) << (shift - 1);
  const uint128 whole = x >> shift;
  const uint128 rest = x - (whole << shift);
  return whole + (rest > half || (rest == half && (whole & 1) == 1) ? 1 : 0);
}

}  // namespace

Dyadic Dyadic::from_double(double x) noexcept {
  if (std::isnan(x)) return {};
  int exponent = 0;
  const double fraction = std::frexp(std::clamp(x, -kLargest, kLargest), &exponent);
  return {static_cast<std::int64_t>(std::ldexp(fraction, kDigits)), exponent - kDigits};
}

double Dyadic::to_double() const noexcept {
  const uint128 magnitude = magnitude_of(units);
  if (magnitude == 0) return 0;

  // The last bit that a double of this size can hold has the weight 2^(exponent + shift).
  const std::int64_t low = exponent;
  const std::int64_t shift = std::max<std::int64_t>(
      {0, bit_length(magnitude) - kDigits, static_cast<std::int64_t>(kLeastExponent) - low});
  const uint128 whole = shift == 0 ? magnitude : shifted_to_nearest(magnitude, shift);
  if (whole == 0) return 0;

  constexpr std::int64_t kTooLarge = std::numeric_limits<double>::max_exponent;
  const auto power = static_cast<int>(std::min(low + shift, kTooLarge));
  const double rounded = std::min(std::ldexp(static_cast<double>(whole), power), kLargest);
  return units < 0 ? -rounded : rounded;
}

}  // namespace sfumato
