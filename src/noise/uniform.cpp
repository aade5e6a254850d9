#include "sfumato/noise/uniform.h"

#include <algorithm>

#include "noise/uniform_kernel.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

/// By the first 127 bits from a word on that is not zero; the last one is set, for all that follow.
double settled(LazyWord word, BitSource& bits) noexcept {
  std::uint64_t high = word.bits;
  std::uint32_t level = 0;
  while (high == 0) high = bits.extension(word.address, ++level);
  const std::uint64_t low = bits.extension(word.address, ++level);
  const uint128 digits = static_cast<uint128>(high) << 63 | low >> 1 | 1;
  return Dyadic{static_cast<int128>(digits), 1 - 64 * static_cast<int>(level + 1)}.to_double();
}

}  // namespace

double Uniform::draw(BitSource& bits) const noexcept {
  const LazyWord word = bits.lazy();
  return word.bits >> kCertainPlaces != 0 ? uniform_certain(word.bits) : settled(word, bits);
}

void Uniform::fill(std::span<double> out, BitSource& bits) const noexcept {
  Doubts doubts;
  for (std::size_t begin = 0; begin < out.size(); begin += BitSource::kMaxTake) {
    const auto part = out.subspan(begin, std::min(BitSource::kMaxTake, out.size() - begin));
    const Words words = bits.take(part.size());
    uniform_kernel(words.data(), part.data(), part.size(), doubts);
    for (const std::size_t i : doubts.indices()) part[i] = settled(words.lazy(i), bits);
  }
}

}  // namespace sfumato
