#include "sfumato/mechanism/partition_selection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "mechanism/truncated_geometric.h"
#include "support/bounds.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

PartitionSelection selection(double epsilon, double delta, std::int64_t max_groups = 1) {
  return PartitionSelection::make({.epsilon = Epsilon::make(epsilon).value(),
                                   .delta = Delta::make(delta).value(),
                                   .max_groups = max_groups})
      .value();
}

struct KeepPoint {
  double epsilon, delta;
  std::int64_t max_groups, units;
  double probability;
};

TEST(PartitionSelection, ProbabilitiesAgreeWithPublishedOnes) {
  const double ln2 = std::log(2.0);
  // Google's near truncated geometric selection, recomputed by mpmath at 60 digits.
  const KeepPoint kPoints[] = {
      {0.5, 0.02, 1, 6, 0.58840484458262712},
      {1e-20, 0.02, 1, 6, 0.12},
      {1e-20, 0.15, 1, 3, 0.45},
      {1e-20, 0.02, 1, 40, 0.8},
      {ln2, 0.1, 1, 2, 0.3},
      {ln2, 0.1, 1, 3, 0.7},
      {ln2, 0.1, 1, 4, 0.9},
      {ln2, 0.1, 1, 5, 1.0},
      {std::log(1.5), 0.1, 1, 2, 0.25},
      {std::log(1.5), 0.1, 1, 3, 0.475},
      {std::log(1.5), 0.1, 1, 4, 0.71666666666666667},
      {50, 1e-200, 1, 11, 1.0},
      {2 * ln2, 0.2, 2, 3, 0.71114561800016824},
  };
  for (const KeepPoint& p : kPoints) {
    const Bounds kept = selection(p.epsilon, p.delta, p.max_groups).keep_probability(p.units);
    EXPECT_NEAR(kept.lower / p.probability, 1, 1e-14) << p.units;
    EXPECT_LE(kept.upper - kept.lower, 3e-16);
    EXPECT_LE(kept.upper, 1);
  }
}

TEST(PartitionSelection, OneUnitIsKeptWithDelta) {
  EXPECT_NEAR(selection(1, 1e-9).keep_probability(1).upper / 1e-9, 1, 1e-14);
  EXPECT_NEAR(selection(1, 1e-200).keep_probability(1).upper / 1e-200, 1, 1e-14);
}

TEST(PartitionSelection, SeveralGroupsTogetherStayWithinEpsilonAndDelta) {
  for (std::int64_t groups : {2, 3, 7, 1000}) {
    const double one = selection(1, 1e-6, groups).keep_probability(1).upper;
    const double together = -std::expm1(static_cast<double>(groups) * std::log1p(-one));
    EXPECT_NEAR(together / 1e-6, 1, 1e-9);
    EXPECT_GT(one, 1e-6 / static_cast<double>(groups));  // more than an even split would give
    const double two = selection(1, 1e-6, groups).keep_probability(2).upper;
    EXPECT_NEAR(std::log((two - one) / one), 1 / static_cast<double>(groups), 1e-6);  // e^ε₁
  }
}

TEST(PartitionSelection, NeighboursAreWithinTheGuaranteeBothWays) {
  const PartitionSelection s = selection(0.7, 1e-3);
  for (std::int64_t n = 0; n < 60; ++n) {
    const Bounds less = s.keep_probability(n);
    const Bounds more = s.keep_probability(n + 1);
    EXPECT_LE(more.lower, std::exp(0.7) * less.upper + 1e-3 + 1e-15) << n;
    EXPECT_LE(1 - less.upper, std::exp(0.7) * (1 - more.lower) + 1e-3 + 1e-15) << n;
    EXPECT_GE(more.upper, less.lower) << n;
  }
}

TEST(PartitionSelection, GroupsWithoutUnitsAreNeverKept) {
  const PartitionSelection s = selection(1, 0.9);
  FixedBits bits(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(s.keep(0, bits));
    EXPECT_FALSE(s.keep(-5, bits));
    EXPECT_FALSE(s.keep(std::numeric_limits<std::int64_t>::min(), bits));
  }
  EXPECT_EQ(s.keep_probability(0).upper, 0);
  EXPECT_EQ(s.keep_probability(-1).upper, 0);
}

TEST(PartitionSelection, LargeGroupsAreAlwaysKept) {
  const PartitionSelection s = selection(1, 1e-6);
  CraftedBits bits({UINT64_MAX, UINT64_MAX, UINT64_MAX});
  EXPECT_TRUE(s.keep(40, bits));
  EXPECT_TRUE(s.keep(1'000'000, bits));
  EXPECT_TRUE(s.keep(std::numeric_limits<std::int64_t>::max(), bits));
}

TEST(PartitionSelection, EachGroupTakesOneWordWhateverItsSize) {
  const PartitionSelection s = selection(1, 1e-3);
  for (std::int64_t units : {-1, 0, 1, 5, 1000}) {
    FixedBits bits(3), reference(3);
    s.keep(units, bits);
    reference.next();
    EXPECT_EQ(bits.next(), reference.next()) << units;
  }
}

TEST(PartitionSelection, GroupsAreKeptAsOftenAsTheLawSays) {
  const PartitionSelection s = selection(0.5, 0.02);
  FixedBits bits(9);
  for (std::int64_t units : {1, 3, 6, 9}) {
    const double p = s.keep_probability(units).lower;
    int kept = 0;
    for (int i = 0; i < 40'000; ++i) kept += s.keep(units, bits);
    EXPECT_NEAR(kept, 40'000 * p, 5 * std::sqrt(40'000 * p * (1 - p))) << units;
  }
}

