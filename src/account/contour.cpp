#include "account/contour.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace sfumato {
namespace {

using Extended = long double;
using Complex = std::complex<Extended>;

constexpr Extended kUnit = std::numeric_limits<Extended>::epsilon() / 2;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPi = std::numbers::pi;
constexpr std::int64_t kMostNodes = std::int64_t{1} << 21;
constexpr double kMostWork = 0x1p31;  // atoms times nodes
constexpr double kGrowth = 1.125;     // of the cells in which what is cut off is bounded
constexpr double kMargin = 1.25;      // what is certified decays a little later than what steers

/// (a·b) with each part off by one rounding a product and one of the sum: in size, by √5 units of |a·b|
/// (Brent, Percival, Zimmermann 2007). `std::complex` would look for infinities.
Complex product(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// 1/z to within 8 units: |z|² to 2, the quotients to 1 more.
Complex reciprocal(const Complex& z) {
  const Extended square = z.real() * z.real() + z.imag() * z.imag();
  return {z.real() / square, -z.imag() / square};
}

Complex power(Complex base, std::int64_t exponent) {
  Complex result(1);
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = product(result, base);
    if (exponent > 1) base = product(base, base);
  }
  return result;
}

double power_up(double base, std::int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = mul_up(result, base);
    if (exponent > 1) base = mul_up(base, base);
  }
  return result;
}

/// At least e^-x: e^(-x/1024) is below the reciprocal of its series' begin, 1 + y + y²/2.
double exp_minus_up(double x) {
  const double y = x / 1024;
  return power_up(std::min(1.0, div_up(1, add_down(1, add_down(y, mul_down(y, y) / 2)))), 1024);
}

Extended size_up(const Complex& z) {
  return (std::fabs(z.real()) + std::fabs(z.imag())) * (1 + 2 * kUnit);
}

Extended size_down(const Complex& z) {
  return std::max(std::fabs(z.real()), std::fabs(z.imag()));
}

/// e^(i·angle), each part rounded once.
Complex unit(const Enclosure& angle) {
  return {cos(angle).lower_extended(), sin(angle).lower_extended()};
}

Enclosure exact(Extended x) {
  const auto high = static_cast<double>(x);
  return Enclosure(high) + Enclosure(static_cast<double>(x - high));
}

/// The transform of one law at the nodes, by turning each atom from node to node.
std::vector<Complex> values(const Tilted& law, double c, const Enclosure& step,
                            std::int64_t count) {
  std::vector<Complex> turn, now;
  for (const Atom& atom : law.atoms) {
    turn.push_back(unit(step * atom.loss));
    now.push_back((atom.weight / law.total).lower_extended());
  }
  const Extended du = step.lower_extended();
  std::vector<Complex> all;
  all.reserve(static_cast<std::size_t>(count));
  for (std::int64_t j = 0; j < count; ++j) {
    Complex sum(0);
    if (law.pole) {
      const Complex r = reciprocal({1 + 2 * Extended{c}, 2 * (static_cast<Extended>(j) * du)});
      sum = (product(now[0], 1.0L + r) + product(now[1], 1.0L - r)) * 0.5L;
    } else {
      for (const Complex& z : now) sum += z;
    }
    all.push_back(sum);
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = product(now[i], turn[i]);
  }
  return all;
}

/// How far node j's value may be off: j turns of 5 units each, the sum, and what the atoms leave out.
Extended value_error(const Tilted& law, std::int64_t j) {
  const Extended steps =
      5 * static_cast<Extended>(j) + static_cast<Extended>(law.atoms.size()) + 40;
  return (law.pole ? 3 : 1) * steps * kUnit + static_cast<Extended>(law.missing);
}

/// Bounds |Π φ^k| from u on.
template <class Decays>
double product_bound(const LossSum& sum, const Decays& decays, double u) {
  const double mu_squared = sum.mu_squared.lower();
  double bound = exp_minus_up(mul_down(mul_down(mu_squared, u), u) / 2);
  for (std::size_t i = 0; i < sum.parts.size() && bound > 0; ++i)
    bound = mul_up(bound, power_up(decays[i](u), sum.parts[i].count));
  return bound;
}

