#include "sfumato/noise/geometric.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "noise/definition.h"
#include "noise/instruction_sets.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostCount = std::numeric_limits<std::int64_t>::max();

Geometric geometric(std::uint64_t numerator, std::uint64_t denominator) {
  return Geometric::make(exact_scale(numerator, denominator)).value();
}

struct KnownGeometric {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;
  std::int64_t draw;
};

// By an independent program: mpmath 1.3 at 6000 bits.
const KnownGeometric kKnownGeometrics[] = {
    {1, 1, 0xeb40a9b81a070205, {0x3478442b4a8aa593, 0x396bcb8fac9abb0c, 0xcb01c357b9c7e435}, 0},
    {1, 1, 0xe3bb41b36b, {0xc5c7d1861674518d, 0xe95027004448a6a1, 0x6583d61435bb5c11}, 16},
    {1, 3, 0x5777039e47fbb3b4, {0xb0ecf26cf3c17e5, 0xb573f6c533115519, 0x1597ac1e2eb17c8}, 0},
    {1, 3, 0x694398c5e1, {0xe553fb510e06acd4, 0xd886c5d060fa1c95, 0x239edd3a7de0d208}, 5},
    {7, 2, 0x3c9a8df50602fe0c, {0xbc79ce036cbaccf1, 0xd9c98c23e80a86cf, 0xf6c986f21caf107a}, 5},
    {7, 2, 0xfded6598, {0xc3ad4d991f0916cb, 0x329a86139425b3e2, 0xda298adee5329b4e}, 77},
    {1000000000,
     7,
     0x548914ef33fb4b4f,
     {0xe4794195021cd6ff, 0x22184e8215607df9, 0xeaeb999b8a2e547e},
     158286595},
    {1000000000,
     7,
     0x8034a6a704,
     {0x92aeb20c15b7d95f, 0x899f57f77f2a75ec, 0x32bba064ebc1d3d2},
     2475296288},
    {4611686018427387904,
     1,
     0x119e333a6b8c290d,
     {0x3131b13d65ec29f8, 0xc3d0560da382fe10, 0xb36ac08417ea3a98},
     kMostCount},
    {4611686018427387904,
     1,
     0x2536210494,
     {0xf09131582c2c93ab, 0xb83a04209be01b4f, 0xa8c16a8f554d8c2},
     kMostCount},
    {1, 1000, 0x451e5c330dde4b94, {0xaee7d5168e187590, 0xda1bddc69b3bc5ef, 0xbec2223b2638d17f}, 0},
    {1, 1000, 0xbca4537f44, {0x9345a915feb0b634, 0x8c3d505ff7a9631, 0xde6081741f0fd9e9}, 0},
};

// By the same program: U = exp(-k/s), cut off after one extension, or three; what goes on with ones is
// above it, and gives k - 1.
const KnownGeometric kDoubtfulGeometrics[] = {
    {1, 1, 0x5e2d58d8b3bcdf1a, {0x5d6f63c1482a7c86}, 1},
    {1, 1, 0x5e2d58d8b3bcdf1b, {0x5d6f63c1482a7c86, 0xed4c02d55ab63b99, 0x98125ce85283ed76}, 1},
    {1, 1, 0x1b993fe00d53760, {0xe22e1248a4d2dcae}, 5},
    {1, 1, 0x1b993fe00d53761, {0xe22e1248a4d2dcae, 0xe30c206c07c05138, 0xa17123975bf42719}, 5},
    {50, 1, 0x36e1ae0b826366c2, {0xd6fd03c12ca54481}, 77},
    {50, 1, 0x36e1ae0b826366c3, {0xd6fd03c12ca54481, 0x40c8e24f5e82347, 0xd098b9411d848d92}, 77},
    {7, 2, 0x6ca3b2e57e324d22, {0xfea48d737da047b}, 3},
    {7, 2, 0x6ca3b2e57e324d23, {0xfea48d737da047b, 0x965c0e8873dd55c4, 0x57ccdbd1e4d85b44}, 3},
    {2305843009213693953, 3, 0x391f0ee496b83aca, {0xc2a37f5298aa15a2}, 1152921504606846976},
    {2305843009213693953,
     3,
     0x391f0ee496b83acb,
     {0xc2a37f5298aa15a2, 0x1ef1cf30bc94b92e, 0x6ed13bbd08dfc06f},
     1152921504606846976},
};

