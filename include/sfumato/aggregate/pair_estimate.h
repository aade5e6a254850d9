#pragma once

#include <array>

#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/estimate.h"

namespace sfumato {

/// The released sums of two columns. With u and v for the shares of the way from the lower to the upper bound at
/// which a row's two values stand:
///
///     Σ uv    Σ u(1-v)    Σ (1-u)v    Σ (1-u)(1-v)    and for a correlation    Σ u(1-u)    Σ v(1-v)
///
/// The first four add up to the number of rows that have both values.
struct PairSums {
  std::array<double, 6> shares;

  /// How many times as wide as `noise` that of each sum is; 0 of one that is not there.
  std::array<double, 6> noises;
};

/// The covariance Σ (u - p)(v - q) / n = (Σ uv · Σ (1-u)(1-v) - Σ u(1-v) · Σ (1-u)v) / n², within ±1/4, where p and q
/// are the means; in widths of the two clamps.
///
/// The interval is the set of all covariances that the sums do not refute: at the exact one Σ (u - p)(v - q) less n
/// times it is noise alone, but for the product of the errors of the means. All of ±1/4 where the count's own
/// interval reaches 0.
///
/// Proof   docs/proofs/aggregate/pair_estimate.md
Estimate estimate_covariance(const PairSums& sums, const AdditiveNoise& noise);

/// The correlation, a covariance over the root of the product of the two variances, within ±1, of all six sums.
///
/// The interval is likewise the set of all correlations that they do not refute. All of ±1 where the count's own
/// interval, or that of a variance, reaches 0: so it holds the exact one more often than it says unless both
/// variances are some five of their standard errors. The value is 0 where a released variance is none.
///
/// Proof   docs/proofs/aggregate/pair_estimate.md
Estimate estimate_correlation(const PairSums& sums, const AdditiveNoise& noise);

}  // namespace sfumato
