#include "account/laplace_law.h"

#include <cmath>

#include "account/decay.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// Boxes of the continuous part. Its density, tilted, is e^((l - ε)/2 + cl)/4, which rises.
std::vector<Box> boxes(const Enclosure& epsilon, const Enclosure& log_total, double c, int count) {
  const Enclosure width = epsilon.scaled(1) / count;
  const Enclosure rise = exp((Enclosure(c) + 0.5) * width);
  Enclosure at = -epsilon;
  Enclosure density = exp(-((Enclosure(c) + 1) * epsilon) - log_total).scaled(-2);
  std::vector<Box> all;
  for (int i = 0; i < count; ++i, density = density * rise, at = at + width)
    all.push_back({at.lower_extended(), width.lower_extended(), density.lower_extended()});
  return all;
}

Enclosure pole(double t) {
  return 1 / (1 + Enclosure(t).scaled(1));
}

}  // namespace

Moment LaplaceLaw::moment(double t) const {
  const double r = 1 / (1 + 2 * t);
  const double dr = -2 * r * r;
  const double drr = 8 * r * r * r;
  const double second = std::exp(-(1 + 2 * t) * near_);  // e^-((1 + t)ε) over e^(tε)
  const double sum = (1 + r) / 2 + second * (1 - r) / 2;
  const double first = (near_ * (1 + r) + dr) / 2 - second * (near_ * (1 - r) + dr) / 2;
  const double curve = (near_ * near_ * (1 + r) + 2 * near_ * dr + drr) / 2 +
                       second * (near_ * near_ * (1 - r) + 2 * near_ * dr - drr) / 2;
  const double mean = first / sum;
  return {t * near_ + std::log(sum), mean, std::fmax(curve / sum - mean * mean, 0)};
}

// e^(tε) is taken out, lest it overflow.
Enclosure LaplaceLaw::log_with(const Enclosure& r, double t) const {
  const Enclosure fall = exp(-((Enclosure(t).scaled(1) + 1) * epsilon_));
  return log(((1 + r) + fall * (1 - r)).scaled(-1)) + Enclosure(t) * epsilon_;
}

Enclosure LaplaceLaw::log_bound(double t) const {
  return log_with(pole(t), t);
}

// P[L >= ε'] - e^ε'·Q[L >= ε'] = 1 - e^((ε' - ε)/2) for |ε'| <= ε, by its closed form.
Enclosure LaplaceLaw::delta(const Enclosure& epsilon) const {
  return max(-expm1((epsilon - epsilon_).scaled(-1)), Enclosure(0));
}

Tilted LaplaceLaw::tilted_with(const Enclosure& r, double c, double reach) const {
  const Enclosure total = log_with(r, c);
  const auto share = [&](const Enclosure& log) { return exp(log - total).lower_extended(); };
  Tilted tilted{{{epsilon_.lower_extended(), share(Enclosure(c) * epsilon_)},
                 {(-epsilon_).lower_extended(), share(-((Enclosure(c) + 1) * epsilon_))}},
                total,
                (8 + 4 * reach * near_) * static_cast<double>(kExtendedUnit),
                {},
                {},
                {near_, mul_up(near_, near_), 0}};
  tilted.pole = [c](Extended u) { return reciprocal({1 + 2 * Extended{c}, 2 * u}); };
  return tilted;
}

Tilted LaplaceLaw::tilted(double c, double reach, double) const {
  Tilted tilted = tilted_with(pole(c), c, reach);
  tilted.decay = decay_of(boxes(epsilon_, tilted.log_total, c, 64), 1);
  tilted.modulus = [atoms = tilted.atoms, pole = tilted.pole, near = near_](double u) {
    const auto size = std::abs(with_pole(atoms[0].weight * turn_near(u * atoms[0].loss),
                                         atoms[1].weight * turn_near(u * atoms[1].loss), pole(u)));
    return static_cast<double>(size) + (40 + 8 * u * near) * static_cast<double>(kExtendedUnit);
  };
  return tilted;
}

}  // namespace sfumato
