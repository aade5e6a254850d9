#include "table/group_finder.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aggregate/partitions.h"
#include "support/fixed_bits.h"
#include "table/cells.h"
#include "table/group_keys.h"

namespace sfumato {
namespace {

class GroupsOfABatch : public testing::Test {
 protected:
  std::vector<std::uint32_t> find(GroupFinder& finder, const Batch& batch) {
    std::vector<std::uint32_t> groups(batch.rows);
    finder.fill(batch, 0, groups);
    return groups;
  }
  GroupKey key(std::uint32_t group) { return read_canonical(directory_.name(group)); }

  FixedBits bits_{1};
  GroupDirectory directory_{KeyedHash::make(bits_).value(), 1};
};

TEST_F(GroupsOfABatch, AreTheSameInEachFormThatAColumnCanHave) {
  const std::vector<std::int64_t> integers = {7, 0, -3, 7};
  const std::vector<std::uint8_t> nulls = {0, 1, 0, 0};
  const std::vector<Key> cells = {integer(7), Key{}, integer(-3), integer(7)};
  const std::vector<Key> entries = {Key{}, integer(-3), integer(7), integer(7)};
  const std::vector<std::uint32_t> codes = {2, 0, 1, 3};
  GroupFinder finder(1, false, directory_, 5);
  const auto plain = find(finder, {4, {{.entries = cells}}, {}, nullptr});
  EXPECT_EQ(plain, (std::vector<std::uint32_t>{0, 1, 2, 0}));
  EXPECT_EQ(find(finder, {4, {{.integers = integers, .nulls = nulls}}, {}, nullptr}), plain);
  EXPECT_EQ(find(finder, {4, {{.entries = entries, .codes = codes, .dictionary = 1}}, {}, nullptr}),
            plain);
  EXPECT_EQ(key(0), GroupKey{"7"});
  EXPECT_EQ(key(1), GroupKey{std::nullopt});
}

/// Else a dictionary would tell of people who are in no row.
TEST_F(GroupsOfABatch, AnEntryThatStandsInNoRowMakesNone) {
  const std::vector<Key> entries = {Key{}, text("gone"), text("here"), text("gone, too")};
  const std::vector<std::uint32_t> codes = {2, 2};
  GroupFinder finder(1, false, directory_, 5);
  find(finder, {2, {{.entries = entries, .codes = codes, .dictionary = 1}}, {}, nullptr});
  EXPECT_EQ(directory_.size(), 1U);
}

TEST_F(GroupsOfABatch, SeveralColumnsMakeAGroupOfEachTuple) {
  std::vector<std::int64_t> a, b, c;
  for (std::int64_t i = 0; i < 3000; ++i)
    a.push_back(i % 11), b.push_back(i % 13), c.push_back(i % 3);
  GroupFinder finder(3, false, directory_, 5);
  const auto groups =
      find(finder, {3000, {{.integers = a}, {.integers = b}, {.integers = c}}, {}, nullptr});
  EXPECT_EQ(directory_.size(), 11U * 13 * 3);
  for (std::size_t i = 0; i < 3000; ++i)
    ASSERT_EQ(key(groups[i]),
              (GroupKey{std::to_string(a[i]), std::to_string(b[i]), std::to_string(c[i])}));
}

TEST_F(GroupsOfABatch, ThreadsThatShareADirectoryAgree) {
  GroupFinder one(1, false, directory_, 5), other(1, false, directory_, 5);
  const std::vector<Key> cells = {text("x"), text("y")}, swapped = {text("y"), text("x")};
  EXPECT_EQ(find(one, {2, {{.entries = cells}}, {}, nullptr}), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(find(other, {2, {{.entries = swapped}}, {}, nullptr}),
            (std::vector<std::uint32_t>{1, 0}));
}

TEST_F(GroupsOfABatch, WhereTheyAreListedRowsOfOthersDoNotCount) {
  std::string bytes;
  append_canonical(text("y"), bytes);
  directory_.number(bytes);
  GroupFinder finder(1, true, directory_, 5);
  const std::vector<Key> cells = {text("x"), text("y"), Key{}, text("x")};
  constexpr std::uint32_t kNone = NamedRows::kNoGroup;
  EXPECT_EQ(find(finder, {4, {{.entries = cells}}, {}, nullptr}),
            (std::vector<std::uint32_t>{kNone, 0, kNone, kNone}));
  EXPECT_EQ(directory_.size(), 1U);
}

TEST_F(GroupsOfABatch, WithoutColumnsThereIsOne) {
  GroupFinder finder(0, false, directory_, 5);
  EXPECT_EQ(find(finder, {3, {}, {}, nullptr}), (std::vector<std::uint32_t>{0, 0, 0}));
  EXPECT_EQ(key(0), GroupKey{});
}

}  // namespace
}  // namespace sfumato
