#include "table/group_sets.h"

#include <algorithm>
#include <numeric>

namespace sfumato {

// Numbers of groups are given by arrival, which threads decide: what is told is in the order of names.
GroupSets::GroupSets(std::span<const std::string_view> names, std::size_t columns,
                     std::size_t coarser)
    : order_(names.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::sort(order_, {}, [&](std::size_t group) { return names[group]; });
  std::vector<std::string_view> sorted;
  for (const std::size_t group : order_) sorted.push_back(names[group]);
  for (std::size_t set = 0; set <= coarser; ++set) sets_.push_back(runs_of(sorted, columns - set));
  for (std::size_t set = 1; set <= coarser; ++set) coarser_.push_back(coarsening_by(sets_[set]));
}

GroupSets::Runs GroupSets::runs_of(std::span<const std::string_view> sorted, std::size_t columns) {
  Runs runs;
  if (columns == 0) runs.names.emplace_back();
  for (const std::string_view name : sorted) {
    const std::string_view first = first_canonical(name, columns);
    if (runs.names.empty() || runs.names.back() != first) runs.names.push_back(first);
    runs.of_place.push_back(static_cast<std::uint32_t>(runs.names.size() - 1));
  }
  return runs;
}

Coarsening GroupSets::coarsening_by(const Runs& set) const {
  Coarsening made{std::vector<std::uint32_t>(order_.size()), set.names.size()};
  for (std::size_t place = 0; place < order_.size(); ++place)
    made.within[order_[place]] = set.of_place[place];
  return made;
}

/// In which group of `coarser` each one of `finer` lies.
std::vector<std::uint32_t> GroupSets::places_in(const Runs& coarser, const Runs& finer) {
  std::vector<std::uint32_t> places(finer.names.size());
  for (std::size_t i = 0; i < finer.of_place.size(); ++i)
    places[finer.of_place[i]] = coarser.of_place[i];
  return places;
}

ExactSets GroupSets::exact(const GroupTotals& finest, const CoarseUnits& units) const {
  ExactSets exact;
  for (std::size_t set = 0; set < sets_.size(); ++set) {
    auto& keys = exact.keys.emplace_back();
    for (const std::string_view key : sets_[set].names) keys.push_back(read_canonical(key));
    exact.sets.push_back({set == 0
                              ? finest.in_order(order_)
                              : finest.gathered(coarser_[set - 1].within, units.units(set - 1))});
    if (set + 1 < sets_.size()) exact.sets.back().within = places_in(sets_[set + 1], sets_[set]);
  }
  return exact;
}

}  // namespace sfumato
