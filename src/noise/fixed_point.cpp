#include "noise/fixed_point.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "noise/wide.h"

namespace sfumato {
namespace {

constexpr uint128 kOne = 1;
constexpr uint128 kDigits = kOne << 64;

/// 1/1, 1/3, 1/5 … in units of 2^-127: what is left out of the series is below 2^-132 of it.
constexpr auto kOddReciprocals = [] {
  std::array<uint128, 25> reciprocals{};
  for (unsigned i = 0; i < reciprocals.size(); ++i) reciprocals[i] = (kOne << 127) / (2 * i + 1);
  return reciprocals;
}();

/// 1/((n-1)n) in units of 2^-128, from n = 2 on.
constexpr auto kReciprocals = [] {
  std::array<uint128, 32> reciprocals{};
  for (unsigned n = 2; n < reciprocals.size(); ++n) reciprocals[n] = ~uint128{0} / (n * (n - 1));
  return reciprocals;
}();

/// floor(rest · 2^64 / y), for rest < y and y >= 2^127; what remains is the new rest. The upper half of y
/// guesses the digit at most 2 too high (Knuth, The Art of Computer Programming 2, 4.3.1, theorem B).
uint128 next_digit(uint128& rest, uint128 y) noexcept {
  const uint128 high = y >> 64, low = static_cast<std::uint64_t>(y);
  uint128 digit = std::min(rest / high, kDigits - 1);
  uint128 left = rest - digit * high;
  while (left < kDigits && digit * low > left << 64) --digit, left += high;
  rest = (rest << 64) - digit * y;  // below y: multiples of 2^128 fall away
  return digit;
}

/// floor(2^127 · x / y), for x < y and y >= 2^127.
uint128 fraction_of(uint128 x, uint128 y) noexcept {
  const uint128 first = next_digit(x, y);
  return (first << 64 | next_digit(x, y)) >> 1;
}

/// 2·atanh(s), with s and the result in units of 2^-127: at most 6 units too low, for s < 0.1717.
uint128 twice_atanh(uint128 s) noexcept {
  const uint128 square = multiply_high(s << 1, s << 1);  // in units of 2^-128
  uint128 sum = kOddReciprocals.back();
  for (std::size_t i = kOddReciprocals.size() - 1; i-- > 0;)
    sum = kOddReciprocals[i] + multiply_high(square, sum);
  return multiply_high(s << 1, sum) << 1;
}

/// floor(√x), for x >= 2^126. A step of Newton's from any start is not too low, and from a double's root
/// at most one too high.
uint128 upper_root(uint128 x) noexcept {
  const auto start = static_cast<uint128>(std::sqrt(static_cast<double>(x)));
  uint128 root = std::min((start + x / start) >> 1, kDigits - 1);
  while (root * root > x) --root;
  return root;
}

/// floor(√(x · 2^120)), by one step of Zimmermann's root (Karatsuba square root, 1999).
uint128 root(uint128 x) noexcept {
  if (x == 0) return 0;
  const int halvings = (128 - bit_width(x)) / 2;  // of the root: x is taken 4^halvings times
  x <<= 2 * halvings;
  const uint128 upper = upper_root(x);
  const uint128 rest = (x - upper * upper) << 60;
  const uint128 lower = rest / (2 * upper);
  const bool too_high = (rest % (2 * upper)) << 60 < lower * lower;
  return ((upper << 60) + lower - (too_high ? 1 : 0)) >> halvings;
}

/// 1 - y/((n-1)n) · (1 - y/((n-3)(n-2)) · (…)), from n = last down by twos, while n > 1, with y in
/// units of 2^-128 and the result in those of 2^-125.
uint128 alternating(uint128 y, unsigned last) noexcept {
  uint128 sum = kOne << 125;
  for (unsigned n = last; n > 1; n -= 2)
    sum = (kOne << 125) - multiply_high(multiply_high(y, sum), kReciprocals[n]);
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
