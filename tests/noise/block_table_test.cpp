#include "noise/block_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "noise/gaussian_attempts.h"
#include "noise/gaussian_blocks.h"
#include "noise/instruction_sets.h"
#include "noise/led_bits.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/law.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr double kTableScales[] = {1e-300, 0.1, 1, 3.5, 63.99, 64, 127.99, 1e3, 1e9, 0x1p62};

TEST(BlockTable, SigmaIs32To64BlocksWideOrBlocksAreSingleNumbers) {
  for (const double sigma : {1e-300, 1.0, 31.0, 0x1.fffffffffffffp5})
    EXPECT_EQ(block_shift(exact_scale(sigma)), 0);
  for (const double sigma : {64.0, 127.9, 128.0, 1e15, 0x1p62}) {
    const double blocks = std::ldexp(sigma, -block_shift(exact_scale(sigma)));
    EXPECT_GE(blocks, 32);
    EXPECT_LT(blocks, 64);
  }
}

// The blocks that are certain are those of the certified tails of noise/law.h.
TEST(BlockTable, BlocksOfSingleNumbersHaveTheTailsOfTheLaw) {
  for (const double sigma : {0.5, 3.5, 60.0}) {
    const BlockTable table(exact_scale(sigma));
    for (std::int64_t k = 1; k < static_cast<std::int64_t>(4 * sigma); ++k) {
      const auto tail =
          static_cast<std::uint32_t>(discrete_gaussian_tail(exact_scale(sigma), k).lower * 0x1p33);
      EXPECT_EQ(table.find(tail).certain, false) << sigma << ' ' << k;
      EXPECT_EQ(table.find(tail - 1).block, static_cast<std::uint64_t>(k));
      EXPECT_EQ(table.find(tail + 1).block, static_cast<std::uint64_t>(k - 1));
      EXPECT_TRUE(table.find(tail - 1).certain && table.find(tail + 1).certain);
    }
  }
}

TEST(BlockTable, WhatItFindsIsWhatTheDefinitionFinds) {
  for (const double sigma : kTableScales) {
    const BlockTable table(exact_scale(sigma));
    DiscreteGaussianDefinition definition(exact_scale(sigma));
    FixedBits bits(71);
    int doubts = 0;
    for (std::uint32_t i = 0; i < 40'000; ++i) {
      const std::uint32_t random = static_cast<std::uint32_t>(bits.next() >> 32);
      const std::uint32_t u = i < 9000 ? i : i < 10'000 ? ~i : random >> (i % 20);
      const BlockTable::Found found = table.find(u);
      doubts += !found.certain;
      if (!found.certain) continue;
      ASSERT_EQ(found.block, definition.block({std::uint64_t{u} << 32, 0}, bits)) << sigma << u;
    }
    EXPECT_LT(doubts, 200) << sigma;  // most of them among the 9000 least
  }
}

// If two thresholds lay in one bucket, a place in it would have the wrong block: so each border of a
// bucket is looked at, and each place beside a threshold, by the doubts that the table itself has.
TEST(BlockTable, NoTwoThresholdsLieInOneBucket) {
  for (double sigma = 32; sigma < 64; sigma += 0.37) {
    for (const double scale : {sigma, sigma * 1024, sigma * 0x1p-5}) {
      BlockTails sums(exact_scale(scale), 128);
      std::vector<int> held(BlockTable::kBuckets);
      const auto share = [&](std::size_t b) {
        return mpfr_get_d(sums[b].lower(), MPFR_RNDD) / mpfr_get_d(sums[0].lower(), MPFR_RNDD);
      };
      for (std::size_t b = 1; share(b) * 0x1p32 >= BlockTable::kLeast; ++b)
        ASSERT_EQ(held[BlockTable::bucket(static_cast<std::uint32_t>(share(b) * 0x1p32))]++, 0)
            << scale << ' ' << b;
    }
  }
}

TEST(AcceptanceOdds, EncloseTheExponential) {
  for (double a = 0; a < 0.4; a = a * 1.01 + 1e-9) {
    const AcceptanceOdds odds = acceptance_odds(a / 3, 1, 1);  // t·(2b + t) = 3
    EXPECT_LE(std::fabs(odds.value - std::exp(-a)), odds.margin - 0x1.9p-32);
    EXPECT_LE(odds.margin, a * a * a / 11.9 + 0x1p-31);
  }
}

/// Words of all lengths, and some that begin with a threshold: few uniform words would.
std::vector<std::uint64_t> attempt_words(const BlockTable& table) {
  FixedBits bits(72);
  std::vector<std::uint64_t> words;
  for (std::size_t i = 0; i < 1024; ++i) {
    const std::uint64_t word = bits.next();
    const std::uint64_t shapes[] = {word,      word, word, word >> (i % 64), ~(word >> (i % 64)),
                                    word << 32};
    words.push_back(shapes[i % 6]);
  }
  for (std::size_t bucket = 0, at = 0; bucket < BlockTable::kBuckets && at < 512; ++bucket)
    if (const std::uint64_t threshold = table.entries()[bucket] >> 32; threshold != 0)
      words[at] = threshold << 32 | (words[at] & 0x0FFFFFFF), at += 6;
  return words;
}

