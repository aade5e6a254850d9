#include "sfumato/io/condition.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace sfumato {
namespace {

using Kind = Condition::Kind;
using Cells = std::vector<std::string>;

Condition condition(const std::string& text) {
  Result<Condition> parsed = parse_condition(text);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error().message;
  return parsed ? *parsed : Condition{.column = "", .kind = Kind::null};
}

bool holds(const std::string& text, std::optional<std::string_view> cell) {
  return condition(text).holds(cell);
}

/// Those of the cells of which it is true.
Cells kept(const std::string& text, const Cells& cells) {
  Cells out;
  const Condition parsed = condition(text);
  for (const std::string& cell : cells)
    if (parsed.holds(cell)) out.push_back(cell);
  return out;
}

std::string wrong(const std::string& text) {
  const Result<Condition> parsed = parse_condition(text);
  EXPECT_FALSE(parsed) << text;
  if (parsed) return "";
  EXPECT_EQ(parsed.error().where, "where");
  EXPECT_EQ(parsed.error().code, Errc::invalid_parameter);
  return parsed.error().message;
}

// ---- what it means

TEST(Condition, ANumberComparesWithWhatTheCellWrites) {
  const Cells cells = {"7",  "07",    "7.0", " 7 ", "+7", "70e-1", "7.00000000000000000000000001",
                       "-7", "seven", "",    "7x",  "0x7"};
  EXPECT_EQ(kept("x = 7", cells), (Cells{"7", "07", "7.0", " 7 ", "+7", "70e-1"}));
  EXPECT_EQ(kept("x > 7", cells), (Cells{"7.00000000000000000000000001"}));
  EXPECT_EQ(kept("x < 7", cells), (Cells{"-7"}));
  EXPECT_EQ(kept("x >= 7.0", cells).size(), 7U);
}

TEST(Condition, ATenthIsATenth) {
  EXPECT_TRUE(holds("x = 0.1", "0.1"));
  EXPECT_TRUE(holds("x = 0.1", "1e-1"));
  EXPECT_FALSE(holds("x < 0.1", "0.1"));
  EXPECT_FALSE(holds("x > 0.1", "0.1"));
  EXPECT_TRUE(holds("x > 0.1", "0.1000000000000000055511151231257827"));  // the double, written out
  EXPECT_TRUE(
      holds("x = 0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"));
}

TEST(Condition, NumbersThatNoMachineTypeHoldsCompareExactly) {
  EXPECT_TRUE(holds("x > 9007199254740992", "9007199254740993"));
  EXPECT_TRUE(holds("x > 9223372036854775807", "9223372036854775808"));
  EXPECT_FALSE(holds("x >= 9223372036854775808", "9223372036854775807"));
  EXPECT_TRUE(holds("x < 1e400", "9e399"));
  EXPECT_TRUE(holds("x > 1e350", "1e351"));
  EXPECT_TRUE(holds("x > 1e400", "1e99999999999999999999999"));
  EXPECT_TRUE(holds("x > 0", "1e-99999999999999999999999"));
  EXPECT_TRUE(holds("x < 0", "-1e-999"));
  EXPECT_TRUE(holds("x = 0", "-0.000e999999999999999999999"));
  EXPECT_TRUE(holds("x < -1e400", "-inf"));
  EXPECT_TRUE(holds("x > 1e400", "Infinity"));
}

TEST(Condition, WhatIsNoNumberIsUnknown) {
  for (const char* cell : {"nan", "seven", "", "-", "2024-06-01", "1,5", "true"}) {
    for (const char* sign : {"=", "!=", "<", "<=", ">", ">="})
      EXPECT_FALSE(holds(std::string("x ") + sign + " 7", cell)) << cell << sign;
    EXPECT_FALSE(holds("x in (7, 8)", cell));
    EXPECT_FALSE(holds("x not in (7, 8)", cell));
  }
}

TEST(Condition, ADateComparesWithTheInstantThatTheCellWrites) {
  const Cells cells = {"2024-06-01",
                       "2024-06-01 00:00:00.000",
                       "2024-06-01T02:00+02:00",
                       " 2024-06-01 ",
                       "2024-05-31T23:59:59.9Z",
                       "2024-06-01T00:00:00.001",
                       "2024-6-1",
                       "20240601",
                       "June"};
  EXPECT_EQ(kept("x = 2024-06-01", cells), Cells(cells.begin(), cells.begin() + 4));
  EXPECT_EQ(kept("x < 2024-06-01", cells), (Cells{"2024-05-31T23:59:59.9Z"}));
  EXPECT_EQ(kept("x > 2024-06-01", cells), (Cells{"2024-06-01T00:00:00.001"}));
  EXPECT_EQ(kept("x != 2024-06-01", cells),
            (Cells{"2024-05-31T23:59:59.9Z", "2024-06-01T00:00:00.001"}));
  EXPECT_EQ(kept("x >= 2024-06-01 00:00", cells).size(), 5U);
}

TEST(Condition, TextComparesByteByByte) {
  const Cells cells = {"7", "07", "north", "North", "", "n\xC3\xB6rd"};
  EXPECT_EQ(kept("x = '7'", cells), (Cells{"7"}));
  EXPECT_EQ(kept("x = north", cells), (Cells{"north"}));
  EXPECT_EQ(kept("x != 'north'", cells).size(), 5U);
  EXPECT_EQ(kept("x = ''", cells), (Cells{""}));
  EXPECT_EQ(kept("x > 'north'", cells), (Cells{"n\xC3\xB6rd"}));
  EXPECT_EQ(kept("x < 'a'", cells), (Cells{"7", "07", "North", ""}));
}

TEST(Condition, AListIsAnyOfItsValues) {
  const Cells cells = {"1", "02", "two", "2024-06-01", "x"};
  EXPECT_EQ(kept("x in (1, 2, two, 2024-06-01)", cells), (Cells{"1", "02", "two", "2024-06-01"}));
  EXPECT_EQ(kept("x not in ('two', 'x')", cells), (Cells{"1", "02", "2024-06-01"}));
  EXPECT_EQ(kept("x not in (1, 'two')", cells), (Cells{"02"}));  // to the others, 1 is unknown
}

TEST(Condition, NullIsUnknownToEachComparisonAndOnlyItIsNull) {
  for (const char* text : {"x = 7", "x != 7", "x < 7", "x >= 7", "x = a", "x != 'a'", "x in (a)",
                           "x not in (a)", "x < 2024-06-01", "x is not null"})
    EXPECT_FALSE(holds(text, std::nullopt)) << text;
  EXPECT_TRUE(holds("x is null", std::nullopt));
  for (const char* cell : {"", "0", "NULL", "NaN"}) {
    EXPECT_FALSE(holds("x is null", cell));
    EXPECT_TRUE(holds("x is not null", cell));
  }
}

// ---- how it is written

TEST(ParseCondition, ReadsColumnsOperatorsAndValues) {
  EXPECT_EQ(condition("year >= 2"), (Condition{"year", Kind::at_least, {*Decimal::parse("2")}}));
  EXPECT_EQ(condition(" year<=-2.5 "),
            (Condition{"year", Kind::at_most, {*Decimal::parse("-2.5")}}));
  EXPECT_EQ(condition("a!=b"), (Condition{"a", Kind::unequal, {"b"}}));
  EXPECT_EQ(condition("a.b-c = 'it''s'"), (Condition{"a.b-c", Kind::equal, {"it's"}}));
  EXPECT_EQ(condition("\"a = \"\"b\"\"\" > 'c d'"),
            (Condition{"a = \"b\"", Kind::greater, {"c d"}}));
  EXPECT_EQ(condition("x IS NOT NULL"), (Condition{"x", Kind::not_null}));
  EXPECT_EQ(condition("is is null"), (Condition{"is", Kind::null}));
  EXPECT_EQ(condition("x Not In('a',b)"), (Condition{"x", Kind::not_in, {"a", "b"}}));
  EXPECT_EQ(
      condition("x in (2024-06-01 12:30, 2024-06-02)"),
      (Condition{
          "x", Kind::in, {*Instant::parse("2024-06-01T12:30"), *Instant::parse("2024-06-02")}}));
  EXPECT_EQ(condition("größe < 2024-06-01T12:00:00.5+02:00").column, "größe");
}

TEST(ParseCondition, TellsWhereItGoesWrongAndWhatWouldBeRight) {
  EXPECT_EQ(wrong(""),
            "at character 1: expected a column; one that is no plain word stands in "
            "\"double quotes\"");
  EXPECT_EQ(wrong("year"),
            "at character 5: expected one of = != < <= > >=, 'in (…)', 'not in (…)', "
            "'is null' or 'is not null'");
  EXPECT_EQ(wrong("größe ~ 3").substr(0, 15), "at character 7:");
  EXPECT_EQ(wrong("year = "),
            "at character 8: expected a value: a number, a date such as "
            "2024-06-01, or 'text'");
  EXPECT_EQ(wrong("year == 3").substr(0, 15), "at character 7:");
  EXPECT_EQ(wrong("a = 1 and b = 2"),
            "at character 7: has more to say: a condition is one "
            "comparison, and each has a --where of its own");
  EXPECT_EQ(wrong("city = New York").substr(0, 16), "at character 12:");
  EXPECT_EQ(wrong("x = null"),
            "at character 5: nothing compares with null: say 'is null' or 'is not null'");
  EXPECT_EQ(wrong("x = \"a\""), "at character 5: expected a value; text stands in 'single quotes'");
  EXPECT_EQ(wrong("x = 'a"), "at character 5: has a quote that is never closed");
  EXPECT_EQ(wrong("\"x = 1"), "at character 1: has a double quote that is never closed");
  EXPECT_EQ(wrong("x in a"), "at character 6: expected '('");
  EXPECT_EQ(wrong("x in (a b)"), "at character 9: expected ',' or ')'");
  EXPECT_EQ(wrong("x in ()").substr(0, 15), "at character 7:");
  EXPECT_EQ(wrong("x is 3"), "at character 6: expected 'null'");
  EXPECT_EQ(wrong("x not like a").substr(0, 15), "at character 3:");
}

TEST(ParseCondition, WhatIsAlmostANumberOrADateIsNoText) {
  for (const char* value : {"2024-6-1", "2024-02-30", "1_000", "1.000.000", "18y", "0x10", "-", ".",
                            "1234567890123456789012345678901234567", "2024-06-01T25:00"})
    EXPECT_NE(wrong(std::string("x = ") + value).find("is neither a number"), std::string::npos);
  EXPECT_EQ(wrong("x < m"),
            "at character 5: 'm' is no number and no date; text that is to be ordered "
            "stands in 'quotes'");
}

TEST(ParseCondition, ReadsBackWhatAConditionTellsOfItself) {
  for (const char* text :
       {"year >= 2", "x = 'it''s'", "\"a b\" != -2.5", "x in (1, 'a', 2024-06-01)", "x is null",
        "x not in ('')", "x is not null", "\"\" = 'a'", "x < 2024-06-01T12:30:00Z",
        "\"a\"\"\" > 1e300"})
    EXPECT_EQ(condition(text).to_string(), text);
  EXPECT_EQ(condition("x=07.50").to_string(), "x = 7.5");
  EXPECT_EQ(condition("x   IN (a,2024-06-01 02:00+02:00)").to_string(), "x in ('a', 2024-06-01)");
}

// ---- hostile words

std::string other_words(std::string text, std::mt19937_64& rng) {
  constexpr std::string_view kInteresting = " '\"=<>!(),.-+:TZe0159ainu\\\n\xC3\xFF";
  const auto below = [&rng](std::size_t n) { return static_cast<std::size_t>(rng() % n); };
  for (std::size_t changes = 1 + below(5); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1);
    switch (below(4)) {
      case 0:
        text.erase(at, 1 + below(4));
        break;
      case 1:
        text.insert(at, text.substr(below(text.size() + 1), below(12)));
        break;
      case 2:
        text.insert(at, 1, kInteresting[below(kInteresting.size())]);
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(rng());
        break;
    }
  }
  return text;
}

TEST(ParseCondition, NoChangeOfWordsCrashesItAndWhatItReadsItReadsBack) {
  const std::vector<std::string> seeds = {"year >= 2024", "\"a b\" != -2.5e-3",
                                          "x in (1, 'a', 2024-06-01 12:30:00.5+02:00)",
                                          "x not in ('it''s', b)", "x is not null"};
  std::mt19937_64 rng(7);
  int read = 0, refused = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = other_words(seeds[rng() % seeds.size()], rng);
    const Result<Condition> parsed = parse_condition(text);
    ++(parsed ? read : refused);
    if (!parsed) {
      ASSERT_EQ(parsed.error().message.find("at character "), 0U) << text;
      continue;
    }
    const Result<Condition> again = parse_condition(parsed->to_string());
    ASSERT_TRUE(again) << text << " -> " << parsed->to_string();
    ASSERT_EQ(*again, *parsed) << text << " -> " << parsed->to_string();
    for (const char* cell : {"", "7", "a", "2024-06-01"}) (void)parsed->holds(cell);
  }
  EXPECT_GT(read, 5000);
  EXPECT_GT(refused, 5000);
}

}  // namespace
}  // namespace sfumato