TEST(Geometric, DrawsAreThoseOfAnIndependentProgram) {
  for (const auto& [numerator, denominator, word, extensions, draw] : kKnownGeometrics) {
    CraftedBits bits({word}, led({{0, extensions}}));
    EXPECT_EQ(geometric(numerator, denominator).draw(bits), draw) << word;
  }
}

TEST(Geometric, DeeperBitsDecideWhereEarlierOnesLeaveADoubt) {
  for (const auto& [numerator, denominator, word, extensions, draw] : kDoubtfulGeometrics) {
    for (const auto& [others, expected] : {std::pair{kOnes, draw - 1}, {0, draw}}) {
      CraftedBits bits({word}, led({{0, extensions, others}}));
      EXPECT_EQ(geometric(numerator, denominator).draw(bits), expected) << word;
      EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
    }
  }
}

struct GeometricSetting {
  Scale scale;
  int draws;
};

TEST(Geometric, EachDrawIsThatOfTheDefinition) {
  std::uint64_t seed = 510;
  for (const auto& [scale, draws] : {GeometricSetting{exact_scale(10, 1), 40'000},
                                     {exact_scale(1, 3), 10'000},
                                     {exact_scale(1e12), 5'000},
                                     {exact_scale(0x1p50), 2'000},
                                     {exact_scale(0x1p62), 2'000},
                                     {exact_scale(1e-30), 1'000},
                                     {exact_scale(0x1p-1074), 500}}) {
    const Geometric law = Geometric::make(scale).value();
    FixedBits fast(++seed), slow(seed);
    std::vector<std::int64_t> batch(static_cast<std::size_t>(draws * patience()));
    law.fill(batch, fast);
    for (const std::int64_t draw : batch) {
      const int128 exact = geometric_by_definition(scale, slow.lazy(), slow);
      ASSERT_EQ(draw, static_cast<std::int64_t>(std::min<int128>(exact, kMostCount)));
    }
  }
}

TEST(Geometric, ABatchIsItsSingleDrawsOnEachInstructionSet) {
  for (const double scale : {0.3, 5.0, 0x1p43, 0x1p62}) {
    const Geometric law = Geometric::make(exact_scale(scale)).value();
    for (const std::size_t count : {0u, 1u, 2u, 5u, 9u, 1024u, 1025u, 5001u}) {
      FixedBits drawn(511);
      std::vector<std::int64_t> singly(count), out(count, 7);
      for (std::int64_t& draw : singly) draw = law.draw(drawn);
      with_each_instruction_set([&] {
        FixedBits filled(511);
        law.fill(out, filled);
        EXPECT_EQ(out, singly) << scale << ", " << count;
      });
    }
  }
}

TEST(Geometric, DrawsFollowTheLaw) {
  for (const double scale : {0.4, 1.0, 3.5, 40.0}) {
    FixedBits bits(512);
    std::vector<std::int64_t> draws(400'000);
    Geometric::make(exact_scale(scale)).value().fill(draws, bits);
    expect_law(draws, [&](std::int64_t k) {
      return k < 0 ? 0 : -std::expm1(-1 / scale) * std::exp(-static_cast<double>(k) / scale);
    });
  }
}

TEST(Geometric, AScaleBeyondInt64IsRefused) {
  EXPECT_EQ(Geometric::make(exact_scale(0x1p63)).error().where, "scale");
  EXPECT_EQ(geometric(7, 2).scale(), exact_scale(7, 2));
}

}  // namespace
}  // namespace sfumato