/// What the definition's steps make of an attempt: its value if it is certainly accepted.
struct PlainAttempt {
  std::int64_t noise;
  bool accepted;
  bool barely;  ///< not by the bound that the lanes take, of t cut to 32 places
};

PlainAttempt attempt_plainly(const BlockTable& table, std::uint64_t word, std::uint64_t rest) {
  const int shift = table.shift();
  const auto u = static_cast<std::uint32_t>(word >> 32);
  const BlockTable::Found found = table.find(u);
  const std::uint64_t number = shift == 0 ? 0 : rest >> (64 - shift);
  const int128 magnitude = (static_cast<int128>(found.block) << shift) + number;
  const auto block = static_cast<double>(found.block);
  const AcceptanceOdds odds =
      acceptance_odds(table.half_square(), block, std::ldexp(static_cast<double>(number), -shift));
  const double v = static_cast<double>((word & 0xFFFFFFFF) | 1) * 0x1p-32;
  const bool fits = magnitude != 0 && magnitude < int128{1} << 63;
  const bool taken = shift == 0 || (fits && odds.value - v > odds.margin);
  const double t = static_cast<double>((rest >> 32) + 1) * 0x1p-32;
  const double bound = 1 - table.half_square() * t * (2 * block + t);
  return {static_cast<std::int64_t>((word & 1) != 0 ? -magnitude : magnitude),
          taken && found.certain && u >= BlockTable::kLeast, shift != 0 && v > bound - 0x1p-29};
}

// No lane accepts what the plain steps do not, and what the bound accepts is not left out.
TEST(GaussianAttempts, EachLaneTakesThePlainSteps) {
  for (const double sigma : kTableScales) {
    const BlockTable table(exact_scale(sigma));
    const auto words = attempt_words(table);
    for (const std::size_t count : {0u, 1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 31u, 511u, 512u}) {
      std::vector<std::vector<std::uint16_t>> found;
      with_each_instruction_set([&] {
        std::vector<std::int64_t> noise(count + 1, -77);
        Doubts doubts;
        doubts.add(3);
        discrete_gaussian_kernel(table, words.data(), count, noise.data(), doubts);
        EXPECT_EQ(noise.back(), -77);
        found.emplace_back(doubts.indices().begin(), doubts.indices().end());
        EXPECT_EQ(found.back(), found.front());
        for (std::size_t i = 0; i < count; ++i) {
          const PlainAttempt plain =
              attempt_plainly(table, words[table.shift() == 0 ? i : 2 * i], words[2 * i + 1]);
          const bool doubtful = std::ranges::binary_search(found.back(), i);
          ASSERT_TRUE(doubtful || plain.accepted) << sigma << ' ' << i;
          ASSERT_TRUE(!doubtful || !plain.accepted || plain.barely) << sigma << ' ' << i;
          ASSERT_TRUE(doubtful || noise[i] == plain.noise) << sigma << i;
        }
      });
    }
  }
}

TEST(GaussianAttempts, SumsStopAtTheEndsOfInt64) {
  using Ends = std::numeric_limits<std::int64_t>;
  const std::vector<std::int64_t> some = {
      0, 1, -1, Ends::max(), Ends::min(), Ends::max() - 1, Ends::min() + 1, 77, -78};
  std::vector<std::int64_t> x, y, expected;
  for (const std::int64_t a : some) {
    for (const std::int64_t b : some) {
      x.push_back(a), y.push_back(b);
      const int128 sum = static_cast<int128>(a) + b;
      expected.push_back(sum > Ends::max()   ? Ends::max()
                         : sum < Ends::min() ? Ends::min()
                                             : static_cast<std::int64_t>(sum));
    }
  }
  with_each_instruction_set([&] {
    std::vector<std::int64_t> out = x;
    saturated_sums(out.data(), y.data(), out.data(), out.size());
    EXPECT_EQ(out, expected);
  });
}

TEST(DiscreteGaussian, ABatchIsTheSameOnEachInstructionSet) {
  for (const double sigma : kTableScales) {
    const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(sigma)).value();
    FixedBits single(73);
    std::vector<std::int64_t> singly(3001);
    for (std::int64_t& draw : singly) draw = law.draw(single);
    with_each_instruction_set([&] {
      FixedBits bits(73);
      std::vector<std::int64_t> out(singly.size());
      law.fill(out, bits);
      EXPECT_EQ(out, singly) << sigma;
    });
  }
}

}  // namespace
}  // namespace sfumato