/// 1/π ∫ |Π φ^k| / u² du from `reach` on, cell by cell.
double tail(const LossSum& sum, const std::vector<Decay>& decays, double reach) {
  double total = 0;
  double u = reach;
  for (int i = 0; i < 200; ++i, u *= kGrowth) {
    const double bound = product_bound(sum, decays, u);
    if (bound < 1e-60) return add_up(total, div_up(bound, u));
    total = add_up(total, mul_up(bound, sub_up(div_up(1, u), div_down(1, u * kGrowth))));
  }
  return add_up(total, div_up(product_bound(sum, decays, u), u));
}

/// From where on the tail is below `share`, about; none if that is beyond `most`.
std::optional<double> reach_for(const LossSum& sum, const std::vector<Decay>& decays, double least,
                                double most, double share) {
  std::vector<double> at, bound;
  for (double u = least; u < most * kGrowth; u *= kGrowth) {
    at.push_back(u);
    bound.push_back(product_bound(sum, decays, u));
    if (bound.back() < 1e-60) break;
  }
  if (at.empty()) return std::nullopt;
  double beyond = bound.back() / at.back();
  std::size_t i = at.size() - 1;
  if (!(beyond < share)) return std::nullopt;
  for (; i > 0; --i) {
    beyond += bound[i - 1] * (1 / at[i - 1] - 1 / at[i]);
    if (beyond > share) break;
  }
  return at[i];
}

/// `relative` bounds the relative error of the product, `flat` its error in size, both where small.
/// A kernel is off by less than 60 units, where nothing cancels.
Node node_of(const Complex& value, const Complex& kernel, Extended relative, Extended flat) {
  Node node{product(value, kernel), kInfinity};
  if (relative <= 0.25L) node.error = 1.2L * relative * size_up(node.value);
  if (flat <= 0.25L) node.error = std::min(node.error, 1.3L * flat * size_up(kernel));
  node.error += 0x1p-8000L;
  return node;
}

}  // namespace

struct Contour::Sum {
  Extended value;
  Extended error;
};

/// The period such that both neighbours of δ(ε) in Poisson's sum are below e^-nats of it: at the left
/// δ <= 1, at the right Chernoff's bound at the best t₂ > c.
void Contour::set_period(const LossSum& sum, double nats) {
  const double c = aim_.c;
  double right = kInfinity;
  for (double t = c * 1.05; t < 40 * c + 40; t *= 1.25) {
    const double excess = moment(sum, t).log - t * aim_.epsilon - aim_.log_delta + nats;
    if (excess / (t - c) < right) right = excess / (t - c), right_ = t;
  }
  double period = std::max((nats - aim_.log_delta) / c, right);
  if (lattice_) {
    const double points = std::ceil(period / lattice_->step.lower() / 2);
    period_nodes_ = 2 * static_cast<std::int64_t>(std::min(std::max(points, 1.0), 0x1p40));
    period_ = lattice_->step * Enclosure::whole(period_nodes_);
    step_ = Enclosure::pi().scaled(1) / period_;
  } else {
    step_ = Enclosure(2 * kPi / period);
    period_ = Enclosure::pi().scaled(1) / step_;
  }
}

void Contour::add_node(std::int64_t j, const Complex& value, Extended relative, Extended flat) {
  const Extended c = aim_.c;
  const Extended u = static_cast<Extended>(j) * step_.lower_extended();
  nodes_.push_back(node_of(value, reciprocal(product({c, u}, {1 + c, u})), relative, flat));
}

/// 1/(1 - e^-th) and 1/(1 - e^-(1 + t)h), where the difference may cancel what turning left of e^-th.
void Contour::add_lattice_node(std::int64_t j, const Complex& fall, const Complex& value,
                               Extended relative, Extended flat) {
  const Extended off = (5 * static_cast<Extended>(j) + 16) * kUnit;
  const Complex first = 1.0L - fall;
  const Complex second = 1.0L - fall * lattice_fall_;
  const Extended more = off / size_down(first), again = off / size_down(second);
  nodes_.push_back(node_of(value, reciprocal(first), relative + more, flat + more));
  seconds_.push_back(node_of(value, reciprocal(second), relative + again, flat + again));
}

