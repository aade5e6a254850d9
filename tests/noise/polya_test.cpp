#include "sfumato/noise/polya.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "noise/cluster.h"
#include "noise/definition.h"
#include "noise/led_bits.h"
#include "sfumato/noise/geometric.h"
#include "sfumato/noise/law.h"
#include "support/effort.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

Polya polya(std::uint64_t numerator, std::uint64_t denominator, std::uint32_t parts) {
  return Polya::make(exact_scale(numerator, denominator), parts).value();
}

struct KnownPart {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint32_t parts;
  std::vector<std::uint64_t> words;
  std::int64_t draw;
};

// By an independent program: mpmath 1.3 at 700 bits.
const KnownPart kKnownParts[] = {
    {1,
     1,
     1,
     {0xf08db22fd293056a, 0x4ad5cfbc1d74bd1c, 0xf3faa8e879eaa723, 0xffec3fee8ed2305d,
      0x3ce1268c9c8052e3, 0x8e4edc90253d9e30, 0xa93f32a9a1725102},
     0},
    {1, 1, 2, {0xd5de6e91074206e2, 0x7f453a0ef5097b4f, 0xcadd40e92c34bf1c}, -1},
    {1,
     1,
     10,
     {0xff6af8af81df6383, 0x63783933d5f00510, 0x54dc77a72ed0d50a, 0x1e07ea63524ca98f,
      0x8d0d866b16519537},
     0},
    {1, 3, 1, {0xeab7658c144f0b6a, 0xc8c0817cc814db98, 0xf926a2d089b8a6a0}, 1},
    {1, 3, 2, {0xf9a5a4fb8d53694c, 0x59f63b7e1f1950d9, 0x879be8e7efd59629}, -1},
    {1, 3, 10, {0xffbbec168cf72913, 0xbacba0f3fd85afb8, 0x82f94d41635c8148}, 1},
    {20,
     1,
     1,
     {0x1250c3adb6face89, 0xbcd18c092da80b82, 0x3438fa1b7b4cd6cd, 0x915bb3908a9fb148,
      0xbcbff630c4fa1a1c, 0x531cb51f528d6d88, 0x3aca1137780132b5},
     20},
    {20,
     1,
     2,
     {0x7c6b1c64309c9b1e, 0x6fa8fe3f93d142f2, 0x90cb515ef0966667, 0xbccfa6b862fba05d,
      0xdf0c5b2fa8c99e40, 0xc89d1ce98e8547bf, 0x66e3b1d9321439f8},
     -10},
    {20, 1, 10, {0xc93a3d1b3631cb82, 0xa7f1f60a9d26e8d6, 0xa5b4d9a6fe7ba90a}, 3},
    {1000000007,
     9,
     10,
     {0xa4b8fc624e84d753, 0x54a9b365ab2b7988, 0xf702a20a56ee8a7b, 0x6de7e8a4a4ee527f,
      0x80cc337430fa7879, 0x5a7318af802c4984, 0xa484a827c8f1603e, 0x4114520836938222,
      0xcbe2df4f5ac95568},
     -1604},
};

TEST(Polya, DrawsAreThoseOfAnIndependentProgram) {
  for (const auto& [numerator, denominator, parts, words, draw] : kKnownParts) {
    CraftedBits bits(words);
    EXPECT_EQ(polya(numerator, denominator, parts).draw(bits), draw) << words.front();
    EXPECT_EQ(bits.next(), FixedBits(0).next()) << "other words than those were taken";
  }
}

struct DoubtfulCluster {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t u;
  std::uint64_t v;
  std::vector<std::uint64_t> digits;  // of V = (1 - (1 - a)^U)^(size - 1), cut off
  std::int64_t size;
};

// By the same program. What goes on with ones is above that V, and a cluster of one less.
const DoubtfulCluster kDoubtfulClusters[] = {
    {1, 1, 0xf047f5d139c95ff4, 0x1f5411f764b86e30, {0x3503e38ad66db65b, 0x6cb0c23c636c661}, 3},
    {20, 1, 0x58407683287951e0, 0x1d06b7d5cc38f658, {0xcbbaee983709b7d8, 0x84eb7018374cbf94}, 6},
    {1000, 3, 0x25413b32ab9038fc, 0x3, {0x3b4b879078d18f36, 0xde1ee696f6d4cc88}, 78},
};

TEST(Polya, DeeperBitsDecideOnTheSizeOfACluster) {
  for (const auto& [numerator, denominator, u, v, digits, size] : kDoubtfulClusters) {
    for (const auto& [others, expected] : {std::pair{kOnes, size - 1}, {std::uint64_t{0}, size}}) {
      CraftedBits bits({u, v}, led({{0, {}}, {1, digits, others}}));
      const auto [first, second] = bits.lazy_pair();
      const int128 drawn =
          cluster_by_definition(exact_scale(numerator, denominator), first, second, bits);
      EXPECT_EQ(static_cast<std::int64_t>(drawn), expected) << u;
      EXPECT_GT(bits.deepest_level(), digits.size()) << "no doubt was left";
    }
  }
}

