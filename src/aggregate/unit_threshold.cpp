#include "sfumato/aggregate/unit_threshold.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 53;
constexpr int kFew = 64;         // whole numbers: with wider noise there is nothing to gain
constexpr double kSlack = 1e-9;  // of plain doubles, on the side of wider intervals

/// The least whole number from `least` on, below `kMost`, of which `holds`, which stays true.
template <class Holds>
std::int64_t first(std::int64_t least, Holds holds) {
  std::int64_t step = 1;
  while (least + step < kMost && !holds(least + step - 1)) step *= 2;
  std::int64_t low = least, high = least + step - 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (holds(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

Result<UnitThreshold> UnitThreshold::make(const AdditiveNoise& noise, Delta delta,
                                          std::int64_t max_groups) {
  if (!(delta.value() > 0) || max_groups < 1)
    return Error{Errc::invalid_parameter, "delta",
                 "must be above 0 to choose which groups to show"};
  const std::int64_t at = first(1, [&](std::int64_t threshold) {
    return noise.threshold_delta(threshold, max_groups).upper <= delta.value();
  });
  if (!(noise.threshold_delta(at, max_groups).upper <= delta.value()))
    return Error{Errc::unsupported, "delta",
                 "must be so large that a threshold below 2^53 keeps to it"};
  return UnitThreshold(at, delta);
}

// Of n units the count is seen with P(X >= T - n), and is `released` or more with P(X >= released - n);
// the share of the second in the first rises with n, since the noise is log-concave.
Estimate UnitThreshold::estimate(std::int64_t released, const AdditiveNoise& noise) const noexcept {
  const double both = (1 - noise.confidence()) * (1 - kSlack), half = both / 2;
  const auto at_least = [&](std::int64_t least, std::int64_t n) {
    return std::exp(noise.log_tail_near(least - n) - noise.log_tail_near(at_ - n));
  };
  const auto at_most = [&](std::int64_t most, std::int64_t n) {
    return -std::expm1(noise.log_tail_near(most + 1 - n) - noise.log_tail_near(at_ - n));
  };
  // The odds of what is seen of n units and too low, which near T are none, or far fewer than half of those to miss.
  const auto too_low = [&](std::int64_t n) {
    return at_most(first(at_, [&](std::int64_t y) { return at_most(y, n) >= half; }) - 1, n);
  };
  const auto beyond = first(1, [&](std::int64_t n) { return at_most(at_, n) < half; });
  auto low = first(1, [&](std::int64_t n) {  // below `beyond` nothing that is seen is too low
    return at_least(released, n) >= (n < beyond ? both : half);
  });
  for (int i = 0; i < kFew && low >= beyond && at_least(released, low) < both - too_low(low); ++i)
    ++low;
  const auto high = first(1, [&](std::int64_t n) { return at_most(released, n) < half; });
  return {static_cast<double>(released), static_cast<double>(low),
          static_cast<double>(std::max<std::int64_t>(high - 1, 1))};
}

}  // namespace sfumato
