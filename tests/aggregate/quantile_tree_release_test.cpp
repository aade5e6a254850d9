#include "sfumato/aggregate/quantile_tree_release.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

const PrivacyTotal kPureTree = ApproximateTotal{1.0_eps, 0.0_delta};

QuantileTreeRelease tree_release(QuantileTreeShape shape, const PrivacyTotal& total = kPureTree,
                                 std::int64_t max_rows = 1) {
  return QuantileTreeRelease::make({.total = total, .max_rows = max_rows, .shape = shape}).value();
}

// ε in shares of 1, 3/4, 9/16; ρ in the squares of these.
TEST(QuantileTreeRelease, NoiseIsWiderByAThirdOnEachLevelAndAsWideAsTheyAskTogether) {
  const auto pure = tree_release({0, 999, 10, 3}, kPureTree, 2);
  const auto rho = tree_release({0, 999, 10, 3}, ConcentratedTotal{0.5_rho, 0.0_delta}, 2);
  ASSERT_EQ(pure.noises().size(), 3U);
  for (std::size_t level = 0; level < 3; ++level) {
    const double wider = std::pow(4.0 / 3, level);
    EXPECT_EQ(pure.noises()[level].mechanism(), "discrete_laplace");
    EXPECT_NEAR(pure.noises()[level].scale(), 2 * (1 + 0.75 + 0.5625) * wider, 1e-6);
    EXPECT_NEAR(rho.noises()[level].scale(), 2 * std::sqrt(1 + 0.5625 + 0.31640625) * wider, 1e-6);
  }
}

TEST(QuantileTreeRelease, RanksRiseFromZeroOnAndQuantilesWithThem) {
  const auto release = tree_release({-50, 49, 10, 2});
  QuantileTree tree = QuantileTree::make({-50, 49, 10, 2}).value();
  tree.add(std::vector<std::int64_t>{-3, -3, 4, 4, 4, 20});
  FixedBits bits(1);
  for (int run = 0; run < 200; ++run) {
    const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
    EXPECT_TRUE(std::ranges::is_sorted(noisy.ranks()));
    EXPECT_GE(noisy.ranks().front(), 0);
    std::int64_t last = -50;
    for (double q = 0; q <= 1; q += 1.0 / 64) {
      EXPECT_GE(noisy.quantile(q), last);
      last = noisy.quantile(q);
    }
    EXPECT_LE(last, 49);
  }
}

TEST(QuantileTreeRelease, QuantilesAreReadWithinTheirCells) {
  const NoisyQuantiles noisy({-4, 3, 2, 3}, {0, 0, 10, 10, 10, 30, 30, 40});
  EXPECT_EQ(noisy.quantile(0.1), -2);  // rank 4 of 40: the third cell
  EXPECT_EQ(noisy.quantile(0.25), -2);
  EXPECT_EQ(noisy.quantile(0.5), 1);
  EXPECT_EQ(noisy.quantile(1), 3);
  EXPECT_EQ(noisy.quantile(7), 3);
  EXPECT_EQ(noisy.quantile(-1), -4);
  const NoisyQuantiles wide({0, 79, 2, 3}, {0, 0, 10, 10, 10, 30, 30, 40});
  EXPECT_EQ(wide.quantile(0.125), 24);  // the middle of 20 … 29
  const NoisyQuantiles nothing({-4, 3, 2, 3}, std::vector<double>(8));
  EXPECT_EQ(nothing.quantile(0.2), -1);
}

TEST(QuantileTreeRelease, RanksHaveTheErrorsThatWereStatedWhereNothingIsTakenForNoise) {
  const int runs = std::getenv("SFUMATO_LONG") != nullptr ? 10'000 : 2'000;
  const QuantileTreeShape shape{0, 26, 3, 3};
  const auto release = tree_release(shape, ConcentratedTotal{0.5_rho, 0.0_delta});
  QuantileTree tree = QuantileTree::make(shape).value();
  std::vector<double> exact;
  for (std::int64_t value = 0; value < 27; ++value) {
    const std::int64_t count = 1000 + value * value * value % 11 * 1000;  // nothing is near a line
    tree.add(std::vector<std::int64_t>(static_cast<std::size_t>(count), value));
    exact.push_back(static_cast<double>(count) + (exact.empty() ? 0 : exact.back()));
  }
  std::vector<double> squares(27);
  FixedBits bits(2);
  for (int run = 0; run < runs; ++run) {
    const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
    for (std::size_t cell = 0; cell < 27; ++cell)
      squares[cell] += std::pow(noisy.ranks()[cell] - exact[cell], 2) / runs;
  }
  for (std::size_t cell = 0; cell < 27; ++cell)
    EXPECT_NEAR(std::sqrt(squares[cell]) / release.rank_standard_error(cell + 1, 0.0), 1, 0.06)
        << cell;
  EXPECT_GE(release.rank_standard_error(0.5), release.rank_standard_error(13, 0.5));
}

/// In which share of the runs the interval of each quantile held the exact one, and how many values it held.
struct Covered {
  std::vector<double> held, values;
};

Covered covered(const QuantileTreeRelease& release, std::vector<std::int64_t> values,
                const std::vector<double>& asked, int runs) {
  std::ranges::sort(values);
  QuantileTree tree = QuantileTree::make(release.params().shape).value();
  tree.add(values);
  Covered made{std::vector<double>(asked.size()), std::vector<double>(asked.size())};
  FixedBits bits(11);
  for (int run = 0; run < runs; ++run) {
    const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      // The least of which a share of q lies up to it, or the very least.
      const double rank = std::ceil(asked[i] * static_cast<double>(values.size()));
      const std::int64_t exact = values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
      const QuantileInUnits told = release.quantile(noisy, asked[i]);
      const auto inside =
          std::ranges::upper_bound(values, told.high) - std::ranges::lower_bound(values, told.low);
      made.held[i] += (told.low <= exact && exact <= told.high) / static_cast<double>(runs);
      made.values[i] += static_cast<double>(inside) / runs;
    }
  }
  return made;
}

