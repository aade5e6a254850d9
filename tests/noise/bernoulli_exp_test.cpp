#include "sfumato/noise/bernoulli_exp.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "noise/definition.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

struct DoubtfulCoin {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;
};

// By an independent program, mpmath 1.3 at 6000 bits: U = e^-x, cut off after one extension, or three;
// what goes on with zeros is below it, heads, and with ones tails.
const DoubtfulCoin kDoubtfulCoins[] = {
    {1, 1, 0x5e2d58d8b3bcdf1a, {0x5d6f63c1482a7c86}},
    {1, 1, 0x5e2d58d8b3bcdf1b, {0x5d6f63c1482a7c86, 0xed4c02d55ab63b99, 0x98125ce85283ed76}},
    {1, 3, 0xb76e989179752688, {0xe2cc264e2875f264}},
    {1, 3, 0xb76e989179752689, {0xe2cc264e2875f264, 0xd4350ff5cb073109, 0xff0930a9c0674b3}},
    {7, 2, 0x7bb0406393fd97c, {0xd2b5ea406b4a4dc7}},
    {7, 2, 0x7bb0406393fd97d, {0xd2b5ea406b4a4dc7, 0xb22cae6702864f38, 0x5a2dcc9ac90d68c9}},
    {40, 1, 0x4e, {0x2f249336344852a9}},
    {40, 1, 0x4f, {0x2f249336344852a9, 0x42906b7a7d088ac7, 0x2fcf200854ae6ae5}},
    {50, 1, 0x0, {0x7495f551f820fb}},
    {50, 1, 0x1, {0x7495f551f820fb, 0x5c76b2c67315d3aa, 0x5a343c6b75feb27e}},
    {1, 1000000, 0xffffef3908ec06da, {0xb49482d6d2274beb}},
    {1, 1000000, 0xffffef3908ec06db, {0xb49482d6d2274beb, 0xbad3710b293d4033, 0xd1b9da5ebbb38c3f}},
    {100, 1, 0x0, {0x0}},
    {100, 1, 0x1, {0x0, 0x6a307c538abd, 0x72bcf7644dd71d3f}},
};

TEST(BernoulliExp, DeeperBitsDecideWhereEarlierOnesLeaveADoubt) {
  for (const auto& [numerator, denominator, word, extensions] : kDoubtfulCoins) {
    const BernoulliExp coin(exact_scale(numerator, denominator));
    for (const auto& [others, heads] : {std::pair{kOnes, false}, {0, true}}) {
      CraftedBits bits({word}, led({{0, extensions, others}}));
      EXPECT_EQ(coin.draw(bits), heads) << word;
      EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
    }
  }
}

TEST(BernoulliExp, TheWordsBesideTheBorderNeedNoMoreBits) {
  for (const auto& [numerator, denominator, word, extensions] : kDoubtfulCoins) {
    const BernoulliExp coin(exact_scale(numerator, denominator));
    CraftedBits above({word + 2});
    EXPECT_FALSE(coin.draw(above)) << word;
    EXPECT_EQ(above.extensions_asked(), 0u);
    if (word < 2) continue;
    CraftedBits below({word - 2});
    EXPECT_TRUE(coin.draw(below)) << word;
    EXPECT_EQ(below.extensions_asked(), 0u);
  }
}

TEST(BernoulliExp, EachCoinIsThatOfTheDefinition) {
  for (const double x : {1e-300, 1e-9, 0.3, 1.0, 3.5, 20.0, 800.0, 1e300}) {
    const BernoulliExp coin = BernoulliExp::make(x).value();
    FixedBits fast(520), slow(520);
    for (int i = 0; i < 5000 * patience(); ++i)
      ASSERT_EQ(coin.draw(fast), bernoulli_exp_by_definition(exact_scale(x), slow.lazy(), slow))
          << x;
  }
}

TEST(BernoulliExp, HeadsComeUpAsOftenAsTheLawSays) {
  constexpr std::size_t kCoins = 1 << 20;
  const auto coins = std::make_unique<bool[]>(kCoins);
  for (const double x : {0.01, 0.5, 1.0, 4.0}) {
    FixedBits bits(521);
    BernoulliExp::make(x).value().fill({coins.get(), kCoins}, bits);
    const auto heads = static_cast<double>(std::count(coins.get(), coins.get() + kCoins, true));
    const double share = std::exp(-x);
    EXPECT_NEAR(heads, kCoins * share, 5 * std::sqrt(kCoins * share * (1 - share))) << x;
  }
}

TEST(BernoulliExp, ABatchIsItsSingleCoins) {
  const auto coins = std::make_unique<bool[]>(3001);
  const BernoulliExp coin = BernoulliExp::make(0.7).value();
  for (const std::size_t count : {0u, 1u, 1023u, 1024u, 1025u, 3001u}) {
    FixedBits filled(522), drawn(522);
    coin.fill({coins.get(), count}, filled);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(coins[i], coin.draw(drawn)) << i;
    EXPECT_EQ(filled.next(), drawn.next());
  }
}

TEST(BernoulliExp, ZeroShowsHeadsAlways) {
  for (const double zero : {0.0, -0.0}) {
    const BernoulliExp coin = BernoulliExp::make(zero).value();
    CraftedBits bits({0, 1, kOnes, kOnes - 1, std::uint64_t{1} << 63});
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(coin.draw(bits));
    EXPECT_EQ(bits.lazy().address, 100u);
  }
}

TEST(BernoulliExp, NumbersThatAreNotOddsAreRefused) {
  for (const double x : {-1.0, -1e-300, std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    const auto refused = BernoulliExp::make(x);
    ASSERT_FALSE(refused) << x;
    EXPECT_EQ(refused.error().where, "x");
    EXPECT_EQ(refused.error().message, "must be a finite number that is not negative");
  }
}

}  // namespace
}  // namespace sfumato
