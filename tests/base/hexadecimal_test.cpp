#include "sfumato/base/hexadecimal.h"

#include <gtest/gtest.h>

#include <array>

namespace sfumato {
namespace {

TEST(Hexadecimal, TellsEachByteInTwoDigits) {
  EXPECT_EQ(hexadecimal(std::string_view("\x00\x0f\xa0\xff", 4)), "000fa0ff");
  EXPECT_EQ(hexadecimal(""), "");
}

TEST(Hexadecimal, IsReadAsItIsWritten) {
  std::array<unsigned char, 4> bytes{};
  ASSERT_TRUE(read_hexadecimal("000fa0ff", bytes));
  EXPECT_EQ(bytes, (std::array<unsigned char, 4>{0x00, 0x0f, 0xa0, 0xff}));
  EXPECT_TRUE(read_hexadecimal("", {}));
}

TEST(Hexadecimal, OfAnotherLengthOrWithOtherDigitsIsRefused) {
  std::array<unsigned char, 2> bytes{};
  for (const char* text :
       {"", "00f", "00ff0", "00ff00", "00fg", "00FF", "0x00", " 00f", "00/:", "00`g"})
    EXPECT_FALSE(read_hexadecimal(text, bytes)) << text;
}

}  // namespace
}  // namespace sfumato
