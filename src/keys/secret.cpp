#include "sfumato/keys/secret.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <utility>

#include "random/wiped_memory.h"

namespace sfumato {

// A child that goes on with a parent's key must not sign by a key of zeros.
Secret::Secret(std::size_t size)
    : memory_(std::make_unique<WipedMemory>(std::max<std::size_t>(size, 1),
                                            WipedMemory::Children::see_it)),
      data_(static_cast<unsigned char*>(memory_->get())),
      size_(size) {
  if (!data_) throw std::bad_alloc();
  mlock(data_, size_);  // as far as the limits of the process allow
}

Secret::Secret(std::string_view bytes) : Secret(bytes.size()) {
  std::ranges::copy(bytes, data_);
}

Secret::Secret(Secret&& other) noexcept
    : memory_(std::move(other.memory_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  memory_ = std::move(other.memory_);
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

Secret::~Secret() = default;

}  // namespace sfumato
