#include "sfumato/keys/aes_gcm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/vectors.h"

namespace sfumato {
namespace {

GcmNonce nonce_of(std::string_view digits) {
  GcmNonce nonce{};
  std::ranges::copy(bytes_of(digits), nonce.begin());
  return nonce;
}

/// The text in digits, between slashes; nothing where it is refused.
std::string opened(const Secret& key, const GcmNonce& nonce, std::string_view sealed,
                   std::string_view clear) {
  const auto plain = gcm_opened(key, nonce, sealed, clear);
  return plain && *plain ? "/" + hexadecimal((*plain)->view()) + "/" : "";
}

struct KnownSealing {
  const char *key, *nonce, *plain, *clear, *sealed;
};

// McGrew, Viega: The Galois/Counter Mode of Operation, appendix B, test cases 13, 14 and 16.
constexpr KnownSealing kKnownSealings[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
     "b525b16aedf5aa0de657ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105682"
     "8838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(AesGcm, AnswersTheExamplesOfItsAuthors) {
  for (const KnownSealing& known : kKnownSealings) {
    const Secret key = secret_of(known.key);
    const std::string clear = bytes_of(known.clear), sealed = bytes_of(known.sealed);
    const GcmNonce nonce = nonce_of(known.nonce);
    EXPECT_EQ(hexadecimal(gcm_sealed(key, nonce, secret_of(known.plain), clear).value()),
              known.sealed);
    EXPECT_EQ(opened(key, nonce, sealed, clear), "/" + std::string(known.plain) + "/");
  }
}

TEST(AesGcm, AnyBitThatIsAnotherIsSeen) {
  const auto& [key, nonce, plain, clear, sealed] = kKnownSealings[2];
  const auto flipped = [](std::string digits, std::size_t bit) {
    std::string bytes = bytes_of(digits);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    return hexadecimal(bytes);
  };
  const auto opens = [](std::string_view k, std::string_view n, std::string_view s,
                        std::string_view c) {
    return !opened(secret_of(k), nonce_of(n), bytes_of(s), bytes_of(c)).empty();
  };
  ASSERT_TRUE(opens(key, nonce, sealed, clear));
  for (std::size_t bit = 0; bit < 256; ++bit)
    EXPECT_FALSE(opens(flipped(key, bit), nonce, sealed, clear));
  for (std::size_t bit = 0; bit < 96; ++bit)
    EXPECT_FALSE(opens(key, flipped(nonce, bit), sealed, clear));
  for (std::size_t bit = 0; bit < 8 * 76; ++bit)
    EXPECT_FALSE(opens(key, nonce, flipped(sealed, bit), clear));
  for (std::size_t bit = 0; bit < 8 * 20; ++bit)
    EXPECT_FALSE(opens(key, nonce, sealed, flipped(clear, bit)));
  for (std::size_t size = 0; size < 76; ++size)
    EXPECT_FALSE(opens(key, nonce, std::string_view(sealed).substr(0, 2 * size), clear));
}

TEST(AesGcm, AKeyOfAnotherLengthIsRefused) {
  for (const std::size_t size : {0, 16, 24, 31, 33}) {
    EXPECT_FALSE(gcm_sealed(Secret(size), {}, Secret(1), ""));
    EXPECT_FALSE(gcm_opened(Secret(size), {}, std::string(17, '\0'), ""));
  }
}

TEST(AesGcm, TheVectorsOfWycheproofPassThroughOurWrapper) {
  const auto cases = wycheproof("aes_gcm_test.json");
  if (!cases) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  int valid = 0, invalid = 0;
  for (const auto& known : *cases) {
    const auto text = [&](const char* name) { return known.at(name).get<std::string>(); };
    if (text("key").size() != 64 || text("iv").size() != 24) continue;
    const bool good = text("result") == "valid";
    const Secret key = secret_of(text("key"));
    const GcmNonce nonce = nonce_of(text("iv"));
    const std::string clear = bytes_of(text("aad")), sealed = text("ct") + text("tag");
    EXPECT_EQ(opened(key, nonce, bytes_of(sealed), clear), good ? "/" + text("msg") + "/" : "")
        << text("comment");
    if (good) {
      EXPECT_EQ(hexadecimal(gcm_sealed(key, nonce, secret_of(text("msg")), clear).value()), sealed);
    }
    ++(good ? valid : invalid);
  }
  EXPECT_GT(valid, 30);
  EXPECT_GT(invalid, 20);
}

}  // namespace
}  // namespace sfumato
