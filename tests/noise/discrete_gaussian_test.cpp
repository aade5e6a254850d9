#include "sfumato/noise/discrete_gaussian.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "noise/gaussian_blocks.h"
#include "noise/integer_gaussian.h"
#include "noise/led_bits.h"
#include "sfumato/noise/law.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

constexpr std::int64_t kLeastWhole = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMostWhole = std::numeric_limits<std::int64_t>::max();

DiscreteGaussian discrete_gaussian(std::uint64_t numerator, std::uint64_t denominator) {
  return DiscreteGaussian::make(exact_scale(numerator, denominator)).value();
}

std::int64_t within_int64(int128 x) {
  return static_cast<std::int64_t>(std::clamp<int128>(x, kLeastWhole, kMostWhole));
}

struct KnownAttempt {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::uint64_t rest;  ///< the second word, which small scales have not
  std::vector<std::uint64_t> extensions;
  std::int64_t draw;
};

// By an independent program, mpmath 1.3 at 6000 bits: sums of weights term by term.
const KnownAttempt kKnownAttempts[] = {
    {1,
     1,
     0x4164d8399f767c45,
     0x5bc8fbbcbde5c099,
     {0xb0c11fdecb91ce37, 0xd76d4330f1446bea, 0xa6eb8c9ebd69fe29},
     -1},
    {1,
     1,
     0x87b0b125ec1d7da0,
     0xd7210dff076ce2ef,
     {0xc6a5387777330bdb, 0x3fc1ea36f17fd374, 0xd464138a6233255},
     1},
    {1,
     1,
     0x2827688de6a1,
     0x5f2dd97f1cfb10f6,
     {0xde5271007814e8a2, 0x617959ce3f1f65a8, 0x1a1afe878b33e968},
     -5},
    {7,
     2,
     0x3fd4235992edcf45,
     0xbb2edb20035b7399,
     {0x687c966c377b9aa2, 0x2e9c82b1478c281d, 0xde11cc9dea959c21},
     -4},
    {7,
     2,
     0x63b229f1c4069545,
     0xc30d8b7628dbd25e,
     {0x126a1e48cc11d357, 0x9e30691c238642ea, 0x71e0c07e9e115e4b},
     -3},
    {7,
     2,
     0x21da8978206f,
     0xf8eb18b900745130,
     {0x15c33b2df1461aa, 0xc60a3cab359eeefb, 0xf5cae3bf3729c619},
     -17},
    {63,
     1,
     0x2a759159fb7ff337,
     0x2a9eba0cdf561d80,
     {0x504b74ba4a0fe75d, 0x32ea6928f6236bf2, 0xe049548e8a0a8c96},
     -87},
    {63,
     1,
     0xa02fdaa1ad864c44,
     0x2e81d66d346c6e2b,
     {0xf7f35634f0e3cd97, 0x3266aa3bb0cde917, 0xf7108e96f770c226},
     31},
    {63,
     1,
     0x621aef57e4cc,
     0x585a01c4c7d6df0,
     {0x6a3753915c76f18a, 0xef901b932a7c1880, 0x43892dfc254cb864},
     286},
    {1,
     3,
     0x54f46a6910acff00,
     0xd14125844d25deb3,
     {0x960d5a8f9a656aaf, 0x9892139600ddb74d, 0xb52a43abad8d194a},
     0},
    {1,
     3,
     0x10e6d8e6568068b9,
     0x5af84e6b4f596727,
     {0x4e5a3a26d18a669a, 0xb24891917b121dc5, 0x2f4d4c8650d7d13f},
     0},
    {1,
     3,
     0x78f845f57b31,
     0x2d1634b4b4653252,
     {0x419521fe0e979cf3, 0xf06313fff9a01fe8, 0xf3001cee05da8467},
     -1},
    {1,
     1000,
     0x5b8e8fb2bff29101,
     0x677fd139d84a1d3a,
     {0x8c8f95ef04a012e8, 0x6b384309c9a937a6, 0x60597bdc5dbe4409},
     0},
    {1,
     1000,
     0xd75b1e249419cf4d,
     0x73ec28d00252f615,
     {0xb52fa53c0bf64ef7, 0x9faba8272e50bd4e, 0xf453324ef486ab73},
     0},
    {1,
     1000,
     0x1e782196324f,
     0x3eff8b3fc177f113,
     {0xd1ca4dc4edfde416, 0x76531737f129c8c6, 0x8332f05a58296818},
     0},
    {1000,
     1,
     0xe488b6c85ad3ba32,
     0x403a960a8652dbd0,
     {0x767d5274c68deb5d, 0x96fabb7b1ba95a54, 0xc7eec61bbf9703c0},
     132},
    {1000,
     1,
     0x5e0730b3cc170c31,
     0x4bbdbb01dc14ed57,
     {0x6ed78f5d0960afe9, 0xfa749692f21ff5eb, 0x355f2af41757905e},
     -900},
    {1000,
     1,
     0x834c1b69573a,
     0x5cd5061c9c5f319e,
     {0x25f02628eb07c30d, 0x4692ba0357079670, 0xb3de08f9ec983704},
     4469},
    {1000000000000,
     7,
     0x17921e6c8b8e8f4e,
     0xaf9b74f84ffcbf42,
     {0x4e613a365119cdcc, 0xcc7c6d812d6f2efc, 0xa07657d61404ab1e},
     243464369400},
    {1000000000000,
     7,
     0xb89c4e56261c374b,
     0x4f2e84fcb06dbee0,
     {0x7bd9e8a1ff297d0e, 0xb85a5cd22959fea3, 0x14b9adb50c6dea3d},
     -48573089020},
    {1000000000000,
     7,
     0x99c4258bfc98,
     0xec717f158895787f,
     {0x825c7cc67e84707, 0xbd953dc23cc21779, 0x58056ed0980dc6ff},
     635327053589},
    {4611686018427387904,
     1,
     0x400db00dd3881a50,
     0xa6a5bc9974a677c6,
     {0x2547f19c6bf84914, 0xfaa30fac0e42d43c, 0xa36939efea83854a},
     5426076109968592111},
    {4611686018427387904,
     1,
     0xcd39e15808606af8,
     0x558d2adb7e5a3930,
     {0x3501e088d6a34d3e, 0xfb368220216d27a2, 0x90656c8fbb4e5c11},
     1201082681068926066},
    {4611686018427387904,
     1,
     0x21fdac3af325,
     0xe580c35ea161d909,
     {0x69f0441ec9bafe62, 0x2b37d8171b4c24c2, 0x5f7cc5d86f3f0240},
     kLeastWhole},
};

