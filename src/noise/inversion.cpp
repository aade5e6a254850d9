#include "noise/inversion.h"

#include <bit>
#include <limits>
#include <span>
#include <utility>

#include "noise/fixed_search.h"
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

Inversion::Inversion(Cumulative cumulative) : cumulative_(std::move(cumulative)) {
  for (Attempt attempt; thresholds_.empty(); ++attempt)
    thresholds_ = floors(cumulative_(static_cast<int>(attempt.precision())));
  size_ = thresholds_.size();
  thresholds_.resize(std::bit_ceil(size_), kAll);
}

std::uint32_t Inversion::draw(LazyWord word, BitSource& bits) const noexcept {
  const std::size_t i = first_not_below(std::span(thresholds_), word.bits);
  return word.bits < thresholds_[i] ? static_cast<std::uint32_t>(i) : by_definition(word, bits);
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
