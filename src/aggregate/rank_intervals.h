#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "aggregate/tree_estimate.h"

namespace sfumato {

/// A z with P(|S| > z) <= chance for every S of variance 1 that is normal given a random variance W, E W = 1, Var W <= spread.
///
/// Of 2·Q(z/√w) as a function of w the bound takes the least parabola above it that touches it at 1.
double mixture_reach(double spread, double chance);

/// Which cells a quantile may lie in, by a tree of noisy counts.
class RankIntervals {
 public:
  RankIntervals(const TreeLevels& tree, std::vector<double> weights, double confidence);

  struct Cells {
    std::size_t first, last;
  };

  /// From the first cell of which it is not refuted that a share of q lies up to its end, to the last of which it is not
  /// that at most q lies before it: each found level by level, the first of the node's children in which the one before
  /// was found. `ranks` are sums up to each cell, by least squares.
  ///
  /// On each level one place can be refuted in error so that it matters, the first edge that is not before the quantile: each of
  /// these has its part of (1 - confidence) / 2, or of 1 - confidence for 0 and 1, which have one such end.
  Cells of(std::span<const double> ranks, double q) const;

  /// The greatest standard deviation of a rank, or of what all have less it.
  double end_standard_error() const noexcept { return end_standard_error_; }

 private:
  double reach(const RankLaw& law, bool end) const;

  std::size_t branching_, height_;
  RankLaws laws_;
  std::vector<double> both_, one_;  // reaches by spread: 1, 1/√2, 1/2 …
  double end_standard_error_;
};

}  // namespace sfumato
