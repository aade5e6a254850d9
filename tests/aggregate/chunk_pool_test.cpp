#include "aggregate/chunk_pool.h"

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

TEST(ChunkPool, AChunkMayBeLargerThanWhatIsMappedAtOnce) {
  ChunkPool pool(std::size_t{4} << 20, 1);
  for (int i = 0; i < 3; ++i) {
    std::uint64_t* const chunk = pool.take();
    chunk[0] = chunk[(std::size_t{4} << 20) - 1] = 1;
  }
}

}  // namespace
}  // namespace sfumato
