#include "sfumato/mechanism/toeplitz.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>
#include <type_traits>
#include <vector>

#include "mechanism/toeplitz_matrix.h"
#include "sfumato/mechanism/binary_tree.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

const PrivacyTotal kOneRho = ConcentratedTotal{Rho::make(0.5).value(), 0.0_delta};

ContinualParams toeplitz_params(std::int64_t horizon, std::int64_t max_steps = 1,
                                double per_step = 1, int exponent = 0) {
  return {.total = kOneRho,
          .horizon = horizon,
          .max_steps = max_steps,
          .per_step = LInfSensitivity::make(per_step).value(),
          .exponent = exponent};
}

// C(2k, k) / 4^k: OEIS A001790 over A046161.
TEST(Toeplitz, CoefficientsAreThoseOfTheSquareRoot) {
  const ToeplitzMatrix matrix(10);
  const double expected[] = {
      1,          1.0 / 2,      3.0 / 8,      5.0 / 16,       35.0 / 128,
      63.0 / 256, 231.0 / 1024, 429.0 / 2048, 6435.0 / 32768, 12155.0 / 65536};
  for (std::size_t k = 0; k < 10; ++k) {
    EXPECT_EQ(static_cast<double>(matrix.coefficients()[k]), expected[k] * 0x1p32) << k;
    EXPECT_EQ(matrix.inverse()[k], expected[k]) << k;
  }
}

TEST(Toeplitz, CoefficientsNeverRise) {
  const ToeplitzMatrix matrix(ToeplitzMechanism::kMaxHorizon);
  const std::vector<std::uint64_t>& m = matrix.coefficients();
  for (std::size_t k = 1; k < m.size(); ++k) ASSERT_LE(m[k], m[k - 1]) << k;
  const double k = static_cast<double>(m.size() - 1);  // f_k = (1 - 1/8k + …) / √(πk)
  EXPECT_NEAR(static_cast<double>(m.back()), 0x1p32 / std::sqrt(std::numbers::pi * k), 1);
}

TEST(Toeplitz, TheInverseUndoesTheMatrixAndAddsUp) {
  const ToeplitzMatrix matrix(3000);
  for (const std::size_t row : {0U, 1U, 10U, 999U, 2999U}) {
    long double product = 0;
    for (std::size_t k = 0; k <= row; ++k)
      product += static_cast<long double>(matrix.coefficients()[k]) * 0x1p-32L *
                 static_cast<long double>(matrix.inverse()[row - k]);
    EXPECT_NEAR(static_cast<double>(product - 1), 0, 1e-15 + static_cast<double>(row) * 0x1p-66)
        << row;
  }
}

std::vector<int128> exact_rows(const std::vector<std::int64_t>& totals) {
  const ToeplitzMatrix matrix(static_cast<std::int64_t>(totals.size()));
  ToeplitzSums sums(static_cast<std::int64_t>(totals.size()));
  std::vector<int128> rows;
  for (const std::int64_t total : totals) rows.push_back(sums.add(total, matrix));
  return rows;
}

uint128 squared_distance(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  const std::vector<int128> left = exact_rows(a);
  const std::vector<int128> right = exact_rows(b);
  uint128 squared = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    squared += static_cast<uint128>((left[i] - right[i]) * (left[i] - right[i]));
  return squared;
}

TEST(Toeplitz, NoUnitMovesTheRowsBeyondTheSensitivityAndTheFirstStepsReachIt) {
  std::mt19937_64 rng(1);
  for (std::int64_t horizon = 1; horizon <= 9; ++horizon) {
    std::vector<uint128> most(static_cast<std::size_t>(horizon) + 1);
    for (std::uint32_t touched = 1; touched < 1U << horizon; ++touched) {
      for (int sign = 0; sign < 2; ++sign) {
        std::vector<std::int64_t> table(static_cast<std::size_t>(horizon));
        for (auto& total : table) total = static_cast<std::int64_t>(rng() % 100) - 50;
        std::vector<std::int64_t> neighbour = table;
        for (std::size_t step = 0; step < table.size(); ++step)
          if ((touched >> step & 1) != 0) neighbour[step] += sign == 0 || rng() % 2 == 0 ? 1 : -1;
        uint128& so_far = most[static_cast<std::size_t>(__builtin_popcount(touched))];
        so_far = std::max(so_far, squared_distance(table, neighbour));
      }
    }
    const ToeplitzMatrix matrix(horizon);
    uint128 at_most = 0;
    for (std::int64_t steps = 1; steps <= horizon; ++steps) {
      at_most = std::max(at_most, most[static_cast<std::size_t>(steps)]);
      EXPECT_TRUE(matrix.squared_move(steps) == at_most) << horizon << ' ' << steps;
    }
  }
}

