#include "sfumato/io/batch.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace sfumato {
namespace {

constexpr Key kSeven{Key::Kind::integer, 7, {}};
constexpr Key kWord{Key::Kind::text, 0, "word"};

TEST(KeyColumn, ReadsTheSameCellsInEachForm) {
  const std::vector<std::int64_t> integers = {7, 0, 7};
  const std::vector<std::uint8_t> nulls = {0, 1, 0};
  const std::vector<Key> cells = {kSeven, Key{}, kSeven};
  const std::vector<Key> entries = {Key{}, kWord, kSeven};
  const std::vector<std::uint32_t> codes = {2, 0, 2};
  for (const KeyColumn& column :
       {KeyColumn{.integers = integers, .nulls = nulls}, KeyColumn{.entries = cells},
        KeyColumn{.entries = entries, .codes = codes}}) {
    EXPECT_EQ(column[0], kSeven);
    EXPECT_EQ(column[1], Key{});
    EXPECT_EQ(column[2], kSeven);
  }
}

TEST(KeyColumn, WithoutNullsNoIntegerIsNull) {
  const std::vector<std::int64_t> integers = {0, 7};
  EXPECT_EQ((KeyColumn{.integers = integers}[0]), (Key{Key::Kind::integer, 0, {}}));
}

TEST(NumberColumn, ARealThatIsNanIsNull) {
  const std::vector<double> reals = {0.5, std::numeric_limits<double>::quiet_NaN()};
  const NumberColumn column{.reals = reals};
  EXPECT_EQ(column[0].kind, Number::Kind::real);
  EXPECT_EQ(column[0].real, 0.5);
  EXPECT_EQ(column[1].kind, Number::Kind::null);
}

TEST(NumberColumn, AnIntegerIsNullWhereItsByteSaysSo) {
  const std::vector<std::int64_t> integers = {5, 6};
  const std::vector<std::uint8_t> nulls = {1, 0};
  const NumberColumn column{.integers = integers, .nulls = nulls};
  EXPECT_EQ(column[0].kind, Number::Kind::null);
  EXPECT_EQ(column[1].kind, Number::Kind::integer);
  EXPECT_EQ(column[1].integer, 6);
}

}  // namespace
}  // namespace sfumato
