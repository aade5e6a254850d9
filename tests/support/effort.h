#pragma once

#include <cstdlib>

namespace sfumato {

/// `./dev long` has time for the numbers that are promised; the gate for fewer.
inline int times(int gate, int whole) {
  return std::getenv("SFUMATO_LONG") != nullptr ? whole : gate;
}

}  // namespace sfumato
