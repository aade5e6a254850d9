#pragma once

#include <cstdint>
#include <vector>

#include "base/enclosure.h"

namespace sfumato {

/// A law on the integers that is symmetric and falls from 0 on: P(X = x) = P(X = -x) for 0 <= x < size, and P(X >= size).
///
/// Proof   docs/proofs/account/whole_masses.md
struct WholeMasses {
  std::vector<Bounds> at;
  double beyond;  ///< at least P(X >= size)

  std::int64_t size() const { return static_cast<std::int64_t>(at.size()); }
};

/// The longest list that is made.
inline constexpr std::int64_t kMostMasses = std::int64_t{1} << 22;

/// About how many masses there are until they fall below 10^-decades of the first.
double skellam_reach(const Enclosure& mu, double decades);
double polya_reach(const Enclosure& scale, double decades);

/// The difference of two Poisson numbers of mean μ/2, by the ratios of Bessel functions.
WholeMasses skellam_masses(const Enclosure& mu, std::int64_t size);

/// Ratios P(X = d) / P(X = d - 1), d = 1 … count, of the difference of two negative binomial numbers of this shape.
struct Shape {
  std::int64_t present;
  std::int64_t parts;
};
std::vector<Bounds> polya_ratios(const Enclosure& scale, const Shape& shape, std::int64_t count);
WholeMasses polya_masses(const Enclosure& scale, const Shape& shape, std::int64_t size);

/// The sum of so many discrete Gaussian numbers of this σ each, down to 10^-290, and as many more that are smaller.
WholeMasses gaussian_sum_masses(const Enclosure& sigma, std::int64_t parts, std::int64_t more);

}  // namespace sfumato
