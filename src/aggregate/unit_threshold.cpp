#include "sfumato/aggregate/unit_threshold.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 53;
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
  const double half = (1 - noise.confidence()) / 2 * (1 - kSlack);
  const auto log_share = [&](std::int64_t from, std::int64_t n) {
    return noise.log_tail_near(from - n) - noise.log_tail_near(at_ - n);
  };
  const auto not_too_low = [&](std::int64_t n) { return log_share(released, n) >= std::log(half); };
  const auto too_high = [&](std::int64_t n) {
    return -std::expm1(log_share(released + 1, n)) < half;
  };
  const auto value = static_cast<double>(released);
  return {value, static_cast<double>(first(1, not_too_low)),
          static_cast<double>(std::max<std::int64_t>(first(1, too_high) - 1, 1))};
}

}  // namespace sfumato
