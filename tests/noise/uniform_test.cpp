#include "sfumato/noise/uniform.h"

#include <vector>

#include <gtest/gtest.h>

#include "noise/definition.h"
#include "noise/instruction_sets.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

struct KnownUniform {
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;
  double value;
};

// By an independent program: CPython 3, whose float(Fraction) is correctly rounded, of the digits
// and 2^-2000 more.
const KnownUniform kKnownUniforms[] = {
    {0x3fffffffffffff, {0x8000000000000000, 0x0, 0x1}, 0x1.0000000000000p-10},
    {0x20000000000000, {0x0, 0x0, 0x1}, 0x1.0000000000000p-11},
    {0x10000000000001, {0x8000000000000000, 0x0, 0x0}, 0x1.0000000000002p-12},
    {0x10000000000001,
     {0x7fffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     0x1.0000000000001p-12},
    {0x1, {0x8000000000000003, 0x5, 0x7}, 0x1.8000000000000p-64},
    {0x0, {0x0, 0x1, 0xffffffffffffffff}, 0x1.0000000000000p-191},
    {0x0, {0x0, 0x3, 0x4000000000000000}, 0x1.a000000000000p-191},
    {0xffffffffffffffff, {0x0, 0x0, 0x0}, 0x1.0000000000000p+0},
    {0x8000000000000400, {0x0, 0x0, 0x0}, 0x1.0000000000001p-1},
    {0x80000000000003ff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     0x1.0000000000000p-1},
    {0x40000000000000, {0x0, 0x0, 0x0}, 0x1.0000000000000p-10},
    {0x40000000000001,
     {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     0x1.0000000000000p-10},
    {0x40000000000003, {0x0, 0x0, 0x0}, 0x1.0000000000001p-10},
    {0x9cfbac6e7687a66e,
     {0x4462ebfc5f915ef0, 0x2fa73207237751aa, 0xad38835eddd6ff55},
     0x1.39f758dced0f5p-1},
    {0x569c803601a5ba50,
     {0x76b6745180b65386, 0x9acd8acde5f6db1d, 0x558298e214b044d7},
     0x1.5a7200d80696fp-2},
    {0xefb6fbfe8de4ab47,
     {0xb339a4769ddcc6f8, 0xba6ace6c0a78250f, 0x2b5ebaa061076dc3},
     0x1.df6df7fd1bc95p-1},
    {0xf2b4174a67,
     {0xf386825473b7a490, 0x6c2ea417b99de255, 0x2b1e1885283b73a6},
     0x1.e5682e94cfe71p-25},
    {0xd3cee5e2c,
     {0x21e6a46f1c670ea9, 0xdf2965b3819ad93b, 0xfdb119a9ec801bdf},
     0x1.a79dcbc5843cdp-29},
    {0x10972651da,
     {0xb03da701c632976a, 0xca22e4c76237dbe6, 0xe323bb2abf00188d},
     0x1.0972651dab03ep-28},
};

TEST(Uniform, DrawsAreThoseOfAnIndependentProgram) {
  for (const auto& [word, extensions, value] : kKnownUniforms) {
    CraftedBits bits({word}, led({{0, extensions}})), same({word}, led({{0, extensions}}));
    EXPECT_EQ(Uniform().draw(bits), value) << word;
    EXPECT_EQ(uniform_by_definition({word, 0}, same), value) << word;
    std::vector<double> batch(1);
    CraftedBits again({word}, led({{0, extensions}}));
    Uniform().fill(batch, again);
    EXPECT_EQ(batch[0], value) << word;
  }
}

TEST(Uniform, EachDrawIsThatOfTheDefinition) {
  FixedBits fast(500), slow(500);
  std::vector<double> batch(static_cast<std::size_t>(1'000'000 * patience()));
  Uniform().fill(batch, fast);
  for (const double draw : batch) ASSERT_EQ(draw, uniform_by_definition(slow.lazy(), slow));
}

TEST(Uniform, WordsOfEachLengthRoundAsTheDefinitionDoes) {
  for (int places = 0; places < 64; ++places) {
    for (const std::uint64_t low :
         {std::uint64_t{0}, std::uint64_t{1}, kOnes, kOnes << 9, kOnes << 10, kOnes << 11}) {
      const std::uint64_t word =
          std::uint64_t{1} << places | (low & ((std::uint64_t{1} << places) - 1));
      for (const std::uint64_t others : {std::uint64_t{0}, kOnes, std::uint64_t{1} << 63}) {
        const auto extensions = led({{0, {}, others}});
        CraftedBits fast({word}, extensions), slow({word}, extensions);
        EXPECT_EQ(Uniform().draw(fast), uniform_by_definition(slow.lazy(), slow)) << word;
        EXPECT_EQ(fast.extensions_asked() > 0, places < 54) << word;
      }
    }
  }
}

TEST(Uniform, NumbersBelowTheLeastNormalDoubleAreRoundedOnce) {
  for (const int zeros : {15, 16, 17}) {
    CraftedBits::Extensions extensions;
    for (std::uint32_t level = 1; level < 40; ++level)
      extensions[{0, level}] =
          static_cast<int>(level) < zeros ? 0 : 0x8000000000000801 * (level % 3 + 1);
    CraftedBits fast({0}, extensions), slow({0}, extensions);
    const double draw = Uniform().draw(fast);
    EXPECT_EQ(draw, uniform_by_definition(slow.lazy(), slow)) << zeros;
    EXPECT_LT(draw, 0x1p-900);
  }
}

TEST(Uniform, ABatchIsItsSingleDrawsOnEachInstructionSet) {
  for (const std::size_t count : {0u, 1u, 2u, 3u, 5u, 9u, 1024u, 1025u, 10'001u}) {
    FixedBits drawn(501);
    std::vector<double> singly(count), out(count);
    for (double& draw : singly) draw = Uniform().draw(drawn);
    with_each_instruction_set([&] {
      FixedBits filled(501);
      Uniform().fill(out, filled);
      EXPECT_EQ(out, singly);
      EXPECT_EQ(filled.extensions_asked(), drawn.extensions_asked());
    });
  }
}

TEST(Uniform, DrawsFollowTheLaw) {
  FixedBits bits(502);
  std::vector<double> draws(1 << 20);
  Uniform().fill(draws, bits);
  expect_cdf(draws, [](double x) { return x; });
  std::erase_if(draws, [](double x) { return x >= 0x1p-10; });
  EXPECT_NEAR(static_cast<double>(draws.size()), 1024, 160);  // these have fallen back
  expect_cdf(
      draws, [](double x) { return x * 0x1p10; }, 16);
}

}  // namespace
}  // namespace sfumato