// Of all sizes, up to where doubles settle none.
TEST(Polya, AClusterInDoublesIsThatOfTheDefinition) {
  for (const double scale : {0x1p-5, 0.4, 1.0, 20.0, 1e4, 1e9, 0x1p40, 0x1p62}) {
    const Scale s = exact_scale(scale);
    const double log_odds = -std::log(-std::expm1(-1 / scale));
    FixedBits bits(1206);
    int certain = 0;
    const int tried = 1'000 * patience();
    for (int i = 0; i < tried; ++i) {
      const auto [u, v] = bits.lazy_pair();
      const auto settled = certain_cluster(log_odds, u.bits, v.bits);
      if (!settled) continue;
      ++certain;
      ASSERT_EQ(*settled, static_cast<std::int64_t>(cluster_by_definition(s, u, v, bits)))
          << scale << ' ' << u.bits << ' ' << v.bits;
    }
    if (scale <= 1e9) {
      EXPECT_GT(certain, scale <= 1e4 ? tried - 3 : tried * 98 / 100) << scale;
    }
  }
}

TEST(Polya, DoublesLeaveClustersNearAWholeQuotientToTheDefinition) {
  int left = 0;
  for (const auto& [numerator, denominator, u, v, digits, size] : kDoubtfulClusters) {
    const double scale = static_cast<double>(numerator) / static_cast<double>(denominator);
    left += certain_cluster(-std::log(-std::expm1(-1 / scale)), u, v) ? 0 : 1;
  }
  EXPECT_EQ(left, 3);
}

struct DoubtfulNumber {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint32_t parts;
  std::uint64_t word;
  std::vector<std::uint64_t> digits;  // of P(N <= clusters), cut off
  std::uint32_t clusters;
};

// By the same program. What goes on with ones is above that, and makes one cluster more.
const DoubtfulNumber kDoubtfulNumbers[] = {
    {1, 1, 2, 0xa1d2a7274c4320e5, {0x4521387d6fab06f2, 0x2567fa554a9388cc}, 0},
    {20, 1, 1, 0x25c680f9c2c52335, {0x1f41882c24d77768, 0x450d25da037985f}, 3},
    {20, 1, 10, 0xe071eae92653ab5b, {0x1f6b1be3d4743c03, 0x344f705f0f993846}, 1},
};

TEST(Polya, DeeperBitsDecideOnTheNumberOfClusters) {
  for (const auto& [numerator, denominator, parts, word, digits, clusters] : kDoubtfulNumbers) {
    const Polya law = polya(numerator, denominator, parts);
    for (const auto& [others, expected] :
         {std::pair{kOnes, clusters + 1}, {std::uint64_t{0}, clusters}}) {
      std::vector<std::uint64_t> words(20);
      std::iota(words.begin(), words.end(),
                0);  // how many were taken tells how many clusters there were
      words.front() = word;
      CraftedBits bits(words, led({{0, digits, others}}));
      law.draw(bits);
      EXPECT_EQ(bits.next(), 2 * expected + 1) << word;
    }
  }
}

TEST(Polya, AWordBeyondEveryThresholdIsSettledByTheDefinition) {
  CraftedBits bits({kOnes, 1, 2, 3, 4, 5, 6}, led({{0, {}, kOnes}}));
  const Clusters clusters{exact_scale(1, 1), 1000};
  std::uint32_t last = 0;
  while (clusters.threshold(last) != kOnes) ++last;
  const LazyWord word = bits.lazy();
  std::uint32_t least = last;
  while (!clusters.at_most(least, word, bits)) ++least;
  EXPECT_GT(least, last) << "no number beyond the thresholds was in question";

  std::vector<std::uint64_t> words(2 * least + 2);
  std::iota(words.begin(), words.end(), 0);
  words.front() = kOnes;
  CraftedBits same(words, led({{0, {}, kOnes}}));
  polya(1, 1, 1000).draw(same);
  EXPECT_EQ(same.next(), 2 * least + 1);
}

struct PolyaSetting {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint32_t parts;
};

const PolyaSetting kSettings[] = {{1, 1, 1}, {1, 1, 2}, {20, 1, 3}, {20, 1, 10}, {7, 2, 100}};

