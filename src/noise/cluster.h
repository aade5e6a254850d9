#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "noise/certified.h"

namespace sfumato {

/// `cluster_by_definition` in doubles, for L = -ln(1 - e^(-1/s)), where they settle it: logarithms and exponentials of the
/// platform may err by 2^-48 of what they are, where those of glibc and musl do by less than 2^-52.
///
/// Proof   docs/proofs/noise/polya.md
inline std::optional<std::int64_t> certain_cluster(double log_odds, std::uint64_t u,
                                                   std::uint64_t v) noexcept {
  constexpr double kMargin = 0x1p-38, kLeast = 0x1p-20;
  const double first = to_double(u | 1) * 0x1p-64;
  const bool high = v >> 63 != 0;
  const double second = (to_double(high ? ~v : v) + 0.5) * 0x1p-64;  // V, or 1 - V where that is less
  if (first < kLeast || second < kLeast) return std::nullopt;

  const double minus_log = high ? -std::log1p(-second) : -std::log(second);
  const double x = first * log_odds;
  const double fall = x < 0.7 ? -std::log(-std::expm1(-x)) : -std::log1p(-std::exp(-x));
  const double size = minus_log / fall;
  const double whole = std::floor(size * (1 - kMargin));
  if (!(size < 0x1p52) || whole != std::floor(size * (1 + kMargin))) return std::nullopt;
  const std::int64_t magnitude = static_cast<std::int64_t>(whole) + 1;
  return (u & 1) != 0 ? -magnitude : magnitude;
}

}  // namespace sfumato
