#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace sfumato {

/// Memory in chunks of one size, for many threads: chunks that are given back are used again.
///
/// What lies in them is as secret as the data; it stays out of core dumps.
class ChunkPool {
 public:
  ChunkPool(std::size_t chunk_words, std::size_t limit_bytes);
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;
  ~ChunkPool();

  std::size_t chunk_words() const noexcept { return chunk_words_; }

  /// A chunk, whether or not the limit is reached: who takes many asks `full` before.
  std::uint64_t* take();
  void give_back(std::uint64_t* chunk);

  /// Whether as much is taken as may be for now: at first a part of the limit.
  bool full() const noexcept {
    return taken_.load(std::memory_order_relaxed) >=
           std::min(room_.load(std::memory_order_relaxed), limit());
  }
  /// Doubles what may be taken, up to the limit; false where that is reached.
  bool widen() noexcept;
  std::size_t limit_bytes() const noexcept { return limit() * chunk_words_ * 8; }

  /// Others hold so many bytes that the limit is for, too: they are taken off it, but for an eighth.
  void share(std::size_t bytes) noexcept;

 private:
  void map_more();
  std::size_t limit() const noexcept { return limit_ - shared_.load(std::memory_order_relaxed); }

  std::size_t chunk_words_;
  std::size_t limit_;  // in chunks
  std::atomic<std::size_t> room_;
  std::atomic<std::size_t> shared_{0};  // chunks of the limit that others hold
  std::atomic<std::size_t> taken_{0};
  std::mutex guard_;
  std::vector<std::uint64_t*> free_;
  std::uint64_t* next_ = nullptr;  // of the last mapping
  std::size_t left_ = 0;           // chunks
  struct Mapping {
    void* begin;
    std::size_t bytes;
  };
  std::vector<Mapping> mappings_;
};

}  // namespace sfumato
