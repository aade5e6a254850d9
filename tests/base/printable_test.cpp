#include "base/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace sfumato {
namespace {

TEST(Printable, PlainTextOfAnyLanguageStays) {
  for (const char* text : {"", "a b", "Zürich", "東京", "x\\ny", "🙂", "\xf4\x8f\xbf\xbf"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, WhatCouldSteerATerminalIsEscaped) {
  EXPECT_EQ(printable("\033[31m"), "\\x1b[31m");
  EXPECT_EQ(printable(std::string_view("a\0b\n\t\r", 6)), "a\\x00b\\x0a\\x09\\x0d");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\x9b") << "a control character of eight bits, in UTF-8";
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\u202e") << "turns the direction of what follows";
  EXPECT_EQ(printable("\xe2\x81\xa6"), "\\u2066");
  EXPECT_EQ(printable("\xef\xbb\xbf"), "\\ufeff");
}

TEST(Printable, BytesThatAreNoUtf8AreEscapedOneByOne) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80") << "a longer form than need be";
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half a surrogate pair";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(printable("\xe2\x80z"), "\\xe2\\x80z");
}

}  // namespace
}  // namespace sfumato
