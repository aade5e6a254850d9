#include "account/subsampled_gaussian.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "account/decay.h"
#include "account/pair.h"
#include "base/normal_tail.h"

namespace sfumato {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRootThree = 1.7320508075688774;  // rounded up

/// What the grid begins at, and is to reach.
struct Wish {
  double mu;
  double exponent;  ///< the real part of τ
  double low;
  double reach;
  double nats;
};

/// log of what |F| may grow by within a strip of half height a: a²/2 + u·μ·a, and for negative exponents
/// the less of two bounds of what ℓ^τ does.
double growth(const Wish& wish, double a) {
  const double mu = wish.mu;
  double bend = 0;
  if (wish.exponent < 0) {
    bend = wish.exponent * std::log(std::cos(mu * a / 2));
    if (mu * a < kPi / 2)
      bend = std::min(bend, (wish.low - kRootThree) * std::log(std::cos(mu * a)) / mu);
  }
  return a * a / 2 + wish.reach * mu * a + bend;
}

struct Strip {
  double height;
  double step;
};

/// The strip that allows the widest step.
Strip best_strip(const Wish& wish) {
  const double most = std::min(kPi / wish.mu, wish.nats + 10) * 0.99;
  Strip best{0, 0};
  for (double a = most; a > most * 1e-6; a *= 0.9) {
    const double step = 2 * kPi * a / (wish.nats + 1 + growth(wish, a));
    if (step > best.step) best = {a, step};
  }
  return best;
}

/// A power of two not above x, times 1, 5/4, 3/2 or 7/4: grids of such steps are exact.
double short_number(double x) {
  int e = 0;
  const double fraction = std::frexp(x, &e);
  return std::ldexp(std::floor(fraction * 8) / 8, e);
}

}  // namespace

/// y = (first + i)·step for i = 0 … size - 1.
struct SubsampledGaussian::Grid {
  double step;
  double strip;
  std::int64_t first;
  std::int64_t size;
  double at(std::int64_t i) const { return static_cast<double>(first + i) * step; }
  double low() const { return at(0); }
  double high() const { return at(size - 1); }
};

template <class Number>
struct SubsampledGaussian::Point {
  Number density;    ///< step·φ(y)
  Number log_ratio;  ///< log ℓ
  Number power;      ///< ℓ^τ
  Number chance;     ///< 1 - (1 - q)/ℓ
  Number weight;     ///< density·power
};

struct SubsampledGaussian::Rough {
  std::vector<Point<long double>> points;
  double scale;
};

namespace {

long double below(const Enclosure& x) {
  return x.lower_extended();
}
long double below(long double x) {
  return x;
}

/// Boxes between neighbouring points, by ℓ's own loss, which rises. There φ·ℓ^τ is at least the least φ
/// of the two ends times the least ℓ^τ, as φ rises and falls and ℓ^τ is monotone; dL/dy = μ·chance rises.
template <class Points, class Number>
Decay decay_between(const Points& points, const Number& total, const Number& mu, const Number& step,
                    double top) {
  using std::min;
  std::vector<Box> boxes;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const auto& a = points[i];
    const auto& b = points[i + 1];
    const Number least = min(a.density, b.density) * min(a.power, b.power) / total;
    boxes.push_back(
        {below(a.log_ratio), below(mu * step * a.chance), below(least / (mu * step * b.chance))});
  }
  return decay_of(std::move(boxes), top);
}

template <class Points, class Number>
Number total_weight(const Points& points, Number zero) {
  for (const auto& point : points) zero = zero + point.weight;
  return zero;
}

}  // namespace

SubsampledGaussian::SubsampledGaussian(const Enclosure& q, const Enclosure& mu, bool removed)
    : q_(q), mu_(mu), removed_(removed), q_near_(q.upper()), mu_near_(mu.upper()) {}

double SubsampledGaussian::chance(double y) const {
  const double odds = std::log(q_near_) + mu_near_ * (y - mu_near_ / 2);
  return 1 / (1 + (1 - q_near_) * std::exp(-odds));
}