// π(1) = δ exactly: 0.3, as a double, is 0x4CCCCCCCCCCCCC·2^-56 and all bits beyond are zero.
TEST(PartitionSelection, TheDecisionIsExactToTheLastBit) {
  const PartitionSelection s = selection(1, 0.3);
  const auto edge = static_cast<std::uint64_t>(std::ldexp(0.3, 64));
  CraftedBits below({edge - 1}), at({edge}), above({edge + 1});
  EXPECT_TRUE(s.keep(1, below));
  EXPECT_FALSE(s.keep(1, at));  // U > 0.3 but for a null set
  EXPECT_FALSE(s.keep(1, above));
}

TEST(PartitionSelection, FurtherBitsDecideWhereTheFirst64DoNot) {
  // δ = 2^-66: the first word is zero on both sides, and the first two bits of the next one tell.
  const PartitionSelection s = selection(1, 0x1p-66);
  CraftedBits below({0}, {{{0, 1}, 0x3ffffffffffffffe}});
  CraftedBits above({0}, {{{0, 1}, 0x4000000000000000}});
  CraftedBits far({1});
  EXPECT_TRUE(s.keep(1, below));
  EXPECT_FALSE(s.keep(1, above));
  EXPECT_FALSE(s.keep(1, far));
  EXPECT_EQ(below.deepest_level(), 1u);
  EXPECT_EQ(far.deepest_level(), 0u);
}

TEST(PartitionSelection, TenWordsOfOneRealDecideWhereNineAgree) {
  const PartitionSelection s = selection(0.5, 0.02);
  Enclosure rest = keep_probability(Enclosure(0.5, 2048), Enclosure(0.02, 2048), 6);
  std::vector<std::uint64_t> words;  // the first 640 bits of π(6)
  while (words.size() < 10) {
    const Enclosure scaled = rest.scaled(64);
    words.push_back(scaled.floor_lower_unsigned());
    rest = scaled - Enclosure::ratio(words.back(), 1);
  }
  CraftedBits::Extensions extensions;
  for (std::uint32_t level = 1; level < 10; ++level) extensions[{0, level}] = words[level];
  for (std::uint64_t off : {std::uint64_t{1}, ~std::uint64_t{0}}) {
    extensions[{0, 9}] = words[9] + off;
    CraftedBits bits({words[0]}, extensions);
    EXPECT_EQ(s.keep(6, bits), off != 1);
    EXPECT_EQ(bits.deepest_level(), 9u);
  }
}

TEST(PartitionSelection, ADeltaOf1e200IsReachedByBitsAloneAndExactly) {
  // 1e-200 = 2^-664.4: ten words of zeros, then 2^-64·0x17b…; the first word after them decides.
  const PartitionSelection s = selection(1, 1e-200);
  CraftedBits::Extensions zeros;
  for (std::uint32_t level = 1; level < 10; ++level) zeros[{0, level}] = 0;
  const auto edge = static_cast<std::uint64_t>(std::ldexp(1e-200, 704));
  const auto shifted = [&](std::uint64_t word) {
    CraftedBits::Extensions extensions = zeros;
    extensions[{0, 10}] = word;
    return extensions;
  };
  CraftedBits below({0}, shifted(edge - 1)), above({0}, shifted(edge + 1));
  EXPECT_TRUE(s.keep(1, below));
  EXPECT_FALSE(s.keep(1, above));
  EXPECT_EQ(above.deepest_level(), 10u);
}

TEST(PartitionSelection, BeyondItsTableTheClosedFormDecides) {
  const PartitionSelection s = selection(1e-6, 1e-5);  // turns at about 48,000 units
  const Bounds p = s.keep_probability(40'000);
  const auto edge = static_cast<std::uint64_t>(std::ldexp(p.lower, 64));
  CraftedBits below({edge - (1 << 12)}), above({edge + (1 << 12)});
  EXPECT_TRUE(s.keep(40'000, below));
  EXPECT_FALSE(s.keep(40'000, above));
}

TEST(PartitionSelection, TheCostIsWhatWasAskedFor) {
  const PartitionSelection s = selection(0.5, 1e-6, 3);
  EXPECT_EQ(s.cost().epsilon, 0.5_eps);
  EXPECT_EQ(s.cost().delta, 1e-6_delta);
  EXPECT_EQ(s.max_groups(), 3);
}

TEST(PartitionSelection, WithoutDeltaNothingCouldBeShownSoItIsRefused) {
  const auto made =
      PartitionSelection::make({.epsilon = 1.0_eps, .delta = 0.0_delta, .max_groups = 1});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "delta");
}

TEST(PartitionSelection, ABoundBelowOneIsRefused) {
  for (std::int64_t groups : {0, -1}) {
    const auto made =
        PartitionSelection::make({.epsilon = 1.0_eps, .delta = 1e-6_delta, .max_groups = groups});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().where, "max_groups");
    EXPECT_EQ(made.error().message, "must be at least 1");
  }
}

TEST(PartitionSelection, SharesThatVanishAreRefused) {
  const auto made = PartitionSelection::make(
      {.epsilon = Epsilon::make(5e-324).value(), .delta = 0.5_delta, .max_groups = 2});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "max_groups");
}

}  // namespace
}  // namespace sfumato
