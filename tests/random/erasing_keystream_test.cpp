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
// XORed with 00 01 … 2f, are the seed of page one; its first 48 bytes are the seed of page two.
TEST(ErasingKeystream, EachPageIsTheKeystreamOfTheSeedThatBeganTheLast) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  EXPECT_EQ(page.words[0], 0xfe977639ef940d9dU);
  EXPECT_EQ(page.words[1], 0x1aee1e027ffe758fU);
  EXPECT_EQ(page.words[2047], 0xe86b19e6369cdc23U);

  page = {};
  keystream.fill(page);
  EXPECT_EQ(page.words[0], 0x3ebd08c8840b0945U);
  EXPECT_EQ(page.words[1], 0x21240ee1e7263b91U);
  EXPECT_EQ(page.words[2047], 0xcc644574e5a0efafU);
}

TEST(ErasingKeystream, TheSeedOfTheNextPageIsWipedFromThePage) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  EXPECT_EQ(page.next, Seed{});
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

// The answers of `openssl enc -aes-256-ecb -nopad` under bytes 48 … 79 of each page.
TEST(ErasingKeystream, ExtensionsAreBlocksUnderAKeyOfThePage) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  EXPECT_EQ(keystream.extension(page, 5, 1), 0x7cff39a5cf66f0a8U);
  EXPECT_EQ(keystream.extension(page, 5, 2), 0xeb77291ced8a64cdU);
  EXPECT_EQ(keystream.extension(page, 0x0123456789abcdef, 1), 0x4e17e894b71d2793U);

  page = {};
  keystream.fill(page);
  EXPECT_EQ(keystream.extension(page, 5, 1), 0xcfc86309cc9e02e9U);
  EXPECT_EQ(keystream.extension(page, 5, 2), 0xa5a292d98b3fbbbaU);
}

TEST(ErasingKeystream, ExtensionsOfALaterPageNeedNoneOfAnEarlierOne) {
  ErasingKeystream keystream = counted_keystream();
  KeyedPage page{};
  keystream.fill(page);
  page = {};
  keystream.fill(page);
  EXPECT_EQ(keystream.extension(page, 0x0123456789abcdef, 1), 0xaa5bdc6af2157f7aU);
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
