#include "account/loss_law.h"

#include <cmath>

#include "sfumato/base/directed.h"

namespace sfumato {

namespace {

constexpr Extended kUnit = kExtendedUnit;

}  // namespace

ExtendedComplex with_pole(const ExtendedComplex& first, const ExtendedComplex& second,
                          const ExtendedComplex& r) {
  return (product(first, 1.0L + r) + product(second, 1.0L - r)) * 0.5L;
}

// Each angle is off by 2 units of itself more than `turn_near` says of it; adding up costs a unit each.
double modulus_of(const std::vector<Atom>& atoms, double u) {
  ExtendedComplex sum(0);
  Extended off = 0;
  for (const Atom& atom : atoms) {
    const Extended angle = u * atom.loss;
    sum += atom.weight * turn_near(angle);
    off += atom.weight * (10 + 6 * std::fabs(angle));
  }
  const auto count = static_cast<Extended>(atoms.size());
  const Extended size = std::sqrt(std::norm(sum)) + (off + count) * kUnit * 2;
  return static_cast<double>(size) * (1 + 0x1p-50);
}

double Slope::until(double u) const {
  return std::fmin(most, add_up(mul_up(bent, u), rest));
}

// But for a turn of the whole, the sum's derivative is Σ weight·(loss - a)·e^{iu·(loss - a)} for any a, and
// differs from that at u = 0 by at most u·Σ weight·(loss - a)². What is not quite 0 there is the rest.
Slope slope_of(const std::vector<Atom>& atoms) {
  Extended mean = 0, all = 0, size = 0, distance = 0, square = 0;
  for (const Atom& atom : atoms) mean += atom.weight * atom.loss, all += atom.weight;
  for (const Atom& atom : atoms) {
    const Extended off = std::fabs(atom.loss - mean);
    size += atom.weight * std::fabs(atom.loss);
    distance += atom.weight * off;
    square += atom.weight * off * off;
  }
  const Extended rest =
      std::fabs(mean * (1 - all)) + size * static_cast<Extended>(atoms.size() + 8) * 4 * kUnit;
  return {static_cast<double>(distance) * (1 + 0x1p-40),
          static_cast<double>(square) * (1 + 0x1p-40), static_cast<double>(rest)};
}

Moment moment(const LossSum& sum, double t) {
  const double mu_squared = sum.mu_squared.upper();
  Moment all{mu_squared * t * (t + 1) / 2, mu_squared * (t + 0.5), mu_squared};
  for (const Part& part : sum.parts) {
    const Moment one = part.law->moment(t);
    const auto count = static_cast<double>(part.count);
    all.log += count * one.log;
    all.mean += count * one.mean;
    all.variance += count * one.variance;
  }
  return all;
}

Enclosure most(const LossSum& sum) {
  Enclosure all(sum.mu_squared.upper() > 0 ? HUGE_VAL : 0);
  for (const Part& part : sum.parts) all = all + Enclosure::whole(part.count) * part.law->most();
  return all;
}

Enclosure log_bound(const LossSum& sum, double t) {
  Enclosure all = sum.mu_squared * Enclosure(t) * (Enclosure(t) + 1);
  all = all.scaled(-1);
  for (const Part& part : sum.parts)
    all = all + Enclosure::whole(part.count) * part.law->log_bound(t);
  return all;
}

}  // namespace sfumato
