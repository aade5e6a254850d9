#include "secagg/wire.h"

#include <gtest/gtest.h>

#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

// RFC 8446, section 3.4: "uint16 ... most significant byte first"; its example of a vector of variable
// length: mandatory<300..400> has two bytes of length.
TEST(Wire, IsThePresentationLanguageOfTls) {
  const std::string bytes = WireWriter()
                                .u8(1)
                                .u16(0x0203)
                                .u32(0x04050607)
                                .u64(0x08090a0b0c0d0e0f)
                                .i64(-2)
                                .fixed("ab")
                                .vector("c", 255)
                                .vector("d", 400)
                                .vector("e", 65536)
                                .bytes();
  EXPECT_EQ(hexadecimal(bytes),
            "01"
            "0203"
            "04050607"
            "08090a0b0c0d0e0f"
            "fffffffffffffffe"
            "6162"
            "0163"
            "000164"
            "00000165");
}

TEST(Wire, IsReadAsItIsWritten) {
  const std::string bytes = WireWriter(WireKind::roster)
                                .u8(255)
                                .u16(65535)
                                .u32(4294967295)
                                .u64(1)
                                .i64(-7)
                                .fixed("abc")
                                .vector("", 3)
                                .vector("xyz", 3)
                                .bytes();
  WireReader reader(bytes, WireKind::roster);
  EXPECT_EQ(reader.u8(), 255);
  EXPECT_EQ(reader.u16(), 65535);
  EXPECT_EQ(reader.u32(), 4294967295);
  EXPECT_EQ(reader.u64(), 1u);
  EXPECT_EQ(reader.i64(), -7);
  EXPECT_EQ(reader.array<3>(), (std::array<unsigned char, 3>{'a', 'b', 'c'}));
  EXPECT_EQ(reader.vector(0, 3), "");
  EXPECT_FALSE(reader.complete()) << "something is left";
  EXPECT_EQ(reader.vector(3, 3), "xyz");
  EXPECT_TRUE(reader.complete());
}

TEST(Wire, WhatIsShortLongOrOfAnotherKindIsNotTaken) {
  const std::string bytes = WireWriter(WireKind::roster).vector("abc", 5).bytes();
  const auto taken = [](std::string_view given, std::uint64_t least, std::uint64_t most) {
    WireReader reader(given, WireKind::roster);
    reader.vector(least, most);
    return reader.complete();
  };
  EXPECT_TRUE(taken(bytes, 3, 3));
  EXPECT_FALSE(taken(bytes, 4, 5));
  EXPECT_FALSE(taken(bytes, 0, 2));
  EXPECT_FALSE(taken(bytes + '\0', 0, 5)) << "trailing bytes";
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(taken(bytes.substr(0, size), 0, 5)) << size;
  for (std::size_t at = 0; at < 20; ++at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_FALSE(taken(other, 0, 5)) << "magic, version, suite and kind, byte " << at;
  }
}

TEST(Wire, AfterAFailureNothingIsFound) {
  WireReader reader(
      "\x05"
      "abcdef");
  EXPECT_EQ(reader.vector(0, 4), "");
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_EQ(reader.fixed(1), "");
  EXPECT_FALSE(reader.fine());
  EXPECT_FALSE(reader.more());
  EXPECT_FALSE(reader.complete());
}

TEST(Wire, ASignatureOfOneMeaningIsNoneOfAnother) {
  EXPECT_EQ(to_be_signed("plan", "x"), std::string("plan\0x", 6));
  EXPECT_NE(to_be_signed("plan", "x"), to_be_signed("planx", ""));
}

}  // namespace
}  // namespace sfumato
