#pragma once

#include "account/aim.h"

namespace sfumato {

/// Where a contour might run, and what that would cost. It is found in plain double: a poor choice costs
/// tightness.
struct Line {
  double c;       ///< the real part
  double right;   ///< t₂ > c, for Chernoff's bound
  double period;  ///< such that both neighbours of δ(ε) in Poisson's sum are below e^-nats of it
  double height;  ///< log of e^(K - cε) over δ
  double wide;    ///< how far the integrand reaches, if it is like a Gaussian one
  double work;    ///< about
};

/// The line of the least work at or below the saddle. To the left the integrand is higher, and has to be
/// known the better; but the neighbours may be nearer: at the left δ <= 1, at the right by Chernoff's
/// bound at the best t₂.
Line best_line(const LossSum& sum, const Aim& aim, double nats, double most_height);

}  // namespace sfumato
