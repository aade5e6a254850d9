#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/enclosure.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Stretches between sorted keys, and their weights in the exponential mechanism for a quantile:
///
///     weight(i)  =  length(i) · exp(-ε·distance(i) / (2·max(P, D-P)·rows))       D = 2^32
///
/// Gap i holds the places x with i keys below them: above key i-1 and up to key i, of the keys in order.
struct Gaps {
  static constexpr std::uint64_t kWhole = std::uint64_t{1} << 32;  ///< D

  std::span<uint128>
      keys;            ///< within low … high; begin and length want those at hand in their order
  uint128 low, high;   ///< the places, both included; below 2^100
  std::uint64_t part;  ///< P: the quantile is P / D
  double epsilon;
  std::int64_t rows;
  /// Keys that the target is inward of the end, up to a tenth of all, where P is 0 or D.
  std::uint64_t inward = 0;

  std::size_t count() const noexcept { return keys.size() + 1; }
  uint128 begin(std::size_t gap) const noexcept { return gap == 0 ? low : keys[gap - 1] + 1; }
  uint128 length(std::size_t gap) const noexcept {
    return (gap == keys.size() ? high : keys[gap]) + 1 - begin(gap);
  }
  uint128 target() const noexcept;  ///< P·keys, moved inward: D times as many keys
  uint128 distance(std::size_t gap) const noexcept;   ///< |D·gap - target|
  Enclosure rate(int bits = Enclosure::kBits) const;  ///< ε / (2·max(P, D-P)·rows)
};

/// A gap with odds in proportion to its weight, exactly. Puts the keys around it in order, and all others on their
/// side of it: far from the target, gaps weigh so little that their order is not asked for.
std::size_t choose_gap(const Gaps& gaps, BitSource& bits);

/// The same from the same word, by enclosures of many bits alone. Puts all keys in order.
std::size_t choose_gap_by_definition(const Gaps& gaps, LazyWord word, BitSource& bits);

/// Uniform on 0 … bound - 1, exactly.
uint128 uniform_below(uint128 bound, BitSource& bits) noexcept;

}  // namespace sfumato