struct DoubtfulBlock {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;
  std::uint64_t block;
};

// By the same program: U is the share of the blocks from `block` on, cut off after one extension, or
// three; what goes on with zeros lies below it, and what goes on with ones above.
const DoubtfulBlock kDoubtfulBlocks[] = {
    {1, 1, 0x99deeb3900000000, {0xda230e5e03f72984}, 1},
    {1, 1, 0x99deeb3900000000, {0xda230e5e03f72984, 0x7ffee9dd7c0432bb, 0x6f5b139196b9fb8f}, 1},
    {1, 1, 0x256a0d700000001, {0xbfd77d1324f843af}, 3},
    {1, 1, 0x256a0d700000001, {0xbfd77d1324f843af, 0x3706201daceaca49, 0x141fb62a76f05a8b}, 3},
    {7, 2, 0x3caf33000000000, {0xcd4334fdafe3c3c1}, 9},
    {7, 2, 0x3caf33000000000, {0xcd4334fdafe3c3c1, 0xffdbd98cbe39d7df, 0x9bc010529a4bcdcd}, 9},
    {63, 1, 0x650aff00000001, {0xe45f50e361361b2c}, 200},
    {63, 1, 0x650aff00000001, {0xe45f50e361361b2c, 0xc6f1626d9ab441c3, 0x44a108ff250e3a13}, 200},
    {1, 3, 0x5906eac00000000, {0x80a5ab40bd44f830}, 1},
    {1, 3, 0x5906eac00000000, {0x80a5ab40bd44f830, 0x69981220bce80000, 0xad10d69750f4342d}, 1},
    {1000, 1, 0x8627525700000000, {0x12f215903ecd25f9}, 40},
    {1000, 1, 0x8627525700000000, {0x12f215903ecd25f9, 0x469b0b3638158288, 0xdace2b004ee7502b}, 40},
    {4611686018427387904, 1, 0x794de900000001, {0x8660884b13c90d59}, 100},
    {4611686018427387904,
     1,
     0x794de900000001,
     {0x8660884b13c90d59, 0xaaad399f26a5c2dc, 0x1b8acf18c5034dc5},
     100},
};

struct DoubtfulAcceptance {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::uint64_t rest;
  std::vector<std::uint64_t> extensions;
  std::int64_t block;  ///< and its sign
  std::uint64_t number;
};

