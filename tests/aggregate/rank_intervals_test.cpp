#include "aggregate/rank_intervals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace sfumato {
namespace {

/// What the number of values below an edge, less q of all, takes from each node's noise: by least squares of noise that is
/// 1 in that node and 0 else.
std::vector<std::vector<double>> taken(const TreeLevels& tree, std::size_t cells, double q) {
  std::vector<std::vector<double>> coefficients;
  for (std::size_t level = 0; level < tree.height(); ++level)
    for (std::size_t node = 0; node < tree.width(level + 1); ++node) {
      std::vector<std::vector<double>> noise;
      for (std::size_t l = 0; l < tree.height(); ++l) noise.emplace_back(tree.width(l + 1));
      noise[level][node] = 1;
      const std::vector<double> made = consistent_cells(tree, std::move(noise), share_evenly);
      double sum = 0;
      for (std::size_t cell = 0; cell < made.size(); ++cell)
        sum += made[cell] * ((cell < cells ? 1 : 0) - q);
      coefficients.push_back({sum, static_cast<double>(level)});
    }
  return coefficients;
}

TEST(RankLaws, VarianceAndSpreadAreThoseOfTheSumOfAllNoises) {
  const TreeLevels tree{3, {2, 5, 1.5}};
  const std::vector<double> weights = {1, 0.5, 1.25};
  const RankLaws laws(tree, weights);
  for (std::size_t cells = 0; cells <= 27; ++cells)
    for (const double q : {0.0, 0.3, 1.0}) {
      double variance = 0, fourths = 0;
      for (const auto& each : taken(tree, cells, q)) {
        const auto level = static_cast<std::size_t>(each[1]);
        const double own = each[0] * each[0] * tree.variances[level];
        variance += own;
        fourths += weights[level] * own * own;
      }
      const RankLaw law = laws.at(cells, q);
      EXPECT_NEAR(law.variance, variance, 1e-12) << cells << ", " << q;
      EXPECT_NEAR(law.variance, rank_variance(tree, cells, q), 1e-12) << cells << ", " << q;
      EXPECT_NEAR(law.spread, variance > 0 ? fourths / (variance * variance) : 0, 1e-12) << cells;
    }
}

// Φ(1.959964) = 0.975, Φ(1.281552) = 0.9 (tables of the normal law).
TEST(MixtureReach, WithoutSpreadItIsThatOfTheNormalLaw) {
  EXPECT_NEAR(mixture_reach(0, 0.05), 1.959964, 1e-6);
  EXPECT_NEAR(mixture_reach(0, 0.2), 1.281552, 1e-6);
  EXPECT_EQ(mixture_reach(0.5, 1), 0);
}

TEST(MixtureReach, ItBoundsLaplaceNoiseAndSumsOfIt) {
  for (const double chance : {0.5, 0.2, 0.05, 0.01, 1e-4}) {
    // One of variance 1: P(|X| > z) = e^(-√2·z). It is normal given an exponential variance, of variance 1.
    const double one = mixture_reach(1, chance);
    EXPECT_LE(std::exp(-std::numbers::sqrt2 * one), chance);
    // Four of variance 1/4 each, b = 1/√8: of t·b their tail is e^-t·(t³/3 + 3t² + 11t + 16)/16.
    const double t = mixture_reach(0.25, chance) * std::sqrt(8.0);
    EXPECT_LE(std::exp(-t) * (16 + 11 * t + 3 * t * t + t * t * t / 3) / 16, chance);
  }
}

TEST(MixtureReach, ItRisesWithTheSpreadAndCostsLittleWhereThatIsSmall) {
  double last = 0;
  for (const double spread : {0.0, 0.01, 0.1, 0.5, 1.0}) {
    const double reach = mixture_reach(spread, 0.05);
    EXPECT_GE(reach, last);
    last = reach;
  }
  EXPECT_LT(mixture_reach(0.04, 0.05), 2.0);  // of 0.25 % less than 95 %
}

/// Of 100 values in four cells, the cells that a quantile may lie in where the first two seem to hold so many deviations of
/// the rank too few; which is all that is told.
RankIntervals::Cells cells_of(double q, double deviations) {
  const TreeLevels tree{2, {1, 1}};
  const double goal = 100 * q;
  const double deviation = std::sqrt(rank_variance(tree, 2, q));
  const std::vector<double> ranks = {-1e6, goal - deviations * deviation, 1e6, 100};
  return RankIntervals(tree, {0, 0}, 0.95).of(ranks, q);
}

// Φ(2.241403) = 1 - 0.05/4: an end has half the chance of the interval, and each of the two levels half of that. Where
// one end is the clamp's, Φ(1.959964) = 1 - 0.05/2.
TEST(RankIntervals, AnEdgeIsRefutedAtTheChanceOfOneLevelOfOneEnd) {
  EXPECT_LT(cells_of(0.5, 2.241403 * 0.99).first, 2U);
  EXPECT_EQ(cells_of(0.5, 2.241403 * 1.01).first, 2U);
  EXPECT_GT(cells_of(0.5, -2.241403 * 0.99).last, 1U);
  EXPECT_EQ(cells_of(0.5, -2.241403 * 1.01).last, 1U);
  EXPECT_GT(cells_of(0, -1.959964 * 0.99).last, 1U);
  EXPECT_LT(cells_of(0, -1.959964 * 1.01).last, 2U);
  EXPECT_LT(cells_of(1, 1.959964 * 0.99).first, 2U);
  EXPECT_GT(cells_of(1, 1.959964 * 1.01).first, 1U);
}

}  // namespace
}  // namespace sfumato
