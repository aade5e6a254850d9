#include "table/group_keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "table/cells.h"

namespace sfumato {
namespace {

std::string canonical(const std::vector<Key>& keys) {
  std::string bytes;
  for (const Key& key : keys) append_canonical(key, bytes);
  return bytes;
}

TEST(GroupKeys, CanonicalBytesAreReadBackAsTheyWereWritten) {
  const GroupKey key = read_canonical(canonical({integer(-5), Key{}, text("a"), text("")}));
  EXPECT_EQ(key, (GroupKey{"-5", std::nullopt, "a", ""}));
}

TEST(GroupKeys, TheFirstKeysAreThoseThatStandFirst) {
  const std::vector<Key> keys = {integer(-5), Key{}, text("a"), text("")};
  for (std::size_t count = 0; count <= keys.size(); ++count)
    EXPECT_EQ(first_canonical(canonical(keys), count),
              canonical({keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count)}));
}

TEST(GroupKeys, DifferentKeysNeverHaveTheSameBytes) {
  const std::vector<std::vector<Key>> all = {
      {text("ab"), text("c")}, {text("a"), text("bc")}, {text("abc"), text("")},
      {text(""), text("abc")}, {Key{}, text("x")},      {text("x"), Key{}},
      {integer(1), text("")},  {text("1"), text("")},   {text(std::string_view("\0\0", 2)), Key{}}};
  for (const auto& a : all)
    for (const auto& b : all) EXPECT_EQ(canonical(a) == canonical(b), &a == &b);
}

TEST(GroupKeys, NullComesFirstThenNumbersByValueThenWordsByBytes) {
  const std::vector<GroupKey> sorted = {{std::nullopt}, {"-3"}, {"0"}, {"2.5"}, {"25"}, {"100"},
                                        {"1e3"},        {""},   {"Z"}, {"a"},   {"a1"}, {"\u00e9"}};
  std::vector<GroupKey> shuffled = sorted;
  std::ranges::reverse(shuffled);
  std::ranges::sort(shuffled, key_before);
  EXPECT_EQ(shuffled, sorted);
}

TEST(GroupKeys, LaterColumnsDecideWhereEarlierOnesAgree) {
  EXPECT_TRUE(key_before({"1", "b"}, {"1", "c"}));
  EXPECT_FALSE(key_before({"1", "c"}, {"1", "b"}));
  EXPECT_FALSE(key_before({"1", "b"}, {"1", "b"}));
  EXPECT_TRUE(key_before({"1", "z"}, {"2", "a"}));
}

TEST(GroupKeys, ACoarserGroupComesBeforeThoseWithinIt) {
  EXPECT_TRUE(key_before({"1"}, {"1", std::nullopt}));
  EXPECT_FALSE(key_before({"1", std::nullopt}, {"1"}));
  EXPECT_TRUE(key_before({"1", "z"}, {"2"}));
  EXPECT_TRUE(key_before({}, {std::nullopt}));
  EXPECT_FALSE(key_before({}, {}));
}

TEST(GroupKeys, NumbersThatAreEqualButWrittenDifferentlyAreStillOrdered) {
  EXPECT_NE(key_before({"1"}, {"1.0"}), key_before({"1.0"}, {"1"}));
  EXPECT_NE(key_before({"nan"}, {"x"}), key_before({"x"}, {"nan"}));
}

}  // namespace
}  // namespace sfumato