/// P(X = k) for k = 0, 1, …, until they are below 1e-20.
std::vector<double> masses_of_polya(const PolyaSetting& of) {
  const double a =
      std::exp(-static_cast<double>(of.denominator) / static_cast<double>(of.numerator));
  const double r = 1.0 / of.parts;
  std::vector<double> masses = {std::pow(1 - a, r)};
  for (double k = 0; masses.back() > 1e-20; ++k)
    masses.push_back(masses.back() * a * (k + r) / (k + 1));
  return masses;
}

double mass_of_part(const std::vector<double>& masses, std::int64_t x) {
  const auto apart = static_cast<std::size_t>(std::abs(x));
  double mass = 0;
  for (std::size_t k = 0; k + apart < masses.size(); ++k) mass += masses[k] * masses[k + apart];
  return mass;
}

TEST(Polya, PartsFollowTheirLaw) {
  FixedBits bits(1201);
  for (const PolyaSetting& setting : kSettings) {
    std::vector<std::int64_t> parts(static_cast<std::size_t>(times(100'000, 10'000'000)));
    polya(setting.numerator, setting.denominator, setting.parts).fill(parts, bits);
    const std::vector<double> masses = masses_of_polya(setting);
    expect_law(parts, [&](std::int64_t x) { return mass_of_part(masses, x); });
  }
}

/// X by whole numbers: a geometric number k stays with odds (r · (1 + r) ⋯ (k - 1 + r)) / k!, r = 1/parts, else it is
/// drawn anew.
std::int64_t polya_by_rejection(const Geometric& geometric, std::uint32_t parts, BitSource& bits) {
  for (;;) {
    const std::int64_t k = geometric.draw(bits);
    std::int64_t j = 0;
    while (j < k && bits.below((static_cast<std::uint64_t>(j) + 1) * parts) <
                        static_cast<std::uint64_t>(j) * parts + 1)
      ++j;
    if (j == k) return k;
  }
}

TEST(Polya, APartMadeOfWholeNumbersFollowsTheSameLaw) {
  FixedBits bits(1202);
  for (const PolyaSetting& setting : kSettings) {
    const Geometric geometric =
        Geometric::make(exact_scale(setting.numerator, setting.denominator)).value();
    std::vector<std::int64_t> parts(20'000);
    for (std::int64_t& part : parts)
      part = polya_by_rejection(geometric, setting.parts, bits) -
             polya_by_rejection(geometric, setting.parts, bits);
    const std::vector<double> masses = masses_of_polya(setting);
    expect_law(parts, [&](std::int64_t x) { return mass_of_part(masses, x); });
  }
}

TEST(Polya, AllPartsTogetherAreDiscreteLaplaceNoise) {
  FixedBits bits(1203);
  for (const PolyaSetting& setting : kSettings) {
    const Polya law = polya(setting.numerator, setting.denominator, setting.parts);
    std::vector<std::int64_t> sums(static_cast<std::size_t>(times(20'000, setting.parts < 100 ? 100'000'000 : 1'000'000)));
    for (std::int64_t& sum : sums)
      for (std::uint32_t part = 0; part < setting.parts; ++part) sum = law.release(sum, bits);
    expect_law(sums, [&](std::int64_t x) { return discrete_laplace_mass(law.scale(), x).upper; });
  }
}

TEST(Polya, OneOfTwoPartsIsNotTheWhole) {
  FixedBits bits(1204);
  const Polya law = polya(1, 1, 2);
  std::vector<std::int64_t> parts(4'000);
  law.fill(parts, bits);
  const auto fit = fit_of_law(std::span<const std::int64_t>(parts), [&](std::int64_t x) {
    return discrete_laplace_mass(law.scale(), x).upper;
  });
  EXPECT_LT(fit.p_value, kLeastPValue);
}

TEST(Polya, WhatIsBeyondTheEndsOfInt64BecomesTheNearerEnd) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const Polya law = Polya::make(exact_scale(0x1p62), 1).value();
  FixedBits bits(1205);
  int ends = 0;
  for (int i = 0; i < 40; ++i) {
    const std::int64_t drawn = law.release(kMost / 2, bits);
    ends += drawn == kMost || drawn == -kMost - 1;
  }
  EXPECT_GT(ends, 0);
  EXPECT_LT(ends, 40);
}

TEST(Polya, RefusesWhatItCannotDraw) {
  const auto makes = [](double scale, std::uint32_t parts) {
    return static_cast<bool>(Polya::make(exact_scale(scale), parts));
  };
  EXPECT_TRUE(makes(0x1p-5, 1));
  EXPECT_FALSE(makes(0x1.fp-6, 1));
  EXPECT_TRUE(makes(0x1p62, 1));
  EXPECT_FALSE(makes(0x1p63, 1));
  EXPECT_FALSE(makes(1, 0));
  EXPECT_TRUE(makes(1, Polya::kMostParts));
  EXPECT_FALSE(makes(1, Polya::kMostParts + 1));
}

}  // namespace
}  // namespace sfumato
