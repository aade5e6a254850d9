#include "sfumato/deid/value_hierarchy.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(ValueHierarchy, TellsWhatAValueBecomesAndHowManyBecomeThat) {
  const auto made = ValueHierarchy::make(
      {{"34", "30-39", "*"}, {"35", "30-39", "*"}, {"41", "40-49", "*"}, {"", "unknown", "*"}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->values(), 4U);
  EXPECT_EQ(made->levels(), 3U);
  const std::uint32_t value = made->find("35").value();
  EXPECT_EQ(made->text(0, made->label(0, value)), "35");
  EXPECT_EQ(made->text(1, made->label(1, value)), "30-39");
  EXPECT_EQ(made->leaves(1, made->label(1, value)), 2U);
  EXPECT_EQ(made->labels(1), 3U);
  EXPECT_EQ(made->leaves(2, made->label(2, value)), 4U);
  EXPECT_TRUE(made->find(""));
  EXPECT_FALSE(made->find("36"));
}

TEST(ValueHierarchy, WhatIsMissingIsAValueOfItsOwnBelowALastLabelOfAll) {
  const auto all =
      ValueHierarchy::make({{"34", "30-39", "*"}, {"41", "40-49", "*"}})->with_missing();
  EXPECT_EQ(all.values(), 3U);
  const std::uint32_t missing = all.missing().value();
  for (std::size_t level : {0U, 1U}) {
    EXPECT_TRUE(all.is_missing(level, all.label(level, missing)));
    EXPECT_FALSE(all.is_missing(level, all.label(level, 0)));
    EXPECT_EQ(all.leaves(level, all.label(level, missing)), 1U);
    EXPECT_EQ(all.labels(level), 3U);
  }
  EXPECT_EQ(all.label(2, missing), all.label(2, 0));
  EXPECT_FALSE(all.is_missing(2, all.label(2, missing)));
  EXPECT_EQ(all.leaves(2, 0), 3U);
  // Where the last level tells values apart, or is the first, it tells this one apart, too.
  const auto halves = ValueHierarchy::make({{"34", "young"}, {"41", "old"}})->with_missing();
  EXPECT_TRUE(halves.is_missing(1, halves.label(1, halves.missing().value())));
  const auto one = ValueHierarchy::make({{"34"}})->with_missing();
  EXPECT_TRUE(one.is_missing(0, one.label(0, one.missing().value())));
  EXPECT_FALSE(ValueHierarchy::make({{"34"}})->missing());
}

TEST(ValueHierarchy, IsRefusedWhereALineIsAmiss) {
  EXPECT_FALSE(ValueHierarchy::make({}));
  EXPECT_FALSE(ValueHierarchy::make({{}}));
  EXPECT_FALSE(ValueHierarchy::make({{"a", "*"}, {"b"}}));
  EXPECT_FALSE(ValueHierarchy::make({{"a", "*"}, {"a", "*"}}));
}

// Else a table generalised further would tell apart what it did not before.
TEST(ValueHierarchy, IsRefusedWhereValuesPartAgain) {
  const auto made = ValueHierarchy::make({{"a", "x", "1"}, {"b", "x", "2"}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "hierarchy, line 2");
}

}  // namespace
}  // namespace sfumato
