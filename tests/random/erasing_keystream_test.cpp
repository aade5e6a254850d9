#include "random/erasing_keystream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace sfumato {
namespace {

/// Keyed with zeros, then mixed with the bytes 0, 1, 2 … 47.
ErasingKeystream counted_keystream() {
  ErasingKeystream keystream;
  Seed fresh;
  std::iota(fresh.begin(), fresh.end(), static_cast<unsigned char>(0));
  keystream.mix(fresh);
  return keystream;
}

// The answers of `openssl enc -aes-256-ctr -K … -iv …` on zeros: 48 bytes under a key of zeros,
// XORed with 00 01 … 2f, are the key and the counter of page one; its first 32 bytes are the key of page
// two, whose counter is page one's plus its 1028 blocks.
TEST(ErasingKeystream, EachPageIsTheKeystreamOfTheKeyThatBeganTheLast) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  EXPECT_EQ(page.words[0], 0xf64de3a1b6b920e4U);
  EXPECT_EQ(page.words[1], 0x29a025a47bb160c5U);
  EXPECT_EQ(page.words[2047], 0xb26dc1ebe9d25d7eU);

  page = {};
  keystream.fill(page);
  EXPECT_EQ(page.words[0], 0x2747649885f1442aU);
  EXPECT_EQ(page.words[1], 0x17e04f02b49ea99fU);
  EXPECT_EQ(page.words[2047], 0x3629d6b97b6296b3U);
}

TEST(ErasingKeystream, TheKeyOfTheNextPageIsWipedFromThePage) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  EXPECT_EQ(page.next, Key{});
}

TEST(ErasingKeystream, FreshEntropyIsWipedWhereItWasHandedOver) {
  ErasingKeystream keystream;
  Seed fresh;
  fresh.fill(7);
  keystream.mix(fresh);
  EXPECT_EQ(fresh, Seed{});
}

TEST(ErasingKeystream, MixingDoesNotReplaceWhatWasThere) {
  ErasingKeystream once, twice;
  Seed a{1}, b{2}, c{2};
  once.mix(b);
  twice.mix(a);
  twice.mix(c);
  KeyedPage first{}, second{};
  once.fill(first);
  twice.fill(second);
  EXPECT_NE(first.words[0], second.words[0]);
}

// The answers of `openssl enc -aes-256-ecb -nopad` under bytes 32 … 63 of each page.
TEST(ErasingKeystream, ExtensionsAreBlocksUnderAKeyOfThePage) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  EXPECT_EQ(keystream.extension(page, 5, 1), 0x5e5a7630c90efdafU);
  EXPECT_EQ(keystream.extension(page, 5, 2), 0x516a4f6983d09295U);
  EXPECT_EQ(keystream.extension(page, 0x0123456789abcdef, 1), 0x7e87ffba752a608dU);

  page = {};
  keystream.fill(page);
  EXPECT_EQ(keystream.extension(page, 5, 1), 0x0138a1c9ffa32c9eU);
  EXPECT_EQ(keystream.extension(page, 5, 2), 0xab2c9803e17ec244U);
}

TEST(ErasingKeystream, ExtensionsOfALaterPageNeedNoneOfAnEarlierOne) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  page = {};
  keystream.fill(page);
  EXPECT_EQ(keystream.extension(page, 0x0123456789abcdef, 1), 0x59b04e5cc2821bddU);
}

TEST(ErasingKeystream, TheSystemsEntropyDiffersFromDrawToDraw) {
  Seed first{}, second{};
  ASSERT_TRUE(draw_entropy(first));
  ASSERT_TRUE(draw_entropy(second));
  EXPECT_NE(first, second);
  EXPECT_LT(std::count(first.begin(), first.end(), 0), 12);  // odds 1e-20: all 48 bytes are drawn
}

}  // namespace
}  // namespace sfumato
