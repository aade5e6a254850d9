#include "sfumato/noise/discrete_laplace.h"

#include <algorithm>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/rounding.h"
#include "noise/whole.h"

namespace sfumato {

Result<DiscreteLaplace> DiscreteLaplace::make(Scale scale) {
  if (const auto refused = too_wide(scale)) return *refused;
  return DiscreteLaplace(scale);
}

DiscreteLaplace::DiscreteLaplace(const Scale& scale) noexcept
    : ratio_(GridRatio::make(scale, 0)),
      offset_(discrete_laplace_offset(scale)),
      lowered_(static_cast<double>(offset_) * 0x1p-128 - 0.5) {}

int128 DiscreteLaplace::noise(LazyWord word, BitSource& bits) const noexcept {
  const Exponential z = exponential(word.bits);
  const Nearest floor = nearest_certain(lowered_, z.value * ratio_.ratio, ratio_.margin * z.spread);
  if (!floor.certain) return settled(word, bits);
  const auto magnitude = static_cast<std::int64_t>(floor.whole);
  return (word.bits & 1) != 0 ? -magnitude : magnitude;
}

/// By whole numbers, or by MPFR.
int128 DiscreteLaplace::settled(LazyWord word, BitSource& bits) const noexcept {
  if (const uint128 k = first_127_bits(word, bits); k != 0) {
    const auto magnitude = floor_certain(ratio_, offset_, fixed_minus_log(k), false);
    if (magnitude) return (word.bits & 1) != 0 ? -*magnitude : *magnitude;
  }
  return discrete_laplace_by_definition(ratio_.scale, word, bits);
}

std::int64_t DiscreteLaplace::draw(BitSource& bits) const noexcept {
  return release(0, bits);
}

std::int64_t DiscreteLaplace::release(std::int64_t x, BitSource& bits) const noexcept {
  return saturated_sum(x, noise(bits.lazy(), bits));
}

void DiscreteLaplace::fill(std::span<std::int64_t> out, BitSource& bits) const noexcept {
  for (std::int64_t& x : out) x = draw(bits);
}

void DiscreteLaplace::release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
                              BitSource& bits) const noexcept {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = release(x[i], bits);
}

}  // namespace sfumato
