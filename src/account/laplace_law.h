#pragma once

#include "account/loss_law.h"

namespace sfumato {

/// Laplace noise with Δ/b = ε: losses ε with mass 1/2, -ε with mass e^-ε/2, and between them the
/// density e^((l - ε)/2) / 4, so that
///
///     M(t)  =  e^(tε)·(1 + r)/2 + e^-((1 + t)ε)·(1 - r)/2,    r = 1 / (1 + 2t)
///
/// The same in either direction.
class LaplaceLaw final : public LossLaw {
 public:
  explicit LaplaceLaw(const Enclosure& epsilon) : epsilon_(epsilon), near_(epsilon.upper()) {}

  Moment moment(double t) const override;
  Enclosure log_bound(double t) const override;
  Enclosure delta(const Enclosure& epsilon) const override;
  Enclosure most() const override { return epsilon_; }
  Tilted tilted(double c, double reach, double nats) const override;
  double size(double, double, double) const override { return 2; }

  /// log M(t) with another r; and what stands for M(c + iu) with that r at c. Its pole is the law's own.
  Enclosure log_with(const Enclosure& r, double t) const;
  Tilted tilted_with(const Enclosure& r, double c, double reach) const;

  const Enclosure& epsilon() const { return epsilon_; }

 private:
  Enclosure epsilon_;
  double near_;
};

}  // namespace sfumato
