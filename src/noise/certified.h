#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sfumato/noise/grid_ratio.h"

namespace sfumato {

// The double-precision steps of a draw, with proved errors: docs/proofs/noise/certified.md. They branch
// on nothing and read no table, so that a kernel can take them lane by lane.

/// The whole number as a double: rounded once, since both halves are exact.
inline double to_double(std::uint64_t word) noexcept {
  const auto high = static_cast<double>(static_cast<std::int64_t>(word >> 32));
  const auto low = static_cast<double>(static_cast<std::int64_t>(word & 0xFFFFFFFF));
  return high * 0x1p32 + low;
}

/// 2·atanh(s) / 2s - 1 as a series in z = s², within 2^-55 for s < 0.1716.
inline double atanh_tail(double z) noexcept {
  double sum = 1.0 / 19;
  sum = sum * z + 1.0 / 17;
  sum = sum * z + 1.0 / 15;
  sum = sum * z + 1.0 / 13;
  sum = sum * z + 1.0 / 11;
  sum = sum * z + 1.0 / 9;
  sum = sum * z + 1.0 / 7;
  sum = sum * z + 1.0 / 5;
  sum = sum * z + 1.0 / 3;
  return sum * z;
}

/// -ln u for 2^-40 <= u <= 1: within 2^-48; from u = 2^-22 on, within 2^-49; and relatively within
/// 2^-51 for u >= 0.7072.
inline double minus_log(double u) noexcept {
  constexpr std::uint64_t kRootHalf = 0x3FE6A09E00000000;  // a double just below √½
  constexpr std::uint64_t kFraction = 0x000FFFFFFFFFFFFF;
  constexpr double kLn2High = 0x1.62e42fefa2p-1;  // 40 bits: its small multiples are exact
  constexpr double kLn2Low = 0x1.9ef35793c7673p-41;

  const std::uint64_t bits = std::bit_cast<std::uint64_t>(u) - kRootHalf;
  const auto exponent = static_cast<double>(static_cast<std::int64_t>(bits) >> 52);
  const double m = std::bit_cast<double>((bits & kFraction) + kRootHalf);

  const double s = (1 - m) / (1 + m);
  const double twice = s + s;
  const double part = twice + twice * atanh_tail(s * s);
  return (part - exponent * kLn2Low) - exponent * kLn2High;
}

/// cos x and sin x for 0 <= x <= π/4, within 2^-52.
struct Direction {
  double cosine;
  double sine;
};

inline Direction direction(double x) noexcept {
  const double y = x * x;
  double even = 1.0 / 20922789888000;  // 1/16!
  even = even * y - 1.0 / 87178291200;
  even = even * y + 1.0 / 479001600;
  even = even * y - 1.0 / 3628800;
  even = even * y + 1.0 / 40320;
  even = even * y - 1.0 / 720;
  even = even * y + 1.0 / 24;
  double odd = 1.0 / 355687428096000;  // 1/17!
  odd = odd * y - 1.0 / 1307674368000;
  odd = odd * y + 1.0 / 6227020800;
  odd = odd * y - 1.0 / 39916800;
  odd = odd * y + 1.0 / 362880;
  odd = odd * y - 1.0 / 5040;
  odd = odd * y + 1.0 / 120;
  odd = odd * y - 1.0 / 6;
  return {.cosine = (1 - 0.5 * y) + (y * y) * even, .sine = x + x * (y * odd)};
}

/// The nearest whole number, ties to even.
inline double nearest_whole(double x) noexcept {
  const double size = std::fabs(x);
  const double rounded = (size + 0x1p52) - 0x1p52;
  return size < 0x1p52 ? std::copysign(rounded, x) : x;
}

/// A whole number, and whether it is certain that the real sum rounds to it.
struct Nearest {
  double whole;
  bool certain;
};

/// The whole number nearest to rest + noise, both in units of the grid.
inline Nearest nearest_certain(double rest, double noise, double margin) noexcept {
  const double sum = rest + noise;
  const double whole = nearest_whole(sum);
  return {whole, 0.5 - std::fabs(sum - whole) > margin};
}

/// 1/x, or up to twice as much: a power of two, read off the exponent of x. For x = 0, 2^1023.
inline double inverse_of_binade(double x) noexcept {
  constexpr std::uint64_t kExponent = std::uint64_t{0x7FF} << 52;
  constexpr std::uint64_t kOneTwice = std::uint64_t{2 * 1023} << 52;
  return std::bit_cast<double>(kOneTwice - (std::bit_cast<std::uint64_t>(x) & kExponent));
}

/// -ln U for the real number U that begins with the upper 63 bits of `word`.
struct Exponential {
  double value;
  double spread;  ///< what the margin is multiplied by: 1, but more for U < 2^-19, ∞ for U < 2^-40
};

inline Exponential exponential(std::uint64_t word) noexcept {
  const double u = to_double(word | 1) * 0x1p-64;
  const double spread = std::max(1.0, inverse_of_binade(u) * 0x1p-19);
  return {minus_log(u), u >= 0x1p-40 ? spread : std::numeric_limits<double>::infinity()};
}

/// √(-2 ln U) for the same U. The margin grows where the radius is below 2^-9, too.
inline Exponential radius(std::uint64_t word) noexcept {
  const Exponential squared = exponential(word);
  const double root = std::sqrt(2 * squared.value);
  return {root, std::max(squared.spread, inverse_of_binade(root) * 0x1p-9)};
}

/// The direction of the angle π/4 · V, where V begins with the upper 61 bits of `word`.
inline Direction on_octant(std::uint64_t word) noexcept {
  constexpr double kQuarter = 0x1.921fb54442d18p-1;
  return direction(to_double((word & ~std::uint64_t{7}) | 4) * 0x1p-64 * kQuarter);
}

inline double with_sign(double magnitude, std::uint64_t negative) noexcept {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(magnitude) ^ negative << 63);
}

}  // namespace sfumato
