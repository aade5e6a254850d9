#include "aggregate/group_directory.h"

#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

TEST(GroupDirectory, NumbersGroupsAndFindsThemAgain) {
  FixedBits bits(1);
  GroupDirectory groups(KeyedHash::make(bits).value(), 1);
  EXPECT_EQ(groups.number("b"), 0U);
  EXPECT_EQ(groups.number("a"), 1U);
  EXPECT_EQ(groups.number("b"), 0U);
  EXPECT_EQ(groups.find("a"), 1U);
  EXPECT_EQ(groups.find("c"), std::nullopt);
  EXPECT_EQ(groups.name(1), "a");
  EXPECT_EQ(groups.size(), 2U);
}

TEST(GroupDirectory, AHashHangsOnTheNameAndNotOnTheNumber) {
  FixedBits same(1), bits(1);
  GroupDirectory one(KeyedHash::make(same).value(), 1);
  GroupDirectory other(KeyedHash::make(bits).value(), 2);
  std::vector<Block> hashes, swapped;
  one.number("a");
  one.catch_up(hashes);
  ASSERT_EQ(hashes.size(), 1U);
  one.number("b");
  one.catch_up(hashes);
  other.number("b");
  other.number("a");
  other.catch_up(swapped);
  EXPECT_EQ(hashes, (std::vector<Block>{swapped[1], swapped[0]}));
  EXPECT_NE(hashes[0], hashes[1]);
}

}  // namespace
}  // namespace sfumato
