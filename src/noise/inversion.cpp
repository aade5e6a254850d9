#include "noise/inversion.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "noise/interval.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

/// floor(2^64·C_i) for each C_i up to the first at 2^64 - 1, or nothing where some are not known well enough.
std::vector<std::uint64_t> floors(const std::vector<Enclosure>& cumulative) {
  std::vector<std::uint64_t> all;
  for (const Enclosure& c : cumulative) {
    const Enclosure scaled = c.scaled(64);
    const std::uint64_t floor = scaled.floor_lower_unsigned();
    if (floor != kAll && floor != scaled.below_upper_unsigned()) return {};
    all.push_back(floor);
    if (floor == kAll) return all;
  }
  return {};
}

}  // namespace

Enclosure enclosed_uniform(LazyWord word, std::uint32_t level, int precision, BitSource& bits) {
  Enclosure begun = Enclosure::ratio(word.bits, 1, precision).scaled(-64);
  long places = -64;
  for (std::uint32_t i = 1; i <= level; ++i, places -= 64)
    begun = begun +
            Enclosure::ratio(bits.extension(word.address, i), 1, precision).scaled(places - 64);
  return Enclosure::hull(begun, begun + Enclosure(1, precision).scaled(places));
}

Inversion::Inversion(Cumulative cumulative)
    : cumulative_(std::move(cumulative)), guide_(std::size_t{1} << kGuideBits) {
  for (Attempt attempt; thresholds_.empty(); ++attempt)
    thresholds_ = floors(cumulative_(static_cast<int>(attempt.precision())));
  for (std::size_t i = 0; i < guide_.size(); ++i) {
    const std::uint64_t least = static_cast<std::uint64_t>(i) << (64 - kGuideBits);
    guide_[i] = static_cast<std::uint32_t>(std::ranges::lower_bound(thresholds_, least) -
                                           thresholds_.begin());
  }
}

std::uint32_t Inversion::draw(LazyWord word, BitSource& bits) const noexcept {
  std::uint32_t i = guide_[word.bits >> (64 - kGuideBits)];
  while (word.bits > thresholds_[i]) ++i;
  return word.bits < thresholds_[i] ? i : by_definition(word, bits);
}

std::uint32_t Inversion::by_definition(LazyWord word, BitSource& bits) const {
  for (Attempt attempt;; ++attempt) {
    const auto precision = static_cast<int>(attempt.precision());
    const Enclosure u = enclosed_uniform(word, attempt.level, precision, bits);
    const std::vector<Enclosure> cumulative = cumulative_(precision);
    std::uint32_t i = 0;
    while (i < cumulative.size() && u.certainly_at_least(cumulative[i])) ++i;
    if (i < cumulative.size() && cumulative[i].certainly_at_least(u)) return i;
  }
}

}  // namespace sfumato
