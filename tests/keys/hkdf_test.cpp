#include "sfumato/keys/hkdf.h"

#include <gtest/gtest.h>

#include <string>

#include "support/vectors.h"

namespace sfumato {
namespace {

std::string derived(std::string_view key, std::string_view salt, std::string_view info,
                    std::size_t size) {
  const auto made = hkdf_sha256(secret_of(key), bytes_of(salt), bytes_of(info), size);
  return made ? hexadecimal(made->view()) : "";
}

// RFC 5869, appendix A.1, A.2 and A.3.
TEST(Hkdf, AnswersTheExamplesOfRfc5869) {
  EXPECT_EQ(derived("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
                    "f0f1f2f3f4f5f6f7f8f9", 42),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
            "34007208d5b887185865");
  EXPECT_EQ(derived("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252"
                    "62728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c"
                    "4d4e4f",
                    "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384858"
                    "68788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabac"
                    "adaeaf",
                    "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d"
                    "6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfc"
                    "fdfeff",
                    82),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac782727"
            "1cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d"
            "87");
  EXPECT_EQ(derived("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", 42),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
            "9d201395faa4b61a96c8");
}

TEST(Hkdf, AnswersAllVectorsThatAreThere) {
  const auto vectors = foreign_vectors("hkdf_sha256");
  if (!vectors) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  for (const auto& vector : *vectors)
    EXPECT_EQ(derived(vector["ikm"].get<std::string>(), vector["salt"].get<std::string>(),
                      vector["info"].get<std::string>(), vector["size"].get<std::size_t>()),
              vector["okm"].get<std::string>());
  EXPECT_EQ(vectors->size(), 15u);
}

TEST(Hkdf, TheVectorsOfWycheproofPassThroughOurWrapper) {
  const auto cases = wycheproof("hkdf_sha256_test.json");
  if (!cases) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  for (const auto& known : *cases)
    EXPECT_EQ(derived(known["ikm"].get<std::string>(), known["salt"].get<std::string>(),
                      known["info"].get<std::string>(), known["size"].get<std::size_t>()),
              known["result"] == "valid" ? known["okm"].get<std::string>() : "");
  EXPECT_EQ(cases->size(), 86u);
}

TEST(Hkdf, RefusesWhatTheStandardDoesNotGive) {
  const Secret key("key");
  EXPECT_FALSE(hkdf_sha256(key, "", "", 0));
  EXPECT_TRUE(hkdf_sha256(key, "", "", 8160));
  EXPECT_FALSE(hkdf_sha256(key, "", "", 8161));
}

}  // namespace
}  // namespace sfumato