// Removed: the mass lies between 0 and τμ. Added: log φℓ^τ is concave, its slope is -y + τμ·chance(y),
// and the mode is found by bisection.
SubsampledGaussian::Grid SubsampledGaussian::grid(double t, double reach, double nats) const {
  const double tau = exponent(t);
  const double far = std::sqrt(2 * nats) + 1;
  double low = 0;
  double high = std::max(tau, 0.0) * mu_near_;
  if (tau < 0) {
    low = tau * mu_near_;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (middle < tau * mu_near_ * chance(middle) ? low : high) = middle;
    }
  }
  const Strip strip = best_strip({mu_near_, tau, low - far, reach, nats});
  const double step = short_number(strip.step);
  const double first = std::floor((low - far) / step);
  const double last = std::ceil((high + far) / step);
  return {step, strip.height, static_cast<std::int64_t>(first),
          static_cast<std::int64_t>(last - first) + 1};
}

// φ and e^(μy) go from point to point by products, which enclosures can afford by the thousand.
std::vector<SubsampledGaussian::Point<Enclosure>> SubsampledGaussian::points(const Grid& grid,
                                                                             double t) const {
  const Enclosure h(grid.step), y(grid.low());
  const Enclosure tau = removed_ ? 1 + Enclosure(t) : -Enclosure(t);
  const Enclosure fall = exp(-(h * h));
  const Enclosure rise = exp(mu_ * h);
  Enclosure density = h * exp(-(y * y).scaled(-1)) / sqrt(Enclosure::pi().scaled(1));
  Enclosure ratio = exp(-(h * y + (h * h).scaled(-1)));
  Enclosure odds = q_ * exp(mu_ * y - (mu_ * mu_).scaled(-1));
  std::vector<Point<Enclosure>> points;
  points.reserve(static_cast<std::size_t>(grid.size));
  for (std::int64_t i = 0; i < grid.size; ++i) {
    const Enclosure likelihood = 1 - q_ + odds;
    const Enclosure loss = log(likelihood);
    const Enclosure power = exp(tau * loss);
    points.push_back({density, loss, power, odds / likelihood, density * power});
    density = density * ratio;
    ratio = ratio * fall;
    odds = odds * rise;
  }
  return points;
}

/// Weights are divided by the greatest, and powers alike, lest they overflow: `scale` is its logarithm.
SubsampledGaussian::Rough SubsampledGaussian::rough_points(const Grid& grid, double t) const {
  const double tau = exponent(t);
  Rough rough{{}, -HUGE_VAL};
  for (std::int64_t i = 0; i < grid.size; ++i) {
    const double y = grid.at(i);
    const double tilt = mu_near_ * (y - mu_near_ / 2);
    const double loss = tilt < 30 ? std::log1p(q_near_ * std::expm1(tilt))
                                  : tilt + std::log(q_near_ + (1 - q_near_) * std::exp(-tilt));
    rough.scale = std::max(rough.scale, tau * loss - y * y / 2);
    rough.points.push_back({-y * y / 2, loss, tau * loss, chance(y), 0});
  }
  for (auto& point : rough.points) {
    point.weight = std::exp(point.density + point.power - rough.scale);
    point.density = std::exp(point.density);
    point.power = std::exp(point.power - rough.scale);
  }
  rough.scale += std::log(grid.step * 0.3989422804014327);
  return rough;
}

Moment SubsampledGaussian::moment(double t) const {
  const Rough rough = rough_points(grid(t, 0, 32), t);
  long double sum = 0, mean = 0, square = 0;
  for (const auto& point : rough.points) {
    sum += point.weight;
    mean += point.weight * point.log_ratio;
    square += point.weight * point.log_ratio * point.log_ratio;
  }
  mean /= sum;
  return {static_cast<double>(rough.scale + std::log(sum)),
          static_cast<double>(removed_ ? mean : -mean),
          static_cast<double>(square / sum - mean * mean)};
}

/// The weights outside the grid, as geometric series: beyond either end the logarithm of the weight
/// falls at least as fast as at the end, where its slope is bounded by |y| and τμ·chance.
Enclosure SubsampledGaussian::outside(const Grid& grid, const std::vector<Point<Enclosure>>& points,
                                      double t) const {
  const Enclosure h(grid.step);
  const Enclosure tilt = (removed_ ? 1 + Enclosure(t) : Enclosure(t)) * mu_;
  const Point<Enclosure>& first = points.front();
  const Point<Enclosure>& last = points.back();
  const Enclosure left =
      removed_ ? -Enclosure(grid.low()) : -Enclosure(grid.low()) - tilt * first.chance;
  const Enclosure right =
      removed_ ? Enclosure(grid.high()) - tilt : Enclosure(grid.high()) + tilt * last.chance;
  const Enclosure beyond = expm1(h * left), above = expm1(h * right);
  if (!(beyond.lower() > 0 && above.lower() > 0)) return Enclosure(1 / 0.0);
  return first.weight / beyond + last.weight / above;
}

