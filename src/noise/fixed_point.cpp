#include "noise/fixed_point.h"

#include <algorithm>
#include <array>

#include "noise/wide.h"

namespace sfumato {
namespace {

constexpr uint128 kOne = 1;

/// 1/1, 1/3, 1/5 … in units of 2^-127: what is left out of the series is below 2^-132 of it.
constexpr auto kOddReciprocals = [] {
  std::array<uint128, 25> reciprocals{};
  for (unsigned i = 0; i < reciprocals.size(); ++i) reciprocals[i] = (kOne << 127) / (2 * i + 1);
  return reciprocals;
}();

/// floor(2^127 · x / y), for x < y.
uint128 fraction_of(uint128 x, uint128 y) noexcept {
  uint128 quotient = 0;
  for (int i = 0; i < 127; ++i) {
    const bool fits = x >= y - x;  // 2x >= y, where 2x may not fit
    x = fits ? x - (y - x) : x + x;
    quotient = quotient << 1 | (fits ? 1 : 0);
  }
  return quotient;
}

/// 2·atanh(s), with s and the result in units of 2^-127: at most 6 units too low, for s < 0.1717.
uint128 twice_atanh(uint128 s) noexcept {
  const uint128 square = multiply_high(s << 1, s << 1);  // in units of 2^-128
  uint128 sum = kOddReciprocals.back();
  for (std::size_t i = kOddReciprocals.size() - 1; i-- > 0;)
    sum = kOddReciprocals[i] + multiply_high(square, sum);
  return multiply_high(s << 1, sum) << 1;
}

/// floor(√(x · 2^120)), digit by digit; the root has at most 124 bits, so that nothing overflows.
uint128 root(uint128 x) noexcept {
  uint128 rest = 0, result = 0;
  for (int i = 0; i < 124; ++i) {
    const uint128 digits = i < 64 ? (x >> (126 - 2 * i)) & 3 : 0;
    rest = rest << 2 | digits;
    const uint128 trial = result << 2 | 1;
    const bool fits = rest >= trial;
    rest = fits ? rest - trial : rest;
    result = result << 1 | (fits ? 1 : 0);
  }
  return result;
}

/// 1 - y/((n-1)n) · (1 - y/((n-3)(n-2)) · (…)), from n = last down by twos, while n > 1, with y in
/// units of 2^-128 and the result in those of 2^-125.
uint128 alternating(uint128 y, unsigned last) noexcept {
  uint128 sum = kOne << 125;
  for (unsigned n = last; n > 1; n -= 2)
    sum = (kOne << 125) - multiply_high(y, sum) / (uint128{n} * (n - 1));
  return sum;
}

/// A value known within 5 units of 2^-125 to either side.
FixedInterval around(uint128 value) noexcept {
  return {(value - std::min<uint128>(value, 5)) >> 5, ((value + 5) >> 5) + 1};
}

}  // namespace

FixedInterval fixed_minus_log(uint128 k) noexcept {
  const int top = bit_width(k) - 1;
  const uint128 m = k << (126 - top);  // U = m · 2^-126 · 2^(top - 127), 1 <= m · 2^-126 < 2
  const bool near_two = (m >> 119) >= 181;
  const uint128 one = kOne << 126;

  const uint128 s =
      near_two ? fraction_of(2 * one - m, 2 * one + m) : fraction_of(m - one, m + one);
  const uint128 part = twice_atanh(s) >> 7;
  const auto halvings = static_cast<unsigned>(127 - top);
  const uint128 base = near_two ? (halvings - 1) * kLn2 + part : halvings * kLn2 - part;

  const uint128 unknown = top >= kFixedPlaces ? 1 : kOne << (kFixedPlaces - top);
  return {base - std::min(base, unknown + 2), base + halvings + 2};
}

FixedInterval fixed_root_of_twice(const FixedInterval& x) noexcept {
  return {root(2 * x.lower), root(2 * x.upper) + 1};
}

FixedDirection fixed_direction(uint128 v) noexcept {
  const uint128 angle = multiply_high(v << 3, kQuarterPi);  // in units of 2^-128
  const uint128 square = multiply_high(angle, angle);
  return {.cosine = around(alternating(square, 30)),
          .sine = around(multiply_high(angle, alternating(square, 31)))};
}

FixedInterval fixed_product(const FixedInterval& a, const FixedInterval& b) noexcept {
  return {multiply_high(a.lower << 4, b.lower << 4), multiply_high(a.upper << 4, b.upper << 4) + 1};
}

}  // namespace sfumato
