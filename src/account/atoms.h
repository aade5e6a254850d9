#pragma once

#include <vector>

#include "account/loss_law.h"

namespace sfumato {

/// One value of the loss, and its mass.
struct LossAtom {
  Enclosure loss;
  Enclosure mass;
};

/// A law of finitely many losses.
class Atoms final : public LossLaw {
 public:
  explicit Atoms(std::vector<LossAtom> atoms);

  Moment moment(double t) const override;
  Enclosure log_bound(double t) const override;
  Enclosure delta(const Enclosure& epsilon) const override;
  Enclosure most() const override;
  Tilted tilted(double c, double reach, double nats) const override;
  double size(double, double, double) const override { return static_cast<double>(atoms_.size()); }

  const std::vector<LossAtom>& atoms() const { return atoms_; }

 private:
  std::vector<LossAtom> atoms_;
};

/// Binary randomised response at exactly ε: losses ±ε with odds e^ε to 1. It dominates whatever is
/// (ε, 0)-private (Kairouz, Oh, Viswanath 2015), and with mass δ at infinity whatever is (ε, δ).
std::vector<LossAtom> binary_response(const Enclosure& epsilon);

/// One of k categories, told truly but with probability p drawn uniformly from all k.
std::vector<LossAtom> randomized_response(const Enclosure& p, std::int64_t categories);

/// Discrete Laplace noise of scale s on a whole answer that moves by d: losses (d - 2x)/s for the noise x.
std::vector<LossAtom> discrete_laplace_losses(const Enclosure& scale, std::int64_t sensitivity);

}  // namespace sfumato
