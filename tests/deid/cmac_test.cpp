#include "sfumato/deid/cmac.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <random>
#include <string>
#include <vector>

#include "support/effort.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

std::string tag_of(const Cmac& cmac, std::string_view text) {
  CmacTag tag;
  cmac.tags({&text, 1}, {&tag, 1});
  return hexadecimal({reinterpret_cast<const char*>(tag.data()), tag.size()});
}

// RFC 4493, section 4.
TEST(Cmac, AnswersTheExamplesOfRfc4493) {
  const Cmac cmac = Cmac::make(secret_of("2b7e151628aed2a6abf7158809cf4f3c")).value();
  const std::string message = bytes_of(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
  const auto first = [&](std::size_t size) { return std::string_view(message).substr(0, size); };
  EXPECT_EQ(tag_of(cmac, ""), "bb1d6929e95937287fa37d129b756746");
  EXPECT_EQ(tag_of(cmac, first(16)), "070a16b46b4d4144f79bdd9dd04a287c");
  EXPECT_EQ(tag_of(cmac, first(40)), "dfa66747de9ae63030ca32611497c827");
  EXPECT_EQ(tag_of(cmac, first(64)), "51f0bebf7e3b9d92fc49741779363cfe");
}

TEST(Cmac, AnswersAllVectorsThatAreThereAndRefusesTheInvalidOnes) {
  const auto vectors = foreign_vectors("aes_cmac");
  if (!vectors) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  for (const auto& vector : *vectors) {
    const auto cmac = Cmac::make(secret_of(vector["key"].get<std::string>()));
    if (vector.value("result", "valid") != "valid") {
      EXPECT_FALSE(cmac) << vector;
      continue;
    }
    EXPECT_EQ(tag_of(cmac.value(), bytes_of(vector["msg"].get<std::string>())), vector["tag"]);
  }
  EXPECT_EQ(vectors->size(), 23u);
}

/// CMAC as OpenSSL does it, one text at a time.
class CmacByOpenSsl {
 public:
  explicit CmacByOpenSsl(const std::string& key) : context_(EVP_MAC_CTX_new(mac_)) {
    std::string name = "AES-" + std::to_string(8 * key.size()) + "-CBC";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("cipher", name.data(), 0),
                                 OSSL_PARAM_construct_end()};
    EXPECT_EQ(EVP_MAC_init(context_, bytes(key), key.size(), params), 1);
  }
  ~CmacByOpenSsl() {
    EVP_MAC_CTX_free(context_);
    EVP_MAC_free(mac_);
  }

  CmacTag tag(const std::string& text) const {
    CmacTag tag{};
    std::size_t size = 0;
    EXPECT_EQ(EVP_MAC_init(context_, nullptr, 0, nullptr), 1);
    EXPECT_EQ(EVP_MAC_update(context_, bytes(text), text.size()), 1);
    EXPECT_EQ(
        EVP_MAC_final(context_, reinterpret_cast<unsigned char*>(tag.data()), &size, tag.size()),
        1);
    EXPECT_EQ(size, tag.size());
    return tag;
  }

 private:
  static const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  EVP_MAC* mac_ = EVP_MAC_fetch(nullptr, "CMAC", nullptr);
  EVP_MAC_CTX* context_;
};

/// A million texts where there is time.
TEST(Cmac, OfRandomTextsSideBySideIsWhatOpenSslMakesOfEach) {
  std::mt19937_64 rng(17);
  for (const std::size_t size : {16u, 24u, 32u}) {
    const std::string key(size, static_cast<char>('a' + size));
    const Cmac cmac = Cmac::make(Secret(key)).value();
    const CmacByOpenSsl openssl(key);
    std::vector<std::string> texts(static_cast<std::size_t>(times(20'000, 1'000'000)));
    for (std::string& text : texts) {
      text.resize(rng() % 70);
      for (char& c : text) c = static_cast<char>(rng());
    }
    std::vector<CmacTag> tags(texts.size());
    cmac.tags(std::vector<std::string_view>(texts.begin(), texts.end()), tags);
    for (std::size_t i = 0; i < texts.size(); ++i)
      ASSERT_EQ(tags[i], openssl.tag(texts[i])) << size << " bytes of key, text " << i;
  }
}

TEST(Cmac, OfTextsOfAllLengthsSideBySideIsThatOfEachAlone) {
  const Cmac cmac =
      Cmac::make(secret_of("000102030405060708090a0b0c0d0e0f1011121314151617")).value();
  std::mt19937_64 rng(3);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 1500; ++i) {
    std::string text(rng() % 100, '\0');
    for (char& c : text) c = static_cast<char>(rng());
    texts.push_back(text);
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<CmacTag> tags(views.size());
  cmac.copy().tags(views, tags);
  for (std::size_t i = 0; i < texts.size(); ++i)
    ASSERT_EQ(hexadecimal({reinterpret_cast<const char*>(tags[i].data()), 16}),
              tag_of(cmac, texts[i]))
        << i;
  cmac.tags({}, {});
}

}  // namespace
}  // namespace sfumato
