#include "sfumato/noise/discrete_laplace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "noise/definition.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

constexpr std::int64_t kBottom = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kTop = std::numeric_limits<std::int64_t>::max();

DiscreteLaplace discrete_laplace(std::uint64_t numerator, std::uint64_t denominator) {
  return DiscreteLaplace::make(exact_scale(numerator, denominator)).value();
}

struct KnownDiscreteLaplace {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;
  std::int64_t draw;
};

// By an independent program: mpmath 1.3 at 6000 bits.
const KnownDiscreteLaplace kKnownDiscreteLaplace[] = {
    {1, 1, 0x84ab512146d66c33, {0x2f8d67f4f6f13e22, 0x3594c05f98a8a6e0, 0x75edb2047c6a0e2a}, -1},
    {1, 1, 0xffff6d9ba35070dc, {0x8de84c4c0dccce7a, 0xd781c65598f3f0, 0x592f3f2344d0a426}, 0},
    {1, 1, 0x2c8a58ed51, {0x243fb7ec49f11d8d, 0xe4beed782abec259, 0x36fdaf9022ee091e}, -18},
    {1, 3, 0x24c20bf8b32a2335, {0xe49196dbbd929b4d, 0xdc46b32e3bfbcd9e, 0x76cd20086f0d43ff}, 0},
    {1, 3, 0xffff7c60fd0ba03a, {0x811c0ba341d7b993, 0x70880ca84a417f4d, 0x8af9825de58552d0}, 0},
    {1, 3, 0x38840ad72b, {0xf045cccc00c20d93, 0x801def94316bb522, 0x5ae0f2b6c538477c}, -6},
    {7, 2, 0x67b1af76e78b62bd, {0xfa3c32829b218015, 0x2cb09f67af7bbbd6, 0xe703fe08f899a8b5}, -3},
    {7, 2, 0xffff7ca515580899, {0x23ee6beda7990848, 0xfa5c9dedf7302e61, 0x12348a329f3e587d}, 0},
    {7, 2, 0x107eb9aac1, {0xc00b53be7c9a7bfc, 0x6d8a7ecae6aafed5, 0x88ba78d5bc6b54a5}, -68},
    {50, 1, 0xf2eeccffd7e93378, {0x3a6887db6a0cc232, 0x11377b17e389d959, 0x15b75f1db37dab30}, 3},
    {50, 1, 0xffff1c56221031ef, {0x906d29ffee8ec2aa, 0xffc4ed987156d7c1, 0x77eddd772d356630}, 0},
    {50, 1, 0xc2bf82f272, {0x6d250099a94a7277, 0x10f5fe0df79bb172, 0x299e56baebb57ee0}, 845},
    {1000000000,
     7,
     0x59fe21aff23393ab,
     {0xb0ee5e2633107019, 0x2961afb559651fdc, 0xd7c2f76df3dd29eb},
     -149349839},
    {1000000000,
     7,
     0xffffcb3164e23f4a,
     {0x7a4089f2e0ce393f, 0x10066ff65d460886, 0x4eb172206df53e04},
     450},
    {1000000000,
     7,
     0xb1f239068f,
     {0x8a6c83bae895ccb5, 0x384a678b45ffec90, 0xb079b750b9d2f1f2},
     -2428461231},
    {4611686018427387904,
     1,
     0x8c094cbb41000fb4,
     {0x180449883b4f6bdc, 0xe6b0d0bbf5729639, 0xe356c5d40346d52a},
     2782117540906672313},
    {4611686018427387904,
     1,
     0xffffaf451b1325e1,
     {0x6b83f4693d884b6, 0x7bdfb5cf0286ddd3, 0xc7d3571d1a054341},
     -22190962106916},
    {4611686018427387904,
     1,
     0x6c5bfcdc45,
     {0xabe35db51791e93d, 0x8bbdbffd6d45d99, 0x77ca7077b14c405b},
     kBottom},
    {1, 1000, 0xe4a02f88e89c59de, {0xa11ad4fdd8811c73, 0x86e25bc756483f64, 0x860893be275b13ca}, 0},
    {1, 1000, 0xffff849b7d6f6aa4, {0x3efd8a450707aaf6, 0xf3306558e276a727, 0x79e080e4c0d282df}, 0},
    {1, 1000, 0x69c50153fc, {0xeca61d3b7269c279, 0x982c3a2cf5e400b, 0xcd7de5f9ad05fe44}, 0},
    {2305843009213693953,
     3,
     0x1ccbfbdd700c2d8c,
     {0xea56ecaef7361785, 0x787061841df630d3, 0x65b867fe5ef7c428},
     1679355272064036729},
    {2305843009213693953,
     3,
     0xffff9c6f89fd78ea,
     {0xabd75d128b726db4, 0x4d4fd07816c94b1f, 0x1040da90b9bfc80},
     4561351297904},
    {2305843009213693953,
     3,
     0xfe3743465,
     {0xff52182154fc3f68, 0xf4827db9323f637f, 0xc25a224d651b748a},
     kBottom},
};

