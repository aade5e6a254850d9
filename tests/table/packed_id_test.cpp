#include "table/packed_id.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/base/dyadic.h"

namespace sfumato::packed_id_test {
namespace {

constexpr std::string_view kAlphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

std::string letters(uint128 number, std::size_t count, unsigned bits) {
  std::string text(count, ' ');
  for (std::size_t i = count; i-- > 0; number >>= bits)
    text[i] = kAlphabet[static_cast<std::size_t>(number & ((1U << bits) - 1))];
  return text;
}

/// What was packed, from its bytes alone.
std::string unpacked(const PackedId& bytes) {
  uint128 number = 0;
  for (std::size_t i = 16; i-- > 0;) number = number << 8 | bytes[i];
  const unsigned last = bytes[15];
  const uint128 others = number & ((uint128{1} << 120) - 1);
  if (last < 64) return letters(others, last - 32, 4);
  if (last < 128) return letters(others, last - 64, 6);
  const uint128 half = (uint128{1} << 62) - 1;
  const uint128 free = number & ((uint128{1} << 126) - 1);
  std::string uuid = letters((free >> 62) << 64 | uint128{2} << 62 | (free & half), 32, 4);
  if (last >> 6 == 3)
    for (const std::size_t at : {8U, 13U, 18U, 23U}) uuid.insert(at, 1, '-');
  return uuid;
}

std::string random_text(std::mt19937_64& rng, std::size_t length, std::size_t alphabet) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += kAlphabet[rng() % alphabet];
  return text;
}

std::string random_uuid(std::mt19937_64& rng, bool hyphens) {
  std::string uuid = random_text(rng, 32, 16);
  uuid[16] = "89ab"[rng() % 4];
  if (hyphens)
    for (const std::size_t at : {8U, 13U, 18U, 23U}) uuid.insert(at, 1, '-');
  return uuid;
}

TEST(PackedId, WhatIsPackedCanBeReadBack) {
  std::mt19937_64 rng(1);
  std::vector<std::string> ids = {"00000000-0000-0000-8000-000000000000",
                                  "ffffffff-ffff-ffff-bfff-ffffffffffff",
                                  std::string(16, '0'),
                                  std::string(17, '0'),
                                  std::string(20, '_'),
                                  std::string(30, 'f')};
  for (int i = 0; i < 500; ++i) {
    for (std::size_t length = 16; length <= 30; ++length)
      ids.push_back(random_text(rng, length, 16));
    for (std::size_t length = 16; length <= 20; ++length)
      ids.push_back(random_text(rng, length, 64));
    for (const bool hyphens : {false, true}) ids.push_back(random_uuid(rng, hyphens));
  }
  std::map<PackedId, std::string> seen;
  for (const std::string& id : ids) {
    const auto packed = pack_id(id);
    ASSERT_TRUE(packed) << id;
    EXPECT_EQ(unpacked(*packed), id);
    EXPECT_GE((*packed)[15], 32) << "the forms of other ids lie below";
    EXPECT_TRUE(seen.try_emplace(*packed, id).first->second == id);
  }
}

TEST(PackedId, ThereIsNoneOfWhatDoesNotFit) {
  for (const std::string id :
       {"fifteen-letters", "", "0123456789abcdef!", "person@example.org", "a-word-of-twenty-one1",
        "0123456789abcdef0123456789abcde",  // 21, 31
        "0123456789abcdef0123456789abcdef", "00000000-0000-0000-c000-000000000000",
        "00000000-0000-0000-7000-000000000000", "00000000-0000-0000-8000-00000000000G",
        "0000000-00000-0000-8000-000000000000", "00000000-0000-0000-8000-0000000000-0",
        "00000000-0000-0000-A000-000000000000", "AAAAAAAA-0000-0000-8000-000000000000",
        "0000000000000000A000000000000000", "00000000-0000-0000-8000-0000000000000"})
    EXPECT_FALSE(pack_id(id)) << id;
  EXPECT_FALSE(pack_id(std::string(20, '\xff')));
  EXPECT_FALSE(pack_id(std::string(16, '\0')));
}

}  // namespace
}  // namespace sfumato::packed_id_test
