#pragma once

#include <memory>
#include <vector>

#include "account/decay.h"
#include "base/enclosure.h"

namespace sfumato {

/// log E[e^{tL}] and its first two derivatives by t, about: it steers, and no claim hangs on it.
struct Moment {
  double log;
  double mean;
  double variance;
};

/// One value of the loss, and its mass times e^{c·loss}.
struct Atom {
  Enclosure loss;
  Enclosure weight;
};

/// What stands for M(c + iu) = E[e^{(c + iu)·L}] while |u| <= reach: the sum of weight·e^{iu·loss} over
/// the atoms, off by at most missing·S, where S = total is the sum of the weights.
///
/// With `pole`, there are two atoms, and the sum is instead, with r = 1 / (1 + 2c + 2iu),
/// weight₀·e^{iu·loss₀}·(1 + r)/2 + weight₁·e^{iu·loss₁}·(1 - r)/2, and S = M(c).
struct Tilted {
  std::vector<Atom> atoms;
  Enclosure total;
  double missing;
  Decay decay;
  bool pole = false;
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

  virtual Moment moment(double t) const = 0;    ///< for t > 0
  virtual Enclosure bound(double t) const = 0;  ///< at least M(t), for t > 0

  virtual Enclosure delta(const Enclosure& epsilon) const = 0;  ///< E[(1 - e^(ε - L))₊]
  virtual Enclosure most() const = 0;  ///< the greatest loss; infinite where there is none

  /// For c > 0. `nats` says how small `missing` should be: about e^-nats.
  virtual Tilted tilted(double c, double reach, double nats) const = 0;

  /// How many atoms `tilted` will have, about.
  virtual double size(double c, double reach, double nats) const = 0;

  /// Finitely many losses, where a law with infinitely many has them at hand.
  virtual Between cells() const { return {}; }

  /// What the decay of `tilted` will be about: it steers.
  virtual Decay decay(double c, double reach, double nats) const = 0;
};

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
