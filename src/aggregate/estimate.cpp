#include "sfumato/aggregate/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "aggregate/plausible.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

// Of the odds that an interval of a variance may miss, those of the mean that it is taken about.
constexpr double kShareOfMean = 1 / 20.0;

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

/// The mean as a share of the way from the lower to the upper bound, and the shares that are not refuted at odds of
/// `chance`. Where there may be no value at all, that is all of them.
Estimate share_of_way(const Sums& sums, const AdditiveNoise& noise, double chance) {
  const double all = product(sums.ones, sums.released);
  const double share =
      all > 0 ? std::clamp(product(sums.places, sums.released) / all, 0.0, 1.0) : 0.5;
  if (all <= noise.half_width_of(sums.ones)) return {share, 0, 1};
  const auto plausible = [&](double p) {
    const Contrast about =
        contrast_of(sums, [&](double place, double one) { return one * (place - p); });
    return noise.tail_of(about, std::fabs(product(about, sums.released))) >= chance;
  };
  return {share, outermost(0, share, plausible), outermost(1, share, plausible)};
}

Estimate mean_of(const Sums& sums, const ValueGrid& grid, const AdditiveNoise& noise) {
  const Estimate share = share_of_way(sums, noise, 1 - noise.confidence());
  const double width = grid.upper() - grid.lower();
  const auto at = [&](double p) {
    return std::clamp(grid.lower() + width * p, grid.lower(), grid.upper());
  };
  return {at(share.value), at(share.low), at(share.high)};
}

/// What is known of Σ (t - p)² for p between two shares, t the values' own shares of the way.
class SquaresAbout {
 public:
  SquaresAbout(const Thirds& thirds, double first, double last)
      : thirds_(thirds), first_(first), last_(last) {
    const double vertex = (2 * thirds.above + thirds.between) / (2 * count());
    least_ = about(std::clamp(vertex, first, last));
    most_ = std::max(about(first), about(last));
  }

  double count() const { return thirds_.above + thirds_.between + thirds_.below; }

  /// How far Σ (t - p)² - v·n is from 0 for the best p: all of it is noise where v is the variance.
  double from_zero(double v) const {
    return std::max({0.0, least_ - v * count(), v * count() - most_});
  }

  /// What the noises of that are multiplied by, for the worst p.
  Contrast contrast(double v) const {
    const auto square = [](double x) { return x * x; };
    const double nearest_half = std::clamp(0.5, first_, last_);
    return {std::max(std::fabs(square(1 - first_) - v), std::fabs(square(1 - last_) - v)),
            nearest_half * (1 - nearest_half) + v,
            std::max(std::fabs(square(first_) - v), std::fabs(square(last_) - v))};
  }

 private:
  double about(double p) const {
    return (1 - p) * (1 - p) * thirds_.above - p * (1 - p) * thirds_.between +
           p * p * thirds_.below;
  }

  Thirds thirds_;
  double first_, last_;
  double least_, most_;
};

/// The variance in squares of the width: within [0, 1/4].
Estimate variance_of_share(const Thirds& thirds, const ValueGrid& grid,
                           const AdditiveNoise& noise) {
  constexpr double kMost = 0.25;
  const Sums sums = sums_of(thirds, grid);
  const double all = product(sums.ones, sums.released);
  const double value = all > 0 ? std::clamp(thirds.above / all * (thirds.below / all) -
                                                thirds.between / all * (thirds.between / all) / 4,
                                            0.0, kMost)
                               : kMost / 2;
  if (all <= noise.half_width_of(sums.ones)) return {value, 0, kMost};
  const double chance = 1 - noise.confidence();
  const Estimate mean = share_of_way(sums, noise, chance * kShareOfMean);
  const SquaresAbout squares(thirds, mean.low, mean.high);
  const auto plausible = [&](double v) {
    return noise.tail_of(squares.contrast(v), squares.from_zero(v)) >= chance * (1 - kShareOfMean);
  };
  return {value, outermost(0, value, plausible), outermost(kMost, value, plausible)};
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
