#include "table/denoised.h"

#include <gtest/gtest.h>

#include <numeric>

#include "sfumato/mechanism/discrete_laplace.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

CellCounts noise_alone(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  CellCounts cells(rows, columns);
  FixedBits bits(seed);
  DiscreteLaplaceMechanism::make({.epsilon = 0.1_eps, .sensitivity = 1_l1})
      .value()
      .release(cells.counts, cells.counts, bits);
  return cells;
}

double sum(const std::vector<double>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

TEST(Denoised, NoiseAloneIsNothing) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    EXPECT_EQ(sum(denoised(noise_alone(60, 60, seed), 10)), 0) << seed;
    EXPECT_EQ(sum(denoised(noise_alone(1, 753, seed), 10)), 0) << seed;
  }
}

TEST(Denoised, CellsThatStandOutCountAsTheyAre) {
  CellCounts cells = noise_alone(60, 60, 1);
  cells.at(7, 3) += 1000;
  const std::vector<double> left = denoised(cells, 10);
  EXPECT_EQ(left[7 * 60 + 3], static_cast<double>(cells.at(7, 3)));
  EXPECT_EQ(sum(left), left[7 * 60 + 3]);
}

TEST(Denoised, CellsThatStandOutTogetherShareTheirSum) {
  CellCounts cells = noise_alone(60, 60, 2);
  for (std::size_t row = 8; row < 12; ++row)
    for (std::size_t column = 4; column < 8; ++column) cells.at(row, column) += 60;
  const std::vector<double> left = denoised(cells, 10);
  EXPECT_NEAR(sum(left), 16 * 60, 300);
  EXPECT_GT(left[9 * 60 + 5], 0);
  EXPECT_EQ(left[30 * 60 + 30], 0);
}

TEST(Denoised, WhatCannotBeIsNothing) {
  CellCounts cells(1, 4);
  cells.counts = {1000, 1000, 1000, 1000};
  EXPECT_EQ(denoised(cells, 1, {true, false, true, false}),
            (std::vector<double>{1000, 0, 1000, 0}));
}

}  // namespace
}  // namespace sfumato
