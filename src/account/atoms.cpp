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

Enclosure Atoms::bound(double t) const {
  Enclosure sum(0);
  for (const LossAtom& atom : atoms_) sum = sum + atom.mass * exp(Enclosure(t) * atom.loss);
  return sum;
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

// Atoms lighter than 2^-120 of all are left out, and counted as missing.
Tilted Atoms::tilted(double c, double, double) const {
  std::vector<Atom> all;
  Tilted tilted{{}, Enclosure(0), 0, [](double) { return 1.0; }};
  for (const LossAtom& atom : atoms_) {
    all.push_back({atom.loss, atom.mass * exp(Enclosure(c) * atom.loss)});
    tilted.total = tilted.total + all.back().weight;
  }
  const Enclosure least = tilted.total.scaled(-120);
  for (Atom& atom : all) {
    if (least.certainly_above(atom.weight))
      tilted.missing += 0x1p-120;
    else
      tilted.atoms.push_back(std::move(atom));
  }
  return tilted;
}

Decay Atoms::decay(double, double, double) const {
  return [](double) { return 1.0; };
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
