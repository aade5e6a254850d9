#include "account/laplace_law.h"

#include <cmath>

#include "account/decay.h"

namespace sfumato {
namespace {

/// Boxes of the continuous part. Its density, tilted, is e^((l - ε)/2 + cl)/4, which rises.
std::vector<Box> boxes(const Enclosure& epsilon, const Enclosure& total, double c, int count) {
  const Enclosure width = epsilon.scaled(1) / count;
  const Enclosure rise = exp((Enclosure(c) + 0.5) * width);
  Enclosure at = -epsilon;
  Enclosure density = exp(-((Enclosure(c) + 1) * epsilon)) / (total * 4);
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

Enclosure LaplaceLaw::bound(double t) const {
  const Enclosure r = pole(t);
  const Enclosure sum =
      exp(Enclosure(t) * epsilon_) * (1 + r) + exp(-((Enclosure(t) + 1) * epsilon_)) * (1 - r);
  return sum.scaled(-1);
}

// P[L >= ε'] - e^ε'·Q[L >= ε'] = 1 - e^((ε' - ε)/2) for |ε'| <= ε, by its closed form.
Enclosure LaplaceLaw::delta(const Enclosure& epsilon) const {
  return max(-expm1((epsilon - epsilon_).scaled(-1)), Enclosure(0));
}

Tilted LaplaceLaw::tilted(double c, double, double) const {
  Tilted tilted{{{epsilon_, exp(Enclosure(c) * epsilon_)},
                 {-epsilon_, exp(-((Enclosure(c) + 1) * epsilon_))}},
                bound(c),
                0,
                {},
                true};
  tilted.decay = decay_of(boxes(epsilon_, tilted.total, c, 64), 1);
  return tilted;
}

Decay LaplaceLaw::decay(double c, double reach, double nats) const {
  return tilted(c, reach, nats).decay;
}

}  // namespace sfumato
