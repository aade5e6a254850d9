#pragma once

#include "account/laplace_law.h"

namespace sfumato {

/// A Laplace law in `count` cells of loss, of equal width w: each split onto its ends, which dominates it,
/// or merged to its middle, which it dominates. As masses grow from cell to cell by one factor, M(t) is
/// that of the Laplace law but for r: with s = t + 1/2,
///
///     r  =  tanh(w/4) / tanh(sw/2)  above,    sinh(w/4) / sinh(sw/2)  below
///
/// Losses may be moved by up to `off`, so that all of a sum are on one lattice.
///
/// Proof   docs/proofs/account/general.md
class LaplaceCells final : public LossLaw {
 public:
  LaplaceCells(const Enclosure& epsilon, std::int64_t count, bool above, double off)
      : whole_(epsilon),
        width_(epsilon.scaled(1) / Enclosure::whole(count)),
        count_(count),
        above_(above),
        off_(off) {}

  Moment moment(double t) const override { return whole_.moment(t); }
  Enclosure log_bound(double t) const override;
  Enclosure delta(const Enclosure& epsilon) const override;
  Enclosure most() const override { return whole_.most(); }
  Tilted tilted(double c, double reach, double nats) const override;
  double size(double, double, double) const override { return 2; }

 private:
  LaplaceLaw whole_;
  Enclosure width_;
  std::int64_t count_;
  bool above_;
  double off_;
};

}  // namespace sfumato
