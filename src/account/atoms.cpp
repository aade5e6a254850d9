#include "account/atoms.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato {

Atoms::Atoms(std::vector<LossAtom> atoms) : atoms_(std::move(atoms)) {}

Moment Atoms::moment(double t) const {
  double most = -HUGE_VAL;
  for (const LossAtom& atom : atoms_) most = std::max(most, t * atom.loss.upper());
  double sum = 0, mean = 0, square = 0;
  for (const LossAtom& atom : atoms_) {
    const double loss = atom.loss.upper();
    const double weight = atom.mass.upper() * std::exp(t * loss - most);
    sum += weight;
    mean += weight * loss;
    square += weight * loss * loss;
  }
  mean /= sum;
  return {most + std::log(sum), mean, square / sum - mean * mean};
}

// Divided by e^(t·most), lest it overflow.
Enclosure Atoms::log_bound(double t) const {
  const Enclosure most = atoms_.front().loss;
  Enclosure sum(0);
  for (const LossAtom& atom : atoms_)
    sum = sum + atom.mass * exp(Enclosure(t) * (atom.loss - most));
  return log(sum) + Enclosure(t) * most;
}

Enclosure Atoms::delta(const Enclosure& epsilon) const {
  Enclosure sum(0);
  for (const LossAtom& atom : atoms_)
    sum = sum + atom.mass * max(-expm1(epsilon - atom.loss), Enclosure(0));
  return sum;
}

Enclosure Atoms::most() const {
  Enclosure most = atoms_.front().loss;
  for (const LossAtom& atom : atoms_) most = max(most, atom.loss);
  return most;
}

namespace {

/// How far an enclosure reaches above its lower end, as it is rounded.
Extended width(const Enclosure& x, Extended low) {
  const double high = static_cast<double>(low);
  const Enclosure rest = x - Enclosure(high) - Enclosure(static_cast<double>(low - high));
  return static_cast<Extended>(rest.upper());
}

/// A tilted mass before it is a share of all, and how far it and its turn may be off for |u| <= reach.
struct Weighed {
  Atom atom;
  Extended off;
};

Weighed weighed(const LossAtom& atom, double c, double reach, double scale) {
  const Extended loss = atom.loss.lower_extended(), mass = atom.mass.lower_extended();
  const Extended exponent = c * loss - scale;
  const Extended off_loss = width(atom.loss, loss);
  const Extended off_exponent =
      c * off_loss + (2 * std::fabs(c * loss) + std::fabs(exponent)) * kExtendedUnit;
  const Extended off =
      1.1L * off_exponent + reach * off_loss + (12 + 3 * std::fabs(exponent)) * kExtendedUnit;
  const Extended tilt = exp_near(exponent);
  const Extended worst = 1.1L * tilt * (mass * off + width(atom.mass, mass));
  return {{loss, mass * tilt}, off < 0.01L ? worst : HUGE_VALL};
}

}  // namespace

// Atoms lighter than 2^-120 of all are left out, and counted as missing.
Tilted Atoms::tilted(double c, double reach, double) const {
  double scale = -HUGE_VAL;
  for (const LossAtom& atom : atoms_)
    if (atom.mass.upper() > 0) scale = std::max(scale, c * atom.loss.upper());
  std::vector<Weighed> all;
  Extended sum = 0, off = 0;
  for (const LossAtom& atom : atoms_) {
    all.push_back(weighed(atom, c, reach, scale));
    sum += all.back().atom.weight;
  }
  Tilted tilted{{}, log(Enclosure::extended(sum)) + scale, 0, {}, {}, {}};
  for (Weighed& one : all) {
    one.atom.weight /= sum;
    off += one.off / sum;
    if (one.atom.weight < 0x1p-120L)
      off += one.atom.weight;
    else
      tilted.atoms.push_back(one.atom);
  }
  off += static_cast<Extended>(all.size() + 2) * 2 * kExtendedUnit;
  tilted.missing = static_cast<double>(off) * (1 + 0x1p-50);
  tilted.decay = [most = 1 + 2 * tilted.missing](double) { return most; };
  tilted.modulus = [atoms = tilted.atoms, missing = tilted.missing](double u) {
    return modulus_of(atoms, u) + 2 * missing;
  };
  tilted.slope = slope_of(tilted.atoms);
  return tilted;
}

std::vector<LossAtom> binary_response(const Enclosure& epsilon) {
  const Enclosure odds = exp(-epsilon);
  return {{epsilon, 1 / (1 + odds)}, {-epsilon, odds / (1 + odds)}};
}

// P of the truth is 1 - p + p/k, and of each other category p/k; what both inputs answer alike has
// loss 0. With p = 0 the truth is always told, and nothing is finite.
std::vector<LossAtom> randomized_response(const Enclosure& p, std::int64_t categories) {
  const Enclosure wrong = p / Enclosure::whole(categories);
  const Enclosure right = 1 - p + wrong;
  const Enclosure loss = log(right / wrong);
  return {{loss, right}, {Enclosure(0), wrong * Enclosure::whole(categories - 2)}, {-loss, wrong}};
}

// With r = e^(-1/s), P(X = x) = (1 - r)/(1 + r)·r^|x|. Below 0 the loss is d/s, beyond d it is -d/s.
std::vector<LossAtom> discrete_laplace_losses(const Enclosure& scale, std::int64_t sensitivity) {
  const Enclosure r = exp(-(1 / scale));
  Enclosure mass = (1 - r) / (1 + r);
  std::vector<LossAtom> atoms{{Enclosure::whole(sensitivity) / scale, 1 / (1 + r)}};
  for (std::int64_t x = 1; x < sensitivity; ++x) {
    mass = mass * r;
    atoms.push_back({Enclosure::whole(sensitivity - 2 * x) / scale, mass});
  }
  atoms.push_back({-(Enclosure::whole(sensitivity) / scale), mass * r / (1 - r)});
  return atoms;
}

}  // namespace sfumato
