#include "sfumato/aggregate/estimate.h"

#include <algorithm>
#include <cmath>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr int kSteps = 256;      // of the search for the ends of a mean's interval
constexpr int kBisections = 50;  // of a step: finer than a double tells apart

/// Whether the pair does not refute that the mean stands at the share p of the way from lo to hi.
bool plausible(double p, Halves halves, const AdditiveNoise& noise) {
  const double contrast = (1 - p) * halves.above - p * halves.below;
  return noise.tail_of_two(1 - p, -p, std::fabs(contrast)) >= 1 - noise.confidence();
}

/// The plausible p farthest from `centre` towards `end`, searched from `end` inward so that gaps in
/// the plausible set, if there are any, are included.
double outermost(double end, double centre, Halves halves, const AdditiveNoise& noise) {
  double outside = end;
  double inside = centre;
  for (int i = 0; i <= kSteps; ++i) {
    const double p = end + (centre - end) * i / kSteps;
    if (plausible(p, halves, noise)) {
      inside = p;
      break;
    }
    outside = p;
  }
  for (int i = 0; i < kBisections && outside != inside; ++i) {
    const double middle = (outside + inside) / 2;
    (plausible(middle, halves, noise) ? inside : outside) = middle;
  }
  return outside;
}

}  // namespace

Estimate estimate_count(std::int64_t released, const AdditiveNoise& noise) {
  const auto value = static_cast<double>(released);
  const double half = noise.half_width();
  return {value, std::max(0.0, sub_down(value, half)), std::max(0.0, add_up(value, half))};
}

Estimate estimate_count(Halves halves, const ValueGrid& grid, const AdditiveNoise& noise) {
  const double per_width = 1 / grid.width_up();
  const double value = (halves.above + halves.below) * per_width;
  const double half = noise.half_width_of_two(per_width, per_width);
  return {value, std::max(0.0, sub_down(value, half)), std::max(0.0, add_up(value, half))};
}

Estimate estimate_sum(double released, const AdditiveNoise& noise) {
  const double half = noise.half_width();
  return {released, sub_down(released, half), add_up(released, half)};
}

Estimate estimate_sum(Halves halves, const ValueGrid& grid, const AdditiveNoise& noise) {
  const double of_above = grid.upper() / grid.width_up();
  const double of_below = grid.lower() / grid.width_up();
  const double value = of_above * halves.above + of_below * halves.below;
  const double half = noise.half_width_of_two(of_above, of_below);
  return {value, sub_down(value, half), add_up(value, half)};
}

Estimate estimate_mean(Halves halves, const ValueGrid& grid, const AdditiveNoise& noise) {
  const double lower = grid.lower();
  const double width = grid.upper() - lower;
  const double both = halves.above + halves.below;
  const double share = both > 0 ? std::clamp(halves.above / both, 0.0, 1.0) : 0.5;
  const auto at = [&](double p) { return std::clamp(lower + width * p, lower, grid.upper()); };
  if (both <= noise.half_width_of_two(1, 1)) return {at(share), lower, grid.upper()};
  return {at(share), at(outermost(0, share, halves, noise)),
          at(outermost(1, share, halves, noise))};
}

}  // namespace sfumato
