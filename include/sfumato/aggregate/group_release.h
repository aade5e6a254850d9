#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sfumato/account/joint_calibration.h"
#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/aggregate/estimate.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/pair_release.h"
#include "sfumato/aggregate/quantile_release.h"
#include "sfumato/aggregate/unit_threshold.h"
#include "sfumato/aggregate/value_grid.h"
#include "sfumato/mechanism/partition_selection.h"
#include "sfumato/privacy/loss.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

/// What is asked of one value column: at least one of these, or that it is one of a pair.
struct ColumnWish {
  ValueGrid grid;
  bool count = false;  ///< the number of values; alone, it does not hang on the grid
  bool sum = false;
  bool mean = false;
  bool variance = false;               ///< Σ (v - mean)² / n: its grid is a narrow one
  bool deviation = false;              ///< the square root of that
  std::vector<double> quantiles = {};  ///< in [0, 1], rising: a part of their own, on a narrow grid
  std::size_t bins =
      0;  ///< how many values have the number of each bin (aggregate/bin_edges.h): nothing else
  bool distinct =
      false;  ///< how many different values there are, whatever they stand for: nothing else
  double weight = 1;  ///< as in account/joint_calibration.h

  bool squares() const noexcept { return variance || deviation; }

  /// How many sums answer what is asked but quantiles, so that nothing is bought twice.
  int sums() const noexcept {
    return squares() ? 3 : mean || (count && sum) ? 2 : count || sum ? 1 : 0;
  }

  bool is_noisy() const noexcept { return sums() > 0 || bins > 0 || distinct; }

  /// What has to be kept of its values.
  ColumnUse use() const noexcept {
    if (bins > 0) return {.bins = true};
    if (distinct) return {.distinct = true};
    return {.origin = grid.lower_units(), .squares = squares(), .values = !quantiles.empty()};
  }
};

/// What is asked of two columns, over the rows that have values of both; at least one of these. Their grids are
/// narrow.
struct PairWish {
  std::size_t first;   ///< a column, by its place
  std::size_t second;  ///< another one
  bool covariance = false;
  bool correlation = false;
  double weight = 1;  ///< as in account/joint_calibration.h
};

/// Weights of what is no column, as in account/joint_calibration.h.
struct GroupWeights {
  double choice = 1;  ///< of which groups to show
  double units = 1;
  double count = 1;
};

/// Which groups one release is about: those that bounding knows, or coarser ones, each made of some of these,
/// of which `all` is one for everything. Several groups of one unit may lie together in a coarser one, and so may
/// all of its rows; its units are counted once there.
enum class GroupSet { finest, coarser, all };

/// By which rule private groups are shown. A threshold reads the noisy count of `units`, which has to be
/// asked: choosing then costs δ alone. `automatic` takes it where answers become more exact by it, none
/// less, and no more units are needed for being shown half the time.
enum class GroupRule { automatic, truncated_geometric, threshold };

struct GroupReleaseParams {
  ContributionBounds bounds;
  PrivacyTotal total;   ///< what everything together may cost
  bool private_groups;  ///< whether the existence of a group has to be protected
  bool units = false;
  bool count = false;
  std::vector<ColumnWish> columns = {};
  std::vector<PairWish> pairs = {};
  NoiseLaw law = NoiseLaw::automatic;
  double confidence = 0.95;  ///< of each interval by itself, in (0, 1)
  GroupWeights weights = {};
  GroupRule rule = GroupRule::automatic;
  bool quantile_intervals = false;  ///< as QuantileReleaseParams::intervals, of that confidence
};

/// What is released of one group.
struct GroupAnswer {
  struct Column {
    std::optional<Estimate> count;
    std::optional<Estimate> sum;
    std::optional<Estimate> mean;
    std::optional<Estimate> variance;
    std::optional<Estimate> deviation;
    std::vector<Estimate> quantiles;
    std::vector<Estimate> bins;
    std::optional<Estimate> distinct;
  };
  struct Pair {
    std::optional<Estimate> covariance;
    std::optional<Estimate> correlation;
  };
  std::optional<Estimate> units;
  std::optional<Estimate> count;
  std::vector<Column> columns;
  std::vector<Pair> pairs;
};

/// Releases counts, sums, means, variances and covariances of many groups at once, for one total.
///
/// **Calibrated jointly** (account/joint_calibration.h): the parts are the choice of groups where they
/// are private, `units`, `count`, each column, and each pair of columns. At equal weights no part is less exact than if the
/// total were divided evenly, and many parts, or many groups, are a good deal more exact.
///
/// **Column** where a mean is asked, or a count and a sum, the part of a column is a pair: the sums of the
/// values' distances to the lower and to the upper bound. A row adds exactly the width of the clamp to
/// the two together, so that the pair costs what one such sum costs, and mean, sum and the number of
/// values follow from it. Where a variance is asked, it is three sums, of squares and products of these distances, to
/// which a row adds exactly the width's square. A sum alone, or a count alone, is released as such.
///
/// **Bins** of a histogram are counts of values, one for each: a row has one value, so that all of them together cost what
/// one count costs.
///
/// **Distinct** values of a column are those of the rows that are kept, each counted once in a group: a unit adds or takes
/// at most one for each of its rows.
///
/// **Pair** of columns: a covariance is four sums of products, a correlation has two more (aggregate/pair_release.h). Their
/// rows are those that have both values, so that nothing is shared with what is asked of either column.
///
/// **Quantiles** of a column are a part of their own, released group by group (aggregate/quantile_release.h): what they
/// cost is that of one group times max_groups.
///
/// **Guarantee** neighbouring tables differ by all rows of one unit, which `Bounding` has limited to
/// `bounds`; the release then has the guarantee `total`, in the relation add-remove.
///
/// Proof   docs/proofs/aggregate/group_release.md
class GroupRelease {
 public:
  static Result<GroupRelease> make(const GroupReleaseParams& params);

