#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sfumato {

/// Memory for small blocks of 2^n records, each of `stride` words; freed blocks are used again.
class RowPool {
 public:
  explicit RowPool(std::size_t stride) : stride_(stride) {}

  /// Room for `1 << order` records.
  std::int64_t* take(unsigned order);
  void give_back(std::int64_t* block, unsigned order) { free_[order].push_back(block); }

  std::size_t stride() const noexcept { return stride_; }

 private:
  static constexpr std::size_t kChunkWords = std::size_t{1} << 17;

  std::size_t stride_;
  std::array<std::vector<std::int64_t*>, 40> free_;
  std::vector<std::unique_ptr<std::int64_t[]>> chunks_;
  std::int64_t* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace sfumato