TEST(Toeplitz, AThousandNeighboursOfLongStreamsStayWithinTheSensitivity) {
  std::mt19937_64 rng(2);
  for (int pair = 0; pair < 1000; ++pair) {
    const auto horizon = static_cast<std::int64_t>(1 + rng() % 120);
    const auto max_steps =
        static_cast<std::int64_t>(1 + rng() % static_cast<std::uint64_t>(horizon));
    std::vector<std::int64_t> table(static_cast<std::size_t>(horizon));
    std::vector<std::int64_t> neighbour = table;
    std::vector<std::int64_t> first = table;
    for (std::int64_t i = 0; i < max_steps; ++i) first[static_cast<std::size_t>(i)] = -3;
    for (std::int64_t i = 0; i < max_steps; ++i)
      neighbour[rng() % neighbour.size()] = static_cast<std::int64_t>(rng() % 7) - 3;
    const uint128 bound = ToeplitzMatrix(horizon).squared_move(max_steps) * 9;
    EXPECT_TRUE(squared_distance(table, neighbour) <= bound);
    EXPECT_TRUE(squared_distance(table, first) == bound);
  }
}

TEST(Toeplitz, NoiseIsAsWideAsTheSensitivityAsks) {
  const ToeplitzMechanism two = ToeplitzMechanism::make(toeplitz_params(2)).value();
  EXPECT_NEAR(two.scale(), std::sqrt(1.25), 1e-12);
  EXPECT_GE(two.scale(), std::sqrt(1.25));
  const ToeplitzMechanism both = ToeplitzMechanism::make(toeplitz_params(2, 2, 4)).value();
  EXPECT_NEAR(both.scale(), 4 * std::hypot(1, 1.5), 1e-12);
}

TEST(Toeplitz, TheGreatestErrorGrowsWithTheLogarithmOfTheHorizon) {
  for (std::int64_t horizon = 1; horizon <= 1 << 16; horizon *= 4) {
    const ToeplitzMechanism counter = ToeplitzMechanism::make(toeplitz_params(horizon)).value();
    const double steps = static_cast<double>(horizon);
    const double bound = (std::numbers::egamma + std::log(16 * steps)) / std::numbers::pi;
    EXPECT_LE(counter.standard_error(horizon), bound) << horizon;
    EXPECT_GE(counter.standard_error(horizon), std::log(steps) / std::numbers::pi) << horizon;
  }
}

TEST(Toeplitz, ItErrsLessThanHalfAsMuchAsTheTreeOverAThousandSteps) {
  const ContinualParams params = toeplitz_params(1023);
  const ToeplitzMechanism counter = ToeplitzMechanism::make(params).value();
  const BinaryTreeMechanism tree = BinaryTreeMechanism::make(params).value();
  double worst = 0;
  double worst_of_tree = 0;
  for (std::int64_t step = 1; step <= 1023; ++step) {
    worst = std::max(worst, counter.standard_error(step));
    worst_of_tree = std::max(worst_of_tree, tree.standard_error(step));
  }
  EXPECT_LE(worst, 0.5 * worst_of_tree);
}

