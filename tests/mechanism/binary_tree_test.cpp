#include "sfumato/mechanism/binary_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <type_traits>
#include <vector>

#include "mechanism/laplace_sum.h"
#include "mechanism/saturated.h"
#include "mechanism/tree_nodes.h"
#include "sfumato/noise/law.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

const PrivacyTotal kPureTotal = ApproximateTotal{1.0_eps, 0.0_delta};
const PrivacyTotal kRhoTotal = ConcentratedTotal{Rho::make(0.5).value(), 0.0_delta};

BinaryTreeMechanism tree(std::int64_t horizon, PrivacyTotal total = kPureTotal,
                         std::int64_t max_steps = 1, double per_step = 1, int exponent = 0) {
  return BinaryTreeMechanism::make({.total = total,
                                    .horizon = horizon,
                                    .max_steps = max_steps,
                                    .per_step = LInfSensitivity::make(per_step).value(),
                                    .exponent = exponent})
      .value();
}

/// All that the tree would release of a stream, before noise.
std::vector<int128> exact_nodes(const std::vector<std::int64_t>& totals) {
  TreeNodes nodes(static_cast<std::int64_t>(totals.size()));
  std::vector<int128> all;
  for (const std::int64_t total : totals)
    for (const int128 sum : nodes.add(total)) all.push_back(sum);
  return all;
}

struct Moved {
  std::int64_t l1 = 0;
  uint128 squared = 0;
};

Moved moved(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  const std::vector<int128> left = exact_nodes(a);
  const std::vector<int128> right = exact_nodes(b);
  EXPECT_EQ(left.size(), right.size());
  Moved sum;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const auto change = static_cast<std::int64_t>(left[i] - right[i]);
    sum.l1 += std::abs(change);
    sum.squared += static_cast<uint128>(int128{change} * change);
  }
  return sum;
}

TEST(BinaryTree, NodesAreReleasedWhenTheyAreComplete) {
  EXPECT_EQ(exact_nodes({1, 2, 4, 8, 16, 32}),
            (std::vector<int128>{1, 2, 3, 4, 8, 12, 15, 16, 32, 48}));
}

// Each set of steps, moved by ±1 each, for each horizon up to ten.
TEST(BinaryTree, NoUnitMovesTheNodesBeyondTheSensitivityAndSomeUnitReachesIt) {
  std::mt19937_64 rng(1);
  for (std::int64_t horizon = 1; horizon <= 10; ++horizon) {
    std::vector<Moved> most(static_cast<std::size_t>(horizon) + 1);
    for (std::uint32_t touched = 1; touched < 1U << horizon; ++touched) {
      for (int sign = 0; sign < 2; ++sign) {
        std::vector<std::int64_t> table(static_cast<std::size_t>(horizon));
        for (auto& total : table) total = static_cast<std::int64_t>(rng() % 100) - 50;
        std::vector<std::int64_t> neighbour = table;
        for (std::int64_t step = 0; step < horizon; ++step)
          if ((touched >> step & 1) != 0)
            neighbour[static_cast<std::size_t>(step)] += sign == 0 || rng() % 2 == 0 ? 1 : -1;
        const Moved by = moved(table, neighbour);
        Moved& so_far = most[static_cast<std::size_t>(__builtin_popcount(touched))];
        so_far.l1 = std::max(so_far.l1, by.l1);
        so_far.squared = std::max(so_far.squared, by.squared);
      }
    }
    Moved at_most;
    for (std::int64_t steps = 1; steps <= horizon; ++steps) {
      at_most.l1 = std::max(at_most.l1, most[static_cast<std::size_t>(steps)].l1);
      at_most.squared = std::max(at_most.squared, most[static_cast<std::size_t>(steps)].squared);
      EXPECT_EQ(tree_move(horizon, steps).l1, at_most.l1) << horizon << ' ' << steps;
      EXPECT_TRUE(tree_move(horizon, steps).squared == at_most.squared) << horizon << ' ' << steps;
    }
  }
}

TEST(BinaryTree, AThousandNeighboursOfLongStreamsStayWithinTheSensitivity) {
  std::mt19937_64 rng(2);
  for (int pair = 0; pair < 1000; ++pair) {
    const auto horizon = static_cast<std::int64_t>(1 + rng() % 200);
    const auto max_steps =
        static_cast<std::int64_t>(1 + rng() % static_cast<std::uint64_t>(horizon));
    const auto per_step = static_cast<std::int64_t>(1 + rng() % 9);
    std::vector<std::int64_t> table(static_cast<std::size_t>(horizon));
    for (auto& total : table) total = static_cast<std::int64_t>(rng() % 1000) - 500;
    std::vector<std::int64_t> neighbour = table;
    std::vector<std::int64_t> first = table;
    for (std::int64_t i = 0; i < max_steps; ++i) first[static_cast<std::size_t>(i)] -= per_step;
    const std::uint64_t start = rng() % static_cast<std::uint64_t>(horizon);
    for (std::int64_t i = 0; i < max_steps; ++i)  // distinct steps, near one another or far apart
      neighbour[(start + static_cast<std::uint64_t>(i)) % static_cast<std::uint64_t>(horizon)] +=
          static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(2 * per_step + 1)) -
          per_step;
    const TreeMove bound = tree_move(horizon, max_steps);
    const Moved some = moved(table, neighbour);
    EXPECT_LE(some.l1, bound.l1 * per_step);
    EXPECT_TRUE(some.squared <= bound.squared * static_cast<uint128>(per_step * per_step));
    const Moved worst = moved(table, first);
    EXPECT_EQ(worst.l1, bound.l1 * per_step);
    EXPECT_TRUE(worst.squared == bound.squared * static_cast<uint128>(per_step * per_step));
  }
}

