#include "sfumato/aggregate/keyed_hash.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

/// SipHash-2-4-128 of 00 01 … 0e under the key 00 01 … 0f, from the authors' reference
/// implementation (vectors.h, entry 15 of the 128-bit table): 54 93 e9 99 33 b0 a8 11
/// 7e 08 ec 0f 97 cf c3 d9.
TEST(KeyedHash, IsSipHashWith128BitsOfOutput) {
  CraftedBits bits({0x0706050403020100, 0x0f0e0d0c0b0a0908});
  const KeyedHash hash = KeyedHash::make(bits).value();
  std::string message;
  for (char i = 0; i < 15; ++i) message += i;
  EXPECT_EQ(hash(message), (Hash128{0x11a8b03399e99354, 0xd9c3cf970fec087e}));
}

TEST(KeyedHash, IsAFunctionOfKeyAndBytesAlone) {
  FixedBits bits(1);
  const KeyedHash a = KeyedHash::make(bits).value();
  const KeyedHash b = KeyedHash::make(bits).value();
  EXPECT_EQ(a("person 7"), a("person 7"));
  EXPECT_NE(a("person 7"), a("person 8"));
  EXPECT_NE(a("person 7"), b("person 7"));
  EXPECT_NE(a(""), a(std::string(1, '\0')));
}

}  // namespace
}  // namespace sfumato
