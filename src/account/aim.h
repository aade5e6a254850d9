#pragma once

#include "account/loss_law.h"

namespace sfumato {

/// Where the saddle is that a contour should run near. It is chosen in plain double: a poor choice costs
/// tightness.
struct Aim {
  double c;          ///< the saddle
  double epsilon;    ///< about where δ(ε) is wanted
  double log_delta;  ///< about its size there
  double wide;    ///< 1/√ of the second derivative at the saddle: how far the integrand reaches
  bool vanishes;  ///< no saddle: δ is nothing to speak of
};

/// The saddle of K(t) - εt - log t(1 + t), and the estimate of δ there.
Aim aim_at_epsilon(const LossSum& sum, double epsilon);

/// The ε where that estimate is `log_delta`, but at least 0.
Aim aim_at_delta(const LossSum& sum, double log_delta);

}  // namespace sfumato