TEST(BinaryTree, NoiseIsAsWideAsTheSensitivityAsks) {
  EXPECT_EQ(tree(1024).scale(), 11);  // levels 0 … 10
  EXPECT_EQ(tree(1023).scale(), 10);  // no node of 1024 steps becomes complete
  EXPECT_EQ(tree(1023, kPureTotal, 3, 5).scale(), 150);
  EXPECT_EQ(tree(1024, kRhoTotal).scale(), std::nextafter(std::sqrt(11.0), 4));
  EXPECT_NEAR(tree(4, kRhoTotal, 4).scale(), std::sqrt(4 + 8 + 16.0), 1e-9);
  const auto both = tree(1 << 20, ApproximateTotal{1.0_eps, 1e-9_delta});
  EXPECT_TRUE(both.gaussian());
  const auto few = tree(3, ApproximateTotal{1.0_eps, 1e-9_delta});
  EXPECT_FALSE(few.gaussian());  // two levels: Laplace noise is better
  EXPECT_EQ(std::get<ApproximateTotal>(few.cost()).delta, 0.0_delta);
}

TEST(BinaryTree, SaturationMovesNoFurtherThanTheTotalsDo) {
  const auto most = static_cast<int128>(~uint128{0} >> 1);
  EXPECT_TRUE(add_saturated(most, 1) == most);
  EXPECT_TRUE(add_saturated(-most, -5) == -most - 1);
  EXPECT_TRUE(add_saturated(most, -1) == most - 1);
  BinaryTreeMechanism counter = tree(8);
  FixedBits bits(3);
  for (int i = 0; i < 8; ++i)
    EXPECT_NEAR(counter.release(most, bits).value() / 0x1p127, std::min(i + 1, 9), 8);
}

/// The least variance of an unbiased linear estimate of the prefix, all noisy sums known: by normal
/// equations, solved by elimination.
double least_variance(std::size_t step) {
  std::vector<std::vector<double>> normal(step, std::vector<double>(step + 1));
  for (std::size_t size = 1; size <= step; size *= 2)
    for (std::size_t begin = 0; begin + size <= step; begin += size)
      for (std::size_t i = begin; i < begin + size; ++i)
        for (std::size_t j = begin; j < begin + size; ++j) normal[i][j] += 1;
  for (auto& row : normal) row[step] = 1;
  for (std::size_t i = 0; i < step; ++i)
    for (std::size_t k = 0; k < step; ++k) {
      if (k == i) continue;
      const double factor = normal[k][i] / normal[i][i];
      for (std::size_t j = 0; j <= step; ++j) normal[k][j] -= factor * normal[i][j];
    }
  double variance = 0;
  for (std::size_t i = 0; i < step; ++i) variance += normal[i][step] / normal[i][i];
  return variance;
}

TEST(BinaryTree, NoUnbiasedLinearEstimateHasLessVariance) {
  const BinaryTreeMechanism counter = tree(64, kRhoTotal);
  const double one = counter.standard_error(1);
  for (std::size_t step = 1; step <= 64; ++step) {
    const double of_one = counter.standard_error(static_cast<std::int64_t>(step)) / one;
    EXPECT_NEAR(of_one * of_one, least_variance(step), 1e-9) << step;
  }
}

TEST(BinaryTree, AnswersOfTwoStreamsUnderTheSameBitsDifferByTheirSums) {
  for (const PrivacyTotal& total : {kPureTotal, kRhoTotal}) {
    BinaryTreeMechanism empty = tree(100, total, 1, 0.25, -2);
    BinaryTreeMechanism full = tree(100, total, 1, 0.25, -2);
    FixedBits bits_of_empty(4), bits_of_full(4);
    double sum = 0;
    for (std::int64_t step = 1; step <= 100; ++step) {
      const std::int64_t total_units = step * step % 17 - 5;
      sum += static_cast<double>(total_units) / 4;
      const double without = empty.release(0, bits_of_empty).value();
      EXPECT_NEAR(full.release(total_units, bits_of_full).value() - without, sum, 1e-6);
      EXPECT_EQ(full.steps(), step);
    }
  }
}