struct DoubtfulDiscreteLaplace {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;  ///< as those of the U that ends on a whole number
  std::uint64_t others;                   ///< all later ones
  std::int64_t draw;
};

// By the same program: U = exp(-(n - c)/s), cut off after one extension, or three, and then gone on with
// zeros or with ones.
const DoubtfulDiscreteLaplace kDoubtfulDiscreteLaplace[] = {
    {1, 1, 0x89b2b0a2a5d4326a, {0xdae23bc7349ee58b}, kOnes, 0},
    {1, 1, 0x89b2b0a2a5d4326a, {0xdae23bc7349ee58b}, 0, 1},
    {1,
     1,
     0x89b2b0a2a5d4326a,
     {0xdae23bc7349ee58b, 0x66cd42fa414b2df, 0x6931a02fd276d114},
     kOnes,
     0},
    {1, 1, 0x89b2b0a2a5d4326a, {0xdae23bc7349ee58b, 0x66cd42fa414b2df, 0x6931a02fd276d114}, 0, 1},
    {1, 1, 0x89b2b0a2a5d4326b, {0xdae23bc7349ee58b}, kOnes, 0},
    {1, 1, 0x89b2b0a2a5d4326b, {0xdae23bc7349ee58b}, 0, -1},
    {1,
     1,
     0x89b2b0a2a5d4326b,
     {0xdae23bc7349ee58b, 0x66cd42fa414b2df, 0x6931a02fd276d114},
     kOnes,
     0},
    {1, 1, 0x89b2b0a2a5d4326b, {0xdae23bc7349ee58b, 0x66cd42fa414b2df, 0x6931a02fd276d114}, 0, -1},
    {50, 1, 0x376e2c06cbf865e0, {0x508a080b4b1bc674}, kOnes, 76},
    {50, 1, 0x376e2c06cbf865e0, {0x508a080b4b1bc674}, 0, 77},
    {50,
     1,
     0x376e2c06cbf865e0,
     {0x508a080b4b1bc674, 0xe926a26fe067fc61, 0x7b2600239d296133},
     kOnes,
     76},
    {50,
     1,
     0x376e2c06cbf865e0,
     {0x508a080b4b1bc674, 0xe926a26fe067fc61, 0x7b2600239d296133},
     0,
     77},
    {50, 1, 0x376e2c06cbf865e1, {0x508a080b4b1bc674}, kOnes, -76},
    {50, 1, 0x376e2c06cbf865e1, {0x508a080b4b1bc674}, 0, -77},
    {50,
     1,
     0x376e2c06cbf865e1,
     {0x508a080b4b1bc674, 0xe926a26fe067fc61, 0x7b2600239d296133},
     kOnes,
     -76},
    {50,
     1,
     0x376e2c06cbf865e1,
     {0x508a080b4b1bc674, 0xe926a26fe067fc61, 0x7b2600239d296133},
     0,
     -77},
    {2305843009213693953, 3, 0x391f0ee496b83ace, {0x195dd8ae20fb765c}, kOnes, 1152921504606846975},
    {2305843009213693953, 3, 0x391f0ee496b83ace, {0x195dd8ae20fb765c}, 0, 1152921504606846976},
    {2305843009213693953,
     3,
     0x391f0ee496b83ace,
     {0x195dd8ae20fb765c, 0x88c8fc33a202b6b4, 0x507cc8c52526617b},
     kOnes,
     1152921504606846975},
    {2305843009213693953,
     3,
     0x391f0ee496b83ace,
     {0x195dd8ae20fb765c, 0x88c8fc33a202b6b4, 0x507cc8c52526617b},
     0,
     1152921504606846976},
    {2305843009213693953, 3, 0x391f0ee496b83acf, {0x195dd8ae20fb765c}, kOnes, -1152921504606846975},
    {2305843009213693953, 3, 0x391f0ee496b83acf, {0x195dd8ae20fb765c}, 0, -1152921504606846976},
    {2305843009213693953,
     3,
     0x391f0ee496b83acf,
     {0x195dd8ae20fb765c, 0x88c8fc33a202b6b4, 0x507cc8c52526617b},
     kOnes,
     -1152921504606846975},
    {2305843009213693953,
     3,
     0x391f0ee496b83acf,
     {0x195dd8ae20fb765c, 0x88c8fc33a202b6b4, 0x507cc8c52526617b},
     0,
     -1152921504606846976},
};

