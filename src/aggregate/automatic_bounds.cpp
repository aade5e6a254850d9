#include "sfumato/aggregate/automatic_bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "aggregate/log_bins.h"
#include "base/enclosure.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

constexpr std::int64_t kBeyond = std::int64_t{1} << 61;

/// The least x of -2^61 … 2^61 with P(noise >= x) <= odds.
std::int64_t least_with_tail(const Scale& scale, double odds) {
  std::int64_t above = -kBeyond;
  std::int64_t enough = kBeyond;
  while (enough - above > 1) {
    const std::int64_t middle = above + (enough - above) / 2;
    (discrete_laplace_tail(scale, middle).upper <= odds ? enough : above) = middle;
  }
  return enough;
}

/// The odds of one bin at which those of any bin are `odds`, rounded down.
double odds_of_one(double odds, std::size_t bins) {
  const Enclosure none = log1p(-Enclosure(odds));
  return (-expm1(none / Enclosure::whole(static_cast<std::int64_t>(bins)))).lower();
}

/// The edge of the bin at `place` binades from zero: towards it, or away from it.
double inner_edge(LogRange range, std::int64_t place) noexcept {
  return place <= 1 ? 0 : std::ldexp(1.0, range.least + static_cast<int>(place) - 1);
}
double outer_edge(LogRange range, std::int64_t place) noexcept {
  if (place == 0) return 0;
  return std::min(std::ldexp(1.0, range.least + static_cast<int>(place)),
                  std::numeric_limits<double>::max());
}

}  // namespace

ValueBounds bounds_of_bins(LogRange range, std::size_t first, std::size_t last) noexcept {
  const std::int64_t zero = std::int64_t{range.greatest} - range.least + 1;
  const std::int64_t low = static_cast<std::int64_t>(first) - zero;
  const std::int64_t high = static_cast<std::int64_t>(last) - zero;
  const double lower = low > 0 ? inner_edge(range, low) : -outer_edge(range, -low);
  const double upper = high >= 0 ? outer_edge(range, high) : -inner_edge(range, -high);
  if (low == 0 && high == 0) return {0, outer_edge(range, 1)};
  return {lower == 0 ? 0 : lower, upper == 0 ? 0 : upper};
}

Result<AutomaticBounds> AutomaticBounds::make(const AutomaticBoundsParams& params) {
  if (Status rows = check({.max_groups = 1, .max_rows = params.max_rows}); !rows)
    return std::move(rows).error();
  if (!(params.false_odds > 0 && params.false_odds < 1))
    return Error{Errc::invalid_parameter, "false_odds", "must lie between 0 and 1"};
  const Result<LogHistogram> bins = LogHistogram::make(params.range);
  if (!bins) return bins.error();
  const auto l1 = L1Sensitivity::make(static_cast<double>(params.max_rows));
  if (!l1) return l1.error();
  auto noise = DiscreteLaplaceMechanism::make({.epsilon = params.epsilon, .sensitivity = *l1});
  if (!noise) return std::move(noise).error();
  const double odds = odds_of_one(params.false_odds, bins->counts().size());
  const std::int64_t threshold = least_with_tail(noise->noise().scale(), odds);
  if (threshold < kBeyond)
    return AutomaticBounds(params, *std::move(noise), std::max<std::int64_t>(threshold, 1));
  return Error{Errc::unsupported, "epsilon", "must be so large that the threshold is below 2^61"};
}

Result<std::optional<ValueBounds>> AutomaticBounds::release(Permit permit,
                                                            const LogHistogram& histogram,
                                                            BitSource& bits) const {
  return find(permit, histogram, bits);
}

Result<std::optional<ValueBounds>> AutomaticBounds::find([[maybe_unused]] const Permit& permit,
                                                         const LogHistogram& histogram,
                                                         BitSource& bits) const {
  if (histogram.range() != params_.range)
    return Error{Errc::invalid_parameter, "range", "must be the one that was planned for"};
  std::vector<std::int64_t> noisy(histogram.counts().size());
  noise_.release(histogram.counts(), noisy, bits);
  const auto passes = [&](std::int64_t count) { return count >= threshold_; };
  const auto first = std::ranges::find_if(noisy, passes);
  if (first == noisy.end()) return std::optional<ValueBounds>();
  const auto last = std::find_if(noisy.rbegin(), noisy.rend(), passes);
  return std::optional(bounds_of_bins(params_.range,
                                      static_cast<std::size_t>(first - noisy.begin()),
                                      static_cast<std::size_t>(noisy.rend() - last - 1)));
}

// A bin of n values fails where the noise is below T - n, as often as it is at least n - T + 1.
std::int64_t AutomaticBounds::sure_count(double miss_odds) const {
  if (!(miss_odds > 0)) return std::numeric_limits<std::int64_t>::max();
  return std::max<std::int64_t>(
      0, threshold_ - 1 + least_with_tail(noise_.noise().scale(), miss_odds));
}

}  // namespace sfumato
