#include "io/quote_check.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sfumato {
namespace {

bool left_open(std::string_view rows) {
  QuoteCheck check;
  check.feed(rows);
  return check.open();
}

/// The definition: RFC 4180 as Arrow reads it, one byte after the other.
bool plainly_open(std::string_view rows) {
  enum { begin, bare, quoted } cell = begin;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool mark = rows[i] == '"';
    if (cell == quoted && mark) {
      if (i + 1 < rows.size() && rows[i + 1] == '"') {
        ++i;
      } else {
        cell = bare;
      }
    } else if (cell == begin && mark) {
      cell = quoted;
    } else if (cell != quoted) {
      cell = rows[i] == ',' || rows[i] == '\n' || rows[i] == '\r' ? begin : bare;
    }
  }
  return cell == quoted;
}

TEST(QuoteCheck, AMarkOpensACellOnlyWhereTheCellBegins) {
  EXPECT_TRUE(left_open("\"a"));
  EXPECT_TRUE(left_open("1,\"a"));
  EXPECT_TRUE(left_open("1\n\"a"));
  EXPECT_TRUE(left_open("1\r\"a"));
  EXPECT_FALSE(left_open("5\"3,1\n"));
  EXPECT_FALSE(left_open(" \"a\n"));
}

TEST(QuoteCheck, AMarkClosesACellButTwoStandForOne) {
  EXPECT_FALSE(left_open("\"a\""));
  EXPECT_FALSE(left_open("\"\""));
  EXPECT_TRUE(left_open("\"\"\""));
  EXPECT_FALSE(left_open("\"\"\"\""));
  EXPECT_TRUE(left_open("\"a\"\"b"));
  EXPECT_FALSE(left_open("\"a\"b\"c"));
  EXPECT_TRUE(left_open("\"a\",\""));
}

TEST(QuoteCheck, SaysWhatTheDefinitionSaysHoweverTheBytesAreCut) {
  std::mt19937_64 rng(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string rows;
    for (std::size_t length = rng() % 14; rows.size() < length;) rows += "\"\"\",\nab\r"[rng() % 8];
    const std::size_t first = rng() % (rows.size() + 1);
    const std::size_t second = first + rng() % (rows.size() - first + 1);
    QuoteCheck check;
    check.feed(rows.substr(0, first));
    check.feed(rows.substr(first, second - first));
    check.feed(rows.substr(second));
    ASSERT_EQ(check.open(), plainly_open(rows)) << rows << " cut at " << first << ", " << second;
  }
}

}  // namespace
}  // namespace sfumato
