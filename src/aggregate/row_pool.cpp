#include "aggregate/row_pool.h"

#include <algorithm>

namespace sfumato {

std::int64_t* RowPool::take(unsigned order) {
  if (!free_[order].empty()) {
    std::int64_t* const block = free_[order].back();
    free_[order].pop_back();
    return block;
  }
  const std::size_t words = stride_ << order;
  if (words > left_) {
    left_ = std::max(kChunkWords, words);
    chunks_.push_back(std::make_unique_for_overwrite<std::int64_t[]>(left_));
    next_ = chunks_.back().get();
  }
  std::int64_t* const block = next_;
  next_ += words;
  left_ -= words;
  return block;
}

}  // namespace sfumato