/// The trapezoid rule's error for |u| <= reach, as a share of M(c).
Enclosure SubsampledGaussian::quadrature(const Grid& grid, double t, double reach) const {
  const Enclosure a(grid.strip);
  Enclosure growth = (a * a).scaled(-1) + Enclosure(reach) * mu_ * a;
  if (!removed_) {
    const Enclosure by_size = -(Enclosure(t) * log(cos((mu_ * a).scaled(-1))));
    const Enclosure by_shift = (Enclosure(grid.low()) - kRootThree) * log(cos(mu_ * a)) / mu_;
    const bool shifts = (mu_ * a).upper() < 1.57 && grid.low() < 0;
    growth = growth + (shifts ? min(by_size, by_shift) : by_size);
  }
  return exp(growth).scaled(1) / expm1(Enclosure::pi().scaled(1) * a / Enclosure(grid.step));
}

Enclosure SubsampledGaussian::bound(double t) const {
  const Grid g = grid(t, 0, 20);
  const std::vector<Point<Enclosure>> all = points(g, t);
  const Enclosure sum = total_weight(all, Enclosure(0)) + outside(g, all, t);
  return sum / (1 - quadrature(g, t, 0));
}

// The loss is monotone in y, and passes ε where e^(μy - μ²/2) = (e^±ε - 1 + q)/q: two tails remain.
Enclosure SubsampledGaussian::delta(const Enclosure& epsilon) const {
  const Enclosure odds = (expm1(removed_ ? epsilon : -epsilon) + q_) / q_;
  if (odds.upper() <= 0) return Enclosure(0);  // no loss of an added unit is above -log(1 - q)
  if (odds.lower() <= 0) {
    const Enclosure most = log(Enclosure(odds.upper())) / mu_ + mu_.scaled(-1);
    return Enclosure::hull(Enclosure(0), normal_tail(-most));
  }
  const Enclosure at = log(odds) / mu_ + mu_.scaled(-1);
  const Enclosure side = removed_ ? at : -at;
  const Enclosure alone = normal_tail(side);
  const Enclosure shifted = normal_tail(removed_ ? at - mu_ : mu_ - at);
  const Enclosure mixed = (1 - q_) * alone + q_ * shifted;
  return max(removed_ ? mixed - exp(epsilon) * alone : alone - exp(epsilon) * mixed, Enclosure(0));
}

Enclosure SubsampledGaussian::most() const {
  return removed_ ? Enclosure(HUGE_VAL) : -log1p(-q_);
}

Tilted SubsampledGaussian::tilted(double c, double reach, double nats) const {
  const Grid g = grid(c, reach, nats);
  const std::vector<Point<Enclosure>> all = points(g, c);
  const Enclosure total = total_weight(all, Enclosure(0));
  const Enclosure rest = outside(g, all, c) / total;
  const Enclosure missing = quadrature(g, c, reach) * (1 + rest) / (1 - quadrature(g, c, 0)) + rest;
  Tilted tilted{{}, total, missing.upper(), {}};
  tilted.decay = decay_between(all, total, mu_, Enclosure(g.step), (1 + missing).upper());
  for (const auto& point : all)
    tilted.atoms.push_back({removed_ ? point.log_ratio : -point.log_ratio, point.weight});
  return tilted;
}

double SubsampledGaussian::size(double c, double reach, double nats) const {
  return static_cast<double>(grid(c, reach, nats).size);
}

Between SubsampledGaussian::cells() const {
  const Pairs pairs = gaussian_pairs(mu_);
  const auto law = [&](const Pair& pair) {
    return std::make_shared<Atoms>(
        (removed_ ? sampled(pair, q_) : sampled_reversed(pair, q_)).atoms);
  };
  return {law(pairs.above), law(pairs.below)};
}

Decay SubsampledGaussian::decay(double c, double reach, double nats) const {
  const Grid g = grid(c, reach, nats);
  const Rough rough = rough_points(g, c);
  return decay_between(rough.points, total_weight(rough.points, 0.0L),
                       static_cast<long double>(mu_near_), static_cast<long double>(g.step), 1);
}

}  // namespace sfumato
