#pragma once

#include <cstddef>

namespace sfumato {

/// Zeroed memory in a mapping of its own, which no core dump holds and, unless it is said otherwise,
/// a forked child sees as zeros again; wiped when it ends.
///
/// A kernel before Linux 4.14 refuses the first wish: there a child is noticed by the handler of
/// pthread_atfork alone (src/random/bit_source.cpp), which a raw clone() does not call.
class WipedMemory {
 public:
  enum class Children { see_zeros, see_it };

  /// Holds null where there is no memory.
  explicit WipedMemory(std::size_t bytes, Children children = Children::see_zeros) noexcept;
  WipedMemory(const WipedMemory&) = delete;
  WipedMemory& operator=(const WipedMemory&) = delete;
  ~WipedMemory();

  void* get() const noexcept { return memory_; }

 private:
  void* memory_;
  std::size_t bytes_;
};

}  // namespace sfumato
