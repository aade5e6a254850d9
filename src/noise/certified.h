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

/// a·b + c, rounded once where an instruction does so, else twice: what is proved holds either way.
inline double multiply_add(double a, double b, double c) noexcept {
  return a * b + c;
}

// Those nearest to their functions: docs/proofs/noise/gappa/polynomials.sollya.

/// (2·atanh(s)/s - 2)/s² for s² < 0.02945.
inline constexpr double kLogarithm[] = {0x1.555555555394dp-1, 0x1.999999a299c1bp-2,
                                        0x1.2492417364101p-2, 0x1.c7227aa434e01p-3,
                                        0x1.732bce66fdf36p-3, 0x1.587bc8c913aacp-3};
/// (cos x - 1 + x²/2)/x⁴ for x² < (π/4)².
inline constexpr double kCosine[] = {0x1.555555555554cp-5,  -0x1.6c16c16c15184p-10,
                                     0x1.a01a019cb26fbp-16, -0x1.27e4f80a76e2fp-22,
                                     0x1.1ee9ec4814d69p-29, -0x1.8faecf6483045p-37};
/// (sin x / x - 1)/x² for the same.
inline constexpr double kSine[] = {-0x1.555555555553dp-3,  0x1.111111110eb1fp-7,
                                   -0x1.a01a019ab4affp-13, 0x1.71de34756621fp-19,
                                   -0x1.ae5db4799cab4p-26, 0x1.5d64c9828b735p-33};

/// The polynomial in z with these coefficients, lowest first, by pairs that do not wait for one another.
inline double polynomial(const double (&c)[6], double z) noexcept {
  const double square = z * z;
  const double low = multiply_add(c[1], z, c[0]);
  const double middle = multiply_add(c[3], z, c[2]);
  const double high = multiply_add(c[5], z, c[4]);
  return multiply_add(multiply_add(high, square, middle), square, low);
}

inline constexpr std::uint64_t kRootHalf = 0x3FE6A09E00000000;  // a double just below √½
inline constexpr std::uint64_t kFraction = 0x000FFFFFFFFFFFFF;
inline constexpr double kMinusLn2 = -0x1.62e42fefa39efp-1;

/// -ln u for 2^-40 <= u <= 1: within 5.25·2^-50; from u = 2^-22 on, within 2.75·2^-50; and relatively
/// within 6·2^-53 for u >= 0.7072.
inline double minus_log(double u) noexcept {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(u) - kRootHalf;
  const auto exponent = static_cast<double>(static_cast<std::int64_t>(bits) >> 52);
  const double m = std::bit_cast<double>((bits & kFraction) + kRootHalf);

  const double s = (1 - m) / (1 + m);
  const double z = s * s;
  const double part = s * multiply_add(polynomial(kLogarithm, z), z, 2);
  return multiply_add(kMinusLn2, exponent, part);
}

/// cos x and sin x for 0 <= x <= π/4, within 2^-52.
struct Direction {
  double cosine;
  double sine;
};

inline Direction direction(double x) noexcept {
  const double y = x * x;
  const double fourth = y * y;
  const double third = x * y;
  return {.cosine = multiply_add(polynomial(kCosine, y), fourth, multiply_add(-0.5, y, 1)),
          .sine = multiply_add(polynomial(kSine, y), third, x)};
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

/// The noise of a draw as a product, in units of the grid.
struct Noise {
  double factor;
  double other;
  double margin;  ///< τ, or more in the corners of the draw
};

/// The whole number nearest to rest + noise, both in units of the grid.
inline Nearest nearest_certain(double rest, const Noise& noise) noexcept {
  const double sum = multiply_add(noise.factor, noise.other, rest);
  const double whole = nearest_whole(sum);
  return {whole, 0.5 - std::fabs(sum - whole) > noise.margin};
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
  double spread;  ///< what the margin is multiplied by: 1, but more for U < 2^-18, ∞ for U < 2^-40
};

inline Exponential exponential(std::uint64_t word) noexcept {
  const double u = to_double(word | 1) * 0x1p-64;
  const double spread = std::max(1.0, inverse_of_binade(u) * 0x1p-18);
  return {minus_log(u), u >= 0x1p-40 ? spread : std::numeric_limits<double>::infinity()};
}

/// √(-2 ln U) for the same U. The margin grows where the radius is below 2^-8, too.
inline Exponential radius(std::uint64_t word) noexcept {
  const Exponential squared = exponential(word);
  const double root = std::sqrt(2 * squared.value);
  return {root, std::max(squared.spread, inverse_of_binade(root) * 0x1p-8)};
}

inline constexpr double kQuarter = 0x1.921fb54442d18p-1;  // of π

/// The direction of the angle π/4 · V, where V begins with the upper 61 bits of `word`.
inline Direction on_octant(std::uint64_t word) noexcept {
  return direction(to_double((word & ~std::uint64_t{7}) | 4) * 0x1p-64 * kQuarter);
}

inline double with_sign(double magnitude, std::uint64_t negative) noexcept {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(magnitude) ^ negative << 63);
}

}  // namespace sfumato
