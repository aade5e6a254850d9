#pragma once

#include <string.h>  // explicit_bzero

#include <algorithm>
#include <cstddef>

namespace sfumato {

/// Zeros that no compiler leaves out. A KiB at a time: beyond two, the memset of glibc turns to an
/// instruction that takes twice as long on some machines.
inline void wipe(void* memory, std::size_t bytes) noexcept {
  for (auto* at = static_cast<unsigned char*>(memory); bytes != 0;) {
    const std::size_t step = std::min<std::size_t>(bytes, 1024);
    explicit_bzero(at, step);
    at += step;
    bytes -= step;
  }
}

}  // namespace sfumato
