#include "aggregate/coarse_units.h"

#include <algorithm>

namespace sfumato {

CoarseUnits::CoarseUnits(std::span<const Coarsening> sets) : sets_(sets) {
  for (const Coarsening& set : sets) units_.emplace_back(set.groups);
}

void CoarseUnits::count_pairs() {
  std::ranges::sort(pairs_, {}, &Pair::unit);
  for (auto begin = pairs_.begin(); begin != pairs_.end();) {
    const auto end = std::find_if(begin, pairs_.end(),
                                  [&](const Pair& pair) { return pair.unit != begin->unit; });
    for (std::size_t set = 0; set < sets_.size(); ++set) {
      of_unit_.clear();
      for (auto pair = begin; pair != end; ++pair)
        of_unit_.push_back(sets_[set].within[pair->group]);
      std::ranges::sort(of_unit_);
      of_unit_.erase(std::unique(of_unit_.begin(), of_unit_.end()), of_unit_.end());
      for (const std::uint32_t group : of_unit_) ++units_[set][group];
    }
    begin = end;
  }
  pairs_.clear();
}

void CoarseUnits::add_apart(const GroupTotals& finest) {
  for (std::size_t set = 0; set < sets_.size(); ++set)
    for (std::size_t group = 0; group < finest.groups(); ++group)
      units_[set][sets_[set].within[group]] += finest.units(group);
}

void CoarseUnits::add(const CoarseUnits& other) {
  for (std::size_t set = 0; set < units_.size(); ++set)
    for (std::size_t group = 0; group < units_[set].size(); ++group)
      units_[set][group] += other.units_[set][group];
}

}  // namespace sfumato
