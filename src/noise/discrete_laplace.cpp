#include "sfumato/noise/discrete_laplace.h"

#include <algorithm>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/kernels.h"
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
  const Nearest floor =
      nearest_certain(lowered_, {z.value, ratio_.ratio, ratio_.margin * z.spread});
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
  for (std::size_t begin = 0; begin < out.size(); begin += BitSource::kMaxTake) {
    const auto part = out.subspan(begin, std::min(BitSource::kMaxTake, out.size() - begin));
    std::ranges::fill(part, 0);
    release(part, part, bits);
  }
}

void DiscreteLaplace::release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
                              BitSource& bits) const noexcept {
  Doubts doubts;
  for (std::size_t begin = 0; begin < x.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, x.size() - begin);
    const Words words = bits.take(count);
    std::int64_t* const released = out.data() + begin;
    discrete_laplace_kernel(ratio_, lowered_, {x.data() + begin, released, count, words.data()},
                            doubts);
    for (const std::size_t i : doubts.indices())
      released[i] = saturated_sum(released[i], settled(words.lazy(i), bits));
  }
}

void DiscreteLaplace::release(std::span<const DiscreteLaplace> laws,
                              std::span<const std::int64_t> x, std::span<std::int64_t> out,
                              BitSource& bits) noexcept {
  WholeColumns columns;
  Doubts doubts;
  for (std::size_t begin = 0; begin < x.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, x.size() - begin);
    const DiscreteLaplace* const law = laws.data() + begin;
    for (std::size_t i = 0; i < count; ++i) columns.set(i, law[i].ratio_, law[i].lowered_);
    const Words words = bits.take(count);
    std::int64_t* const released = out.data() + begin;
    discrete_laplace_kernel(columns, {x.data() + begin, released, count, words.data()}, doubts);
    for (const std::size_t i : doubts.indices())
      released[i] = saturated_sum(released[i], law[i].settled(words.lazy(i), bits));
  }
}

}  // namespace sfumato
