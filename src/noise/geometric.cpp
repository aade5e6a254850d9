#include "sfumato/noise/geometric.h"

#include <algorithm>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/kernels.h"
#include "noise/rounding.h"
#include "noise/whole.h"

namespace sfumato {
namespace {

constexpr double kLowered = -0.5;  // a floor is the nearest whole number to half a unit less

/// By whole numbers, or by MPFR.
std::int64_t settled(const GridRatio& ratio, LazyWord word, BitSource& bits) noexcept {
  if (const uint128 k = first_127_bits(word, bits); k != 0) {
    const auto floor = floor_certain(ratio, 0, fixed_minus_log(k), false);
    if (floor) return saturated_sum(0, *floor);
  }
  return saturated_sum(0, geometric_by_definition(ratio.scale, word, bits));
}

}  // namespace

Result<Geometric> Geometric::make(Scale scale) {
  if (const auto refused = too_wide(scale)) return *refused;
  return Geometric(scale);
}

std::int64_t Geometric::draw(BitSource& bits) const noexcept {
  const LazyWord word = bits.lazy();
  const Exponential z = exponential(word.bits);
  const Nearest floor =
      nearest_certain(kLowered, {z.value, ratio_.ratio, ratio_.margin * z.spread});
  return floor.certain ? static_cast<std::int64_t>(floor.whole) : settled(ratio_, word, bits);
}

// The kernel of the discrete Laplace law gives the same floors with the sign of each word's lowest bit,
// which is dropped.
void Geometric::fill(std::span<std::int64_t> out, BitSource& bits) const noexcept {
  Doubts doubts;
  for (std::size_t begin = 0; begin < out.size(); begin += BitSource::kMaxTake) {
    const auto part = out.subspan(begin, std::min(BitSource::kMaxTake, out.size() - begin));
    const Words words = bits.take(part.size());
    std::ranges::fill(part, 0);
    discrete_laplace_kernel(ratio_, kLowered, {part.data(), part.data(), part.size(), words.data()},
                            doubts);
    for (std::int64_t& k : part) k = k < 0 ? -k : k;
    for (const std::size_t i : doubts.indices()) part[i] = settled(ratio_, words.lazy(i), bits);
  }
}

}  // namespace sfumato