// By the same program: V = exp(-(m² - m₀²)/2σ²), cut off in the same way.
const DoubtfulAcceptance kDoubtfulAcceptances[] = {
    {64, 1, 0x5820b277fc3f1d24, 0x8000000000000000, {0xe2e7f4e52d421f7d}, 30, 1},
    {64,
     1,
     0x5820b277fc3f1d25,
     0x8000000000000000,
     {0xe2e7f4e52d421f7d, 0xb0e9b7ee1ee5b9e2, 0x4049d2464e614ae6},
     -30,
     1},
    {1000, 1, 0x6bc8d4e9fd547a2e, 0xd000000000000000, {0x108c94f934df0381}, 50, 13},
    {1000,
     1,
     0x6bc8d4e9fd547a2f,
     0xd000000000000000,
     {0x108c94f934df0381, 0x8debb69c6bad0766, 0xb1a1b72aa116e9b8},
     -50,
     13},
    {1000, 7, 0xec398f35ffd7df1a, 0x4000000000000000, {0x11b8495b59e0fa2}, 3, 1},
    {1000,
     7,
     0xec398f35ffd7df1b,
     0x4000000000000000,
     {0x11b8495b59e0fa2, 0xf7c7943b75e6ad5c, 0xa1ee53bcadd88314},
     -3,
     1},
    {1000000000000,
     1,
     0x2f43f50bfa35f262,
     0xffffffff40000000,
     {0x52973558a268362a},
     77,
     17179869181},
    {1000000000000,
     1,
     0x2f43f50bfa35f263,
     0xffffffff40000000,
     {0x52973558a268362a, 0x1a0cbf80e61bea0f, 0x1dbb6a6dab62abfb},
     -77,
     17179869181},
    {4611686018427387904,
     1,
     0x86842135faed0bac,
     0xffffffffffffff80,
     {0x9b5c2fd81496e872},
     20,
     144115188075855871},
    {4611686018427387904,
     1,
     0x86842135faed0bad,
     0xffffffffffffff80,
     {0x9b5c2fd81496e872, 0xe8ab1939c1d608eb, 0x5a3ef8f2aa64a68f},
     -20,
     144115188075855871},
    {4611686018427387904,
     1,
     0x13e6be9f4f6b572,
     0x8000000000181c80,
     {0xa6ebd88d94007c48},
     90,
     72057594037940281},
    {4611686018427387904,
     1,
     0x13e6be9f4f6b573,
     0x8000000000181c80,
     {0xa6ebd88d94007c48, 0xe525652a235b2dee, 0x1a6010c6e5808c0c},
     -90,
     72057594037940281},
};

struct DiscreteGaussianSetting {
  Scale sigma;
  int draws;
};

std::vector<DiscreteGaussianSetting> discrete_gaussian_settings() {
  return {{exact_scale(1, 1), 100'000},    {exact_scale(1, 3), 100'000},
          {exact_scale(10, 1), 600'000},   {exact_scale(7, 2), 100'000},
          {exact_scale(50, 1), 100'000},   {exact_scale(0x1.fffffffffffffp5), 20'000},
          {exact_scale(64, 1), 10'000},    {exact_scale(1000, 7), 10'000},
          {exact_scale(1e12), 5'000},      {exact_scale(0x1p50), 5'000},
          {exact_scale(0x1p62), 10'000},   {exact_scale(1, 1000), 5'000},
          {exact_scale(1e-30), 2'000},     {exact_scale(1e-300), 2'000},
          {exact_scale(0x1p-1074), 2'000}, {exact_scale(~0ULL, ~0ULL - 1), 10'000}};
}

TEST(DiscreteGaussian, EachDrawIsThatOfTheDefinition) {
  std::uint64_t seed = 400;
  for (const auto& [sigma, draws] : discrete_gaussian_settings()) {
    const DiscreteGaussian law = DiscreteGaussian::make(sigma).value();
    DiscreteGaussianDefinition definition(sigma);
    FixedBits fast(++seed), slow(seed);
    std::vector<std::int64_t> batch(static_cast<std::size_t>(draws * patience()));
    law.fill(batch, fast);
    for (std::size_t i = 0; i < batch.size(); ++i)
      ASSERT_EQ(batch[i], within_int64(definition.draw(slow)))
          << "sigma " << sigma.to_double_up() << ", draw " << i;
    EXPECT_EQ(fast.lazy().address, slow.lazy().address);
  }
}

TEST(DiscreteGaussian, DrawsAreThoseOfAnIndependentProgram) {
  for (const auto& [numerator, denominator, word, rest, extensions, draw] : kKnownAttempts) {
    CraftedBits bits({word, rest}, led({{0, extensions}}));
    EXPECT_EQ(discrete_gaussian(numerator, denominator).draw(bits), draw) << word;
  }
}

