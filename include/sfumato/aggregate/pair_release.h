#pragma once

#include <array>
#include <optional>

#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/pair_estimate.h"
#include "sfumato/aggregate/value_grid.h"
#include "sfumato/base/result.h"

namespace sfumato {

struct PairReleaseParams {
  NoiseCost cost;    ///< what the sums of all groups together may cost
  L1Sensitivity l1;  ///< the most rows that one unit has in all groups, added up
  L2Sensitivity l2;  ///< the same in the Euclidean norm
  ValueGrid first;   ///< narrow ones
  ValueGrid second;
  bool correlation;  ///< else a covariance alone
  double confidence = 0.95;
};

/// The sums that the covariance of two columns is read from, or that and their correlation.
///
/// **Sums** of the products of a row's distances to the four corners of the two clamps. They are no less than 0, and a row
/// adds to them together exactly the product of the widths, whatever its values are: so a covariance costs what one sum of
/// products costs. For a correlation there are Σ (x - lo)(hi - x) of either column as well, and noise of all but two of the
/// six is twice as wide: weighed so, a row adds to them together the product of the widths less
/// (u - v)²/2 of it, for shares u and v of the way.
///
/// Proof   docs/proofs/aggregate/group_release.md
class PairRelease {
 public:
  static Result<PairRelease> make(const PairReleaseParams& params);

  /// The exact sums in shares of the product of the widths, or of a width's square.
  std::array<Dyadic, 6> exact(const PairTotal& total) const noexcept;

  PairSums release(const PairTotal& total, BitSource& bits) const noexcept;

  Estimate covariance(const PairSums& sums) const noexcept;
  Estimate correlation(const PairSums& sums) const noexcept;

  /// Of a covariance times the number of rows, at most, to first order in the noise.
  double covariance_standard_error_times_count() const noexcept;

  /// Of the sums of x·y and of (hi - x)·(hi - y), which has the least scale.
  const AdditiveNoise& noise() const noexcept { return corners_; }

  /// Of one of the sums; none of those of a correlation alone where it is not asked.
  const AdditiveNoise* noise_of(std::size_t sum) const noexcept;

 private:
  PairRelease(const PairReleaseParams& params, AdditiveNoise shares, AdditiveNoise corners)
      : params_(params), shares_(std::move(shares)), corners_(std::move(corners)) {}

  double area() const noexcept { return params_.first.width_up() * params_.second.width_up(); }
  double whole(std::size_t sum) const noexcept;

  PairReleaseParams params_;
  AdditiveNoise shares_;   // of sums of shares, by which intervals are made
  AdditiveNoise corners_;  // the same times the product of the widths
  struct Wider {
    AdditiveNoise others;  // twice as wide, of the other two corners
    AdditiveNoise first;   // and of sums in squares of a width
    AdditiveNoise second;
  };
  std::optional<Wider> wider_;
};

}  // namespace sfumato
