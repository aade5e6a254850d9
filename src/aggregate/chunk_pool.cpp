#include "aggregate/chunk_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace sfumato {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kMappedAtOnce = 8 * kHugePage;
constexpr std::size_t kFirstRoom = std::size_t{288} << 20;  // bytes

/// Touches a large page that begins with this chunk, while others wait: of two threads that touch a
/// page first, each makes one that is zero, and one is thrown away.
void make_page_there(std::uint64_t* chunk) {
  if (reinterpret_cast<std::uintptr_t>(chunk) % kHugePage == 0)
    *static_cast<volatile std::uint64_t*>(chunk) = 0;
}

}  // namespace

ChunkPool::ChunkPool(std::size_t chunk_words, std::size_t limit_bytes)
    : chunk_words_(chunk_words),
      limit_(std::max<std::size_t>(limit_bytes / (chunk_words * 8), 1)),
      room_(std::min(limit_, kFirstRoom / (chunk_words * 8) + 1)) {}

ChunkPool::~ChunkPool() {
  for (const Mapping& mapping : mappings_) ::munmap(mapping.begin, mapping.bytes);
}

/// Large pages take a tenth of the time to be made zero that small ones do.
void ChunkPool::map_more() {
  const std::size_t chunk_bytes = chunk_words_ * 8;
  const std::size_t bytes = std::max(kMappedAtOnce, chunk_bytes) + kHugePage;
  void* const begin =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) throw std::bad_alloc();
  mappings_.push_back({begin, bytes});
#ifdef MADV_HUGEPAGE
  (void)::madvise(begin, bytes, MADV_HUGEPAGE);
#endif
#ifdef MADV_DONTDUMP
  (void)::madvise(begin, bytes, MADV_DONTDUMP);
#endif
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  const std::size_t skipped = (kHugePage - address % kHugePage) % kHugePage;
  next_ = static_cast<std::uint64_t*>(begin) + skipped / 8;
  left_ = (bytes - skipped) / chunk_bytes;
}

bool ChunkPool::widen() noexcept {
  std::size_t room = room_.load(std::memory_order_relaxed);
  const std::size_t most = limit();
  return room < most && (room_.compare_exchange_strong(room, std::min(room * 2, most)), true);
}

void ChunkPool::share(std::size_t bytes) noexcept {
  const std::size_t most = limit_ - (limit_ + 7) / 8;
  shared_.store(std::min(bytes / (chunk_words_ * 8), most), std::memory_order_relaxed);
}

std::uint64_t* ChunkPool::take() {
  taken_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(guard_);
  if (!free_.empty()) {
    std::uint64_t* const chunk = free_.back();
    free_.pop_back();
    return chunk;
  }
  if (left_ == 0) map_more();
  std::uint64_t* const chunk = next_;
  next_ += chunk_words_;
  --left_;
  make_page_there(chunk);
  return chunk;
}

void ChunkPool::give_back(std::uint64_t* chunk) {
  taken_.fetch_sub(1, std::memory_order_relaxed);
  const std::lock_guard lock(guard_);
  free_.push_back(chunk);
}

}  // namespace sfumato