TEST(DiscreteGaussian, DeeperBitsDecideTheBlockWhereEarlierOnesLeaveADoubt) {
  for (const auto& [numerator, denominator, word, extensions, block] : kDoubtfulBlocks) {
    DiscreteGaussianDefinition definition(exact_scale(numerator, denominator));
    const int shift = block_shift(exact_scale(numerator, denominator));
    for (const auto& [others, expected] : {std::pair{kOnes, block - 1}, {0, block}}) {
      CraftedBits bits({word, 0}, led({{0, extensions, others}})),
          same({word, 0}, led({{0, extensions, others}}));
      const auto magnitude = static_cast<int128>(expected) << shift;
      const std::int64_t draw = discrete_gaussian(numerator, denominator).draw(bits);
      EXPECT_EQ(draw, within_int64((word & 1) != 0 ? -magnitude : magnitude)) << word;
      EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
      EXPECT_EQ(definition.block({word, 0}, same), expected);
    }
  }
}

TEST(DiscreteGaussian, DeeperBitsDecideAcceptanceWhereEarlierOnesLeaveADoubt) {
  for (const auto& [numerator, denominator, word, rest, extensions, block, number] :
       kDoubtfulAcceptances) {
    const int shift = block_shift(exact_scale(numerator, denominator));
    const int128 first = static_cast<int128>(block < 0 ? -block : block) << shift;
    const int128 magnitude = first + static_cast<std::int64_t>(number);
    for (const std::uint64_t others : {kOnes, std::uint64_t{0}}) {
      CraftedBits bits({word, rest}, led({{1, extensions, others}}));
      const std::int64_t draw = discrete_gaussian(numerator, denominator).draw(bits);
      const bool first_taken = bits.lazy().address == 2;
      EXPECT_EQ(first_taken, others == 0) << word;
      EXPECT_TRUE(!first_taken || draw == within_int64(block < 0 ? -magnitude : magnitude)) << draw;
      EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
    }
  }
}

TEST(DiscreteGaussian, TheLeastUniformNumbersAreDecidedByDeeperBits) {
  for (const double sigma : {1.0, 50.0, 1e6}) {
    const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(sigma)).value();
    DiscreteGaussianDefinition definition(exact_scale(sigma));
    const auto extensions = led({{0, {0, 7}, kOnes}});  // U is about 2^-157
    CraftedBits fast({0, 0}, extensions), slow({0, 0}, extensions);
    const std::int64_t draw = law.draw(fast);
    EXPECT_EQ(draw, within_int64(definition.draw(slow)));
    EXPECT_NEAR(static_cast<double>(draw) / sigma, 14.4, 0.8);  // mpmath: erfc(14.4/√2) = 2^-156
  }
}

