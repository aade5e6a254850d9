#pragma once

#include "account/loss_law.h"

namespace sfumato {

/// Gaussian noise on a Poisson sample, where the unit takes part with probability q. With y standard
/// normal under Q and μ = Δ/σ, the likelihood ratio is
///
///     ℓ(y)  =  1 - q + q·e^(μy - μ²/2)
///
/// and M(t) = ∫ φ(y)·ℓ(y)^τ dy with τ = 1 + t where the unit is removed (P is the mixture), -t where
/// it is added (P is Q). The integral is taken by the trapezoid rule.
///
/// Origin  Abadi et al.: Deep Learning with Differential Privacy, 2016, lemma 3, for the pair of laws
/// Proof   docs/proofs/account/contour.md
class SubsampledGaussian final : public LossLaw {
 public:
  SubsampledGaussian(const Enclosure& q, const Enclosure& mu, bool removed);

  Moment moment(double t) const override;
  Enclosure log_bound(double t) const override;
  Enclosure delta(const Enclosure& epsilon) const override;
  Enclosure most() const override;
  Tilted tilted(double c, double reach, double nats) const override;
  double size(double c, double reach, double nats) const override;
  Between cells() const override;

 private:
  struct Grid;
  struct Point;
  struct Points;
  struct Cells;

  double exponent(double t) const { return removed_ ? 1 + t : -t; }
  double chance(double y) const;  ///< of having taken part, given y: 1 - (1 - q)/ℓ(y), about
  Grid grid(double t, double reach, double nats) const;
  Point point(double y, Extended tau) const;
  Points points(const Grid& grid, double t) const;
  Extended outside(const Grid& grid, const Points& points, double t) const;
  Extended quadrature(const Grid& grid, double t, double reach) const;
  Enclosure log_total(const Grid& grid, const Points& points) const;
  std::vector<Box> boxes_of(const Grid& grid, const Points& points) const;
  Cells cells_of(const Grid& grid, const Points& points, double t) const;

  Enclosure q_;
  Enclosure mu_;
  bool removed_;
  double q_near_;
  double mu_near_;
  Extended q_extended_;
  Extended rest_extended_;  // 1 - q
  Extended mu_extended_;
  Extended half_extended_;  // μ²/2
};

}  // namespace sfumato
