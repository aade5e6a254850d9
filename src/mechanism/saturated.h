#pragma once

#include "sfumato/base/dyadic.h"

namespace sfumato {

/// a + b, or the nearer end of int128: it moves no more than a and b do, so that no sensitivity hangs
/// on whether sums fit.
inline int128 add_saturated(int128 a, int128 b) noexcept {
  int128 sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  const auto most = static_cast<int128>(~uint128{0} >> 1);
  return a < 0 ? -most - 1 : most;
}

}  // namespace sfumato
