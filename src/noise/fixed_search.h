#pragma once

#include <cstddef>
#include <span>

namespace sfumato {

/// The first place of a rising list whose value is not below `sought`, by log2(size) comparisons whatever that is.
///
/// The size is a power of two and the last value is not below `sought`: nothing branches on what is compared.
template <class T>
std::size_t first_not_below(std::span<const T> rising, const T& sought) noexcept {
  std::size_t at = 0;
  for (std::size_t half = rising.size() / 2; half > 0; half /= 2)
    at += half * static_cast<std::size_t>(rising[at + half - 1] < sought);
  return at;
}

}  // namespace sfumato
