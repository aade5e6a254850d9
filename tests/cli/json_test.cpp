#include "cli/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace sfumato {
namespace {

TEST(Json, NumbersAreShortestAndInfinityIsAWord) {
  EXPECT_EQ(json_number(0.1), "0.1");
  EXPECT_EQ(json_number(6.694272660000001), "6.694272660000001");
  EXPECT_EQ(json_number(0), "0");
  EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "\"inf\"");
  EXPECT_EQ(json_number(-std::numeric_limits<double>::infinity()), "\"-inf\"");
  EXPECT_EQ(json_number(-std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(Json, TextIsQuotedAndNeverSteersATerminal) {
  EXPECT_EQ(json_text("a \"b\" ε"), "\"a \\\"b\\\" ε\"");
  EXPECT_EQ(json_text("\x1b[2J"), "\"\\u001b[2J\"");
}

TEST(Json, ObjectsKeepTheOrderOfTheirFields) {
  EXPECT_EQ(json_object({}), "{}");
  EXPECT_EQ(json_object({{"b", "1"}, {"a", "\"x\""}}), "{\"b\": 1, \"a\": \"x\"}");
  EXPECT_EQ(json_document({{"b", "1"}, {"a", "2"}}), "{\n  \"b\": 1,\n  \"a\": 2\n}\n");
}

}  // namespace
}  // namespace sfumato
