#include "noise/block_table.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "noise/gaussian_blocks.h"
#include "sfumato/noise/grid_ratio.h"

namespace sfumato {
namespace {

/// floor(2^32 · part / whole), if the ends agree on it.
bool threshold_of(Interval& part, Interval& whole, mpfr_prec_t precision, std::uint32_t& result) {
  Interval share(precision);
  share.set(part);
  share.divide_positive(whole);
  share.scale_by_power_of_two(32);
  const auto upper = static_cast<std::uint32_t>(mpfr_get_uj(share.upper(), MPFR_RNDD));
  result = static_cast<std::uint32_t>(mpfr_get_uj(share.lower(), MPFR_RNDD));
  return result == upper;
}

}  // namespace

BlockTable::BlockTable(const Scale& sigma) : shift_(block_shift(sigma)) {
  const double width = std::ldexp(1.0, shift_) / GridRatio::make(sigma, 0).ratio;
  half_square_ = 0.5 * (width * width);
  fill_thresholds(sigma);
  fill_entries();
}

void BlockTable::fill_thresholds(const Scale& sigma) {
  for (mpfr_prec_t precision = 128;; precision *= 2) {
    BlockTails sums(sigma, precision);
    bool certain = true;
    thresholds_.clear();
    for (std::size_t b = 1; b < sums.size() && certain; ++b) {
      std::uint32_t threshold = 0;
      certain = threshold_of(sums[b], sums[0], precision, threshold);
      if (threshold == 0) break;
      thresholds_.push_back(threshold);
    }
    if (certain) return;
  }
}

/// Each threshold falls into one bucket, and counts for all below.
void BlockTable::fill_entries() noexcept {
  std::size_t end = kBuckets;
  for (std::size_t b = 0; b < thresholds_.size() && thresholds_[b] >= kLeast; ++b) {
    const std::size_t at = bucket(thresholds_[b]);
    std::fill(entries_.begin() + static_cast<std::ptrdiff_t>(at),
              entries_.begin() + static_cast<std::ptrdiff_t>(end), b);
    entries_[at] |= std::uint64_t{thresholds_[b]} << 32;
    end = at;
  }
  const auto above = static_cast<std::size_t>(
      std::ranges::find_if(thresholds_, [](std::uint32_t t) { return t < kLeast; }) -
      thresholds_.begin());
  std::fill(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(end), above);
}

BlockTable::Found BlockTable::search(std::uint32_t u) const noexcept {
  const auto at = std::ranges::lower_bound(thresholds_, u, std::greater<>());
  const bool doubtful = u == 0 || (at != thresholds_.end() && *at == u);
  return {static_cast<std::uint64_t>(at - thresholds_.begin()), !doubtful};
}

}  // namespace sfumato
