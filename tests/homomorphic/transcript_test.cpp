#include "homomorphic/transcript.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

// hashlib.shake_256 of Python, of the parts behind their lengths.
TEST(Transcript, ItsFactorsAreShake256OfAllParts) {
  const auto factors = Transcript("a test").add("one").add(std::uint8_t{7}).factors(3);
  const std::vector<uint128> known{uint128{0xb083ff3d9ea59632} << 64 | 0xa723ae1213182c42,
                                   uint128{0x34aed20c502a9955} << 64 | 0x487d266ac3292a0c,
                                   uint128{0x2ed6865ca97f50b5} << 64 | 0x7c02527e9b9bea1c};
  EXPECT_TRUE(factors == known);
}

TEST(Transcript, NoTwoListsOfPartsHaveTheSameFactors) {
  const auto factors = Transcript("a test").add("one").add("two").factors(2);
  EXPECT_TRUE(factors == Transcript("a test").add("one").add("two").factors(2));
  EXPECT_FALSE(factors == Transcript("a test").add("onetwo").factors(2));
  EXPECT_FALSE(factors == Transcript("a test").add("onet").add("wo").factors(2));
  EXPECT_FALSE(factors == Transcript("another").add("one").add("two").factors(2));
}

}  // namespace
}  // namespace sfumato
