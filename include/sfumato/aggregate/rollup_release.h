#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sfumato/aggregate/group_release.h"

namespace sfumato {

/// The exact totals of one set of groups, and where these lie in the next coarser one.
struct SetTotals {
  GroupTotals totals;
  std::vector<std::uint32_t> within = {};  ///< of each group, the number of its group there
};

/// Releases several sets of groups at once for one total: the finest, coarser ones that are each made of groups
/// of the one before, and at last one group of everything.
///
/// **Bounded once** what bounding keeps of a unit is kept for all sets, so that exact totals of a coarser group
/// are the sums of those of its groups, and its units are counted once each.
///
/// **Sensitivity** of one unit at most G = max_groups groups of the finest set are kept, with at most R = max_rows
/// rows in each; an answer to which one row adds d at most moves
///
///     in the finest set     by G·R·d in the L1 norm,  √G·R·d in the L2 norm
///     in coarser ones       by G·R·d in both: all of it may lie in one group
///     units                 by G in L1, √G in L2;     by 1 in the set of everything
///
/// Quantiles of a finest group are made for R values of a unit and a share 1/G of their cost, those of a coarser group for
/// G·R values, which must be at most 2^31, and all of it.
///
/// **Calibrated jointly** as GroupRelease is, with the answers of each set as parts of their own: every set gains
/// alike. Where groups are private, the choice has the weight of one part for each set that is chosen from.
///
/// **Shown** a private group is shown where it passes by itself, or some group within it is shown, whose key
/// tells of it anyway: so a shown group is never without those that it lies in. The group of everything always is.
///
/// Proof   docs/proofs/aggregate/rollup_release.md
class RollupRelease {
 public:
  /// `coarser` sets beyond the finest one, the last of them that of everything; 0 for a release as GroupRelease's.
  static Result<RollupRelease> make(const GroupReleaseParams& finest, std::size_t coarser);

  /// As GroupRelease::on, of each set.
  Result<RollupRelease> on(std::span<const ValueGrid> grids) const;

  /// Of each set, the finest first: its calibration, and what is known of its errors.
  const std::vector<GroupRelease>& sets() const noexcept { return sets_; }
  const GroupRelease& finest() const noexcept { return sets_.front(); }

  std::size_t parts() const noexcept;                                    ///< that share the total
  const PrivacyTotal& cost() const noexcept { return finest().cost(); }  ///< of all of it, composed

  /// What all sets give away together, part by part, for accountants that compose it with other releases. Each set's answers
  /// are made anew from what was kept, with noise of their own, so that those of every set are parts here; the choice is one
  /// part, of as many decisions as a unit has a part in over all sets. An answer of a coarser set is one event of the part's
  /// whole ε, not G of ε/G: all of a unit's rows may lie in one group there.
  const ReleaseLoss& loss() const noexcept { return finest().loss(); }

  /// Consumes the permit. One list of answers for each set of `totals`, which are those of `sets()`.
  std::vector<std::vector<std::optional<GroupAnswer>>> release(Permit permit,
                                                               const std::vector<SetTotals>& totals,
                                                               BitSource& bits) const;

 private:
  explicit RollupRelease(std::vector<GroupRelease> sets) : sets_(std::move(sets)) {}

  std::vector<GroupRelease> sets_;
};

}  // namespace sfumato