void Contour::add_nodes(const LossSum& sum, const std::vector<Tilted>& tilted, std::int64_t count) {
  std::vector<std::vector<Complex>> all;
  for (const Tilted& law : tilted) all.push_back(values(law, aim_.c, step_, count));
  const Enclosure half = (sum.mu_squared * step_ * step_).scaled(-1);
  const Complex gauss_turn = unit(sum.mu_squared * (Enclosure(aim_.c) + 0.5) * step_);
  const Extended narrowing = exp(-half.scaled(1)).lower_extended();
  Extended ratio = exp(-half).lower_extended();
  Complex gauss(1);
  Complex fall(0), fall_turn(0);
  if (lattice_) {
    const Enclosure c(aim_.c);
    fall = Complex(exp(-(c * lattice_->step)).lower_extended());
    fall_turn = std::conj(unit(step_ * lattice_->step));
    lattice_fall_ = exp(-lattice_->step).lower_extended();
  }
  for (std::int64_t j = 0; j < count; ++j) {
    const auto turns = static_cast<Extended>(j);
    Complex value = gauss;
    Extended relative = (2 * turns * turns + 12 * turns + 80) * kUnit;
    Extended flat = relative;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto index = static_cast<std::size_t>(j);
      const auto times = static_cast<Extended>(sum.parts[i].count);
      const Extended error = value_error(tilted[i], j);
      value = product(value, power(all[i][index], sum.parts[i].count));
      relative += times * (error / size_down(all[i][index]) + 3 * kUnit);
      flat += times * (error + 3 * kUnit);
    }
    if (lattice_)
      add_lattice_node(j, fall, value, relative, flat);
    else
      add_node(j, value, relative, flat);
    gauss = product(gauss, gauss_turn) * ratio;
    fall = product(fall, fall_turn);
    ratio *= narrowing;
  }
}

/// Nodes until what follows is below `share`, by decays as they will be for as many nodes; none if they
/// would be too many.
std::optional<std::int64_t> Contour::count_nodes(const LossSum& sum, double share,
                                                 double nats) const {
  if (lattice_) {
    if (period_nodes_ / 2 >= kMostNodes) return std::nullopt;
    return period_nodes_ / 2 + 1;
  }
  const double du = step_.upper();
  const double most = du * static_cast<double>(kMostNodes);
  for (double guess = std::max(4 * aim_.wide, 4 * du);; guess *= 4) {
    double size = 0;
    for (const Part& part : sum.parts) size += part.law->size(aim_.c, guess, nats);
    if (size * guess / du > kMostWork) return std::nullopt;
    std::vector<Decay> decays;
    for (const Part& part : sum.parts) decays.push_back(part.law->decay(aim_.c, guess, nats));
    const auto reach = reach_for(sum, decays, std::max(aim_.wide, du) / 2, guess, share);
    if (reach) return static_cast<std::int64_t>(*reach * kMargin / du) + 2;
    if (guess > most) return std::nullopt;
  }
}

void Contour::set_nodes(const LossSum& sum, std::int64_t count, double nats) {
  std::vector<Decay> decays;
  std::vector<Tilted> tilted;
  const double reach = (step_ * Enclosure::whole(count)).upper();
  for (const Part& part : sum.parts) {
    tilted.push_back(part.law->tilted(aim_.c, reach, nats));
    decays.push_back(tilted.back().decay);
    log_scale_ = log_scale_ + Enclosure::whole(part.count) * log(tilted.back().total);
  }
  const Enclosure c(aim_.c);
  log_scale_ = log_scale_ + (sum.mu_squared * c * (c + 1)).scaled(-1);
  if (!lattice_) cut_ = tail(sum, decays, (step_ * Enclosure::whole(count - 1)).lower());
  add_nodes(sum, tilted, count);
}

std::optional<Contour> Contour::make(const LossSum& sum, const Aim& aim, double gap,
                                     const std::optional<Lattice>& lattice) {
  Contour contour;
  contour.aim_ = aim;
  contour.lattice_ = lattice;
  contour.right_ = aim.c;
  if (!aim.vanishes) {
    const double nats = std::log(64 / gap);
    contour.set_period(sum, nats);
    const double log_share = aim.log_delta - (moment(sum, aim.c).log - aim.c * aim.epsilon) - nats;
    double most = 1;
    for (const Part& part : sum.parts) most = std::max(most, static_cast<double>(part.count));
    const double precise = std::log(most) - log_share + 3;
    const auto count = contour.count_nodes(sum, std::exp(log_share), precise);
    if (!count) return std::nullopt;
    contour.set_nodes(sum, *count, precise);
  }
  contour.log_right_ = log_bound(sum, contour.right_);
  contour.most_ = most(sum);
  return contour;
}

