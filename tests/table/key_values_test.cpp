#include "table/key_values.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

GroupDirectory directory_of(std::uint64_t seed) {
  FixedBits bits(seed);
  return GroupDirectory(KeyedHash::make(bits).value(), bits.next());
}

std::vector<Units> filled(KeyValues& of, const KeyColumn& column, std::size_t rows) {
  std::vector<Units> values(rows);
  of.fill(column, 0, values);
  return values;
}

TEST(KeyValues, AreTheSameInEachFormThatAColumnCanHaveAndForEachThread) {
  const GroupDirectory directory = directory_of(1);
  KeyValues first(directory, 2), second(directory, 3);
  const std::vector<std::int64_t> integers = {7, -1, 7, 0};
  const std::vector<std::uint8_t> nulls = {0, 0, 0, 1};
  const std::vector<Key> keys = {{}, {Key::Kind::integer, 7, {}}, {Key::Kind::integer, -1, {}}};
  const std::vector<std::uint32_t> codes = {1, 2, 1, 0};
  const auto a = filled(first, {.integers = integers, .nulls = nulls}, 4);
  const auto b = filled(second, {.entries = keys, .codes = codes, .dictionary = 1}, 4);
  EXPECT_EQ(a, b);
  EXPECT_EQ(a[0], a[2]);
  EXPECT_NE(a[0], a[1]);
  EXPECT_EQ(a[3], kNullUnits);
}

TEST(KeyValues, OfDifferentKeysAreDifferentAndNoneIsBelowZero) {
  const GroupDirectory directory = directory_of(4);
  KeyValues values(directory, 5);
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i) texts.push_back("k" + std::to_string(i));
  std::vector<Key> keys;
  for (const std::string& text : texts) keys.push_back({Key::Kind::text, 0, text});
  const auto all = filled(values, {.entries = keys}, keys.size());
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), keys.size());
  for (const Units value : all) EXPECT_GE(value, 0);
}

TEST(KeyValues, HangOnTheKeyOfTheDirectory) {
  const GroupDirectory one = directory_of(6), other = directory_of(7);
  KeyValues a(one, 1), b(other, 1);
  const std::vector<std::int64_t> integers = {1};
  EXPECT_NE(filled(a, {.integers = integers}, 1), filled(b, {.integers = integers}, 1));
}

}  // namespace
}  // namespace sfumato
