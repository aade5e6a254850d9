#include "sfumato/random/bit_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <thread>
#include <vector>

#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMaxWord = std::numeric_limits<std::uint64_t>::max();

// SplitMix64 as a Python program has it, whose first words for state 0 are those of the paper.
TEST(BitSource, APairIsTwoWordsOfOnePageWithTheirAddresses) {
  FixedBits pairs(5), words(5);
  for (int i = 0; i < 3000; ++i) {
    const auto [first, second] = pairs.lazy_pair();
    for (const LazyWord& word : {first, second}) {
      const LazyWord same = words.lazy();
      ASSERT_EQ(word.bits, same.bits);
      ASSERT_EQ(word.address, same.address);
    }
  }
}

TEST(FixedBits, WordsAreThoseOfSplitMix) {
  FixedBits zero(0), one(1);
  EXPECT_EQ(zero.next(), 0xa706dd2f4d197e6fU);
  EXPECT_EQ(zero.next(), 0xb382a305f4414f5eU);
  EXPECT_EQ(one.next(), 0x5e41ab087439611eU);
  for (int i = 1; i < 5000; ++i) one.next();
  EXPECT_EQ(one.next(), 0xb730291a9dfbdb84U);
  EXPECT_EQ(zero.extension(7, 2), 0x1e39c62c3b100f08U);
  EXPECT_EQ(one.extension(7, 2), 0x0b20082c4906520bU);
}

TEST(FixedBits, AreTheSameHoweverTheyAreTaken) {
  FixedBits singly(5), in_loans(5);
  for (std::size_t count = 1; count <= BitSource::kMaxTake; count += 93) {
    const Words words = in_loans.take(count);
    ASSERT_EQ(words.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const LazyWord word = singly.lazy();
      ASSERT_EQ(words[i], word.bits);
      ASSERT_EQ(words.data()[i], word.bits);
      ASSERT_EQ(words.lazy(i).bits, word.bits);
      ASSERT_EQ(words.lazy(i).address, word.address);
    }
  }
}

TEST(FixedBits, CountTheExtensionsThatWereAskedOf) {
  FixedBits bits(5);
  EXPECT_EQ(bits.extensions_asked(), 0U);
  EXPECT_EQ(bits.deepest_level(), 0U);
  EXPECT_EQ(bits.extension(3, 4), bits.extension(3, 4));
  EXPECT_NE(bits.extension(3, 1), bits.extension(3, 2));
  EXPECT_NE(bits.extension(3, 1), bits.extension(4, 1));
  EXPECT_EQ(bits.extensions_asked(), 6U);
  EXPECT_EQ(bits.deepest_level(), 4U);
}

TEST(FixedBits, GoOnInAnotherThread) {
  FixedBits bits(8), same(8);
  EXPECT_EQ(bits.next(), same.next());
  std::uint64_t word = 0;
  std::thread([&] { word = bits.next(); }).join();
  EXPECT_EQ(word, same.next());
  EXPECT_EQ(bits.next(), same.next());
}

TEST(CraftedBits, AreWhatIsWrittenAndThenFixedBits) {
  CraftedBits bits({11, 22}, {{{0, 1}, 33}, {{1, 2}, 44}});
  FixedBits fixed(0);
  EXPECT_EQ(bits.next(), 11U);
  EXPECT_EQ(bits.lazy().address, 1U);
  EXPECT_EQ(bits.next(), fixed.next());
  EXPECT_EQ(bits.extension(0, 1), 33U);
  EXPECT_EQ(bits.extension(1, 2), 44U);
  EXPECT_EQ(bits.extension(1, 1), fixed.extension(1, 1));
  EXPECT_EQ(bits.extensions_asked(), 3U);
  EXPECT_EQ(bits.deepest_level(), 2U);
}

