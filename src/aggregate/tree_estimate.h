#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sfumato {

/// A complete tree of counts without its root: levels from the top, children side by side.
struct TreeLevels {
  std::size_t branching;
  std::vector<double> variances;  ///< of the noise of a level's counts, from the top

  std::size_t height() const noexcept { return variances.size(); }
  std::size_t width(std::size_t level) const noexcept;  ///< nodes: 1 for level 0, above the top
};

/// The exact counts of all nodes, by level from the top, of the counts of cells.
std::vector<std::vector<std::int64_t>> counts_by_level(std::size_t branching, std::size_t height,
                                                       std::span<const std::int64_t> cells);

/// Makes the estimates of a node's children, of that standard deviation each, add up to their `total`.
using ShareOut = void (*)(std::span<double> children, double total, double deviation);

/// By adding the same to each: least squares.
void share_evenly(std::span<double> children, double total, double deviation);

/// As least squares do, but that children are told apart only by what noise does not account for: they get even shares,
/// or those of a straight line, where the rest has at most twice the squares that noise has; else those below 4
/// deviations get nothing where together they are below 2 of theirs. At last the nearest shares that are not negative.
void share_plausibly(std::span<double> children, double total, double deviation);

/// Counts of the cells by weighted least squares over all noisy counts, which are by level and used up: by
/// `share_evenly` they are those of a tree whose nodes are the sums of their children.
///
/// Origin  Hay, Rastogi, Miklau, Suciu: Boosting the accuracy of differentially private histograms through
///         consistency, PVLDB 3, 2010, theorem 3
std::vector<double> consistent_cells(const TreeLevels& tree, std::vector<std::vector<double>> noisy,
                                     ShareOut share_out);

/// The variance of (sum of the first `cells` cells) - q·(sum of all), as least squares give it.
double rank_variance(const TreeLevels& tree, std::size_t cells, double q);

/// The greatest of these, over all numbers of cells.
double greatest_rank_variance(const TreeLevels& tree, double q);

/// The law of such a number's error, which is a sum of independent noises of 0 mean.
struct RankLaw {
  double variance;

  /// The sum of the squares of the noises' shares of the variance, each times the weight of its level.
  double spread;
};

/// By least squares. A weight is a third of a noise's excess kurtosis: 1 of Laplace noise, 0 of Gaussian.
class RankLaws {
 public:
  RankLaws(const TreeLevels& tree, std::vector<double> weights);

  /// Of (sum of the first `cells` cells) - q·(sum of all).
  RankLaw at(std::size_t cells, double q) const;

 private:
  std::size_t branching_;
  std::vector<double> noise_;     // by level: the variance of a node's own count
  std::vector<double> own_;       // the weight of that in the estimate from its subtree
  std::vector<double> variance_;  // of this
  std::vector<double> weights_;
  std::vector<double> fourths_;  // and the sum of squares of variances in it, by their weights
};

/// The numbers not below 0 that add up to `total` and are nearest in the sum of squares; zeros where it is not above 0.
void project_to_shares(std::span<double> values, double total);

}  // namespace sfumato