/// How many of `runs` answers at each step lie within the half width, and their mean square.
struct Reached {
  std::vector<double> within, squares, sums;
};

Reached reached(const PrivacyTotal& total, std::int64_t horizon, int runs, double confidence) {
  std::vector<double> widths;
  const BinaryTreeMechanism plan = tree(horizon, total);
  for (std::int64_t step = 1; step <= horizon; ++step)
    widths.push_back(plan.half_width(step, confidence));
  Reached all{std::vector<double>(widths.size()), std::vector<double>(widths.size()),
              std::vector<double>(widths.size())};
  FixedBits bits(5);
  for (int run = 0; run < runs; ++run) {
    BinaryTreeMechanism counter = tree(horizon, total);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const double error = counter.release(7, bits).value() - 7 * static_cast<double>(i + 1);
      all.within[i] += std::fabs(error) <= widths[i];
      all.squares[i] += error * error;
      all.sums[i] += error;
    }
  }
  return all;
}

TEST(BinaryTree, ErrorsAndIntervalsAreThoseThatWereStated) {
  const bool all = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = all ? 10'000 : 2'000;
  for (const PrivacyTotal& total : {kPureTotal, kRhoTotal}) {
    const BinaryTreeMechanism plan = tree(15, total);
    for (const double confidence : {0.5, 0.95}) {
      const Reached seen = reached(total, 15, runs, confidence);
      for (std::size_t i = 0; i < 15; ++i) {
        const double error = plan.standard_error(static_cast<std::int64_t>(i + 1));
        EXPECT_NEAR(seen.within[i] / runs, confidence, all ? 0.01 : 0.04) << i;
        EXPECT_NEAR(std::sqrt(seen.squares[i] / runs) / error, 1, all ? 0.04 : 0.08) << i;
        EXPECT_NEAR(seen.sums[i] / runs / error, 0, 5 / std::sqrt(runs)) << i;
      }
    }
  }
}

TEST(BinaryTree, SumsOfLaplaceNoiseHaveTheTailsOfClosedForms) {
  for (const double t : {0.0, 0.1, 1.0, 3.0, 10.0}) {
    const LaplaceTerms two[] = {{2, 2}};
    const LaplaceTerms unlike[] = {{2, 1}, {0.5, 1}};
    const LaplaceTerms three[] = {{1, 3}};
    EXPECT_NEAR(laplace_sum_tail(two, t), laplace_pair_tail(2, 2, t), 1e-9) << t;
    EXPECT_NEAR(laplace_sum_tail(unlike, t), laplace_pair_tail(2, 0.5, t), 1e-9) << t;
    EXPECT_NEAR(laplace_sum_tail(three, t), std::exp(-t) * (8 + 5 * t + t * t) / 8, 1e-9) << t;
  }
  const LaplaceTerms two[] = {{2, 2}};
  for (const double confidence : {0.5, 0.95, 0.9999}) {
    const double width = laplace_sum_half_width(two, confidence);
    EXPECT_LE(laplace_pair_tail(2, 2, width), 1 - confidence);
    EXPECT_GE(laplace_pair_tail(2, 2, width), (1 - confidence) * 0.999);
  }
  EXPECT_LE(laplace_pair_tail(2, 2, laplace_sum_half_width(two, 1 - 1e-9)), 1e-9);
}

TEST(BinaryTree, TheLastStepIsTheLastAndNoStepIsAnsweredTwice) {
  static_assert(!std::is_copy_constructible_v<BinaryTreeMechanism>);
  static_assert(!std::is_copy_assignable_v<BinaryTreeMechanism>);
  BinaryTreeMechanism counter = tree(3);
  FixedBits bits(6);
  double last = 0;
  for (int i = 0; i < 3; ++i) last = counter.release(1, bits).value();
  EXPECT_EQ(counter.latest(), last);
  EXPECT_EQ(counter.release(1, bits).error().where, "horizon");
  EXPECT_EQ(counter.latest(), last);
  BinaryTreeMechanism one = tree(3);
  BinaryTreeMechanism other = std::move(one);
  EXPECT_FALSE(one.release(1, bits));
  EXPECT_TRUE(other.release(1, bits));
}

TEST(BinaryTree, WhatNoStepHasIsInfinitelyWide) {
  const BinaryTreeMechanism counter = tree(3);
  for (const std::int64_t step : {-1, 0, 4}) {
    EXPECT_TRUE(std::isinf(counter.standard_error(step)));
    EXPECT_TRUE(std::isinf(counter.half_width(step, 0.9)));
  }
  for (const double confidence : {0.0, 1.0, -1.0, std::nan("")})
    EXPECT_TRUE(std::isinf(counter.half_width(2, confidence)));
}

}  // namespace
}  // namespace sfumato