TEST(Words, AreWipedWhenGivenBackAndNoWordBesidesThem) {
  FixedBits bits(9), same(9);
  const std::uint64_t* place = nullptr;
  {
    const Words words = bits.take(1000);
    place = words.data();
    EXPECT_NE(place[0] | place[999], 0U);
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(place[i], 0U);
  for (int i = 0; i < 1000; ++i) same.next();
  EXPECT_EQ(bits.next(), same.next());
}

TEST(Words, AreWipedWhenReadSinglyAndInPairs) {
  FixedBits bits(9);
  const std::uint64_t* place = nullptr;
  { place = bits.take(1).data() + 1; }
  EXPECT_NE(place[0], 0U);
  bits.next();
  EXPECT_EQ(place[0], 0U);
  EXPECT_NE(place[1], 0U);
  bits.lazy_pair();
  EXPECT_EQ(place[1], 0U);
  EXPECT_EQ(place[2], 0U);
  EXPECT_NE(place[3], 0U);
}

TEST(WordsDeathTest, APageIsNotRefilledUnderALoan) {
  FixedBits bits(9);
  const Words words = bits.take(BitSource::kMaxTake);
  EXPECT_DEATH(
      {
        for (std::size_t i = 0; i <= BitSource::kMaxTake; ++i) bits.next();
      },
      "");
}

TEST(Below, EachNumberComesUpAsOften) {
  for (const std::uint64_t bound : {1ULL, 2ULL, 3ULL, 7ULL, 100ULL, 1000ULL}) {
    FixedBits bits(bound);
    std::vector<double> counts(bound);
    for (int i = 0; i < 200'000; ++i) ++counts.at(bits.below(bound));
    const std::vector<double> expected(bound, 200'000.0 / static_cast<double>(bound));
    EXPECT_GE(g_test(counts, expected).p_value, kLeastPValue) << bound;
  }
}

// Without rejection, numbers of two residues mod 3 would come up twice as often as the third.
TEST(Below, IsUniformForBoundsThatHardlyFitAWord) {
  for (const std::uint64_t bound :
       {kMaxWord / 2 + 2, std::uint64_t{3} << 62, kMaxWord - 5, kMaxWord}) {
    FixedBits bits(bound);
    std::vector<double> thirds(3), parts(16);
    for (int i = 0; i < 100'000; ++i) {
      const std::uint64_t x = bits.below(bound);
      ASSERT_LT(x, bound);
      ++thirds[x % 3];
      ++parts[x / (bound / 16 + 1)];
    }
    const std::vector<double> third(3, 100'000 / 3.0), part(16, 100'000 / 16.0);
    EXPECT_GE(g_test(thirds, third).p_value, kLeastPValue) << bound;
    EXPECT_GE(g_test(parts, part).p_value, kLeastPValue) << bound;
  }
}

// 2^64 mod 3 is 1: of all words, only 0 is left over. 3 · 0xAA…AB is 2·2^64 + 1.
TEST(Below, RejectsJustTheWordsThatAreLeftOver) {
  CraftedBits rejected({0, kMaxWord}), kept({0xAAAAAAAAAAAAAAAB, 7}), never({0});
  EXPECT_EQ(rejected.below(3), 2U);
  EXPECT_EQ(rejected.lazy().address, 2U);
  EXPECT_EQ(kept.below(3), 2U);
  EXPECT_EQ(kept.lazy().address, 1U);
  EXPECT_EQ(never.below(4), 0U);  // a power of two leaves none over
  EXPECT_EQ(never.lazy().address, 1U);
}

TEST(Below, OneLeavesNoChoice) {
  FixedBits bits(1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(bits.below(1), 0U);
}

TEST(GoodnessOfFit, TailsAreThoseOfTheClosedForms) {
  for (double x = 0.25; x < 200; x *= 1.5) {
    EXPECT_NEAR(chi_squared_tail(x, 1) / std::erfc(std::sqrt(x / 2)), 1, 1e-11) << x;
    EXPECT_NEAR(chi_squared_tail(x, 2) / std::exp(-x / 2), 1, 1e-11) << x;
    EXPECT_NEAR(chi_squared_tail(x, 4) / (std::exp(-x / 2) * (1 + x / 2)), 1, 1e-11) << x;
  }
  EXPECT_NEAR(chi_squared_tail(18.307038053275146, 10), 0.05, 1e-12);
  EXPECT_NEAR(chi_squared_tail(233.99426889, 200), 0.05, 1e-9);
  EXPECT_EQ(chi_squared_tail(0, 3), 1);
  EXPECT_EQ(chi_squared_tail(INFINITY, 3), 0);
}

TEST(GoodnessOfFit, GIsTheLikelihoodRatio) {
  const double observed[] = {30, 70}, expected[] = {50, 50};
  const auto fit = g_test(observed, expected);
  EXPECT_NEAR(fit.statistic, 2 * (30 * std::log(0.6) + 70 * std::log(1.4)), 1e-12);
  EXPECT_EQ(fit.degrees, 1);
  EXPECT_NEAR(fit.p_value, std::erfc(std::sqrt(fit.statistic / 2)), 1e-15);
}

TEST(GoodnessOfFit, SmallBinsAreMergedUntilEachExpectsEnough) {
  const double observed[] = {4, 4, 4, 90, 1, 1}, expected[] = {4, 4, 4, 90, 1, 1};
  EXPECT_EQ(g_test(observed, expected, 10).degrees, 1);
  EXPECT_EQ(g_test(observed, expected, 1).degrees, 5);
}

TEST(GoodnessOfFit, WhatCanNotBeDoesNotFit) {
  const double observed[] = {1, 99}, expected[] = {0, 100};
  EXPECT_EQ(g_test(observed, expected).p_value, 0);
}

TEST(GoodnessOfFit, ALawThatIsAHundredthOffFails) {
  FixedBits bits(4);
  std::vector<std::int64_t> draws(400'000);
  for (auto& x : draws) x = static_cast<std::int64_t>(bits.below(10));
  expect_law(draws, [](std::int64_t) { return 0.1; });
  const auto wrong = fit_of_law(std::span<const std::int64_t>(draws),
                                [](std::int64_t x) { return x < 5 ? 0.1 * 1.01 : 0.1 * 0.99; });
  EXPECT_LT(wrong.p_value, kLeastPValue);
}

TEST(GoodnessOfFit, AMissingTailFails) {
  FixedBits bits(4);
  std::vector<std::int64_t> draws(10'000);
  for (auto& x : draws) x = static_cast<std::int64_t>(bits.below(99));
  const auto fit = fit_of_law(std::span<const std::int64_t>(draws), [](auto) { return 0.01; });
  EXPECT_LT(fit.p_value, kLeastPValue);
}

TEST(GoodnessOfFit, RealDrawsAreJudgedByTheirCumulativeLaw) {
  FixedBits bits(4);
  std::vector<double> draws(100'000);
  for (auto& x : draws) x = std::ldexp(static_cast<double>(bits.next() >> 11), -53);
  expect_cdf(draws, [](double x) { return x; });
  EXPECT_LT(fit_of_cdf(draws, [](double x) { return x * x; }).p_value, kLeastPValue);
  EXPECT_LT(fit_of_cdf(draws, [](double x) { return 0.98 * x; }).p_value, kLeastPValue);
}

}  // namespace
}  // namespace sfumato
