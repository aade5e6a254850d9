#include "aggregate/tree_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

namespace sfumato {
namespace {

double sum_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::span<double> children_of(std::size_t node, std::size_t branching, std::vector<double>& below) {
  return std::span(below).subspan(node * branching, branching);
}

/// By level, the variance of a node's estimate from its own subtree: its own count, of variance s, and the sum of its
/// children's estimates, of b·V, weighed against one another.
std::vector<double> subtree_variances(const TreeLevels& tree) {
  std::vector<double> made = tree.variances;
  for (std::size_t level = made.size() - 1; level-- > 0;) {
    const double children = static_cast<double>(tree.branching) * made[level + 1];
    made[level] *= children / (made[level] + children);
  }
  return made;
}

/// By those variances. Along the path to the last cell, from the bottom: the error of the part to the left within a node is
/// `share` times that of the node's estimate, and something independent of it whose variance adds up.
double rank_variance_by(const std::vector<double>& variances, std::size_t branching,
                        std::size_t cells, double q) {
  const auto children = static_cast<double>(branching);
  double share = 0;
  double variance = 0;
  for (std::size_t level = variances.size(); level-- > 0;) {
    const auto left = static_cast<double>(cells % branching);
    cells /= branching;
    const double within = left + share;
    variance += variances[level] * (left + share * share - within * within / children);
    share = within / children;
  }
  if (cells > 0) share = 1;  // all cells
  return variance + (share - q) * (share - q) * children * variances.front();
}

/// Even shares, or those of a straight line, where they leave no more than noise; whether they do.
bool smooth(std::span<double> children, double total, double deviation) {
  constexpr double kMostNoise = 2;  // times its expected square
  const auto count = static_cast<double>(children.size());
  const double mean = total / count;
  const auto place = [&](std::size_t i) { return static_cast<double>(i) - (count - 1) / 2; };
  double squares = 0, moment = 0, places = 0;
  for (std::size_t i = 0; i < children.size(); ++i) {
    squares += (children[i] - mean) * (children[i] - mean);
    moment += place(i) * children[i];
    places += place(i) * place(i);
  }
  const double noise = kMostNoise * deviation * deviation;
  const double line = moment / places;
  const bool even = squares <= noise * (count - 1);
  if (!even && !(squares - line * moment <= noise * (count - 2))) return false;
  const double slope = even ? 0 : line;
  for (std::size_t i = 0; i < children.size(); ++i) children[i] = mean + slope * place(i);
  return true;
}

/// Takes small children as none where together they are no more than noise: what they have is shared out evenly
/// among the others.
void drop_noise(std::span<double> children, double deviation) {
  const double small = 4 * deviation;
  double sum = 0;
  std::size_t count = 0;
  for (const double child : children)
    if (child < small) sum += child, ++count;
  const std::size_t others = children.size() - count;
  if (others == 0 || sum > 2 * deviation * std::sqrt(static_cast<double>(count))) return;
  for (double& child : children)
    child = child < small ? 0 : child + sum / static_cast<double>(others);
}

}  // namespace

std::size_t TreeLevels::width(std::size_t level) const noexcept {
  std::size_t nodes = 1;
  for (std::size_t l = 0; l < level; ++l) nodes *= branching;
  return nodes;
}

std::vector<std::vector<std::int64_t>> counts_by_level(std::size_t branching, std::size_t height,
                                                       std::span<const std::int64_t> cells) {
  std::vector<std::vector<std::int64_t>> levels(height);
  levels.back().assign(cells.begin(), cells.end());
  for (std::size_t level = height - 1; level-- > 0;) {
    levels[level].resize(levels[level + 1].size() / branching);
    for (std::size_t node = 0; node < levels[level + 1].size(); ++node)
      levels[level][node / branching] += levels[level + 1][node];
  }
  return levels;
}

void share_evenly(std::span<double> children, double total, double /*deviation*/) {
  const double more = (total - sum_of(children)) / static_cast<double>(children.size());
  for (double& child : children) child += more;
}

void share_plausibly(std::span<double> children, double total, double deviation) {
  share_evenly(children, total, deviation);
  if (!smooth(children, total, deviation)) drop_noise(children, deviation);
  project_to_shares(children, total);
}

std::vector<double> consistent_cells(const TreeLevels& tree, std::vector<std::vector<double>> noisy,
                                     ShareOut share_out) {
  const std::vector<double> variances = subtree_variances(tree);
  for (std::size_t level = noisy.size() - 1; level-- > 0;) {
    const double own = variances[level] / tree.variances[level];
    for (std::size_t node = 0; node < noisy[level].size(); ++node) {
      const double children = sum_of(children_of(node, tree.branching, noisy[level + 1]));
      noisy[level][node] = children + own * (noisy[level][node] - children);
    }
  }
  share_out(noisy.front(), sum_of(noisy.front()), std::sqrt(variances.front()));
  for (std::size_t level = 0; level + 1 < noisy.size(); ++level)
    for (std::size_t node = 0; node < noisy[level].size(); ++node)
      share_out(children_of(node, tree.branching, noisy[level + 1]), noisy[level][node],
                std::sqrt(variances[level + 1]));
  return std::move(noisy.back());
}

double rank_variance(const TreeLevels& tree, std::size_t cells, double q) {
  return rank_variance_by(subtree_variances(tree), tree.branching, cells, q);
}

double greatest_rank_variance(const TreeLevels& tree, double q) {
  const std::vector<double> variances = subtree_variances(tree);
  const std::size_t all = tree.width(tree.height());
  double most = 0;
  for (std::size_t cells = 0; cells <= all; ++cells)
    most = std::max(most, rank_variance_by(variances, tree.branching, cells, q));
  return most;
}

RankLaws::RankLaws(const TreeLevels& tree, std::vector<double> weights)
    : branching_(tree.branching),
      noise_(tree.variances),
      own_(tree.height()),
      variance_(subtree_variances(tree)),
      weights_(std::move(weights)),
      fourths_(tree.height()) {
  for (std::size_t level = noise_.size(); level-- > 0;) {
    own_[level] = variance_[level] / noise_[level];
    fourths_[level] = weights_[level] * std::pow(own_[level], 4) * noise_[level] * noise_[level];
    if (level + 1 < noise_.size())
      fourths_[level] +=
          std::pow(1 - own_[level], 4) * static_cast<double>(branching_) * fourths_[level + 1];
  }
}

// Down the path to the edge: the number is a sum of the estimates of the path's children from their subtrees, with
// coefficients that are one for those on the left, one for those on the right, and one for the next node of the path, of
// which its own count and, for a share, its children are left to be looked at.
RankLaw RankLaws::at(std::size_t cells, double q) const {
  const auto branching = static_cast<double>(branching_);
  const std::size_t height = noise_.size();
  std::array<std::size_t, 20> left{};  // whole children, by level: 2^20 cells at most
  std::array<double, 21> share{};  // of the path's node of that level: what lies left of the edge
  for (std::size_t level = height; level-- > 0;) {
    left[level] = cells % branching_;
    cells /= branching_;
    share[level] = (static_cast<double>(left[level]) + share[level + 1]) / branching;
  }
  double variance = 0, fourths = 0;
  const auto add = [&](double count, double coefficient, double of_each, double fourth) {
    const double square = coefficient * coefficient;
    variance += count * square * of_each;
    fourths += count * square * square * fourth;
  };
  if (cells > 0) {
    add(branching, 1 - q, variance_[0], fourths_[0]);
  } else {
    double of_all = -q;
    for (std::size_t level = 0; level < height; ++level) {
      const auto before = static_cast<double>(left[level]);
      add(before, 1 + of_all, variance_[level], fourths_[level]);
      add(branching - 1 - before, of_all, variance_[level], fourths_[level]);
      const double next = share[level + 1] + of_all;
      add(1, next * own_[level], noise_[level], weights_[level] * noise_[level] * noise_[level]);
      if (level + 1 < height) of_all = (1 - own_[level]) * next - share[level + 1];
    }
  }
  return {variance, variance > 0 ? fourths / (variance * variance) : 0};
}

void project_to_shares(std::span<double> values, double total) {
  if (!(total > 0)) {
    std::ranges::fill(values, 0.0);
    return;
  }
  std::vector<double> falling(values.begin(), values.end());
  std::ranges::sort(falling, std::greater<>());
  double sum = falling.front(), level = sum - total;
  for (std::size_t i = 1; i < falling.size(); ++i) {
    sum += falling[i];
    const double next = (sum - total) / static_cast<double>(i + 1);
    if (falling[i] <= next) break;
    level = next;
  }
  for (double& value : values) value = std::max(value - level, 0.0);
}

}  // namespace sfumato
