#include "sfumato/aggregate/quantile_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "aggregate/tree_estimate.h"

namespace sfumato {
namespace {

QuantileTree quantile_tree(std::int64_t lower, std::int64_t upper, std::int64_t branching,
                           int height) {
  return QuantileTree::make({lower, upper, branching, height}).value();
}

TEST(QuantileTree, EachValueIsCountedInTheCellThatHoldsIt) {
  QuantileTree tree = quantile_tree(-3, 11, 2, 3);  // 15 units in 8 cells of 2
  EXPECT_EQ(tree.shape().cell_width(), 2U);
  for (std::int64_t value = -3; value <= 11; ++value) tree.add(std::vector<std::int64_t>{value});
  EXPECT_TRUE(std::ranges::equal(tree.counts(), std::vector<std::int64_t>{2, 2, 2, 2, 2, 2, 2, 1}));
  tree.add(std::vector<std::int64_t>{-100, 100, 100});
  EXPECT_EQ(tree.counts()[0], 3);
  EXPECT_EQ(tree.counts()[7], 3);
}

TEST(QuantileTree, ClampsAsWideAsInt64HaveTheirCells) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  QuantileTree tree = quantile_tree(least, most, 16, 4);
  tree.add(std::vector<std::int64_t>{least, -1, 0, most});
  EXPECT_EQ(tree.counts()[0], 1);
  EXPECT_EQ(tree.counts()[32767], 1);
  EXPECT_EQ(tree.counts()[32768], 1);
  EXPECT_EQ(tree.counts()[65535], 1);
}

TEST(QuantileTree, PartsMergeToTheWholeAndThoseOfAnotherShapeDoNot) {
  std::mt19937_64 rng(1);
  std::vector<std::int64_t> values(1000);
  for (std::int64_t& x : values) x = static_cast<std::int64_t>(rng() % 500) - 250;
  QuantileTree whole = quantile_tree(-200, 200, 4, 3);
  QuantileTree left = whole;
  QuantileTree right = whole;
  whole.add(values);
  left.add(std::span<const std::int64_t>(values).first(300));
  right.add(std::span<const std::int64_t>(values).subspan(300));
  ASSERT_TRUE(left.merge(right));
  EXPECT_TRUE(std::ranges::equal(left.counts(), whole.counts()));
  for (const QuantileTree& other : {quantile_tree(-200, 201, 4, 3), quantile_tree(-200, 200, 8, 2)})
    EXPECT_EQ(left.merge(other).error().where, "quantile tree");
}

TEST(QuantileTree, ShapesOutOfRangeAreRefused) {
  const auto where = [](QuantileTreeShape shape) {
    return QuantileTree::make(shape).error().where;
  };
  EXPECT_EQ(where({3, 3, 16, 4}), "clamp");
  EXPECT_EQ(where({0, 3, 1, 4}), "branching");
  EXPECT_EQ(where({0, 3, 1025, 1}), "branching");
  EXPECT_EQ(where({0, 3, 16, 0}), "height");
  EXPECT_EQ(where({0, 3, 2, 21}), "height");
  EXPECT_EQ(where({0, 3, 2, 1 << 30}), "height");
}

TEST(QuantileTree, AThousandNeighboursDifferByTheRowsOfOneUnitOnEachLevelAndNoMore) {
  std::mt19937_64 rng(2);
  constexpr std::int64_t kRows = 3;
  std::int64_t most_l1 = 0;
  std::int64_t most_squared = 0;
  for (int pair = 0; pair < 1000; ++pair) {
    QuantileTree table = quantile_tree(-31, 32, 4, 3);
    std::vector<std::int64_t> others(rng() % 10);
    for (std::int64_t& x : others) x = static_cast<std::int64_t>(rng() % 80) - 40;
    table.add(others);
    QuantileTree neighbour = table;
    std::vector<std::int64_t> unit(kRows);
    for (std::int64_t& x : unit) x = static_cast<std::int64_t>(rng() % 80) - 40;
    neighbour.add(unit);
    std::int64_t l1 = 0;
    std::int64_t squared = 0;
    const auto a = counts_by_level(4, 3, table.counts());
    const auto b = counts_by_level(4, 3, neighbour.counts());
    for (std::size_t level = 0; level < a.size(); ++level)
      for (std::size_t node = 0; node < a[level].size(); ++node) {
        const std::int64_t change = b[level][node] - a[level][node];
        l1 += std::abs(change);
        squared += change * change;
      }
    most_l1 = std::max(most_l1, l1);
    most_squared = std::max(most_squared, squared);
  }
  EXPECT_EQ(most_l1, kRows * 3);
  EXPECT_EQ(most_squared, kRows * kRows * 3);  // all rows in one cell
}

/// Least squares by normal equations: what the tree's two passes must agree with.
std::vector<std::vector<double>> inverse_normal(const TreeLevels& tree) {
  const std::size_t cells = tree.width(tree.height());
  std::vector<std::vector<double>> m(cells, std::vector<double>(2 * cells));
  for (std::size_t level = 1; level <= tree.height(); ++level) {
    const std::size_t size = cells / tree.width(level);
    for (std::size_t i = 0; i < cells; ++i)
      for (std::size_t j = 0; j < cells; ++j)
        m[i][j] += i / size == j / size ? 1 / tree.variances[level - 1] : 0;
  }
  for (std::size_t i = 0; i < cells; ++i) m[i][cells + i] = 1;
  for (std::size_t i = 0; i < cells; ++i) {
    const double pivot = m[i][i];
    for (double& x : m[i]) x /= pivot;
    for (std::size_t k = 0; k < cells; ++k) {
      if (k == i) continue;
      const double factor = m[k][i];
      for (std::size_t j = 0; j < 2 * cells; ++j) m[k][j] -= factor * m[i][j];
    }
  }
  for (auto& row : m) row.erase(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(cells));
  return m;
}

const TreeLevels kTrees[] = {{2, {1}}, {2, {1, 1, 1, 1}}, {3, {1, 2, 5}}, {5, {7, 0.5}}};

TEST(QuantileTree, TwoPassesGiveTheLeastSquaresEstimate) {
  std::mt19937_64 rng(3);
  std::normal_distribution<double> normal(0, 10);
  for (const TreeLevels& tree : kTrees) {
    const std::size_t cells = tree.width(tree.height());
    std::vector<std::vector<double>> noisy;
    std::vector<double> right(cells);
    for (std::size_t level = 1; level <= tree.height(); ++level) {
      std::vector<double>& counts = noisy.emplace_back(tree.width(level));
      for (double& x : counts) x = normal(rng);
      for (std::size_t i = 0; i < cells; ++i)
        right[i] += counts[i * counts.size() / cells] / tree.variances[level - 1];
    }
    const std::vector<double> fast = consistent_cells(tree, noisy, share_evenly);
    const auto inverse = inverse_normal(tree);
    for (std::size_t i = 0; i < cells; ++i)
      EXPECT_NEAR(fast[i], std::inner_product(right.begin(), right.end(), inverse[i].begin(), 0.0),
                  1e-9);
  }
}

std::vector<double> plausible(std::vector<double> children, double total, double deviation) {
  share_plausibly(children, total, deviation);
  return children;
}

void expect_near(const std::vector<double>& made, const std::vector<double>& expected) {
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 1e-9) << i;
}

