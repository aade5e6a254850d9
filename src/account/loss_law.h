#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "account/decay.h"
#include "base/enclosure.h"
#include "base/extended.h"

namespace sfumato {

/// log E[e^{tL}] and its first two derivatives by t, about: it steers, and no claim hangs on it.
struct Moment {
  double log;
  double mean;
  double variance;
};

/// One value of the loss, and its mass times e^{c·loss} as a share of all.
struct Atom {
  Extended loss;
  Extended weight;
};

/// How fast what a Modulus says may rise: by the least of `most` and bent·u + rest at u.
struct Slope {
  double most;
  double bent;
  double rest;

  double until(double u) const;  ///< from 0 to u
};

/// What stands for M(c + iu) = E[e^{(c + iu)·L}]. With S = e^log_total and |u| <= reach, M(c + iu)/S is the sum
/// of weight·e^{iu·loss} over the atoms, off by at most `missing`.
///
/// With `pole`, there are two atoms, and the sum is instead, with r = pole(u) of a size of at most 1,
/// weight₀·e^{iu·loss₀}·(1 + r)/2 + weight₁·e^{iu·loss₁}·(1 - r)/2.
struct Tilted {
  std::vector<Atom> atoms;
  Enclosure log_total;
  double missing;
  Decay decay;      ///< of |M(c + iu)|/S for all u
  Modulus modulus;  ///< a bound of it at u itself, for all u
  Slope slope;
  std::function<ExtendedComplex(Extended u)> pole = nullptr;
};

class LossLaw;

/// A law that dominates another, and one that it dominates.
struct Between {
  std::shared_ptr<const LossLaw> above;
  std::shared_ptr<const LossLaw> below;
};

/// The law of the loss of one release, in one direction, given that the loss is finite.
class LossLaw {
 public:
  virtual ~LossLaw() = default;

  virtual Moment moment(double t) const = 0;        ///< for t > 0
  virtual Enclosure log_bound(double t) const = 0;  ///< at least log M(t), for t > 0

  virtual Enclosure delta(const Enclosure& epsilon) const = 0;  ///< E[(1 - e^(ε - L))₊]
  virtual Enclosure most() const = 0;  ///< the greatest loss; infinite where there is none

  /// For c > 0. `nats` says how small `missing` should be: about e^-nats.
  virtual Tilted tilted(double c, double reach, double nats) const = 0;

  /// How many atoms `tilted` will have, about.
  virtual double size(double c, double reach, double nats) const = 0;

  /// Finitely many losses, where a law with infinitely many has them at hand.
  virtual Between cells() const { return {}; }
};

/// The sum of two atoms with a pole, given as weight·e^{iu·loss}.
ExtendedComplex with_pole(const ExtendedComplex& first, const ExtendedComplex& second,
                          const ExtendedComplex& r);

/// A bound of the size of the atoms' sum at u, without a pole.
double modulus_of(const std::vector<Atom>& atoms, double u);

/// By the mean distance of the atoms' losses from their mean, and its square.
Slope slope_of(const std::vector<Atom>& atoms);

/// Independent losses of one law; where it merely dominates the true one, `below` is one that the true
/// one dominates.
struct Part {
  std::shared_ptr<const LossLaw> law;
  std::int64_t count;
  std::shared_ptr<const LossLaw> below = nullptr;
};

/// A sum of independent losses: those of the parts, and a Gaussian one, N(μ²/2, μ²).
struct LossSum {
  std::vector<Part> parts;
  Enclosure mu_squared = Enclosure(0);
};

/// The moments add up.
Moment moment(const LossSum& sum, double t);

/// The greatest loss of the sum, where it is bounded.
Enclosure most(const LossSum& sum);

/// log of a bound of M(t) of the sum.
Enclosure log_bound(const LossSum& sum, double t);

}  // namespace sfumato
