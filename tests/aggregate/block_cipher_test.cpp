#include "aggregate/block_cipher.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

/// FIPS 197, appendix C.3: AES-256 of 00112233445566778899aabbccddeeff under the key 00 01 … 1f.
TEST(BlockCipher, IsAes256) {
  CraftedBits bits(
      {0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x1716151413121110, 0x1f1e1d1c1b1a1918});
  const BlockCipher cipher = BlockCipher::make(bits).value();
  const unsigned char plain[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                   0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  const unsigned char expected[16] = {0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf,
                                      0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89};
  std::vector<Block> blocks(3);
  for (Block& block : blocks) std::memcpy(&block, plain, sizeof plain);
  cipher.encrypt(blocks);
  for (const Block& block : blocks) EXPECT_EQ(std::memcmp(&block, expected, sizeof expected), 0);
}

TEST(BlockCipher, DifferentBlocksStayDifferentAndACopyDoesTheSame) {
  FixedBits bits(1);
  const BlockCipher cipher = BlockCipher::make(bits).value();
  std::vector<Block> blocks;
  for (std::uint64_t i = 0; i < 1000; ++i) blocks.push_back({i / 30, i % 30});
  std::vector<Block> again = blocks;
  cipher.encrypt(blocks);
  EXPECT_EQ(std::set<Block>(blocks.begin(), blocks.end()).size(), 1000U);
  const BlockCipher copy = cipher.copy();
  for (Block& block : again) copy.encrypt({&block, 1});
  EXPECT_EQ(again, blocks);
}

TEST(BlockCipher, EachHasAKeyOfItsOwn) {
  FixedBits bits(2);
  std::vector<Block> a(1), b(1);
  BlockCipher::make(bits).value().encrypt(a);
  BlockCipher::make(bits).value().encrypt(b);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace sfumato
