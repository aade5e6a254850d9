#include "aggregate/tree_estimate.h"

#include <algorithm>
#include <numeric>

namespace sfumato {
namespace {

/// V_l: the variance of a node's estimate from its own subtree, l levels high.
double subtree_variance(double branching, int levels) noexcept {
  double variance = 1;
  for (int l = 1; l < levels; ++l) variance = branching * variance / (branching * variance + 1);
  return variance;
}

}  // namespace

std::size_t TreeLevels::width(int level) const noexcept {
  std::size_t nodes = 1;
  for (int l = 0; l < level; ++l) nodes *= branching;
  return nodes;
}

std::vector<std::vector<std::int64_t>> counts_by_level(TreeLevels tree,
                                                       std::span<const std::int64_t> cells) {
  std::vector<std::vector<std::int64_t>> levels(static_cast<std::size_t>(tree.height));
  levels.back().assign(cells.begin(), cells.end());
  for (std::size_t level = levels.size() - 1; level-- > 0;) {
    levels[level].resize(levels[level + 1].size() / tree.branching);
    for (std::size_t node = 0; node < levels[level + 1].size(); ++node)
      levels[level][node / tree.branching] += levels[level + 1][node];
  }
  return levels;
}

// Upwards, each node's own count is weighed against the sum of its children's estimates by their variances 1
// and b·V. Downwards, what a node has more than its children have together is shared out evenly.
std::vector<double> consistent_cells(TreeLevels tree, std::vector<std::vector<double>> noisy,
                                     double least) {
  const auto branching = static_cast<double>(tree.branching);
  const auto sum_of_children = [&](const std::vector<double>& below, std::size_t node) {
    const auto first = below.begin() + static_cast<std::ptrdiff_t>(node * tree.branching);
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(tree.branching), 0.0);
  };
  for (std::size_t level = noisy.size() - 1; level-- > 0;) {
    const int below = static_cast<int>(noisy.size() - level) - 1;
    const double own = subtree_variance(branching, below + 1);  // = bV / (bV + 1)
    for (std::size_t node = 0; node < noisy[level].size(); ++node) {
      const double children = sum_of_children(noisy[level + 1], node);
      noisy[level][node] = children + own * (noisy[level][node] - children);
    }
  }
  for (std::size_t level = 0; level + 1 < noisy.size(); ++level)
    for (std::size_t node = 0; node < noisy[level].size(); ++node) {
      const double own = noisy[level][node];
      const double more = own - sum_of_children(noisy[level + 1], node);
      for (std::size_t child = 0; child < tree.branching; ++child) {
        double& estimate = noisy[level + 1][node * tree.branching + child];
        estimate = own < least ? own / branching : estimate + more / branching;
      }
    }
  return std::move(noisy.back());
}

// Along the path to the last cell, from the bottom: the error of the part to the left within a node is
// `share` times that of the node's estimate, and something independent of it whose variance adds up.
double rank_variance(TreeLevels tree, std::size_t cells, double q) {
  const auto branching = static_cast<double>(tree.branching);
  double share = 0;
  double variance = 0;
  for (int levels = 1; levels <= tree.height; ++levels) {
    const auto left = static_cast<double>(cells % tree.branching);
    cells /= tree.branching;
    const double within = left + share;
    const double one = subtree_variance(branching, levels);
    variance += one * (left + share * share - within * within / branching);
    share = within / branching;
  }
  if (cells > 0) share = 1;  // all cells
  return variance +
         (share - q) * (share - q) * branching * subtree_variance(branching, tree.height);
}

void make_isotonic(std::span<double> values) {
  struct Pool {
    double mean;
    std::size_t size;
  };
  std::vector<Pool> pools;
  for (const double value : values) {
    Pool last{value, 1};
    while (!pools.empty() && pools.back().mean >= last.mean) {
      const Pool& before = pools.back();
      const std::size_t size = before.size + last.size;
      last = {before.mean + (last.mean - before.mean) * static_cast<double>(last.size) /
                                static_cast<double>(size),
              size};
      pools.pop_back();
    }
    pools.push_back(last);
  }
  auto out = values.begin();
  for (const Pool& pool : pools) out = std::fill_n(out, pool.size, pool.mean);
}

}  // namespace sfumato