  /// Consumes the permit. A private group that is not to be shown has no answer.
  std::vector<std::optional<GroupAnswer>> release(Permit permit, const GroupTotals& totals,
                                                  BitSource& bits) const;

  /// The same on other grids of its columns, of the same kinds, at the same cost of each part: what it gives away
  /// does not hang on them, so that they may be found first (docs/proofs/aggregate/automatic_bounds.md, claim 5).
  Result<GroupRelease> on(std::span<const ValueGrid> grids) const;

  const GroupReleaseParams& params() const noexcept { return params_; }
  GroupSet set() const noexcept { return set_; }
  std::size_t parts() const noexcept;                          ///< that share the total
  const PrivacyTotal& cost() const noexcept { return cost_; }  ///< of all of it, composed

  /// What it gives away, part by part, for accountants that compose it with other releases: where a total
  /// is (ε, δ), this is often less. Of a set among those of a rollup, what all of them give away together.
  const ReleaseLoss& loss() const noexcept { return loss_; }

  /// Where groups are private, one of the two.
  const std::optional<PartitionSelection>& selection() const noexcept { return selection_; }
  const std::optional<UnitThreshold>& threshold() const noexcept { return threshold_; }

  const std::optional<AdditiveNoise>& units_noise() const noexcept { return units_; }
  const std::optional<AdditiveNoise>& count_noise() const noexcept { return count_; }

  /// Of a column of which more than quantiles is asked; of a histogram's bins, of each of them.
  const AdditiveNoise& column_noise(std::size_t column) const noexcept { return *columns_[column]; }

  const PairRelease& pair(std::size_t pair) const noexcept { return pairs_[pair]; }

  /// Of one group.
  const std::optional<QuantileRelease>& quantiles(std::size_t column) const noexcept {
    return quantiles_[column];
  }

  /// Known before any data; of a mean or a variance it is that of it times the number of values, at most.
  double count_standard_error(std::size_t column) const noexcept;
  double sum_standard_error(std::size_t column) const noexcept;
  double mean_standard_error_times_count(std::size_t column) const noexcept;
  double variance_standard_error_times_count(std::size_t column) const noexcept;

 private:
  friend class RollupRelease;
  using Sets = std::vector<GroupRelease>;

  GroupRelease(GroupReleaseParams params, GroupSet set)
      : params_(std::move(params)), set_(set), cost_(params_.total) {}

  static Result<Sets> make_sets(const GroupReleaseParams& finest, std::size_t coarser);
  static Result<Sets> by_rule(const GroupReleaseParams& finest, std::size_t coarser,
                              GroupRule rule);
  static Status calibrate(Sets& sets, GroupRule rule);
  static bool at_least_as_exact(const Sets& sets, const Sets& others, bool& gains);
  bool at_least_as_exact_as(const GroupRelease& other, bool& gains) const;

  struct Exact;

  Result<std::vector<JointPart>> joint_parts() const;
  Status make_rule(const JointCalibration& joint, std::int64_t private_sets);
  Status make_noise(std::span<const JointPart> parts, std::span<const NoiseCost> costs);
  Status make_quantiles(std::size_t column, const NoiseCost& cost);
  Status make_pair(const PairWish& wish, const JointPart& part, const NoiseCost& cost);
  std::vector<std::optional<GroupAnswer>> answers(const Permit& permit, const GroupTotals& totals,
                                                  const std::vector<bool>& told,
                                                  BitSource& bits) const;
  std::optional<GroupAnswer> shown(const Exact& exact, std::size_t group, bool told,
                                   BitSource& bits) const;
  GroupAnswer answer(const Exact& exact, std::size_t group, BitSource& bits) const;
  GroupAnswer::Pair answer(const PairTotal& total, std::size_t pair, BitSource& bits) const;
  GroupAnswer::Column answer(const ColumnTotal& total, std::size_t column, BitSource& bits) const;

  GroupReleaseParams params_;
  GroupSet set_;
  PrivacyTotal cost_;
  ReleaseLoss loss_;
  std::vector<NoiseCost> costs_;  // in the order of the answers
  std::optional<PartitionSelection> selection_;
  std::optional<UnitThreshold> threshold_;
  std::optional<AdditiveNoise> units_;
  std::optional<AdditiveNoise> count_;
  std::vector<std::optional<AdditiveNoise>> columns_;
  std::vector<std::optional<QuantileRelease>> quantiles_;
  std::vector<PairRelease> pairs_;
};

}  // namespace sfumato
