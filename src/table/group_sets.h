#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aggregate/coarse_units.h"
#include "sfumato/aggregate/rollup_release.h"
#include "table/group_keys.h"

namespace sfumato {

/// The totals of the groups of each set, the finest first, in the order of canonical bytes, and their keys. A set
/// by no column has its one group whatever the rows are.
struct ExactSets {
  std::vector<std::vector<GroupKey>> keys;
  std::vector<SetTotals> sets;
};

/// The groups of a table, and coarser ones that they lie in, by ever fewer of their columns.
class GroupSets {
 public:
  /// `names` are of each group, by its number, canonical bytes of so many columns; these bytes outlive this.
  GroupSets(std::span<const std::string_view> names, std::size_t columns, std::size_t coarser);

  /// Numbers of groups, in the order of their names.
  const std::vector<std::size_t>& order() const noexcept { return order_; }

  /// By which the units of coarser groups are counted.
  const std::vector<Coarsening>& coarser() const noexcept { return coarser_; }

  ExactSets exact(const GroupTotals& finest, const CoarseUnits& units) const;

 private:
  /// The groups of a set: where names are sorted, those of one follow one another.
  struct Runs {
    std::vector<std::string_view> names;
    std::vector<std::uint32_t> of_place;  // in which of them each of the finest lies
  };

  static Runs runs_of(std::span<const std::string_view> sorted, std::size_t columns);
  static std::vector<std::uint32_t> places_in(const Runs& coarser, const Runs& finer);
  Coarsening coarsening_by(const Runs& set) const;

  std::vector<std::size_t> order_;
  std::vector<Runs> sets_;
  std::vector<Coarsening> coarser_;
};

}  // namespace sfumato
