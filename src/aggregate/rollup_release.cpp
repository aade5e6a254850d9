#include "sfumato/aggregate/rollup_release.h"

#include <utility>

namespace sfumato {

Result<RollupRelease> RollupRelease::make(const GroupReleaseParams& finest, std::size_t coarser) {
  Result<GroupRelease::Sets> sets = GroupRelease::make_sets(finest, coarser);
  if (!sets) return std::move(sets).error();
  return RollupRelease(*std::move(sets));
}

Result<RollupRelease> RollupRelease::on(std::span<const ValueGrid> grids) const {
  std::vector<GroupRelease> sets;
  for (const GroupRelease& set : sets_) {
    Result<GroupRelease> made = set.on(grids);
    if (!made) return std::move(made).error();
    sets.push_back(*std::move(made));
  }
  return RollupRelease(std::move(sets));
}

/// The choice of groups is one part, whatever sets it is made in.
std::size_t RollupRelease::parts() const noexcept {
  std::size_t parts = 0;
  for (const GroupRelease& set : sets_) parts += set.parts() - set.selection().has_value();
  return parts + finest().selection().has_value();
}

// The finest set first: what is shown there tells which coarser groups need not pass.
std::vector<std::vector<std::optional<GroupAnswer>>> RollupRelease::release(
    Permit permit, const std::vector<SetTotals>& totals, BitSource& bits) const {
  std::vector<std::vector<std::optional<GroupAnswer>>> answers;
  std::vector<bool> told(totals.front().totals.groups());
  for (std::size_t set = 0; set < sets_.size(); ++set) {
    answers.push_back(sets_[set].answers(permit, totals[set].totals, told, bits));
    if (set + 1 == sets_.size()) break;
    told.assign(totals[set + 1].totals.groups(), false);
    for (std::size_t group = 0; group < answers.back().size(); ++group)
      if (answers.back()[group]) told[totals[set].within[group]] = true;
  }
  return answers;
}

}  // namespace sfumato