/// Four standard errors of a share of so many runs below it.
double slightly_below(double share, int runs) {
  return share - 4 * std::sqrt(share * (1 - share) / runs);
}

struct Law {
  const char* name;
  PrivacyTotal total;
  double confidence;
};

const std::vector<Law> kIntervalLaws = {
    {"Laplace, 95 %", ApproximateTotal{1.0_eps, 0.0_delta}, 0.95},
    {"Laplace, 80 %", ApproximateTotal{1.0_eps, 0.0_delta}, 0.8},
    {"Laplace, 99.9 %", ApproximateTotal{1.0_eps, 0.0_delta}, 0.999},
    {"Gaussian, 95 %", ConcentratedTotal{0.05_rho, 0.0_delta}, 0.95}};

TEST(QuantileTreeRelease, IntervalsCoverTheExactQuantileAtLeastAsOftenAsTheySay) {
  const bool whole = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = whole ? 10'000 : 500;
  const std::vector<double> asked = {0, 0.1, 0.5, 0.77, 0.99, 1};
  std::vector<std::int64_t> even, heaped;
  for (std::int64_t i = 0; i < 2'000; ++i) even.push_back(10 + 2 * i);
  for (std::int64_t i = 0; i < 2'000; ++i) heaped.push_back(i * i / 1'000);
  for (const Law& law : kIntervalLaws)
    for (const auto& values : {even, heaped}) {
      const auto release = QuantileTreeRelease::make({.total = law.total,
                                                      .max_rows = 1,
                                                      .shape = {0, 4'095, 16, 3},
                                                      .confidence = law.confidence})
                               .value();
      const Covered made = covered(release, values, asked, runs);
      for (std::size_t i = 0; i < asked.size(); ++i) {
        EXPECT_GE(made.held[i], slightly_below(law.confidence, runs)) << law.name << asked[i];
        EXPECT_LE(made.values[i], 10 * release.rank_standard_error(asked[i])) << asked[i];
        if (whole)
          std::printf("%s, %s, quantile %g: %.4f, %.1f values wide, standard error %.1f\n",
                      law.name, values == even ? "even" : "heaped", asked[i], made.held[i],
                      made.values[i], release.rank_standard_error(asked[i]));
      }
    }
}

TEST(QuantileTreeRelease, IntervalsCoverTiesAndFewValuesAtLeastAsOften) {
  const bool whole = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = whole ? 10'000 : 300;
  const std::vector<double> asked = {0, 0.25, 0.5, 0.75, 1};
  std::vector<std::int64_t> tied;
  for (std::int64_t i = 0; i < 2'000; ++i) tied.push_back(i % 7 * i % 5 * 800);
  const std::vector<std::int64_t> few = {5, 17, 17, 900, 4'000};
  for (const double epsilon : {0.3, 5.0, 30.0})
    for (const auto& values : {tied, few, std::vector<std::int64_t>(1'000, 77)}) {
      const auto release =
          QuantileTreeRelease::make(
              {.total = ApproximateTotal{Epsilon::make(epsilon).value(), 0.0_delta},
               .max_rows = 1,
               .shape = {0, 4'095, 16, 3}})
              .value();
      const std::vector<double> held = covered(release, values, asked, runs).held;
      for (std::size_t i = 0; i < asked.size(); ++i)
        EXPECT_GE(held[i], slightly_below(0.95, runs)) << epsilon << ", " << asked[i];
    }
}

TEST(QuantileTreeRelease, IntervalsHoldWhatIsToldAndWholeCells) {
  const auto release =
      QuantileTreeRelease::make({.total = kPureTree, .max_rows = 1, .shape = {-100, 899, 10, 2}})
          .value();  // cells of 10
  QuantileTree tree = QuantileTree::make(release.params().shape).value();
  tree.add(std::vector<std::int64_t>(5'000, 300));
  FixedBits bits(12);
  for (int run = 0; run < 50; ++run) {
    const auto noisy = release.release(Permit::unaccounted("test"), tree, bits).value();
    const QuantileInUnits median = release.quantile(noisy, 0.5);
    EXPECT_EQ(median.low, 300);
    EXPECT_EQ(median.high, 309);
    EXPECT_GE(median.value, 300);
    EXPECT_LE(median.value, 309);
    EXPECT_EQ(release.quantile(noisy, 0).low, -100);
    EXPECT_EQ(release.quantile(noisy, 1).high, 899);
  }
}

TEST(QuantileTreeRelease, TreesOfAnotherShapeAreNotReleased) {
  const auto release = tree_release({0, 999, 10, 3});
  const auto other = QuantileTree::make({0, 998, 10, 3}).value();
  FixedBits bits(3);
  EXPECT_EQ(release.release(Permit::unaccounted("test"), other, bits).error().where, "shape");
  EXPECT_EQ(
      QuantileTreeRelease::make({.total = kPureTree, .max_rows = 0, .shape = {0, 9}}).error().where,
      "max-rows");
  EXPECT_EQ(
      QuantileTreeRelease::make({.total = kPureTree, .max_rows = 1, .shape = {9, 9}}).error().where,
      "clamp");
  EXPECT_EQ(QuantileTreeRelease::make(
                {.total = kPureTree, .max_rows = 1, .shape = {0, 9}, .confidence = 1})
                .error()
                .where,
            "confidence");
}

}  // namespace
}  // namespace sfumato
