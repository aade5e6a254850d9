#include "random/wiped_memory.h"

#include <sys/mman.h>

#include "random/wipe.h"

namespace sfumato {

WipedMemory::WipedMemory(std::size_t bytes, Children children) noexcept
    : memory_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)),
      bytes_(bytes) {
  if (memory_ == MAP_FAILED) {
    memory_ = nullptr;
    return;
  }
#ifdef MADV_WIPEONFORK
  if (children == Children::see_zeros) madvise(memory_, bytes_, MADV_WIPEONFORK);
#endif
#ifdef MADV_DONTDUMP
  madvise(memory_, bytes_, MADV_DONTDUMP);
#endif
}

WipedMemory::~WipedMemory() {
  if (memory_ == nullptr) return;
  wipe(memory_, bytes_);
  munmap(memory_, bytes_);
}

}  // namespace sfumato
