#include "table/unit_blocks.h"

#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"
#include "table/cells.h"

namespace sfumato {
namespace {

class UnitsOfAColumn : public testing::Test {
 protected:
  std::vector<Block> blocks(const KeyColumn& column, std::size_t rows, bool narrow = false) {
    UnitBlocks units(narrow, 12345, cipher_.copy(), long_ids_);
    std::vector<Block> out(rows);
    EXPECT_TRUE(units.fill(column, 0, out));
    return out;
  }

  FixedBits bits_{1};
  BlockCipher cipher_ = BlockCipher::make(bits_).value();
  LongIds long_ids_{1};
};

TEST_F(UnitsOfAColumn, AreTheSameBlockInEachFormThatAColumnCanHave) {
  const std::vector<std::int64_t> integers = {7, 0, -3, 7};
  const std::vector<std::uint8_t> nulls = {0, 1, 0, 0};
  const std::vector<Key> cells = {integer(7), Key{}, integer(-3), integer(7)};
  const std::vector<Key> entries = {Key{}, integer(-3), integer(7), text("in no row")};
  const std::vector<std::uint32_t> codes = {2, 0, 1, 2};
  const auto plain = blocks({.entries = cells}, 4);
  EXPECT_EQ(blocks({.integers = integers, .nulls = nulls}, 4), plain);
  EXPECT_EQ(blocks({.entries = entries, .codes = codes, .dictionary = 1}, 4), plain);
  EXPECT_EQ(plain[0], plain[3]);
  EXPECT_EQ(std::set<Block>(plain.begin(), plain.end()).size(), 3U);
}

/// Text of each length around that of a block, with zeros, and such as look like another form.
TEST_F(UnitsOfAColumn, DifferentIdsAreNeverTheSame) {
  std::vector<std::string> words;
  for (std::size_t length = 0; length < 40; ++length) {
    words.push_back(std::string(length, '\0'));
    words.push_back(std::string(length, 'a'));
    words.push_back(std::string(length, 'a') + "b");
  }
  for (char form = 0; form < 20; ++form)
    words.push_back(std::string("1234567\0\0\0\0\0\0\0", 14) + form);
  const std::set<std::string> distinct(words.begin(), words.end());
  std::vector<Key> cells = {Key{}, integer(0), integer(1), integer(97), integer(-1)};
  for (const std::string& word : distinct) cells.push_back(text(word));
  const auto all = blocks({.entries = cells}, cells.size());
  EXPECT_EQ(std::set<Block>(all.begin(), all.end()).size(), cells.size());
}

TEST_F(UnitsOfAColumn, ALongIdIsTheSameUnitForEachThread) {
  const std::vector<Key> cells = {text("an id that is longer than a block"),
                                  text("another id that is longer than a block")};
  const std::vector<Key> swapped = {cells[1], cells[0]};
  const auto a = blocks({.entries = cells}, 2);
  const auto b = blocks({.entries = swapped}, 2);
  EXPECT_EQ(a[0], b[1]);
  EXPECT_EQ(a[1], b[0]);
  EXPECT_NE(a[0], a[1]);
}

TEST_F(UnitsOfAColumn, ADictionaryThatGrowsAndOneThatIsReplacedAreLookedAtAgain) {
  UnitBlocks units(false, 1, cipher_.copy(), long_ids_);
  std::vector<Key> entries = {Key{}, integer(1)};
  const std::vector<std::uint32_t> codes = {1};
  std::vector<Block> one(1), two(1), other(1);
  ASSERT_TRUE(units.fill({.entries = entries, .codes = codes, .dictionary = 1}, 0, one));
  entries.push_back(integer(2));
  const std::vector<std::uint32_t> last = {2};
  ASSERT_TRUE(units.fill({.entries = entries, .codes = last, .dictionary = 1}, 0, two));
  const std::vector<Key> swapped = {Key{}, integer(2)};
  ASSERT_TRUE(units.fill({.entries = swapped, .codes = codes, .dictionary = 2}, 0, other));
  EXPECT_NE(one, two);
  EXPECT_EQ(other, two);
}

TEST_F(UnitsOfAColumn, NarrowBlocksAreOneToOneAndNullIsNone) {
  std::vector<std::int64_t> integers = {0, 0, std::numeric_limits<std::int64_t>::min(),
                                        std::numeric_limits<std::int64_t>::max()};
  for (std::int64_t i = 1; i < 3000; ++i)
    integers.insert(integers.end(), {i, -i, i << 32, i << 50});
  std::vector<std::uint8_t> nulls(integers.size());
  nulls[1] = 1;
  const std::set<std::int64_t> distinct(integers.begin(), integers.end());
  const auto all = blocks({.integers = integers, .nulls = nulls}, integers.size(), true);
  EXPECT_EQ(std::set<Block>(all.begin(), all.end()).size(), distinct.size() + 1);
  EXPECT_EQ(all[1], (Block{0, 1}));
  for (const Block& block : all) EXPECT_LE(block.low, 1U);
}

TEST_F(UnitsOfAColumn, TextIsRefusedWhereBlocksAreNarrow) {
  UnitBlocks units(true, 1, cipher_.copy(), long_ids_);
  const std::vector<Key> cells = {text("a")};
  std::vector<Block> out(1);
  EXPECT_FALSE(units.fill({.entries = cells}, 0, out));
}

}  // namespace
}  // namespace sfumato
