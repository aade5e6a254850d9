#include "sfumato/secagg/mask.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <openssl/evp.h>

#include <random>
#include <string>
#include <vector>

#include "secagg/tile_sum.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

Secret mask_key(unsigned char first) {
  Secret key(32);
  for (std::size_t i = 0; i < 32; ++i) key.bytes()[i] = static_cast<unsigned char>(first + i);
  return key;
}

/// The definition: counter blocks one by one through AES, words put together byte by byte.
std::vector<std::uint64_t> keystream_by_hand(const Secret& key, int bits, std::size_t count) {
  EVP_CIPHER_CTX* aes = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(aes, EVP_aes_256_ecb(), nullptr, key.bytes().data(), nullptr);
  std::vector<unsigned char> bytes;
  for (unsigned block = 0; bytes.size() < count * 8; ++block) {
    unsigned char counter[16] = {}, out[16];
    counter[15] = static_cast<unsigned char>(block);
    counter[14] = static_cast<unsigned char>(block >> 8);
    counter[13] = static_cast<unsigned char>(block >> 16);
    int size = 0;
    EVP_EncryptUpdate(aes, out, &size, counter, 16);
    bytes.insert(bytes.end(), out, out + 16);
  }
  EVP_CIPHER_CTX_free(aes);
  const std::size_t width = static_cast<std::size_t>(bits) / 8;
  std::vector<std::uint64_t> words(count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = width; j-- > 0;) words[i] = words[i] << 8 | bytes[i * width + j];
  return words;
}

std::vector<Mask> one_mask(Secret key, Mask::Sign sign) {
  std::vector<Mask> masks;
  masks.push_back({std::move(key), sign});
  return masks;
}

// AES-256 of a block of zeros by a key of zeros: H of test case 13 in McGrew, Viega: The Galois/Counter
// Mode of Operation, appendix B: dc95c078a2408989ad48a21492842087.
TEST(Mask, OfAKeyOfZerosBeginsAsAesOfZeros) {
  const auto masks = one_mask(Secret(32), Mask::Sign::add);
  std::vector<std::uint64_t> sum(2);
  ASSERT_TRUE(apply_masks(masks, Modulus::two_to_64, sum));
  EXPECT_EQ(sum[0], 0x898940a278c095dcu);
  EXPECT_EQ(sum[1], 0x8720849214a248adu);
  std::vector<std::uint64_t> narrow(4);
  ASSERT_TRUE(apply_masks(masks, Modulus::two_to_32, narrow));
  EXPECT_EQ(narrow[0], 0x78c095dcu);
  EXPECT_EQ(narrow[3], 0x87208492u);
}

TEST(Mask, OfManyTilesIsTheDefinition) {
  for (const Modulus modulus : {Modulus::two_to_32, Modulus::two_to_64})
    for (const std::size_t count : {0u, 1u, 7u, 1023u, 1024u, 1025u, 2048u, 2049u, 5000u}) {
      std::vector<Mask> masks;
      masks.push_back({mask_key(1), Mask::Sign::add});
      masks.push_back({mask_key(2), Mask::Sign::subtract});
      masks.push_back({mask_key(3), Mask::Sign::add});
      std::vector<std::uint64_t> sum(count), plain(count);
      for (std::size_t i = 0; i < count; ++i) sum[i] = plain[i] = i * 0x9e3779b97f4a7c15u;
      ASSERT_TRUE(apply_masks(masks, modulus, sum));
      for (unsigned char key = 1; key <= 3; ++key) {
        const auto words = keystream_by_hand(mask_key(key), bits_of(modulus), count);
        for (std::size_t i = 0; i < count; ++i)
          plain[i] = key == 2 ? plain[i] - words[i] : plain[i] + words[i];
      }
      EXPECT_EQ(sum, plain) << bits_of(modulus) << ' ' << count;
    }
}

TEST(Mask, AddedAndTakenAwayLeavesTheVector) {
  std::vector<std::uint64_t> sum(3000);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = i * i;
  const auto before = sum;
  ASSERT_TRUE(apply_masks(one_mask(mask_key(9), Mask::Sign::add), Modulus::two_to_64, sum));
  EXPECT_NE(sum, before);
  ASSERT_TRUE(apply_masks(one_mask(mask_key(9), Mask::Sign::subtract), Modulus::two_to_64, sum));
  EXPECT_EQ(sum, before);
}

TEST(Mask, EveryInstructionSetAgreesWithTheDefinition) {
  std::mt19937_64 rng(3);
  for (const std::size_t count : {0u, 1u, 3u, 7u, 8u, 9u, 64u, 1001u}) {
    std::vector<std::uint32_t> narrow(count);
    std::vector<std::uint64_t> wide(count), start(count);
    for (std::size_t i = 0; i < count; ++i)
      narrow[i] = static_cast<std::uint32_t>(rng()), wide[i] = rng(), start[i] = rng();
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      hwy::SetSupportedTargetsForTest(target);
      for (const Mask::Sign sign : {Mask::Sign::add, Mask::Sign::subtract}) {
        auto sum = start;
        add_words(narrow.data(), sign, sum);
        add_words(wide.data(), sign, sum);
        for (std::size_t i = 0; i < count; ++i) {
          const std::uint64_t both = narrow[i] + wide[i];
          ASSERT_EQ(sum[i], sign == Mask::Sign::add ? start[i] + both : start[i] - both)
              << hwy::TargetName(target) << ' ' << count;
        }
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(Mask, AKeyOfAnotherLengthIsRefusedAndNothingIsChanged) {
  std::vector<Mask> masks = one_mask(mask_key(1), Mask::Sign::add);
  masks.push_back({Secret(16), Mask::Sign::add});
  std::vector<std::uint64_t> sum(10);
  EXPECT_FALSE(apply_masks(masks, Modulus::two_to_64, sum));
  EXPECT_EQ(sum, std::vector<std::uint64_t>(10));
}

}  // namespace
}  // namespace sfumato
