#include "sfumato/aggregate/quantile_equi_depth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "aggregate/equi_depth_bins.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

using Ends = std::vector<std::size_t>;

constexpr std::int64_t kLastUnit = 65'535;

EquiDepthRelease equi_depth(const PrivacyTotal& total = ApproximateTotal{1.0_eps, 0.0_delta},
                            std::int64_t max_rows = 1) {
  return EquiDepthRelease::make(
             {.total = total, .max_rows = max_rows, .lower = 0, .upper = kLastUnit})
      .value();
}

QuantileTree tree_with(const EquiDepthRelease& release, std::span<const std::int64_t> values) {
  QuantileTree tree = QuantileTree::make(release.shape()).value();
  tree.add(values);
  return tree;
}

TEST(EquiDepthBins, NeighboursAreJoinedUpToTheDepth) {
  const std::vector<double> even(12, 1.0);
  EXPECT_EQ(equi_depth_ends(even, 4, 0), (Ends{3, 6, 9, 12}));
  EXPECT_EQ(equi_depth_ends(even, 12, 0.5), (Ends{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(equi_depth_ends(even, 12, 5), (Ends{5, 12}));  // 2 are left, less than half a bin
  EXPECT_EQ(equi_depth_ends(std::vector<double>(12), 4, 0.5), (Ends{12}));
}

TEST(EquiDepthBins, WhatHoldsMoreThanHalfABinStandsAlone) {
  // Depth 10: the 8 is not joined with the 3 before it, nor the 40 with what comes after.
  const std::vector<double> cells = {1, 2, 8, 1, 0, 1, 0, 40, 3, 4};
  EXPECT_EQ(equi_depth_ends(cells, 6, 0), (Ends{2, 6, 8, 10}));
}

TEST(EquiDepthBins, ThereAreNeverMoreThanWereAsked) {
  FixedBits bits(7);
  for (int table = 0; table < 500; ++table) {
    std::vector<double> cells(300);
    for (double& cell : cells)
      cell = bits.next() % 4 == 0 ? static_cast<double>(bits.next() % 1000) : 0;
    for (const std::size_t most : {1U, 2U, 7U, 100U}) {
      const Ends ends = equi_depth_ends(cells, most, 0.1);
      EXPECT_LE(ends.size(), most);
      EXPECT_EQ(ends.back(), cells.size());
      EXPECT_TRUE(std::ranges::is_sorted(ends));
      EXPECT_EQ(std::ranges::adjacent_find(ends), ends.end());
    }
  }
}

TEST(EquiDepthBins, GroupsDifferByOneBinAtMost) {
  EXPECT_EQ(even_groups(1), (Ends{0, 1}));
  EXPECT_EQ(even_groups(7), (Ends{0, 2, 4, 7}));
  EXPECT_EQ(even_groups(100), (Ends{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}));
}

// Two bins under one group, all of variance 1: minimize (g-10)² + (a-3)² + (b-5)² with g = a + b; the normal
// equations give a = 11/3, b = 17/3. With a group of variance 4: a = 10/3, b = 16/3.
TEST(EquiDepthBins, CountsAreThoseOfLeastSquares) {
  const std::vector<double> even = consistent_bins(Ends{0, 2}, {10}, 1, {3, 5}, 1);
  EXPECT_NEAR(even[0], 11.0 / 3, 1e-12);
  EXPECT_NEAR(even[1], 17.0 / 3, 1e-12);
  const std::vector<double> wide = consistent_bins(Ends{0, 2}, {10}, 4, {3, 5}, 1);
  EXPECT_NEAR(wide[0], 10.0 / 3, 1e-12);
  EXPECT_NEAR(wide[1], 16.0 / 3, 1e-12);
}

TEST(EquiDepthBins, NoCountIsBelowZeroAndTotalsStay) {
  const std::vector<double> bins = consistent_bins(Ends{0, 2, 4}, {-6, 20}, 1, {-3, 1, 8, 14}, 1);
  for (const double bin : bins) EXPECT_GE(bin, 0);
  // Groups: -2 - 4·2/3 = -14/3 and 22 - 2·2/3 = 62/3, of 16 in all: the first has none.
  EXPECT_NEAR(bins[0] + bins[1], 0, 1e-12);
  EXPECT_NEAR(bins[2] + bins[3], 16, 1e-12);
}

TEST(EquiDepthBins, CountsSpreadAsTheyWereOrEvenly) {
  std::vector<double> cells = {1, 3, 0, 0, 5};
  spread_bins(cells, Ends{2, 4, 5}, std::vector<double>{8, 6, 0});
  EXPECT_EQ(cells, (std::vector<double>{2, 6, 3, 3, 0}));
  EXPECT_EQ(counts_between(std::vector<std::int64_t>{1, 3, 0, 4, 5}, Ends{2, 4, 5}),
            (std::vector<std::int64_t>{4, 4, 5}));
}

// Of ε the levels have 0.1 each, groups and bins 0.3 each; of ρ the squares of these over their sum, 0.22.
TEST(EquiDepthRelease, TheTreeHasFourTenthsOfEpsilonAndEachCountOfBinsThree) {
  const auto pure = equi_depth(ApproximateTotal{1.0_eps, 0.0_delta}, 2);
  const auto rho = equi_depth(ConcentratedTotal{0.5_rho, 0.0_delta}, 2);
  ASSERT_EQ(pure.noises().size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const double share = i < 4 ? 0.1 : 0.3;
    EXPECT_EQ(pure.noises()[i].mechanism(), "discrete_laplace");
    EXPECT_NEAR(pure.noises()[i].scale(), 2 / share, 1e-6);
    EXPECT_NEAR(rho.noises()[i].scale(), 2 * std::sqrt(0.22) / share, 1e-6);
  }
  EXPECT_EQ(std::get<ApproximateTotal>(pure.cost()).epsilon, 1.0_eps);
}

TEST(EquiDepthRelease, QuantilesRiseFromZeroOn) {
  const auto release = equi_depth();
  FixedBits bits(1);
  for (const std::vector<std::int64_t>& values :
       {std::vector<std::int64_t>{}, {5}, std::vector<std::int64_t>(300, 40'000)}) {
    const QuantileTree tree = tree_with(release, values);
    for (int run = 0; run < 10; ++run) {
      const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
      EXPECT_TRUE(std::ranges::is_sorted(noisy.ranks()));
      EXPECT_GE(noisy.ranks().front(), 0);
      EXPECT_LE(noisy.quantile(1), kLastUnit);
    }
  }
}

TEST(EquiDepthRelease, OneValueThatManyHaveIsFoundToTheUnit) {
  const auto release = equi_depth();
  std::vector<std::int64_t> values(2'000, 12'345);
  for (std::int64_t i = 0; i < 8'000; ++i) values.push_back(i * 8);
  const QuantileTree tree = tree_with(release, values);
  FixedBits bits(2);
  // Below it lie 1,544 of 10,000: it is each quantile from 0.1544 to 0.3544.
  for (int run = 0; run < 20; ++run) {
    const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
    for (const double q : {0.17, 0.25, 0.34}) EXPECT_EQ(noisy.quantile(q), 12'345) << q;
  }
}

TEST(EquiDepthRelease, WithoutNoiseQuantilesAreExact) {
  const auto release = equi_depth(ApproximateTotal{Epsilon::make(1 << 20).value(), 0.0_delta});
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 1'000; ++i) values.push_back(i * i % 50'000);
  const QuantileTree tree = tree_with(release, values);
  std::ranges::sort(values);
  FixedBits bits(8);
  const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
  for (std::size_t i = 1; i < 1'000; i += 7)
    EXPECT_EQ(noisy.quantile(static_cast<double>(i) / 1'000), values[i - 1]) << i;
}

// A hundred cells of 1,000 values each, far from one another: each is a bin, and an edge of bins. The greatest error that
// is stated is that of the middle edge within the group in the middle.
TEST(EquiDepthRelease, RanksAtEdgesOfBinsHaveTheErrorThatWasStated) {
  const bool whole = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = whole ? 4'000 : 200;
  const auto release = equi_depth();
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 100; ++i) values.insert(values.end(), 1'000, i * 650);
  const QuantileTree tree = tree_with(release, values);
  std::vector<double> squares(100);
  FixedBits bits(3);
  for (int run = 0; run < runs; ++run) {
    const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
    const std::vector<double>& ranks = noisy.ranks();
    for (std::size_t i = 0; i < 100; ++i)
      squares[i] += std::pow(ranks[650 * i + 649] - 1'000 * static_cast<double>(i + 1) -
                                 0.5 * (ranks.back() - 100'000),
                             2) /
                    runs;
  }
  EXPECT_NEAR(std::sqrt(std::ranges::max(squares)) / release.rank_standard_error(0.5), 1,
              whole ? 0.05 : 0.15);
}

TEST(EquiDepthRelease, OtherShapesAndParametersOutOfRangeAreRefused) {
  const auto release = equi_depth();
  const auto other = QuantileTree::make({0, kLastUnit, 2, 16}).value();
  FixedBits bits(4);
  EXPECT_EQ(release.release(Permit::unaccounted("test"), other, bits).error().where, "shape");
  const PrivacyTotal total = ApproximateTotal{1.0_eps, 0.0_delta};
  EXPECT_EQ(
      EquiDepthRelease::make({.total = total, .max_rows = 0, .lower = 0, .upper = 9}).error().where,
      "max-rows");
  EXPECT_EQ(
      EquiDepthRelease::make({.total = total, .max_rows = 1, .lower = 9, .upper = 9}).error().where,
      "clamp");
}

}  // namespace
}  // namespace sfumato
