#include "sfumato/aggregate/interner.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(Interner, NumbersStringsInOrderOfArrivalAndFindsThemAgain) {
  Interner interner(1);
  EXPECT_EQ(interner.intern("b"), 0U);
  EXPECT_EQ(interner.intern("a"), 1U);
  EXPECT_EQ(interner.intern("b"), 0U);
  EXPECT_EQ(interner.find("a"), 1U);
  EXPECT_EQ(interner.find("c"), std::nullopt);
  EXPECT_EQ(interner[1], "a");
  EXPECT_EQ(interner.size(), 2U);
}

TEST(Interner, TellsTheEmptyStringAndZeroBytesApart) {
  Interner interner(2);
  const std::vector<std::string> all = {
      "",  std::string(1, '\0'), std::string(8, '\0'), std::string(9, '\0'),
      "a", std::string("a\0", 2)};
  for (std::uint32_t i = 0; i < all.size(); ++i) EXPECT_EQ(interner.intern(all[i]), i);
  for (std::uint32_t i = 0; i < all.size(); ++i) EXPECT_EQ(interner.find(all[i]), i);
}

TEST(Interner, HoldsManyStringsOfManyLengthsWhereTheyAre) {
  Interner interner(3);
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < 100'000; ++i)
    all.push_back(std::to_string(i) + std::string(i % 37, 'x'));
  for (const std::string& s : all) interner.intern(s);
  const std::string_view early = interner[5];
  interner.intern(std::string(1 << 20, 'y'));
  EXPECT_EQ(early.data(), interner[5].data());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(interner[i], all[i]);
    EXPECT_EQ(interner.find(all[i]), i);
  }
}

TEST(Interner, ItsSeedChangesNothingThatIsSeen) {
  Interner a(10);
  Interner b(11);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(a.intern(std::to_string(i)), b.intern(std::to_string(i)));
}

}  // namespace
}  // namespace sfumato
