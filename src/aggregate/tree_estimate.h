#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sfumato {

/// A complete tree of counts without its root: levels from the top, children side by side.
struct TreeLevels {
  std::size_t branching;
  int height;

  std::size_t width(int level) const noexcept;  ///< nodes of a level, 1 … height; 1 for level 0
};

/// The exact counts of all nodes, by level from the top, of the counts of cells.
std::vector<std::vector<std::int64_t>> counts_by_level(TreeLevels tree,
                                                       std::span<const std::int64_t> cells);

/// Counts of the cells by weighted least squares over all noisy counts, of equal variance: those of a tree
/// whose nodes are the sums of their children. Where a node's estimate is below `least`, the noise of its children
/// would say less of them than that they are alike: they get even shares. `noisy` is by level, and used up.
///
/// Origin  Hay, Rastogi, Miklau, Suciu: Boosting the accuracy of differentially private histograms through
///         consistency, PVLDB 3, 2010, theorem 3
std::vector<double> consistent_cells(TreeLevels tree, std::vector<std::vector<double>> noisy,
                                     double least);

/// The variance, next to that of one noisy count, of (sum of the first `cells` cells) - q·(sum of all).
double rank_variance(TreeLevels tree, std::size_t cells, double q);

/// The non-decreasing sequence that is nearest in the sum of squares (pool adjacent violators).
void make_isotonic(std::span<double> values);

}  // namespace sfumato
