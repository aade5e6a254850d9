#pragma once

#include <bit>
#include <cstdint>

namespace sfumato {

/// A word whose bytes in memory are those of `value` from the highest down; and back.
constexpr std::uint64_t big_endian(std::uint64_t value) noexcept {
  return std::endian::native == std::endian::big ? value : __builtin_bswap64(value);
}

}  // namespace sfumato
