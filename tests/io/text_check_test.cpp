#include "io/text_check.h"

#include <gtest/gtest.h>

#include <string>

namespace sfumato {
namespace {

bool is_text(std::string_view bytes) {
  TextCheck check;
  return check.feed(bytes) && check.complete();
}

/// The form that RFC 3629 gives a code point, in as many bytes as asked.
std::string encoded(unsigned point, int bytes) {
  if (bytes == 1) return {static_cast<char>(point)};
  std::string out;
  for (int i = bytes - 1; i > 0; --i)
    out += static_cast<char>(0x80 | ((point >> (6 * (i - 1))) & 0x3F));
  const unsigned marks = bytes == 2 ? 0xC0 : bytes == 3 ? 0xE0 : 0xF0;
  return static_cast<char>(marks | (point >> (6 * (bytes - 1)))) + out;
}

int shortest_length(unsigned point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

TEST(TextCheck, TakesEachCodePointInItsShortestFormButNulAndSurrogates) {
  for (unsigned point = 0; point < 0x120000; point += point < 0x11000 ? 1 : 37) {
    const bool right = point != 0 && (point < 0xD800 || point > 0xDFFF) && point <= 0x10FFFF;
    ASSERT_EQ(is_text(encoded(point, shortest_length(point))), right) << point;
  }
}

TEST(TextCheck, TakesTheEdgesOfEachLength) {
  for (const unsigned point :
       {0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xD7FFu, 0xE000u, 0xFFFFu, 0x10000u, 0x10FFFFu})
    EXPECT_TRUE(is_text(encoded(point, shortest_length(point)))) << point;
  EXPECT_FALSE(is_text(encoded(0x110000, 4)));
}

TEST(TextCheck, RefusesLongerFormsThanNeeded) {
  for (const unsigned point : {1u, 0x2Fu, 0x7Fu}) {
    EXPECT_FALSE(is_text(encoded(point, 2)));
    EXPECT_FALSE(is_text(encoded(point, 3)));
    EXPECT_FALSE(is_text(encoded(point, 4)));
  }
  EXPECT_FALSE(is_text(encoded(0x7FF, 3)));
  EXPECT_FALSE(is_text(encoded(0xFFFF, 4)));
}

TEST(TextCheck, RefusesBytesThatBeginNothing) {
  for (const int byte : {0x80, 0xBF, 0xC0, 0xC1, 0xF5, 0xF8, 0xFE, 0xFF})
    EXPECT_FALSE(is_text("abc" + std::string(1, static_cast<char>(byte)) + "abcabcabc")) << byte;
}

TEST(TextCheck, RefusesACharacterThatIsCutShort) {
  EXPECT_FALSE(is_text("a\xC3"));
  EXPECT_FALSE(is_text("a\xE2\x82"));
  EXPECT_FALSE(is_text("a\xE2\x82,"));
  EXPECT_FALSE(is_text("\xF0\x9F\x98z"));
}

TEST(TextCheck, FindsANulOrABadByteAtEachPlaceOfAWord) {
  for (std::size_t place = 0; place < 24; ++place)
    for (const char bad : {'\0', '\x80', '\xFF'}) {
      std::string bytes(24, 'a');
      EXPECT_TRUE(is_text(bytes));
      bytes[place] = bad;
      EXPECT_FALSE(is_text(bytes)) << place;
    }
}

TEST(TextCheck, SaysTheSameHoweverTheBytesAreCut) {
  const std::string text = "na\xC3\xAFve \xE2\x82\xAC 12345678 \xF0\x9F\x98\x80 end";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    TextCheck check;
    EXPECT_TRUE(check.feed(text.substr(0, cut)));
    EXPECT_TRUE(check.feed(text.substr(cut)));
    EXPECT_TRUE(check.complete());
  }
}

TEST(TextCheck, TakesNothingAndEveryControlCharacterButNul) {
  EXPECT_TRUE(is_text(""));
  for (char c = 1; c < 32; ++c) EXPECT_TRUE(is_text(std::string(9, c)));
}

}  // namespace
}  // namespace sfumato