TEST(QuantileTree, ChildrenAreToldApartByWhatNoiseDoesNotAccountFor) {
  expect_near(plausible({9, 12, 8, 11}, 44, 1.5), {11, 11, 11, 11});
  expect_near(plausible({10, 21, 29, 40}, 100, 1), {10.3, 20.1, 29.9, 39.7});  // slope 9.8
  expect_near(plausible({50, 1, 0, 0, 1, 50}, 102, 1), {51, 0, 0, 0, 0, 51});
  expect_near(plausible({50, 3, 3, 3, 3, 50}, 112, 1), {50, 3, 3, 3, 3, 50});
  expect_near(plausible({50, 3, 3, 3, 3, 50}, 100, 1), {50, 0, 0, 0, 0, 50});
  expect_near(plausible({-3, 2, -1, 0}, -2, 5), {0, 0, 0, 0});
  expect_near(plausible({7}, 5, 1), {5});
}

TEST(QuantileTree, SharesAreTheNearestThatAreNotNegative) {
  const auto shares = [](std::vector<double> values, double total) {
    project_to_shares(values, total);
    return values;
  };
  expect_near(shares({1, 2, 3}, 6), {1, 2, 3});
  expect_near(shares({1, 2, 3}, 9), {2, 3, 4});
  expect_near(shares({-4, 1, 5}, 2), {0, 0, 2});
  expect_near(shares({-4, 4, 5}, 2), {0, 0.5, 1.5});
  expect_near(shares({1, 2, 3}, 0), {0, 0, 0});
  expect_near(shares({1, 2, 3}, 1e-20), {0, 0, 0});  // too little to be seen next to them
}

TEST(QuantileTree, TheVarianceOfARankIsThatOfLeastSquares) {
  for (const TreeLevels& tree : kTrees) {
    const std::size_t cells = tree.width(tree.height());
    const auto inverse = inverse_normal(tree);
    for (const double q : {0.0, 0.3, 0.5, 0.95})
      for (std::size_t first = 0; first <= cells; ++first) {
        double variance = 0;
        for (std::size_t i = 0; i < cells; ++i)
          for (std::size_t j = 0; j < cells; ++j)
            variance += ((i < first) - q) * ((j < first) - q) * inverse[i][j];
        EXPECT_NEAR(rank_variance(tree, first, q), variance, 1e-8) << first;
      }
  }
}

}  // namespace
}  // namespace sfumato
