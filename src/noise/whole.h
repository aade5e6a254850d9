#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// What both discrete laws refuse.
inline std::optional<Error> too_wide(const Scale& scale) {
  if (scale.to_double_up() <= 0x1p62) return std::nullopt;
  return Error{Errc::invalid_parameter, "scale", "must be at most 2^62 for noise on whole numbers"};
}

/// x + noise, or the nearer end of int64; the noise is far below 2^126.
inline std::int64_t saturated_sum(std::int64_t x, int128 noise) noexcept {
  using Ends = std::numeric_limits<std::int64_t>;
  return static_cast<std::int64_t>(std::clamp<int128>(x + noise, Ends::min(), Ends::max()));
}

}  // namespace sfumato
