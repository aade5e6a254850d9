#include "sfumato/deid/siv.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/effort.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

constexpr const char* kKey = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

Siv siv_of(std::string_view key, const std::vector<std::string>& associated) {
  const std::vector<std::string_view> views(associated.begin(), associated.end());
  return Siv::make(secret_of(key), views).value();
}

std::string sealed_of(const Siv& siv, std::string_view text) {
  std::string sealed;
  siv.seal({&text, 1}, sealed);
  return sealed;
}

/// The text, where what is sealed is genuine.
std::optional<std::string> opened(const Siv& siv, std::string_view sealed) {
  std::string text;
  const std::vector<bool> genuine = siv.open({&sealed, 1}, text);
  if (genuine.at(0)) return text;
  EXPECT_EQ(text, "");
  return std::nullopt;
}

// RFC 5297, appendix A.1 and A.2.
TEST(Siv, AnswersTheExamplesOfRfc5297) {
  const Siv one = siv_of(kKey, {bytes_of("101112131415161718191a1b1c1d1e1f2021222324252627")});
  const std::string text = bytes_of("112233445566778899aabbccddee");
  EXPECT_EQ(hexadecimal(sealed_of(one, text)),
            "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c");

  const Siv three = siv_of(
      "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
      {bytes_of("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100"),
       bytes_of("102030405060708090a0"), bytes_of("09f911029d74e35bd84156c5635688c0")});
  EXPECT_EQ(hexadecimal(sealed_of(
                three, bytes_of("7468697320697320736f6d6520706c61696e7465787420746f20656e63727970"
                                "74207573696e67205349562d414553"))),
            "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17"
            "dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d");
}

TEST(Siv, AnswersAllVectorsThatAreThereAndRefusesTheInvalidOnes) {
  const auto vectors = foreign_vectors("aes_siv");
  if (!vectors) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  for (const auto& vector : *vectors) {
    std::vector<std::string> associated;
    for (const std::string text : vector["ads"]) associated.push_back(bytes_of(text));
    const Siv siv = siv_of(vector["key"].get<std::string>(), associated);
    const std::string sealed = bytes_of(vector["out"].get<std::string>());
    if (vector.value("result", "valid") != "valid") {
      EXPECT_EQ(opened(siv, sealed), std::nullopt) << vector;
      continue;
    }
    const std::string text = bytes_of(vector["pt"].get<std::string>());
    EXPECT_EQ(sealed_of(siv, text), sealed) << vector;
    EXPECT_EQ(opened(siv, sealed), text) << vector;
  }
  EXPECT_EQ(vectors->size(), 50u);
}

/// AES-SIV as OpenSSL does it, one text at a time: AES-256-SIV has a key of 512 bits.
class SivByOpenSsl {
 public:
  explicit SivByOpenSsl(std::string key)
      : key_(std::move(key)),
        cipher_(EVP_CIPHER_fetch(
            nullptr, ("AES-" + std::to_string(4 * key_.size()) + "-SIV").c_str(), nullptr)) {}
  ~SivByOpenSsl() { EVP_CIPHER_free(cipher_); }

  std::string sealed(const std::string& associated, std::string_view text) const {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    std::string bytes(text.size(), '\0'), tag(16, '\0');
    int size = 0;
    EXPECT_EQ(EVP_EncryptInit_ex2(context.get(), cipher_, data(key_), nullptr, nullptr), 1);
    EXPECT_EQ(EVP_EncryptUpdate(context.get(), nullptr, &size, data(associated),
                                static_cast<int>(associated.size())),
              1);
    EXPECT_EQ(EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                &size, data(text), static_cast<int>(text.size())),
              1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag.data()), 1);
    return tag + bytes;
  }

 private:
  static const unsigned char* data(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
  }

  std::string key_;
  EVP_CIPHER* cipher_;
};

/// A million texts where there is time.
void agrees_with_openssl(const std::string& key, unsigned seed) {
  std::mt19937_64 rng(seed);
  const std::string associated = "patients, version 1";
  const Siv siv = siv_of(key, {associated}).copy();
  const SivByOpenSsl openssl(bytes_of(key));
  std::vector<std::string> texts;
  for (int i = 0; i < times(20'000, 1'000'000); ++i) {
    std::string text(1 + rng() % 70, '\0');  // OpenSSL 3.0 seals no empty text
    for (char& c : text) c = static_cast<char>(rng());
    texts.push_back(text);
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::string sealed, plain, all;
  siv.seal(views, sealed);
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  for (const std::string& text : texts) {
    parts.push_back(std::string_view(sealed).substr(at, text.size() + Siv::kTagSize));
    at += parts.back().size();
    ASSERT_EQ(parts.back(), openssl.sealed(associated, text));
    all += text;
  }
  ASSERT_EQ(at, sealed.size());
  EXPECT_EQ(siv.open(parts, plain), std::vector<bool>(texts.size(), true));
  EXPECT_EQ(plain, all);
}

TEST(Siv, OfRandomTextsSideBySideIsWhatOpenSslMakesOfEach) {
  const std::string longest = std::string(kKey) + std::string(64, '7');
  for (const unsigned bytes : {32u, 48u, 64u})
    agrees_with_openssl(longest.substr(0, 2 * bytes), bytes);
}

TEST(Siv, OpensNothingOfWhichABitIsAnotherOne) {
  const Siv siv = siv_of(kKey, {"a"});
  const std::string genuine = sealed_of(siv, "an identifier");
  EXPECT_EQ(opened(siv, genuine), "an identifier");
  for (std::size_t bit = 0; bit < genuine.size() * 8; ++bit) {
    std::string changed = genuine;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(opened(siv, changed), std::nullopt) << bit;
  }
  EXPECT_EQ(opened(siv, genuine.substr(0, 15)), std::nullopt);
  EXPECT_EQ(opened(siv, genuine.substr(0, genuine.size() - 1)), std::nullopt);
  EXPECT_EQ(opened(siv_of(kKey, {"b"}), genuine), std::nullopt);
  EXPECT_EQ(opened(siv_of(kKey, {"a", ""}), genuine), std::nullopt);
}

TEST(Siv, OpensTheGenuineOnesAmongOthers) {
  const Siv siv = siv_of(kKey, {});
  const std::string one = sealed_of(siv, "one"), empty = sealed_of(siv, "");
  std::string changed = one;
  changed.back() ^= 1;
  const std::vector<std::string_view> sealed{changed, one, "short", empty, one};
  std::string texts = "before ";
  EXPECT_EQ(siv.open(sealed, texts), (std::vector<bool>{false, true, false, true, true}));
  EXPECT_EQ(texts, "before oneone");
}

TEST(Siv, RefusesOtherKeysAndTooManyAssociatedTexts) {
  const std::vector<std::string_view> most(126, "a"), more(127, "a");
  EXPECT_TRUE(Siv::make(secret_of(kKey), most));
  EXPECT_FALSE(Siv::make(secret_of(kKey), more));
  EXPECT_FALSE(Siv::make(secret_of("00112233445566778899aabbccddeeff"), {}));
}

}  // namespace
}  // namespace sfumato
