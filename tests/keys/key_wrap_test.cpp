#include "sfumato/keys/key_wrap.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/vectors.h"

namespace sfumato {
namespace {

std::optional<std::string> unwrapped(const Secret& by, std::string_view wrapped) {
  const auto key = unwrap_key(by, wrapped).value();
  return key ? std::optional(std::string(key->view())) : std::nullopt;
}

// RFC 5649, section 6.
TEST(KeyWrap, AnswersTheExamplesOfRfc5649) {
  const Secret by = secret_of("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
  const std::string twenty = "c37b7e6492584340bed12207808941155068f738";
  EXPECT_EQ(hexadecimal(wrap_key(by, secret_of(twenty)).value()),
            "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a");
  EXPECT_EQ(hexadecimal(wrap_key(by, secret_of("466f7250617369")).value()),
            "afbeb0f07dfbf5419200f2ccb50bb24f");
  EXPECT_EQ(unwrapped(by, bytes_of("afbeb0f07dfbf5419200f2ccb50bb24f")), "ForPasi");
}

TEST(KeyWrap, AnswersAllVectorsThatAreThereAndRefusesTheInvalidOnes) {
  const auto vectors = foreign_vectors("aes_kwp");
  if (!vectors) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  for (const auto& vector : *vectors) {
    const Secret by = secret_of(vector["kek"].get<std::string>());
    const std::string key = bytes_of(vector["msg"].get<std::string>());
    const std::string wrapped = bytes_of(vector["ct"].get<std::string>());
    if (vector["result"] != "valid") {
      EXPECT_EQ(unwrapped(by, wrapped), std::nullopt) << vector;
      continue;
    }
    EXPECT_EQ(wrap_key(by, Secret(key)).value(), wrapped) << vector;
    EXPECT_EQ(unwrapped(by, wrapped), key) << vector;
  }
  EXPECT_EQ(vectors->size(), 30u);
}

TEST(KeyWrap, OpensNothingOfWhichABitIsAnotherOne) {
  const Secret by(std::size_t{32});
  const std::string wrapped = wrap_key(by, Secret("a key of some bytes")).value();
  for (std::size_t bit = 0; bit < 8 * wrapped.size(); ++bit) {
    std::string changed = wrapped;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(unwrapped(by, changed), std::nullopt) << bit;
  }
  for (const std::size_t size : {0u, 8u, 15u, 23u, 24u})
    EXPECT_EQ(unwrapped(by, wrapped.substr(0, size)), std::nullopt) << size;
}

TEST(KeyWrap, RefusesNoKeyTooLongOnesAndOtherWrappingKeys) {
  const Secret by(std::size_t{32});
  EXPECT_FALSE(wrap_key(by, Secret("")));
  EXPECT_TRUE(wrap_key(by, Secret(std::size_t{4096})));
  EXPECT_FALSE(wrap_key(by, Secret(std::size_t{4097})));
  EXPECT_FALSE(wrap_key(Secret(std::size_t{20}), Secret("key")));
  EXPECT_FALSE(unwrap_key(Secret(std::size_t{20}), std::string(16, 'w')));
}

}  // namespace
}  // namespace sfumato
