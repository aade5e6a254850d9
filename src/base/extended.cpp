#include "base/extended.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace sfumato {
namespace {

constexpr bool kWide = std::numeric_limits<Extended>::digits > 64;  // 113 bits, in software
constexpr int kExpTerms = kWide ? 28 : 16;
constexpr int kLogTerms = kWide ? 25 : 13;
constexpr int kTurnTerms = kWide ? 17 : 10;

constexpr Extended kLogTwo = 0.693147180559945309417232121458176568L;
constexpr Extended kRootHalf = 0.707106781186547524400844362104849039L;
constexpr Extended kQuarterTurn = 1.57079632679489661923132169163975144L;

constexpr Extended kMostTurn = 0x1p60L;

constexpr auto kReciprocals = [] {
  std::array<Extended, 64> all{};
  for (std::size_t i = 1; i < all.size(); ++i) all[i] = 1 / static_cast<Extended>(i);
  return all;
}();

/// A whole number next to x: a cast is an instruction, std::rint a call.
std::int64_t nearest(Extended x) noexcept {
  return static_cast<std::int64_t>(x + (x < 0 ? -0.5L : 0.5L));
}

Extended reciprocal(int i) noexcept {
  return kReciprocals[static_cast<std::size_t>(i)];
}

/// 2·atanh(s) = log((1 + s)/(1 - s)) for |s| <= 0.1766.
Extended twice_atanh(Extended s) noexcept {
  const Extended square = s * s;
  Extended sum = 0;
  for (int j = kLogTerms - 1; j > 0; --j) sum = (sum + reciprocal(2 * j + 1)) * square;
  return 2 * (s + s * sum);
}

/// Σ of every second term of the exponential series, by the square of its argument: those after
/// 1/first!, with alternating signs.
Extended alternating(Extended square, int first) noexcept {
  Extended sum = 1;
  for (int j = kTurnTerms - 1; j > 0; --j) {
    const int n = 2 * j + first;
    sum = 1 - square * (reciprocal(n) * reciprocal(n - 1)) * sum;
  }
  return sum;
}

}  // namespace

Extended exp_near(Extended x) noexcept {
  if (!(std::fabs(x) < 20000)) return x > 0 ? HUGE_VALL : x < 0 ? 0 : x;
  const std::int64_t n = nearest(x * (1 / kLogTwo));
  const Extended rest = x - static_cast<Extended>(n) * kLogTwo;
  Extended sum = 1;
  for (int i = kExpTerms - 1; i > 0; --i) sum = 1 + rest * reciprocal(i) * sum;
  return std::ldexp(sum, static_cast<int>(n));
}

Extended log_near(Extended x) noexcept {
  int exponent = 0;
  Extended m = std::frexp(x, &exponent);
  if (m < kRootHalf) m *= 2, --exponent;
  return static_cast<Extended>(exponent) * kLogTwo + twice_atanh((m - 1) / (m + 1));
}

Extended log1p_near(Extended x) noexcept {
  return twice_atanh(x / (2 + x));
}

ExtendedComplex turn_near(Extended angle) noexcept {
  if (!(std::fabs(angle) < kMostTurn)) return {std::nanl(""), std::nanl("")};
  const std::int64_t n = nearest(angle * (1 / kQuarterTurn));
  const Extended rest = angle - static_cast<Extended>(n) * kQuarterTurn;
  const Extended square = rest * rest;
  const Extended sine = rest * alternating(square, 1), cosine = alternating(square, 0);
  switch (n & 3) {
    case 0:
      return {cosine, sine};
    case 1:
      return {-sine, cosine};
    case 2:
      return {-cosine, -sine};
    default:
      return {sine, -cosine};
  }
}

}  // namespace sfumato
