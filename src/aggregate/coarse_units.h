#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "aggregate/block_cipher.h"
#include "sfumato/aggregate/group_totals.h"

namespace sfumato {

/// In which group of a coarser set each group of the finest one lies.
struct Coarsening {
  std::vector<std::uint32_t> within;
  std::size_t groups;  ///< of the coarser set
};

/// Counts the units of coarser groups from the pairs of unit and group that bounding keeps: a unit that has
/// several groups within a coarser one counts once there.
class CoarseUnits {
 public:
  /// `sets` outlives what counts by them.
  explicit CoarseUnits(std::span<const Coarsening> sets);

  /// A pair that is kept; each pair once.
  void add(const Block& unit, std::uint32_t group) {
    if (!sets_.empty()) pairs_.push_back({unit, group});
  }

  /// Counts the pairs that were added since the last call, all pairs of their units.
  void count_pairs();

  /// Counts units that have one group each.
  void add_apart(const GroupTotals& finest);

  void add(const CoarseUnits& other);

  /// How many units each group of a set has.
  std::span<const std::int64_t> units(std::size_t set) const noexcept { return units_[set]; }

 private:
  struct Pair {
    Block unit;
    std::uint32_t group;
  };

  std::span<const Coarsening> sets_;
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> of_unit_;
  std::vector<std::vector<std::int64_t>> units_;
};

}  // namespace sfumato