TEST(Toeplitz, AnswersOfTwoStreamsUnderTheSameBitsDifferByTheirSums) {
  ToeplitzMechanism empty = ToeplitzMechanism::make(toeplitz_params(300, 1, 0.25, -2)).value();
  ToeplitzMechanism full = ToeplitzMechanism::make(toeplitz_params(300, 1, 0.25, -2)).value();
  FixedBits bits_of_empty(4), bits_of_full(4);
  double sum = 0;
  for (std::int64_t step = 1; step <= 300; ++step) {
    const std::int64_t total = 1000 * (step * step % 17 - 5);
    sum += static_cast<double>(total) / 4;
    const double without = empty.release(0, bits_of_empty).value();
    EXPECT_NEAR(full.release(total, bits_of_full).value() - without, sum, 1e-6) << step;
    EXPECT_EQ(full.steps(), step);
  }
}

TEST(Toeplitz, ErrorsAndIntervalsAreThoseThatWereStated) {
  const bool all = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = all ? 10'000 : 2'000;
  constexpr std::size_t kSteps = 20;
  std::vector<double> within(kSteps), squares(kSteps), sums(kSteps);
  const ToeplitzMechanism plan = ToeplitzMechanism::make(toeplitz_params(kSteps)).value();
  std::vector<double> widths;
  for (std::size_t i = 0; i < kSteps; ++i)
    widths.push_back(plan.half_width(static_cast<std::int64_t>(i + 1), 0.9));
  FixedBits bits(5);
  for (int run = 0; run < runs; ++run) {
    ToeplitzMechanism counter = ToeplitzMechanism::make(toeplitz_params(kSteps)).value();
    for (std::size_t i = 0; i < kSteps; ++i) {
      const double error = counter.release(7, bits).value() - 7 * static_cast<double>(i + 1);
      within[i] += std::fabs(error) <= widths[i];
      squares[i] += error * error;
      sums[i] += error;
    }
  }
  for (std::size_t i = 0; i < kSteps; ++i) {
    const double error = plan.standard_error(static_cast<std::int64_t>(i + 1));
    EXPECT_NEAR(within[i] / runs, 0.9, all ? 0.01 : 0.03) << i;
    EXPECT_NEAR(std::sqrt(squares[i] / runs) / error, 1, all ? 0.04 : 0.08) << i;
    EXPECT_NEAR(sums[i] / runs / error, 0, 5 / std::sqrt(runs)) << i;
  }
}

TEST(Toeplitz, ExtremeTotalsStayAtTheEndOfTheirRange) {
  const ToeplitzMatrix matrix(32);
  ToeplitzSums sums(32);
  const auto most = static_cast<int128>(~uint128{0} >> 1);
  int128 last = 0;
  for (int i = 0; i < 32; ++i) {
    const int128 row = sums.add(most, matrix);
    EXPECT_TRUE(row >= last);
    last = row;
  }
  EXPECT_TRUE(last == most);
}

TEST(Toeplitz, WithoutDeltaItIsRefused) {
  ContinualParams params = toeplitz_params(5);
  params.total = ApproximateTotal{1.0_eps, 0.0_delta};
  EXPECT_EQ(ToeplitzMechanism::make(params).error().where, "delta");
  params.total = ApproximateTotal{1.0_eps, 1e-6_delta};
  EXPECT_TRUE(ToeplitzMechanism::make(params));
}

TEST(Toeplitz, TheLastStepIsTheLastAndNoStepIsAnsweredTwice) {
  static_assert(!std::is_copy_constructible_v<ToeplitzMechanism>);
  static_assert(!std::is_copy_assignable_v<ToeplitzMechanism>);
  ToeplitzMechanism counter = ToeplitzMechanism::make(toeplitz_params(2)).value();
  FixedBits bits(6);
  EXPECT_TRUE(counter.release(1, bits));
  const double last = counter.release(1, bits).value();
  EXPECT_EQ(counter.latest(), last);
  EXPECT_EQ(counter.release(1, bits).error().where, "horizon");
  ToeplitzMechanism one = ToeplitzMechanism::make(toeplitz_params(2)).value();
  ToeplitzMechanism other = std::move(one);
  EXPECT_FALSE(one.release(1, bits));
  EXPECT_TRUE(other.release(1, bits));
}

}  // namespace
}  // namespace sfumato
