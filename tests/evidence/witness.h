#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "sfumato/noise/law.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

// A second evaluation of the laws that shares nothing with the library: 64 bits of fraction (x87) and
// the C library's logarithm, root, cosine and sine, instead of 53 bits and our own series. It speaks
// where what is rounded lies 2^-12 of a step or more off the nearest change, and leaves the rest (odds
// below 2^-10) to the definition. For scales below 2^38 steps all errors stay below 2^-13: the unknown
// bits of U move the noise by 2^(38 - 64 + 12) = 2^-14 steps at most, and the C library by less as long
// as it is right to 2^-55, five hundred times its error. So where the witness speaks, it is the
// definition.

static_assert(std::numeric_limits<long double>::digits >= 64);

namespace witness {

constexpr long double kPi = 3.14159265358979323846264338327950288L;
constexpr long double kFarEnough = 0x1p-12L;

/// -ln U, for U well inside (0, 1): where it is not, none.
inline std::optional<long double> exponential(std::uint64_t word) {
  const long double u = static_cast<long double>(word | 1) * 0x1p-64L;
  if (u < kFarEnough || u > 1 - kFarEnough) return std::nullopt;
  return -std::log(u);
}

/// The whole number nearest to the sum, where that is beyond doubt.
inline std::optional<long double> nearest(long double sum) {
  const long double whole = std::rint(sum);
  if (0.5L - std::fabs(sum - whole) < kFarEnough) return std::nullopt;
  return whole;
}

inline long double number(const Scale& scale) {
  return std::ldexp(
      static_cast<long double>(scale.numerator()) / static_cast<long double>(scale.denominator()),
      scale.exponent());
}

/// rnd_g(x + z·g) for |x| / g below 2^62 and a noise z below 2^38.
inline std::optional<double> release(double x, int grid, long double z) {
  const long double scaled = std::ldexp(static_cast<long double>(x), -grid);
  const long double whole = std::rint(scaled);
  const auto steps = nearest((scaled - whole) + z);
  if (!steps) return std::nullopt;
  return static_cast<double>(std::ldexp(whole + *steps, grid)) + 0.0;
}

inline std::optional<double> laplace(const Scale& b, int grid, double x, std::uint64_t word) {
  const auto e = exponential(word);
  if (!e) return std::nullopt;
  const long double size = std::ldexp(*e * number(b), -grid);
  return release(x, grid, (word & 1) != 0 ? -size : size);
}

inline std::optional<double> gaussian(const Scale& sigma, int grid, double x, std::uint64_t radius,
                                      std::uint64_t angle, bool second) {
  const auto e = exponential(radius);
  if (!e) return std::nullopt;
  const long double v = (static_cast<long double>(angle >> 3) + 0.5L) * 0x1p-61L;
  const bool sine = ((angle & 4) != 0) != second;
  const long double part = sine ? std::sin(kPi / 4 * v) : std::cos(kPi / 4 * v);
  const long double size = std::ldexp(std::sqrt(2 * *e) * part * number(sigma), -grid);
  return release(x, grid, (angle & (second ? 2u : 1u)) != 0 ? -size : size);
}

/// For s below 2^30.
inline std::optional<std::int64_t> discrete_laplace(const Scale& scale, std::uint64_t word) {
  const auto e = exponential(word);
  if (!e) return std::nullopt;
  const long double s = number(scale);
  const long double offset = s * (std::log(2.0L) - std::log1p(std::exp(-1 / s)));
  const auto size = nearest(s * *e + offset - 0.5L);
  if (!size) return std::nullopt;
  const auto k = static_cast<std::int64_t>(*size);
  return (word & 1) != 0 ? -k : k;
}

/// floor(s·(-ln U)), for s below 2^30.
inline std::optional<std::int64_t> geometric(const Scale& scale, std::uint64_t word) {
  const auto e = exponential(word);
  const auto k = e ? nearest(number(scale) * *e - 0.5L) : std::nullopt;
  if (!k) return std::nullopt;
  return static_cast<std::int64_t>(*k);
}

/// The double nearest to U, where both ends of what is known round to it.
inline std::optional<double> uniform(std::uint64_t word) {
  if (word + 1 == 0) return std::nullopt;
  const auto low = static_cast<double>(word), high = static_cast<double>(word + 1);
  if (low != high) return std::nullopt;
  return low * 0x1p-64;
}

/// The discrete Gaussian by inversion: the greatest k with P(|K| >= k) > U, of the exact tails.
class Inversion {
 public:
  explicit Inversion(double sigma) {
    const Scale scale = Scale::make(sigma).value();
    for (std::int64_t k = 1; tails_.empty() || tails_.back().lower > 0x1p-40; ++k) {
      const Bounds tail = discrete_gaussian_tail(scale, k);
      tails_.push_back({2 * tail.lower, 2 * tail.upper});
    }
  }

  /// From the upper 32 bits of the word; none where further ones count.
  std::optional<std::int64_t> draw(std::uint64_t word) const {
    const auto low = static_cast<double>(word >> 32) * 0x1p-32, high = low + 0x1p-32;
    const auto size = std::partition_point(tails_.begin(), tails_.end(),
                                           [&](const Bounds& tail) { return tail.lower >= high; });
    if (size == tails_.end() || size->upper > low) return std::nullopt;
    const std::int64_t k = size - tails_.begin();
    return (word & 1) != 0 ? -k : k;
  }

 private:
  std::vector<Bounds> tails_;  ///< of 1, 2, …
};

}  // namespace witness
}  // namespace sfumato
