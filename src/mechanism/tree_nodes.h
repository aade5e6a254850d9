#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/enclosure.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

/// Levels of the nodes that lie within `horizon` steps: a node of level j covers 2^j of them.
int tree_levels(std::int64_t horizon) noexcept;

/// The most that `max_steps` steps, moved by 1 each, move the vector of all nodes' sums: in the L1 norm,
/// and in the square of the L2 norm. Both are reached by the first steps.
struct TreeMove {
  std::int64_t l1;
  uint128 squared;
};
TreeMove tree_move(std::int64_t horizon, std::int64_t max_steps) noexcept;

/// The exact number.
Enclosure enclosed(uint128 value);

/// The exact sums of the nodes of a binary tree, each at the step that completes it.
///
/// After t steps it holds one sum for each bit of t that is set: those of the nodes of which the
/// prefix is made.
class TreeNodes {
 public:
  explicit TreeNodes(std::int64_t horizon);

  /// After so many steps, of which these nodes await their right siblings, by level.
  TreeNodes(std::int64_t steps, std::vector<int128> waiting);

  std::span<const int128> waiting() const noexcept { return complete_; }

  /// The sums of the nodes that this step completes, of levels 0, 1, …; valid until the next step.
  std::span<const int128> add(int128 total) noexcept;

  std::int64_t steps() const noexcept { return steps_; }

 private:
  std::int64_t steps_ = 0;
  std::vector<int128> complete_;  ///< by level: the node that awaits its right sibling
  std::vector<int128> closing_;
};

}  // namespace sfumato
