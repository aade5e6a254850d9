#include "mechanism/tree_nodes.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "mechanism/saturated.h"

namespace sfumato {

int tree_levels(std::int64_t horizon) noexcept {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(horizon)));
}

// Level j has ⌊horizon / 2^j⌋ nodes that become complete. Filling them one by one moves them most, in
// either norm, and the first steps do so at each level at once.
TreeMove tree_move(std::int64_t horizon, std::int64_t max_steps) noexcept {
  TreeMove move{0, 0};
  for (int level = 0; level < tree_levels(horizon); ++level) {
    const std::int64_t covered = std::min(max_steps, horizon >> level << level);
    const std::int64_t full = covered >> level;
    const auto rest = static_cast<uint128>(covered - (full << level));
    move.l1 += covered;
    move.squared += (static_cast<uint128>(full) << 2 * level) + rest * rest;
  }
  return move;
}

Enclosure enclosed(uint128 value) {
  const Enclosure high = Enclosure::ratio(static_cast<std::uint64_t>(value >> 64), 1);
  return high.scaled(64) + Enclosure::ratio(static_cast<std::uint64_t>(value), 1);
}

TreeNodes::TreeNodes(std::int64_t horizon)
    : complete_(static_cast<std::size_t>(tree_levels(horizon))), closing_(complete_.size()) {}

TreeNodes::TreeNodes(std::int64_t steps, std::vector<int128> waiting)
    : steps_(steps), complete_(std::move(waiting)), closing_(complete_.size()) {}

std::span<const int128> TreeNodes::add(int128 total) noexcept {
  const auto carries =
      static_cast<std::size_t>(std::countr_one(static_cast<std::uint64_t>(steps_)));
  ++steps_;
  closing_[0] = total;
  for (std::size_t level = 0; level < carries; ++level)
    closing_[level + 1] = add_saturated(complete_[level], closing_[level]);
  complete_[carries] = closing_[carries];
  return {closing_.data(), carries + 1};
}

}  // namespace sfumato
