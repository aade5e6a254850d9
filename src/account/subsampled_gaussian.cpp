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

/// The strip that allows the widest step, about.
Strip best_strip(const Wish& wish) {
  const double most = std::min(kPi / wish.mu, wish.nats + 10) * 0.99;
  Strip best{0, 0};
  for (double a = most; a > most * 1e-9; a *= 0.85) {
    const double step = 2 * kPi * a / (wish.nats + 1 + growth(wish, a));
    if (step > best.step) best = {a, step};
    if (step < best.step * 0.9) break;
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

/// φ·ℓ^τ at y is e^exponent/√2π; `off` and `off_loss` are how far exponent and loss may be off.
struct SubsampledGaussian::Point {
  Extended loss;      ///< log ℓ
  Extended exponent;  ///< τ·log ℓ - y²/2
  Extended chance;    ///< 1 - (1 - q)/ℓ
  Extended off_loss;
  Extended off;
  Extended weight = 0;  ///< e^(exponent - scale), then as a share of all
};

struct SubsampledGaussian::Points {
  std::vector<Point> all;
  double scale = -HUGE_VAL;
  Extended sum = 0;  ///< of the weights, before they were shares
};

SubsampledGaussian::SubsampledGaussian(const Enclosure& q, const Enclosure& mu, bool removed)
    : q_(q),
      mu_(mu),
      removed_(removed),
      q_near_(q.upper()),
      mu_near_(mu.upper()),
      q_extended_(q.lower_extended()),
      rest_extended_((1 - q).lower_extended()),
      mu_extended_(mu.lower_extended()),
      half_extended_((mu * mu).scaled(-1).lower_extended()) {}

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
    for (int i = 0; i < 60 && high - low > 0.01; ++i) {
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

// z = μy - μ²/2 is off by off_z, and e^z by that and what `exp_near` says, as shares. Where ℓ is near 1, so
// is what it is computed from: w = q(e^z - 1).
SubsampledGaussian::Point SubsampledGaussian::point(double y, Extended tau) const {
  constexpr Extended u = kExtendedUnit;
  const Extended z = mu_extended_ * y - half_extended_;
  const Extended off_z = (3 * std::fabs(mu_extended_ * y) + 3 * half_extended_) * u;
  Point p{};
  if (z > 40) {
    const Extended fall = exp_near(-z) * rest_extended_;
    const Extended inner = q_extended_ + fall;
    p.loss = z + log_near(inner);
    p.chance = q_extended_ / inner;
    p.off_loss = off_z + (30 + 6 * z + 8 * std::fabs(p.loss)) * u;
  } else {
    const Extended odds = q_extended_ * exp_near(z);
    const Extended off_odds = odds * (1.1L * off_z + (13 + 3 * std::fabs(z)) * u);
    const Extended likelihood = rest_extended_ + odds;
    const Extended w = odds - q_extended_;
    p.chance = odds / likelihood;
    if (std::fabs(w) < 0.2L) {
      p.loss = log1p_near(w);
      p.off_loss = 1.4L * (off_odds + 2 * q_extended_ * u) + 16 * std::fabs(p.loss) * u;
    } else {
      p.loss = log_near(likelihood);
      p.off_loss = 1.1L * off_odds / likelihood + (8 + 4 * std::fabs(p.loss)) * u;
    }
  }
  const Extended half = static_cast<Extended>(y) * y / 2, power = tau * p.loss;
  p.exponent = power - half;
  p.off = 1.1L * std::fabs(tau) * p.off_loss +
          (3 * std::fabs(power) + 2 * half + 2 * std::fabs(p.exponent)) * u;
  return p;
}

// Weights are e^(exponent - scale), as shares of their sum.
SubsampledGaussian::Points SubsampledGaussian::points(const Grid& grid, double t) const {
  const Extended tau = removed_ ? 1 + static_cast<Extended>(t) : -static_cast<Extended>(t);
  Points points;
  points.all.reserve(static_cast<std::size_t>(grid.size));
  for (std::int64_t i = 0; i < grid.size; ++i) {
    points.all.push_back(point(grid.at(i), tau));
    points.scale = std::max(points.scale, static_cast<double>(points.all.back().exponent));
  }
  for (Point& p : points.all) {
    const Extended e = p.exponent - points.scale;
    p.off = p.off < 0.01L ? 1.1L * p.off + (12 + 5 * std::fabs(e)) * kExtendedUnit : HUGE_VALL;
    points.sum += p.weight = exp_near(e);
  }
  for (Point& p : points.all) p.weight /= points.sum;
  return points;
}

/// log of h/√2π·e^scale·Σ
Enclosure SubsampledGaussian::log_total(const Grid& grid, const Points& points) const {
  const Enclosure sum = Enclosure::extended(points.sum) * Enclosure(grid.step);
  return log(sum / sqrt(Enclosure::pi().scaled(1))) + points.scale;
}

Moment SubsampledGaussian::moment(double t) const {
  const Grid g = grid(t, 0, 32);
  const double tau = exponent(t);
  std::vector<double> losses, exponents;
  double most = -HUGE_VAL;
  for (std::int64_t i = 0; i < g.size; ++i) {
    const double y = g.at(i);
    const double tilt = mu_near_ * (y - mu_near_ / 2);
    losses.push_back(tilt < 30 ? std::log1p(q_near_ * std::expm1(tilt))
                               : tilt + std::log(q_near_ + (1 - q_near_) * std::exp(-tilt)));
    exponents.push_back(tau * losses.back() - y * y / 2);
    most = std::max(most, exponents.back());
  }
  double sum = 0, mean = 0, square = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double weight = std::exp(exponents[i] - most);
    sum += weight;
    mean += weight * losses[i];
    square += weight * losses[i] * losses[i];
  }
  mean /= sum;
  return {most + std::log(sum * g.step * 0.3989422804014327), removed_ ? mean : -mean,
          std::fmax(square / sum - mean * mean, 0)};
}

/// The weights outside the grid as a share of all, or the integral there if it is more: beyond either
/// end the logarithm of the weight falls at least as fast as at the end, where its slope is bounded by
/// |y| and τμ·chance.
Extended SubsampledGaussian::outside(const Grid& grid, const Points& points, double t) const {
  const Extended tilt = (removed_ ? 1 + static_cast<Extended>(t) : t) * mu_extended_;
  const Point& first = points.all.front();
  const Point& last = points.all.back();
  const Extended low = grid.low(), high = grid.high();
  const Extended left = removed_ ? -low : -low - tilt * first.chance;
  const Extended right = removed_ ? high - tilt : high + tilt * last.chance;
  const Extended slack = 1e-12L * (std::fabs(low) + std::fabs(high) + tilt);
  if (!(left > slack && right > slack)) return HUGE_VALL;
  return (first.weight / (left - slack) + last.weight / (right - slack)) / grid.step * 1.1L;
}

/// The trapezoid rule's error for |u| <= reach, as a share of M(c).
Extended SubsampledGaussian::quadrature(const Grid& grid, double t, double reach) const {
  const Extended a = grid.strip, angle = mu_extended_ * a;
  Extended growth = a * a / 2 + reach * angle;
  if (!removed_) {
    Extended bend = -t * log_near(turn_near(angle / 2).real());
    if (angle < 1.57L && grid.low() < 0)
      bend = std::min(bend,
                      (grid.low() - kRootThree) * log_near(turn_near(angle).real()) / mu_extended_);
    growth += bend;
  }
  const Extended waves = 2 * Extended{kPi} * a / grid.step;
  const Extended slack = 1e-9L * (1 + growth + waves);
  const Extended less = 1 - exp_near(slack - waves);
  return less > 0 ? 2.02L * exp_near(growth + slack - waves) / less : HUGE_VALL;
}

// At most S(1 + what is off + what is outside)/(1 - Q): nothing is claimed where Q is 1 or more.
Enclosure SubsampledGaussian::log_bound(double t) const {
  const Grid g = grid(t, 0, 20);
  const Points all = points(g, t);
  Extended off = 0;
  for (const Point& p : all.all) off += p.weight * p.off;
  const Extended rule = quadrature(g, t, 0);
  if (!(rule < 1)) return Enclosure(HUGE_VAL);
  const Extended more = (1 + off + outside(g, all, t)) / (1 - rule) * (1 + 1e-15L);
  return log_total(g, all) + log(Enclosure::extended(more));
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

/// The integral over cells about the points, for any u: what each cell's mass and turn may be off by, and
/// what is outside; and the total variation of the density of the loss. All as shares of S.
struct SubsampledGaussian::Cells {
  struct Off {
    double most;    ///< twice the cell's mass
    double spread;  ///< times u
  };
  std::vector<Off> cells;
  double flat = 0;
  double variation = 0;

  double off(double u) const {
    double sum = flat;
    for (const Off& cell : cells) sum += std::min(cell.most, u * cell.spread);
    return sum * (1 + 1e-9);
  }
};

// With f = log φℓ^τ, f' = -y + τμ·chance and f'' = -1 + τμ²·chance(1 - chance), a cell's integral is h·F(y)
// to within h³/24·|F''|. The density of the loss is g = F/(μ·chance), (log g)' = -y - μ + (1 + τ)μ·chance,
// and beyond the ends g falls, or nothing is claimed.
SubsampledGaussian::Cells SubsampledGaussian::cells_of(const Grid& grid, const Points& points,
                                                       double t) const {
  const double h = grid.step, mu = mu_near_, tau = exponent(t), tilt = tau * mu;
  const double rise = std::exp(mu * h / 2);
  Cells cells;
  Extended variation = 0;
  for (std::int64_t i = 0; i < grid.size; ++i) {
    const Point& p = points.all[static_cast<std::size_t>(i)];
    const double y = grid.at(i), weight = static_cast<double>(p.weight);
    const double x = static_cast<double>(p.chance), rest = static_cast<double>(1 - p.chance);
    const double low = x / (x + rest * rise) * (1 - 1e-12);
    const double high = std::min(x * rise / (x * rise + rest) * (1 + 1e-12), 1.0);
    const auto steepest = [&](double slope, double shift) {
      return std::fmax(std::fabs(slope * low - y - shift), std::fabs(slope * high - y - shift)) +
             h / 2;
    };
    const double slope = steepest(tilt, 0), steep = steepest(tilt + mu, mu);
    const double curve = mu * mu * std::min(high * (1 - low), 0.25);
    const double bend = slope * slope + 1 + std::fabs(tau) * curve;
    const double peak = weight * std::exp(slope * h / 2);  // h·F at most
    const double off = h * h / 24 * bend * peak;
    cells.flat += off + weight * static_cast<double>(p.off);
    cells.cells.push_back({2 * (weight + off), peak * mu * high * h / 4});
    variation += p.weight * (1 + p.off) * (steep * std::exp(steep * h / 2)) / (mu * p.chance);
  }
  const Point& first = points.all.front();
  const Point& last = points.all.back();
  const double more = std::fmax(tilt + mu, 0), less = std::fmin(tilt + mu, 0) * 1.1;
  const bool falls = -grid.low() - mu + less * static_cast<double>(first.chance) > 0.1 &&
                     grid.high() + mu - more > 0.1;
  variation += (first.weight / first.chance + last.weight / last.chance) / (mu * h);
  cells.variation = falls ? static_cast<double>(variation * (1 + 1e-9L)) : HUGE_VAL;
  return cells;
}

// Boxes between neighbouring points, by ℓ's own loss, which rises. There φ·ℓ^τ is at least the least φ of the
// two ends times the least ℓ^τ, as φ rises and falls and ℓ^τ is monotone; dL/dy = μ·chance rises. What is off
// is far below 1e-12 of it, or nothing is said of the box.
std::vector<Box> SubsampledGaussian::boxes_of(const Grid& grid, const Points& points) const {
  std::vector<Box> boxes;
  const Extended unit = mu_extended_ * grid.step;
  for (std::int64_t i = 0; i + 1 < grid.size; ++i) {
    const Point& a = points.all[static_cast<std::size_t>(i)];
    const Point& b = points.all[static_cast<std::size_t>(i + 1)];
    const Extended ya = grid.at(i), yb = grid.at(i + 1);
    const Extended least = std::min(-ya * ya, -yb * yb) / 2 +
                           std::min(a.exponent + ya * ya / 2, b.exponent + yb * yb / 2);
    const bool known = a.off < 1e-13L && b.off < 1e-13L && b.chance > 0;
    const Extended density =
        known ? exp_near(least - points.scale) / points.sum * grid.step / (unit * b.chance) : 0;
    boxes.push_back({a.loss, unit * a.chance * (1 - 1e-12L), density * (1 - 1e-12L)});
  }
  return boxes;
}

// Atoms that are too light to matter are left out.
Tilted SubsampledGaussian::tilted(double c, double reach, double nats) const {
  const Grid g = grid(c, reach, nats);
  const Points all = points(g, c);
  const Extended rest = outside(g, all, c), rule = quadrature(g, c, 0);
  Tilted tilted{{}, log_total(g, all), HUGE_VAL, {}, {}, {}};
  Extended off = static_cast<Extended>(g.size + 2) * 2 * kExtendedUnit, light = 0;
  const auto least = static_cast<Extended>(std::exp(-nats - 12));
  for (const Point& p : all.all) {
    off += p.weight * (p.off + reach * p.off_loss);
    if (p.weight < least)
      light += p.weight;
    else
      tilted.atoms.push_back({removed_ ? p.loss : -p.loss, p.weight});
  }
  const Extended missing =
      (1 + off + rest) * quadrature(g, c, reach) / (1 - rule) + rest + off + light;
  if (rule < 1) tilted.missing = static_cast<double>(missing) * (1 + 1e-9);
  Cells cells = cells_of(g, all, c);
  cells.flat += static_cast<double>(rest + light);
  tilted.slope = slope_of(tilted.atoms);
  tilted.decay = [near = decay_of(boxes_of(g, all), 1 + tilted.missing),
                  variation = cells.variation](double u) {
    return std::fmin(near(u), variation / u);
  };
  tilted.modulus = [atoms = tilted.atoms, cells, reach, missing = tilted.missing](double u) {
    return modulus_of(atoms, u) + (u <= reach ? missing : cells.off(u));
  };
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

}  // namespace sfumato
