#include "sfumato/aggregate/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "aggregate/plausible.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// What was released of a column: sums to which each value adds `whole` altogether, the more of it to one the nearer
/// the value is to where that one stands, as a share of the way from the lower to the upper bound.
struct Sums {
  Contrast released;
  Contrast places;
  Contrast ones;  // but 0 for a third that is not there
  double whole;
};

Sums sums_of(const Halves& halves, const ValueGrid& grid) {
  return {{halves.above, halves.below, 0}, {1, 0, 0}, {1, 1, 0}, grid.width_up()};
}

Sums sums_of(const Thirds& thirds, const ValueGrid& grid) {
  return {{thirds.above, thirds.between, thirds.below},
          {1, 0.5, 0},
          {1, 1, 1},
          grid.width_up() * grid.width_up()};
}

double product(const Contrast& a, const Contrast& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Each coefficient made of the place and the 1 of its sum.
template <class Make>
Contrast contrast_of(const Sums& sums, Make make) {
  Contrast made{};
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = make(sums.places[i], sums.ones[i]);
  return made;
}

Estimate count_of(const Sums& sums, const AdditiveNoise& noise) {
  const double per_value = 1 / sums.whole;
  const double value = product(sums.ones, sums.released) * per_value;
  const double half =
      noise.half_width_of(contrast_of(sums, [&](double, double one) { return one * per_value; }));
  return {value, std::max(0.0, sub_down(value, half)), std::max(0.0, add_up(value, half))};
}

Estimate sum_of(const Sums& sums, const ValueGrid& grid, const AdditiveNoise& noise) {
  const Contrast factors = contrast_of(sums, [&](double place, double one) {
    return one * std::lerp(grid.lower(), grid.upper(), place) / sums.whole;
  });
  const double value = product(factors, sums.released);
  const double half = noise.half_width_of(factors);
  return {value, sub_down(value, half), add_up(value, half)};
}

/// The mean as a share of the way from the lower to the upper bound.
double share_of_way(const Sums& sums) {
  const double all = product(sums.ones, sums.released);
  return all > 0 ? std::clamp(product(sums.places, sums.released) / all, 0.0, 1.0) : 0.5;
}

/// All x from `least` to `most` at which the released sums times contrast_at(x) are what noise may be; all there are
/// where there may be no value.
template <class ContrastAt>
Estimate not_refuted(const Sums& sums, const AdditiveNoise& noise, double value, double least,
                     double most, ContrastAt contrast_at) {
  if (product(sums.ones, sums.released) <= noise.half_width_of(sums.ones))
    return {value, least, most};
  const auto plausible = [&](double x) {
    const Contrast contrast = contrast_at(x);
    return noise.tail_of(contrast, std::fabs(product(contrast, sums.released))) >=
           1 - noise.confidence();
  };
  return {value, outermost(least, value, plausible), outermost(most, value, plausible)};
}

Estimate mean_of(const Sums& sums, const ValueGrid& grid, const AdditiveNoise& noise) {
  const Estimate share = not_refuted(sums, noise, share_of_way(sums), 0, 1, [&](double p) {
    return contrast_of(sums, [&](double place, double one) { return one * (place - p); });
  });
  const double width = grid.upper() - grid.lower();
  const auto at = [&](double p) {
    return std::clamp(grid.lower() + width * p, grid.lower(), grid.upper());
  };
  return {at(share.value), at(share.low), at(share.high)};
}

/// The variance in squares of the width: within [0, 1/4].
Estimate variance_of_share(const Thirds& thirds, const ValueGrid& grid,
                           const AdditiveNoise& noise) {
  constexpr double kMost = 0.25;
  const Sums sums = sums_of(thirds, grid);
  const double all = product(sums.ones, sums.released);
  const double p = share_of_way(sums);
  const Contrast squares = {(1 - p) * (1 - p), -p * (1 - p), p * p};
  const double value =
      all > 0 ? std::clamp(product(squares, sums.released) / all, 0.0, kMost) : kMost / 2;
  return not_refuted(sums, noise, value, 0, kMost, [&](double v) {
    return Contrast{squares[0] - v, squares[1] - v, squares[2] - v};
  });
}

}  // namespace

Estimate estimate_count(std::int64_t released, const AdditiveNoise& noise) {
  const auto value = static_cast<double>(released);
  const double half = noise.half_width();
  return {value, std::max(0.0, sub_down(value, half)), std::max(0.0, add_up(value, half))};
}

Estimate estimate_count(const Halves& halves, const ValueGrid& grid, const AdditiveNoise& noise) {
  return count_of(sums_of(halves, grid), noise);
}

Estimate estimate_count(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise) {
  return count_of(sums_of(thirds, grid), noise);
}

Estimate estimate_sum(double released, const AdditiveNoise& noise) {
  const double half = noise.half_width();
  return {released, sub_down(released, half), add_up(released, half)};
}

Estimate estimate_sum(const Halves& halves, const ValueGrid& grid, const AdditiveNoise& noise) {
  return sum_of(sums_of(halves, grid), grid, noise);
}

Estimate estimate_sum(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise) {
  return sum_of(sums_of(thirds, grid), grid, noise);
}

Estimate estimate_mean(const Halves& halves, const ValueGrid& grid, const AdditiveNoise& noise) {
  return mean_of(sums_of(halves, grid), grid, noise);
}

Estimate estimate_mean(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise) {
  return mean_of(sums_of(thirds, grid), grid, noise);
}

Estimate estimate_variance(const Thirds& thirds, const ValueGrid& grid,
                           const AdditiveNoise& noise) {
  const Estimate share = variance_of_share(thirds, grid, noise);
  const double square = grid.width_up() * grid.width_up();
  return {share.value * square, share.low * square, share.high * square};
}

Estimate estimate_alone(double value) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  return {value, none, none};
}

Estimate estimate_deviation(const Estimate& variance) {
  return {std::sqrt(variance.value), std::sqrt(variance.low), std::sqrt(variance.high)};
}

}  // namespace sfumato
