#include "cli/layout.h"

#include <gtest/gtest.h>

#include <string>

using namespace sfumato;

TEST(Aligned, EachColumnIsAsWideAsItsWidestCell) {
  EXPECT_EQ(
      aligned({{"site", "count"}, {"a", "7"}, {"Zürich", "1234567"}}, {Align::left, Align::right}),
      "site      count\n"
      "a             7\n"
      "Zürich  1234567\n");
}

TEST(Aligned, NoLineEndsInBlanks) {
  EXPECT_EQ(aligned({{"a", ""}, {"", "b"}}, {Align::left, Align::left}), "a\n   b\n");
  EXPECT_EQ(aligned({{""}}, {Align::left}), "\n");
  EXPECT_EQ(aligned({}, {}), "");
}

TEST(Wrapped, BreaksBetweenWordsAtTheWidth) {
  EXPECT_EQ(wrapped("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 6), "one\ntwo\nthree\n");
  EXPECT_EQ(wrapped("one two three", 13), "one two three\n");
  EXPECT_EQ(wrapped("εεε δδδ", 7), "εεε δδδ\n") << "characters count, not bytes";
}

TEST(Wrapped, LongWordsStayWhole) {
  EXPECT_EQ(wrapped("a incomprehensible b", 5), "a\nincomprehensible\nb\n");
}

TEST(Wrapped, EndsOfLinesStay) {
  EXPECT_EQ(wrapped("one\ntwo three\n", 5), "one\ntwo\nthree\n");
  EXPECT_EQ(wrapped("", 5), "");
}