TEST(DiscreteGaussian, DrawsFollowTheLaw) {
  for (const auto& [numerator, denominator] : {std::pair{1u, 3u},
                                               {1u, 1u},
                                               {7u, 2u},
                                               {50u, 1u},
                                               {29u, 10u},
                                               {1u, 2u},
                                               {64u, 1u},
                                               {700u, 3u}}) {
    const DiscreteGaussian law = discrete_gaussian(numerator, denominator);
    FixedBits bits(52);
    std::vector<std::int64_t> draws(400'000);
    law.fill(draws, bits);
    expect_law(draws, [&](std::int64_t k) { return discrete_gaussian_mass(law.scale(), k).lower; });
  }
}

// Φ by libm: for σ from 10^4 on, sums of masses and the integral differ by less than e^(-2π²σ²).
TEST(DiscreteGaussian, WideDrawsFollowTheNormalLaw) {
  for (const double sigma : {1e4, 123456.789, 1e12, 0x1p55}) {
    const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(sigma)).value();
    FixedBits bits(59);
    std::vector<std::int64_t> draws(400'000);
    law.fill(draws, bits);
    expect_cdf(draws, [&](std::int64_t k) {
      return 0.5 * std::erfc(-(static_cast<double>(k) + 0.5) / (sigma * std::sqrt(2.0)));
    });
  }
}

TEST(DiscreteGaussian, TwoSamplersOfTheSameLawCannotBeToldApart) {
  for (const std::uint64_t sigma : {3u, 80u}) {
    FixedBits bits(60), others(61);
    std::vector<std::int64_t> draws(200'000);
    discrete_gaussian(sigma, 1).fill(draws, bits);
    std::vector<double> ours(20 * sigma + 1), theirs(20 * sigma + 1);
    for (const std::int64_t k : draws)
      ++ours[static_cast<std::size_t>(k + static_cast<std::int64_t>(10 * sigma))];
    for (std::size_t i = 0; i < draws.size(); ++i)
      ++theirs[static_cast<std::size_t>(integer_gaussian(sigma, others) +
                                        static_cast<std::int64_t>(10 * sigma))];
    double statistic = 0, degrees = -1;  // of counts with equal totals: (a - b)² / (a + b)
    for (std::size_t i = 0; i < ours.size(); ++i) {
      if (ours[i] + theirs[i] < 20) continue;
      statistic += (ours[i] - theirs[i]) * (ours[i] - theirs[i]) / (ours[i] + theirs[i]);
      ++degrees;
    }
    EXPECT_GE(chi_squared_tail(statistic, degrees), kLeastPValue) << statistic << ' ' << degrees;
  }
}

// Canonne, Kamath, Steinke, theorem 5: for σ = 1, P(0) = 1 / Σ exp(-k²/2) = 0.3989422…
TEST(DiscreteGaussian, DrawsOfSigmaOneAreZeroWithOdds0_39894228) {
  FixedBits bits(53);
  std::vector<std::int64_t> draws(1 << 20);
  discrete_gaussian(1, 1).fill(draws, bits);
  const auto zeros = static_cast<double>(std::count(draws.begin(), draws.end(), 0));
  EXPECT_NEAR(zeros / 0x1p20, 0.39894228, 5 * 0.49 * 0x1p-10);
}

TEST(DiscreteGaussian, NoiseFarNarrowerThanAUnitIsZero) {
  const DiscreteGaussian law = discrete_gaussian(1, 1000);
  FixedBits bits(55);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(law.release(i, bits), i);
}

TEST(DiscreteGaussian, ReleasesStopAtTheEndsOfInt64) {
  const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(0x1p62)).value();
  FixedBits bits(56);
  std::vector<std::int64_t> most(1000, kMostWhole), least(1000, kLeastWhole);
  law.release(most, most, bits);
  law.release(least, least, bits);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(most, kMostWhole)), 500, 80);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(least, kLeastWhole)), 500, 80);
}

TEST(DiscreteGaussian, ABatchIsItsSingleDraws) {
  for (const double sigma : {3.5, 1e3, 0x1p62}) {
    const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(sigma)).value();
    for (const std::size_t count : {0u, 1u, 2u, 511u, 512u, 513u, 1025u, 20'001u}) {
      FixedBits filled(57), released(57), drawn(57);
      std::vector<std::int64_t> fill(count), x(count), singly(count);
      for (std::size_t i = 0; i < count; ++i) {
        x[i] = i % 3 == 0 ? kLeastWhole + 5 : static_cast<std::int64_t>(i);
        singly[i] = law.release(x[i], drawn);
      }
      law.fill(fill, filled);
      law.release(x, x, released);
      ASSERT_EQ(x, singly) << sigma << ", " << count;
      EXPECT_EQ(filled.lazy().address, drawn.lazy().address);
      EXPECT_EQ(released.lazy().address + 1, drawn.lazy().address);
    }
  }
}

TEST(DiscreteGaussian, OneWordMakesAValueOfASmallScaleAndTwoWordsAnAttemptOfAWideOne) {
  for (const auto& [numerator, denominator, least, most] : {std::tuple{1u, 1000u, 1.0, 1.0},
                                                            {63u, 1u, 1.0, 1.0},
                                                            {64u, 1u, 2.0, 2.06},
                                                            {1000u, 1u, 2.0, 2.06},
                                                            {1u << 31, 1u, 2.0, 2.06}}) {
    FixedBits bits(58);
    std::vector<std::int64_t> out(100'000);
    discrete_gaussian(numerator, denominator).fill(out, bits);
    const auto words = static_cast<double>(bits.lazy().address) / 1e5;
    EXPECT_GE(words, least) << numerator;
    EXPECT_LE(words, most) << numerator;
    EXPECT_LE(bits.extensions_asked(), 4u) << "odds of MPFR are below 2^-18 a value";
  }
}

TEST(DiscreteGaussian, CopiesDrawAlike) {
  const DiscreteGaussian law = discrete_gaussian(7, 2), copy = law;
  FixedBits bits(62), same(62);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(copy.draw(same), law.draw(bits));
  EXPECT_EQ(copy.scale(), exact_scale(7, 2));
}

TEST(DiscreteGaussian, AScaleBeyondInt64IsRefused) {
  const auto refused = DiscreteGaussian::make(exact_scale(0x1.0000000000001p62));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "scale");
  EXPECT_EQ(refused.error().message, "must be at most 2^62 for noise on whole numbers");
}

}  // namespace
}  // namespace sfumato
