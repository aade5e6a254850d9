#include "aggregate/chunk_pool.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(ChunkPool, ChunksDoNotOverlapAndMayBeWrittenToTheirEnd) {
  ChunkPool pool(2048, 1 << 20);
  std::vector<std::uint64_t*> chunks;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    chunks.push_back(pool.take());
    chunks.back()[0] = chunks.back()[2047] = i;
  }
  for (std::uint64_t i = 0; i < 3000; ++i) {
    EXPECT_EQ(chunks[i][0], i);
    EXPECT_EQ(chunks[i][2047], i);
  }
}

TEST(ChunkPool, AChunkThatIsGivenBackIsTakenNext) {
  ChunkPool pool(2048, 1 << 20);
  std::uint64_t* const chunk = pool.take();
  pool.give_back(chunk);
  EXPECT_EQ(pool.take(), chunk);
}

TEST(ChunkPool, SaysWhenAsMuchIsTakenAsMayBe) {
  ChunkPool pool(1024, 3 * 8192);
  std::uint64_t* const first = pool.take();
  pool.take();
  EXPECT_FALSE(pool.full());
  pool.take();
  EXPECT_TRUE(pool.full());
  EXPECT_NE(pool.take(), nullptr);
  pool.give_back(first);
  pool.give_back(pool.take());
  EXPECT_TRUE(pool.full());
}

TEST(ChunkPool, WhatOthersHoldIsTakenOffTheLimitButForAnEighth) {
  constexpr std::size_t kChunk = 8 * 1024;
  ChunkPool pool(1024, 16 * kChunk);
  for (int i = 0; i < 5; ++i) pool.take();
  pool.share(10 * kChunk + kChunk / 2);
  EXPECT_EQ(pool.limit_bytes(), 6 * kChunk);
  EXPECT_FALSE(pool.full());
  pool.take();
  EXPECT_TRUE(pool.full());
  EXPECT_FALSE(pool.widen()) << "six of sixteen are the limit";
  pool.share(11 * kChunk);
  EXPECT_TRUE(pool.full());
  pool.share(1000 * kChunk);
  EXPECT_EQ(pool.limit_bytes(), 2 * kChunk);
  pool.share(0);
  EXPECT_FALSE(pool.full());
}

/// Takes chunks, and touches none, until no more may be taken.
std::size_t taken_until_full(ChunkPool& pool) {
  std::size_t taken = 0;
  for (; !pool.full(); ++taken) pool.take();
  return taken;
}

TEST(ChunkPool, IsFullBeforeItsLimitUntilItIsWidened) {
  constexpr std::size_t kLimit = std::size_t{1} << 30;
  constexpr std::size_t kChunk = 8 * 2048;
  ChunkPool pool(2048, kLimit);
  std::size_t taken = taken_until_full(pool);
  EXPECT_LT(taken, kLimit / kChunk / 2);
  for (std::size_t before = 0; before != taken;) {
    before = taken;
    const bool wider = pool.widen();
    taken += taken_until_full(pool);
    EXPECT_EQ(taken, wider ? std::min(2 * before, kLimit / kChunk) : before);
  }
  EXPECT_EQ(taken, kLimit / kChunk);
}

TEST(ChunkPool, AChunkMayBeLargerThanWhatIsMappedAtOnce) {
  ChunkPool pool(std::size_t{4} << 20, 1);
  for (int i = 0; i < 3; ++i) {
    std::uint64_t* const chunk = pool.take();
    chunk[0] = chunk[(std::size_t{4} << 20) - 1] = 1;
  }
}

}  // namespace
}  // namespace sfumato