struct DiscreteSetting {
  Scale scale;
  int draws;
};

std::vector<DiscreteSetting> discrete_settings() {
  return {{exact_scale(1, 1), 15'000},
          {exact_scale(1, 3), 8'000},
          {exact_scale(7, 2), 8'000},
          {exact_scale(50, 1), 8'000},
          {exact_scale(1000, 7), 8'000},
          {exact_scale(1'000'000'007, 3), 8'000},
          {exact_scale(0x1p43), 5'000},
          {exact_scale(0x1p50), 5'000},
          {exact_scale(0x1p62), 5'000},
          {exact_scale(1, 1000), 5'000},
          {exact_scale(1e-30), 2'000},
          {exact_scale(1e-300), 2'000},
          {exact_scale(0x1p-1074), 1'000},
          {exact_scale(0.05), 5'000},
          {exact_scale(~0ULL, ~0ULL - 1), 5'000}};
}

TEST(DiscreteLaplace, EachDrawIsThatOfTheDefinition) {
  std::uint64_t seed = 300;
  for (const auto& [scale, draws] : discrete_settings()) {
    const DiscreteLaplace law = DiscreteLaplace::make(scale).value();
    FixedBits fast(++seed), slow(seed);
    for (int i = 0; i < draws * patience(); ++i) {
      const std::int64_t draw = law.draw(fast);
      const LazyWord word = slow.lazy();
      const int128 slowly = discrete_laplace_by_definition(scale, word, slow);
      ASSERT_EQ(draw, static_cast<std::int64_t>(std::clamp<int128>(slowly, kBottom, kTop)))
          << "scale " << scale.to_double_up() << ", draw " << i;
    }
  }
}

TEST(DiscreteLaplace, AnIndependentProgramGivesTheSameDraws) {
  for (const auto& [numerator, denominator, word, extensions, draw] : kKnownDiscreteLaplace) {
    CraftedBits bits({word}, led({{0, extensions}}));
    EXPECT_EQ(discrete_laplace(numerator, denominator).draw(bits), draw)
        << numerator << ' ' << word;
  }
}

TEST(DiscreteLaplace, DeeperBitsDecideWhereEarlierOnesLeaveADoubt) {
  for (const auto& [numerator, denominator, word, extensions, others, draw] :
       kDoubtfulDiscreteLaplace) {
    CraftedBits bits({word}, led({{0, extensions, others}}));
    EXPECT_EQ(discrete_laplace(numerator, denominator).draw(bits), draw)
        << numerator << ' ' << word;
    EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
  }
}

TEST(DiscreteLaplace, AWordOfZerosGoesOnUntilABitIsSet) {
  CraftedBits bits({0}, led({{0, {0, 0, kOnes}}}));
  EXPECT_EQ(discrete_laplace(1, 1).draw(bits), 132);  // 191·ln 2 + 0.38 = 132.77
  EXPECT_EQ(bits.deepest_level(), 3u);
}

// Of 127 zeros only the definition knows that more can follow: 192·ln 2 / 133 + 0.005 = 1.006.
TEST(DiscreteLaplace, ZerosBeyondWholeNumbersAreLeftToTheDefinition) {
  CraftedBits bits({0}, led({{0, {0, 0, std::uint64_t{1} << 63}}}));
  EXPECT_EQ(discrete_laplace(1, 133).draw(bits), 1);
}

TEST(DiscreteLaplace, DrawsOfScaleOneAreZeroWithOddsTanhOfOneHalf) {
  const DiscreteLaplace law = discrete_laplace(1, 1);
  FixedBits bits(41);
  std::vector<std::int64_t> draws(1 << 20);
  law.fill(draws, bits);
  const auto zeros = static_cast<double>(std::count(draws.begin(), draws.end(), 0));
  EXPECT_NEAR(zeros / 0x1p20, 0.46211715726, 5 * 0.5 * 0x1p-10);
}

TEST(DiscreteLaplace, DrawsFollowTheLaw) {
  for (const auto& [numerator, denominator] :
       {std::pair{1u, 3u}, {1u, 1u}, {7u, 2u}, {50u, 1u}, {1u, 10u}}) {
    const DiscreteLaplace law = discrete_laplace(numerator, denominator);
    const double s = static_cast<double>(numerator) / denominator;
    FixedBits bits(42);
    std::vector<std::int64_t> draws(400'000);
    law.fill(draws, bits);
    expect_law(draws, [&](std::int64_t k) {
      return std::tanh(0.5 / s) * std::exp(-std::fabs(static_cast<double>(k)) / s);
    });
  }
}

TEST(DiscreteLaplace, NoiseFarNarrowerThanAUnitIsZero) {
  const DiscreteLaplace law = discrete_laplace(1, 1000);
  FixedBits bits(43);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(law.release(i, bits), i);
}

TEST(DiscreteLaplace, ReleasesStopAtTheEndsOfInt64) {
  const DiscreteLaplace law = DiscreteLaplace::make(exact_scale(0x1p62)).value();
  FixedBits bits(44);
  int up = 0, down = 0;
  for (int i = 0; i < 1000; ++i) {
    up += law.release(kTop, bits) == kTop;
    down += law.release(kBottom, bits) == kBottom;
  }
  EXPECT_NEAR(up, 500, 80);
  EXPECT_NEAR(down, 500, 80);
}

TEST(DiscreteLaplace, AReleaseIsTheAnswerAndADraw) {
  const DiscreteLaplace law = discrete_laplace(50, 1);
  FixedBits released(45), drawn(45);
  for (std::int64_t x = -1000; x < 1000; ++x)
    ASSERT_EQ(law.release(x, released), x + law.draw(drawn));
}

TEST(DiscreteLaplace, ABatchIsItsSingleDraws) {
  const DiscreteLaplace law = discrete_laplace(7, 2);
  FixedBits filled(46), released(46), drawn(46);
  std::vector<std::int64_t> fill(3001), x(3001, 5);
  law.fill(fill, filled);
  law.release(x, x, released);
  for (std::size_t i = 0; i < fill.size(); ++i) {
    const std::int64_t draw = law.draw(drawn);
    ASSERT_EQ(fill[i], draw) << i;
    ASSERT_EQ(x[i], 5 + draw) << i;
  }
}

TEST(DiscreteLaplace, EachDrawTakesOneWord) {
  FixedBits bits(47);
  std::vector<std::int64_t> out(1500);
  discrete_laplace(7, 2).fill(out, bits);
  EXPECT_EQ(bits.lazy().address, 1500u);
}

TEST(DiscreteLaplace, AScaleBeyondInt64IsRefused) {
  for (const double s : {0x1.0000000000001p62, 1e300}) {
    const auto refused = DiscreteLaplace::make(exact_scale(s));
    ASSERT_FALSE(refused) << s;
    EXPECT_EQ(refused.error().where, "scale");
    EXPECT_EQ(refused.error().message, "must be at most 2^62 for noise on whole numbers");
  }
}

}  // namespace
}  // namespace sfumato
