#include "sfumato/keys/hmac.h"

#include <gtest/gtest.h>

#include <string>

#include "support/vectors.h"

namespace sfumato {
namespace {

std::string tag_of(const HmacSha256& hmac, std::string_view text) {
  const HmacSha256::Tag tag = hmac.tag(text);
  return hexadecimal({reinterpret_cast<const char*>(tag.data()), tag.size()});
}

// RFC 4231, test cases 1 and 2.
TEST(HmacSha256, AnswersTheExamplesOfRfc4231) {
  const HmacSha256 one = HmacSha256::make(Secret(std::string(20, '\x0b'))).value();
  EXPECT_EQ(tag_of(one, "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  const HmacSha256 two = HmacSha256::make(Secret("Jefe")).value();
  const char* const wanted = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  EXPECT_EQ(tag_of(two, "what do ya want for nothing?"), wanted);
  EXPECT_EQ(tag_of(two, "what do ya want for nothing?"), wanted) << "a second time";
  EXPECT_EQ(tag_of(two.copy(), "what do ya want for nothing?"), wanted);
}

TEST(HmacSha256, AnswersAllVectorsThatAreThere) {
  const auto vectors = foreign_vectors("hmac_sha256");
  if (!vectors) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  for (const auto& vector : *vectors) {
    const auto hmac = HmacSha256::make(secret_of(vector["key"].get<std::string>())).value();
    const std::string tag = vector["tag"];
    EXPECT_EQ(tag_of(hmac, bytes_of(vector["msg"].get<std::string>())).substr(0, tag.size()), tag);
  }
  EXPECT_EQ(vectors->size(), 29u);
}

TEST(HmacSha256, RefusesNoKeyAndOneThatIsTooLong) {
  EXPECT_FALSE(HmacSha256::make(Secret("")));
  EXPECT_TRUE(HmacSha256::make(Secret(std::size_t{1024})));
  EXPECT_FALSE(HmacSha256::make(Secret(std::size_t{1025})));
}

}  // namespace
}  // namespace sfumato
