#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/account/joint_calibration.h"
#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/quantile_tree.h"
#include "sfumato/aggregate/quantile_tree_release.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

struct EquiDepthParams {
  PrivacyTotal total;     ///< what all quantiles cost together, however many are read
  std::int64_t max_rows;  ///< values of one unit, 1 … 2^31
  std::int64_t lower;     ///< the clamp, in whole units
  std::int64_t upper;     ///< above it
  NoiseLaw law = NoiseLaw::automatic;
};

/// Many quantiles in two steps: a tree of noisy counts tells where values lie, and an equi-depth histogram how many.
///
/// **Law** a tree of 16^4 cells, whose four levels have noise of the same width, is made consistent as that of
/// aggregate/quantile_tree_release.h. Neighbouring cells of it are joined to at most 100 bins of about as many values, as far as
/// the tree knows, and no fewer than five deviations of their noise; a cell that seems to hold more than half of that is
/// not joined with what would lie on its other side. The bins are counted anew, and so are some ten groups of as many bins, with noise
/// a third as wide as that of the tree: of pure ε the tree has 0.4, the bins and their groups 0.3 each. Ranks at the edges of
/// bins are those of the bins, by least squares and no count below 0; within a bin they rise as in the tree.
///
/// **Guarantee** `total`, in the relation add-remove, where one unit has at most max_rows values. The bins hang on
/// released numbers alone.
///
/// **Work** noise for 70,000 numbers, as for a tree.
///
/// Proof   docs/proofs/aggregate/quantile_equi_depth.md
/// Origin  Hay, Rastogi, Miklau, Suciu: Boosting the accuracy of differentially private histograms through
///         consistency, PVLDB 3, 2010, for both steps; Zhang, Chen, Xu, Meng, Xie: Towards accurate histogram publication under
///         differential privacy, SDM 2014, for bins that are joined by noisy counts
class EquiDepthRelease {
 public:
  static Result<EquiDepthRelease> make(const EquiDepthParams& params);

  /// Consumes the permit. Refuses a tree of another shape, before anything is looked at.
  Result<NoisyQuantiles> release(Permit permit, const QuantileTree& tree, BitSource& bits) const;

  /// The same as one of several releases that `whole` is for.
  Result<NoisyQuantiles> release_within(const Permit& whole, const QuantileTree& tree,
                                        BitSource& bits) const;

  /// The greatest standard deviation that the number of values below an edge of 100 bins, less q times that of all, has
  /// by least squares: known before any data. Within a bin the tree's shape comes on top.
  double rank_standard_error(double q) const;

  QuantileTreeShape shape() const noexcept {
    return {.lower = params_.lower, .upper = params_.upper};
  }
  const PrivacyTotal& cost() const noexcept { return cost_; }
  const EquiDepthParams& params() const noexcept { return params_; }

  /// Of the four levels of the tree, of the groups, and of the bins.
  const std::vector<AdditiveNoise>& noises() const noexcept { return noises_; }

 private:
  EquiDepthRelease(const EquiDepthParams& params, std::vector<AdditiveNoise> noises,
                   const PrivacyTotal& cost)
      : params_(params), noises_(std::move(noises)), cost_(cost) {}

  EquiDepthParams params_;
  std::vector<AdditiveNoise> noises_;
  PrivacyTotal cost_;
};

}  // namespace sfumato
