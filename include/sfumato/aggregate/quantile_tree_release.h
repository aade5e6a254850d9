#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sfumato/account/joint_calibration.h"
#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/quantile_tree.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

struct QuantileTreeParams {
  PrivacyTotal total;     ///< what all quantiles cost together, however many are read
  std::int64_t max_rows;  ///< values of one unit in the tree, 1 … 2^31
  QuantileTreeShape shape;
  NoiseLaw law = NoiseLaw::automatic;
  double confidence = 0.95;  ///< of each interval by itself, in (0, 1)
};

/// Where a quantile lies, and between which units: released numbers.
struct QuantileInUnits {
  std::int64_t value;
  std::int64_t low;  ///< of an interval, as is `high`: above it where released numbers tell of none
  std::int64_t high;

  bool has_interval() const noexcept { return low <= high; }
};

/// Noisy counts of all cells, from which any number of quantiles can be read: released numbers.
class NoisyQuantiles {
 public:
  /// `linear` are ranks as well, as least squares give them: without them there are no intervals.
  NoisyQuantiles(const QuantileTreeShape& shape, std::vector<double> ranks,
                 std::vector<double> linear = {})
      : shape_(shape), ranks_(std::move(ranks)), linear_(std::move(linear)) {}

  /// The unit up to which a share of q of all values lies, 0 <= q <= 1: it rises with q, and is interpolated within
  /// a cell. The middle of the clamp where there seem to be no values.
  std::int64_t quantile(double q) const noexcept;

  /// By cell: how many values lie in it or below it. Not negative, and never falls.
  const std::vector<double>& ranks() const noexcept { return ranks_; }

  /// The same by least squares alone, which neither rise nor stay above 0, but whose noise has a known law.
  const std::vector<double>& linear_ranks() const noexcept { return linear_; }

 private:
  QuantileTreeShape shape_;
  std::vector<double> ranks_;
  std::vector<double> linear_;
};

class RankIntervals;

/// Quantiles from a tree of counts: each node but the root with noise of its own, then made consistent.
///
/// **Law** each row is counted once on each level, so that a level moves by max_rows in L1 and in L2. Levels are calibrated
/// jointly (account/joint_calibration.h), with noise 4/3 as wide on each as on the one above. What is read from it is
/// post-processing: weighted least squares over all counts, so that a node is the sum of its children; even shares, or those
/// of a straight line, where noise may account for the rest; counts that are not negative; interpolation.
///
/// **Guarantee** `total`, in the relation add-remove, where one unit has at most max_rows values.
///
/// **Interval** of a quantile q: all units v of which the noisy counts do not refute that a share of q lies up to v, and at most q
/// below v. The rank of v less q of all is a sum of noises whose variance is known; of its law, a mixture of normal
/// ones, the tail is bounded from above. It covers the exact quantile with the confidence at least: nearly with that where few values are
/// tied and a cell has less of them than noise, with more of it else. A cell belongs to it as a whole. Of the quantiles 0 and 1, the
/// least and the greatest value, one end is that of the clamp: no number of values tells that there is not one more.
///
/// **Work** noise for branching^height cells and a little more: about 70,000 numbers at the default shape.
///
/// Proof   docs/proofs/aggregate/quantile_tree.md
/// Origin  Hay, Rastogi, Miklau, Suciu: Boosting the accuracy of differentially private histograms through
///         consistency, PVLDB 3, 2010; Qardaji, Yang, Li: Understanding hierarchical methods, PVLDB 6, 2013
class QuantileTreeRelease {
 public:
  static Result<QuantileTreeRelease> make(const QuantileTreeParams& params);

  /// Consumes the permit. Refuses a tree of another shape, before anything is looked at.
  Result<NoisyQuantiles> release(Permit permit, const QuantileTree& tree, BitSource& bits) const;

  /// The same as one of several releases that `whole` is for.
  Result<NoisyQuantiles> release_within(const Permit& whole, const QuantileTree& tree,
                                        BitSource& bits) const;

  /// A quantile of what this released, with its interval. Of 0 and 1 the value is one some ranks inward, two standard
  /// errors of theirs, a tenth of all at most.
  QuantileInUnits quantile(const NoisyQuantiles& released, double q) const;

  /// The standard deviation of the number of values in the first `cells` cells less q times that of all, as least
  /// squares gives it: known before any data. What comes after makes it less where values are few or even, and about
  /// three times as much where neighbouring cells differ by less than their noise in one direction over half a node.
  double rank_standard_error(std::size_t cells, double q) const;

  /// The greatest of these over all places where a quantile of q may lie.
  double rank_standard_error(double q) const;

  const PrivacyTotal& cost() const noexcept { return cost_; }
  const std::vector<AdditiveNoise>& noises() const noexcept { return noises_; }  ///< by level
  const QuantileTreeParams& params() const noexcept { return params_; }

 private:
  QuantileTreeRelease(const QuantileTreeParams& params, std::vector<AdditiveNoise> noises,
                      const PrivacyTotal& cost);

  QuantileTreeParams params_;
  std::vector<AdditiveNoise> noises_;  // by level, from the top
  PrivacyTotal cost_;
  std::shared_ptr<const RankIntervals> intervals_;  // which copies share
};

}  // namespace sfumato
