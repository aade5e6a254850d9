#include "sfumato/noise/skellam.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "noise/led_bits.h"
#include "noise/poisson.h"
#include "sfumato/noise/law.h"
#include "support/effort.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

Skellam skellam(std::uint64_t numerator, std::uint64_t denominator) {
  return Skellam::make(exact_scale(numerator, denominator)).value();
}

struct KnownDraw {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::vector<std::uint64_t> words;
  std::int64_t draw;
};

// By an independent program: mpmath 1.3 at 70 digits.
const KnownDraw kKnownDraws[] = {
    {1, 2, {0xf2a74de452e6b438, 0x6513270e269e0d37}, 1},
    {1, 2, {0x0c5c7fd0a6a3a450, 0xd23f0824128b2f33}, -1},
    {25, 1, {0x1818e811892f902b, 0x9531985d5d9dc9f8}, -5},
    {25, 1, {0xe8e25d940ed90475, 0x36f675cc81e74ef5}, 7},
    {1000, 7, {0x1600a35a099950d8, 0x6b0d549b6f03675a}, -10},
    {1000, 7, {0x3d9c172411e20b8f, 0x8d116ece1738f7d9}, -7},
    {8000, 1, {0x0f21ddb66cad4a26, 0x90c192cfd3ac94af}, -109},
    {8000, 1, {0xf28c105d1fb17c23, 0xa170b33839263059}, 82},
    {8000, 1, {0x0000000000000123, 0xffffffffffffff00}, -1068},
    {8000, 1, {0x003f1d2c3b4a5968, 0x0001a2b3c4d5e6f7}, 59},
    {8000, 1, {0xffc0000000000001, 0x0000000012345678}, 609},
    {8192, 1, {0x953f48f1a09f76b5, 0x0fd630f1f29d0da9, 0x95e60af593bd04cf, 0x0cb1e29c658cda14, 0x3898d190f9ebdacc, 0x8e81973e0becd7b0}, 48},
    {8192, 1, {0x2217beaddbc496cb, 0x6b4cb2424a23d596, 0x8a6a63ec24ede6a4, 0x922766581e27a1c0, 0x8f6d05584ef8aa38, 0xae97ba94d0eda82f}, -41},
    {8192, 1, {0xffffffffff000000, 0x8123456789abcdef, 0x1000000000000000, 0xfff0123456789abc, 0x4123456789abcdef, 0x2000000000000000}, 696},
    {8192, 1, {0x0000000000000001, 0xfedcba9876543210, 0x0100000000000000, 0xfffffffffffffe00, 0x2222222222222222, 0x3000000000000000}, -547},
    {1000000, 1, {0x1a61dbe22e44158b, 0x923a736994e3bf91, 0x301850c5a38fd547, 0x18f135d25f557203, 0xb64ce4228c38fb29, 0x907a70c31012f037}, -181},
    {1000000, 1, {0x9e7769b10f4205b4, 0x7f15052434b9b5df, 0x881ed162ae2eb154, 0xc6f877186d76b07e, 0x7731af10506bf2ef, 0xec66a78795e761d1}, -1487},
    {1000000000000, 3, {0x5c90a9587403e430, 0x3f98e2774cbd87ad, 0x2e05319acb5c7427, 0xc7a2ea20b2f14c94, 0x14f4733f3e7d1bfb, 0x4cdd2055930d6eaf}, -690834},
    {1000000000000, 3, {0x7ebff20686734721, 0x57ee05cde00902c7, 0x72e6cc3ababced20, 0x9be4bcfc49b64a08, 0x12bd4acefaecbd38, 0x830e07bc1e398f10}, 617813},
};

TEST(Skellam, DrawsAreThoseOfAnIndependentProgram) {
  for (const auto& [numerator, denominator, words, draw] : kKnownDraws) {
    CraftedBits bits(words);
    EXPECT_EQ(skellam(numerator, denominator).draw(bits), draw) << words.front();
    EXPECT_EQ(bits.next(), FixedBits(0).next()) << "other words than those were taken";
  }
}

double mass_of(std::uint64_t numerator, std::uint64_t denominator, std::int64_t k) {
  return skellam_mass(exact_scale(numerator, denominator), k).upper;
}