/// Σ' Re(e^(-iu·at)·node), the first halved, and the last where nodes fill the circle. Turning costs
/// 5 units a node, adding up one each.
Contour::Sum Contour::rotated(const Enclosure& at, const std::vector<Node>& nodes) const {
  const Complex turn = std::conj(unit(step_ * at));
  Complex phase(1);
  Sum sum{0, 0};
  const auto count = static_cast<Extended>(nodes.size());
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const Complex& value = nodes[j].value;
    const bool last = lattice_ && j + 1 == nodes.size();
    const Extended half = j == 0 || last ? 0.5L : 1;
    sum.value += half * (value.real() * phase.real() - value.imag() * phase.imag());
    sum.error += half * (nodes[j].error +
                         size_up(value) * (5 * static_cast<Extended>(j) + count + 16) * kUnit);
    phase = product(phase, turn);
  }
  sum.error *= 1 + 2 * count * kUnit;
  return sum;
}

Enclosure around(Extended value, Extended error) {
  const Enclosure middle = exact(value);
  const Enclosure off = exact(error) * (1 + Enclosure(0x1p-60));
  return Enclosure::hull(middle - off, middle + off);
}

/// 2/N·e^(-cs)·(Σ' e^(-ius)·first - e^(ε - s)·Σ' e^(-ius)·second) at the first lattice point s >= ε. Which
/// one that is may be undecided for two neighbours that differ by nothing but rounding: hence 2^-100.
Enclosure Contour::lattice_sum(const Enclosure& epsilon) const {
  const Enclosure steps = (epsilon - lattice_->offset) / lattice_->step;
  const Enclosure s = lattice_->offset + Enclosure::whole(steps.floor_lower() + 1) * lattice_->step;
  const Sum first = rotated(s, nodes_), second = rotated(s, seconds_);
  const Enclosure sum =
      around(first.value, first.error) - exp(epsilon - s) * around(second.value, second.error);
  const Enclosure undecided = Enclosure::hull(Enclosure(-0x1p-100), Enclosure(0x1p-100));
  return (sum * Enclosure(2) / Enclosure::whole(period_nodes_) + undecided) *
         exp(log_scale_ - Enclosure(aim_.c) * s);
}

/// The trapezoid sum, with all that it may be off but for its aliases.
Enclosure Contour::integral(const Enclosure& epsilon) const {
  const Sum sum = rotated(epsilon, nodes_);
  const Enclosure cut = Enclosure::hull(Enclosure(-cut_), Enclosure(cut_));
  return (step_ / Enclosure::pi() * around(sum.value, sum.error) + cut) *
         exp(log_scale_ - Enclosure(aim_.c) * epsilon);
}

/// Σ δ(ε + nW)·e^(cnW) over whole n other than 0.
Enclosure Contour::aliases(const Enclosure& epsilon) const {
  const Enclosure c(aim_.c), t(right_);
  const Enclosure left = exp(-(c * period_));
  const Enclosure right = exp(-((t - c) * period_));
  return left / (1 - left) + exp(log_right_ - t * epsilon) / (1 + t) * right / (1 - right);
}

Enclosure Contour::delta(const Enclosure& epsilon) const {
  const Enclosure zero(0);
  const Enclosure limit = max(-expm1(epsilon - most_), zero);  // no loss is above the greatest
  if (limit.upper() <= 0) return zero;
  if (nodes_.empty()) {
    const Enclosure chernoff = exp(log_right_ - Enclosure(right_) * epsilon);
    return Enclosure::hull(zero, min(chernoff, limit));
  }
  const Enclosure sum = lattice_ ? lattice_sum(epsilon) : integral(epsilon);
  const Enclosure least = max(sum - aliases(epsilon), zero);
  return min(Enclosure::hull(least, max(sum, zero)), limit);
}

}  // namespace sfumato
