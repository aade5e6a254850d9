#include "account/contour.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "account/line.h"
#include "account/reach.h"

namespace sfumato {
namespace {

using Complex = ExtendedComplex;

constexpr Extended kUnit = kExtendedUnit;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPi = std::numbers::pi;
constexpr std::int64_t kMostNodes = std::int64_t{1} << 21;
constexpr double kMostWork = 0x1p29;  // atoms times nodes
constexpr double kMuchWork = 0x1p16;

Complex power(Complex base, std::int64_t exponent) {
  Complex result(1);
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = product(result, base);
    if (exponent > 1) base = product(base, base);
  }
  return result;
}

/// e^(i·angle), each part rounded once.
Complex unit(const Enclosure& angle) {
  return {cos(angle).lower_extended(), sin(angle).lower_extended()};
}

Extended size_up(const Complex& z) {
  return (std::fabs(z.real()) + std::fabs(z.imag())) * (1 + 2 * kUnit);
}

Extended size_down(const Complex& z) {
  return std::max(std::fabs(z.real()), std::fabs(z.imag()));
}

/// The transform of one law at the nodes, by turning each atom from node to node.
std::vector<Complex> values(const Tilted& law, Extended du, std::int64_t count) {
  const std::size_t size = law.atoms.size();
  std::vector<Complex> turn, now;
  for (const Atom& atom : law.atoms) {
    turn.push_back(turn_near(du * atom.loss));
    now.push_back(atom.weight);
  }
  std::vector<Complex> all;
  all.reserve(static_cast<std::size_t>(count));
  for (std::int64_t j = 0; j < count; ++j) {
    Complex sum(0);
    if (law.pole) sum = with_pole(now[0], now[1], law.pole(static_cast<Extended>(j) * du));
    for (std::size_t i = 0; i < size; ++i) {
      if (!law.pole) sum += now[i];
      now[i] = product(now[i], turn[i]);
    }
    all.push_back(sum);
  }
  return all;
}

/// How far node j's value may be off: j turns of 9 units each, angles that are off by a share of themselves,
/// the sum, and what the atoms leave out.
struct ValueError {
  explicit ValueError(const Tilted& law)
      : fixed(static_cast<Extended>(law.atoms.size() + 40) * kUnit),
        missing(law.missing),
        factor(law.pole ? 3 : 1) {
    for (const Atom& atom : law.atoms) angle += atom.weight * std::fabs(atom.loss);
  }
  Extended at(Extended j, Extended u) const {
    return factor * ((9 * j + 8 * u * angle) * kUnit + fixed) + missing;
  }

  Extended fixed, missing, factor;
  Extended angle = 0;
};

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

void Contour::set_line(const Line& line) {
  aim_.c = line.c;
  aim_.wide = line.wide;
  right_ = line.right;
  if (lattice_) {
    const double points = std::ceil(line.period / lattice_->step.lower() / 2);
    period_nodes_ = 2 * static_cast<std::int64_t>(std::min(std::max(points, 1.0), 0x1p40));
    period_ = lattice_->step * Enclosure::whole(period_nodes_);
    step_ = Enclosure::pi().scaled(1) / period_;
  } else {
    step_ = Enclosure(2 * kPi / line.period);
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
  std::vector<ValueError> errors;
  const Extended du = step_.lower_extended();
  for (const Tilted& law : tilted) {
    all.push_back(values(law, du, count));
    errors.emplace_back(law);
  }
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
      const Extended error = errors[i].at(turns, turns * du);
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

/// The laws along the line, far enough that what follows is below `share`, and nodes as far as that; false
/// if they would be too many.
bool Contour::set_nodes(const LossSum& sum, double share, double nats) {
  const double du = step_.upper();
  const double most = du * static_cast<double>(kMostNodes);
  const double least = std::max(du, 0.5 * aim_.wide);
  double reach = lattice_ ? du * static_cast<double>(period_nodes_ / 2 + 1)
                          : std::max(aim_.wide * std::sqrt(-2 * std::log(share)) * 2, 4 * du);
  for (bool narrowed = false;;) {
    if (!(reach <= most)) return false;
    double size = 0;
    for (const Part& part : sum.parts) size += part.law->size(aim_.c, reach, nats);
    if (!(size * reach / du <= kMostWork)) return false;
    std::vector<Tilted> tilted;
    for (const Part& part : sum.parts) tilted.push_back(part.law->tilted(aim_.c, reach, nats));
    std::int64_t count = period_nodes_ / 2 + 1;
    if (!lattice_) {
      const Reach::Cut cut = Reach(sum, tilted).cut(least, share);
      if (cut.from > reach - du) {
        reach = std::max(1.5 * reach, std::min(1.25 * cut.from, 4 * reach));
        continue;
      }
      count = static_cast<std::int64_t>(std::ceil(cut.from / step_.lower())) + 1;
      cut_ = div_up(cut.tail, 3);  // over π
      if (!narrowed && cut.from < reach / 2 && size * cut.from / du > kMuchWork) {
        narrowed = true;
        reach = cut.from * 1.1 + du;
        continue;
      }
    }
    const Enclosure c(aim_.c);
    log_scale_ = (sum.mu_squared * c * (c + 1)).scaled(-1);
    for (std::size_t i = 0; i < tilted.size(); ++i)
      log_scale_ = log_scale_ + Enclosure::whole(sum.parts[i].count) * tilted[i].log_total;
    add_nodes(sum, tilted, count);
    return true;
  }
}

std::optional<Contour> Contour::make(const LossSum& sum, const Aim& aim, double gap,
                                     const std::optional<Lattice>& lattice) {
  Contour contour;
  contour.aim_ = aim;
  contour.lattice_ = lattice;
  contour.right_ = aim.c;
  if (!aim.vanishes) {
    const double nats = std::log(128 / gap);
    double most = 1;
    for (const Part& part : sum.parts) most = std::max(most, static_cast<double>(part.count));
    const double room = std::log(gap / (32 * most * 200 * static_cast<double>(kUnit)));
    const Line line = best_line(sum, aim, nats, room);
    contour.set_line(line);
    const double log_share = -line.height - nats;
    if (!contour.set_nodes(sum, std::exp(log_share), std::log(most) - log_share + 3))
      return std::nullopt;
  }
  contour.log_right_ = log_bound(sum, contour.right_);
  contour.most_ = most(sum);
  return contour;
}

/// Σ' Re(e^(-iu·at)·node), the first halved, and the last where nodes fill the circle. Turning costs
/// 5 units a node, adding up one each.
Contour::Sum Contour::rotated(const Enclosure& at, const std::vector<Node>& nodes) const {
  const Extended angle = (step_ * at).lower_extended();
  const Complex turn = std::conj(turn_near(angle));
  Complex phase(1);
  Sum sum{0, 0};
  const auto count = static_cast<Extended>(nodes.size());
  const Extended each = 9 + 5 * std::fabs(angle);
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const Complex& value = nodes[j].value;
    const bool last = lattice_ && j + 1 == nodes.size();
    const Extended half = j == 0 || last ? 0.5L : 1;
    sum.value += half * (value.real() * phase.real() - value.imag() * phase.imag());
    sum.error += half * (nodes[j].error +
                         size_up(value) * (each * static_cast<Extended>(j) + count + 16) * kUnit);
    phase = product(phase, turn);
  }
  sum.error *= 1 + 2 * count * kUnit;
  return sum;
}

Enclosure around(Extended value, Extended error) {
  const Enclosure middle = Enclosure::extended(value);
  const Enclosure off = Enclosure::extended(error) * (1 + Enclosure(0x1p-60));
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