TEST(Skellam, DrawsFollowTheirLaw) {
  FixedBits bits(1301);
  for (const auto& [numerator, denominator] :
       {std::pair{1u, 2u}, {7u, 2u}, {25u, 1u}, {1000u, 7u}}) {
    std::vector<std::int64_t> draws(static_cast<std::size_t>(times(200'000, 100'000'000)));
    skellam(numerator, denominator).fill(draws, bits);
    std::map<std::int64_t, double> masses;
    expect_law(draws, [&](std::int64_t k) {
      const auto [at, fresh] = masses.try_emplace(std::abs(k), 0);
      if (fresh) at->second = mass_of(numerator, denominator, at->first);
      return at->second;
    });
  }
}

// Beyond μ = 8192 by blocks. Edgeworth's series, of kurtosis 1/μ: its next terms are about 1/μ² of it.
TEST(Skellam, WideDrawsFollowTheirLaw) {
  const auto draw = [](double mu) {
    FixedBits bits(1302);
    std::vector<std::int64_t> draws(static_cast<std::size_t>(times(200'000, 10'000'000)));
    Skellam::make(exact_scale(mu)).value().fill(draws, bits);
    return draws;
  };
  for (const double mu : {8192.0, 1e5})
    expect_law(draw(mu), [&](std::int64_t k) {
      const double square = static_cast<double>(k) * static_cast<double>(k) / mu;
      const double fourth = square * square - 6 * square + 3;
      return std::exp(-square / 2) / std::sqrt(2 * M_PI * mu) * (1 + fourth / (24 * mu));
    });
  expect_cdf(draw(1e12), [](std::int64_t k) {
    return 0.5 * std::erfc(-(static_cast<double>(k) + 0.5) / (1e6 * std::sqrt(2.0)));
  });
}

TEST(Skellam, SharesTogetherAreSkellamNoiseOfTheSumOfTheirMu) {
  FixedBits bits(1303);
  const Skellam large = skellam(5, 2), small = skellam(1, 3);
  std::vector<std::int64_t> sums(static_cast<std::size_t>(times(100'000, 100'000'000)));
  for (std::int64_t& sum : sums) {
    for (int party = 0; party < 4; ++party) sum = large.release(sum, bits);
    for (int party = 0; party < 3; ++party) sum = small.release(sum, bits);
  }
  std::map<std::int64_t, double> masses;
  expect_law(sums, [&](std::int64_t k) {
    const auto [at, fresh] = masses.try_emplace(std::abs(k), 0);
    if (fresh) at->second = mass_of(11, 1, at->first);
    return at->second;
  });
}

/// A Poisson number of mean 1, by whole numbers.
///
/// Origin  Duchon, Duvignau: Preserving the number of cycles of length k in a growing uniform permutation, 2016
std::int64_t poisson_of_one(BitSource& bits) {
  std::uint64_t n = 1, g = 0;
  std::int64_t k = 1;
  for (;; ++n) {
    const std::uint64_t i = bits.below(n + 1) + 1;
    if (i == n + 1)
      ++k;
    else if (i > g)
      --k, g = n + 1;
    else
      return k;
  }
}

/// One of mean numerator/denominator: each of as many points as whole numbers make stays with these odds.
std::int64_t poisson_by_whole_numbers(std::uint64_t numerator, std::uint64_t denominator,
                                      BitSource& bits) {
  std::int64_t k = 0;
  for (std::uint64_t whole = 0; whole * denominator < numerator; ++whole) {
    const std::uint64_t left = numerator - whole * denominator;
    for (std::int64_t points = poisson_of_one(bits); points > 0; --points)
      k += bits.below(denominator) < left ? 1 : 0;
  }
  return k;
}

TEST(Skellam, NumbersMadeOfWholeNumbersAloneFollowTheSameLaw) {
  FixedBits bits(1304);
  for (const auto& [numerator, denominator] : {std::pair{1u, 2u}, {7u, 2u}, {25u, 1u}}) {
    std::vector<std::int64_t> draws(20'000);
    for (std::int64_t& draw : draws)
      draw = poisson_by_whole_numbers(numerator, 2 * denominator, bits) -
             poisson_by_whole_numbers(numerator, 2 * denominator, bits);
    expect_law(draws, [&](std::int64_t k) { return mass_of(numerator, denominator, k); });
  }
}

TEST(Skellam, TheLawOfAnotherMuIsTold) {
  FixedBits bits(1305);
  std::vector<std::int64_t> draws(200'000);
  skellam(25, 1).fill(draws, bits);
  const auto fit = fit_of_law(std::span<const std::int64_t>(draws),
                              [](std::int64_t k) { return mass_of(26, 1, k); });
  EXPECT_LT(fit.p_value, kLeastPValue);
}

// exp and the rest in doubles against MPFR, in all blocks a word can choose.
TEST(Skellam, AcceptanceInDoublesIsThatOfTheDefinition) {
  for (const double mu : {8192.0, 12345.5, 1e7, 1e12, 0x1p50}) {
    const Poisson law(exact_scale(mu));
    FixedBits bits(1306);
    int certain = 0, tried = 0;
    for (std::uint32_t block = 0; block < 1000; block += 1 + block / 4) {
      for (int i = 0; i < 4; ++i, ++tried) {
        const Poisson::Candidate candidate{
            block, static_cast<std::int64_t>(bits.next() >> (64 - law.shift()))};
        const LazyWord word = bits.lazy();
        const auto settled = law.accepted(candidate, word);
        if (!settled) continue;
        ++certain;
        EXPECT_EQ(*settled, law.accepted_by_definition(candidate, word, bits))
            << mu << ' ' << block << ' ' << candidate.rest;
      }
    }
    EXPECT_GT(certain, tried / 2);
  }
}

/// The word whose V is nearest to the odds of this number against the likeliest of its block.
std::uint64_t word_near(double odds) {
  return static_cast<std::uint64_t>(std::ldexp(odds, 64));
}

// λ = 4096, the block of 4097 and 4098 is the third: P(4099)/P(4098) = 4096/4099.
TEST(Skellam, OddsThatDoublesCannotTellAreTakenToTheDefinition) {
  const Poisson law(exact_scale(8192.0));
  const Poisson::Candidate candidate{2, 1};
  ASSERT_EQ(law.shift(), 1);
  const double odds = 4096.0 / 4099;
  for (const double off : {-0x1p-45, 0x1p-45}) {
    CraftedBits bits({word_near(odds + off)});
    const LazyWord word = bits.lazy();
    EXPECT_EQ(law.accepted(candidate, word), std::nullopt);
    EXPECT_EQ(law.accepted_by_definition(candidate, word, bits), off < 0);
  }
  for (const double off : {-0x1p-35, 0x1p-35}) {
    CraftedBits bits({word_near(odds + off)});
    EXPECT_EQ(law.accepted(candidate, bits.lazy()), off < 0);
  }
}

// e^-1 begins with 0x5e2d58d8b3bcdf1a | 0xbadec7829054f90d: the word leaves in doubt whether U is less, its bits decide.
TEST(Skellam, DeeperBitsDecideWhereAWordIsTheThresholdItself) {
  for (const auto& [others, expected] : {std::pair{kOnes, 1}, {std::uint64_t{0}, 0}}) {
    CraftedBits bits({0x5e2d58d8b3bcdf1a, 0}, led({{0, {0xbadec7829054f90d}, others}}));
    EXPECT_EQ(skellam(2, 1).draw(bits), expected);
    EXPECT_GT(bits.deepest_level(), 1u) << "no doubt was left";
  }
}

TEST(Skellam, AWordBeyondEveryThresholdIsSettledByTheDefinition) {
  for (const double mu : {2.0, 1e4}) {
    CraftedBits bits({kOnes, 0, 0, 0x8000000000000000, 0, 0}, led({{0, {}, 0}}));
    const std::int64_t draw = Skellam::make(exact_scale(mu)).value().draw(bits);
    EXPECT_GT(static_cast<double>(std::abs(draw)), 8 * std::sqrt(mu / 2)) << mu;
  }
}

TEST(Skellam, WhatIsReleasedIsSaturated) {
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  FixedBits bits(1307);
  const Skellam law = skellam(100, 1);
  int ends = 0;
  for (int i = 0; i < 100; ++i) ends += law.release(kEnd, bits) == kEnd;
  EXPECT_GT(ends, 30);
  EXPECT_LT(ends, 70);
}

TEST(Skellam, AFillIsItsSingleDraws) {
  for (const double mu : {3.5, 1e6}) {
    const Skellam law = Skellam::make(exact_scale(mu)).value();
    FixedBits filled(1308), drawn(1308);
    std::vector<std::int64_t> fill(1000);
    law.fill(fill, filled);
    for (const std::int64_t k : fill) ASSERT_EQ(k, law.draw(drawn));
  }
}

TEST(Skellam, RefusesWhatItCannotDraw) {
  const auto makes = [](double mu) { return static_cast<bool>(Skellam::make(exact_scale(mu))); };
  EXPECT_TRUE(makes(0x1p-40));
  EXPECT_FALSE(makes(0x1.fp-41));
  EXPECT_FALSE(makes(0x1.1p50));
  const auto refused = Skellam::make(exact_scale(0x1p51));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "mu");
  EXPECT_EQ(refused.error().message, "must lie between 2^-40 and 2^50");
}

// mpmath: besseli(k, mu)·exp(-mu).
TEST(Skellam, MassesAreThoseOfBesselFunctions) {
  EXPECT_NEAR(mass_of(25, 1, 7) / 0.0296972135764541648, 1, 1e-15);
  EXPECT_NEAR(mass_of(25, 1, -7) / 0.0296972135764541648, 1, 1e-15);
  EXPECT_NEAR(mass_of(1, 2, 7) / 7.40276116283383006e-9, 1, 1e-15);
  EXPECT_NEAR(mass_of(400, 1, 7) / 0.0187664775279034631, 1, 1e-15);
}

}  // namespace
}  // namespace sfumato
