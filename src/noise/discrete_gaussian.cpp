#include "sfumato/noise/discrete_gaussian.h"

#include <algorithm>
#include <cmath>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/rounding.h"
#include "noise/whole.h"

namespace sfumato {
namespace {

constexpr double kMargin = 0x1p-44;  // of σ: above the error of either side

int128 magnitude_of(int128 y) noexcept {
  return y < 0 ? -y : y;
}

}  // namespace

Result<DiscreteGaussian> DiscreteGaussian::make(Scale sigma) {
  if (const auto refused = too_wide(sigma)) return *refused;
  return DiscreteGaussian(sigma);
}

DiscreteGaussian::DiscreteGaussian(const Scale& sigma) noexcept
    : ratio_(GridRatio::make(sigma, 0)),
      candidate_(candidate_scale(sigma)),
      centre_(acceptance_centre(sigma, places(ratio_))),
      rounded_centre_(ratio_.ratio * (ratio_.ratio / candidate_.ratio_.ratio)) {}

int128 DiscreteGaussian::noise(BitSource& bits) const noexcept {
  for (;;) {
    const Words words = bits.take(2);
    const int128 y = candidate_.noise(words.lazy(0), bits);
    if (accepts(y, words.lazy(1), bits)) return y;
  }
}

bool DiscreteGaussian::accepts(int128 y, LazyWord word, BitSource& bits) const noexcept {
  const Exponential reach = radius(word.bits);
  const double gap = std::fabs(static_cast<double>(magnitude_of(y)) - rounded_centre_);
  const double excess = reach.value * ratio_.ratio - gap;
  const bool certain = std::fabs(excess) > kMargin * ratio_.ratio * reach.spread;
  return certain ? excess > 0 : settled(y, word, bits);
}

/// By whole numbers, or by MPFR.
bool DiscreteGaussian::settled(int128 y, LazyWord word, BitSource& bits) const noexcept {
  const uint128 k = first_127_bits(word, bits);
  const int128 size = magnitude_of(y);
  const bool fits = size < int128{1} << (127 - places(ratio_));
  if (k != 0 && fits) {
    const auto reach = scaled(ratio_, fixed_root_of_twice(fixed_minus_log(k)));
    const int128 gap = (size << places(ratio_)) - static_cast<int128>(centre_);
    if (reach && reach->lower > magnitude_of(gap) + 1) return true;
    if (reach && reach->upper < magnitude_of(gap) - 1) return false;
  }
  return accepted_by_definition(ratio_.scale, candidate_.scale(), y, word, bits);
}

std::int64_t DiscreteGaussian::draw(BitSource& bits) const noexcept {
  return release(0, bits);
}

std::int64_t DiscreteGaussian::release(std::int64_t x, BitSource& bits) const noexcept {
  return saturated_sum(x, noise(bits));
}

void DiscreteGaussian::fill(std::span<std::int64_t> out, BitSource& bits) const noexcept {
  for (std::int64_t& x : out) x = draw(bits);
}

void DiscreteGaussian::release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
                               BitSource& bits) const noexcept {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = release(x[i], bits);
}

}  // namespace sfumato
