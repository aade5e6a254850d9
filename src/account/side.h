#pragma once

#include <functional>

#include "account/contour.h"
#include "account/loss_law.h"
#include "sfumato/account/guarantee.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// Rényi bounds of releases of which no more is known.
struct RenyiPart {
  RdpLoss loss;
  std::int64_t count;
};

/// All losses of a composition in one direction: with probability e^log_finite their sum is finite,
/// and has the law of `sum`. Beside it there may be releases that are ρ-zCDP in all, and some with
/// Rényi bounds.
struct Side {
  LossSum sum;
  Enclosure log_finite = Enclosure(0);
  Enclosure rho = Enclosure(0);
  std::vector<RenyiPart> renyi;
  bool open = false;  ///< what is not finite here may be, and above all that `sum` has
};

/// Where δ(ε) lies, for ε >= 0; and the engine that said so. What is set up by an aim answers for every
/// ε, tightly for those near the aim.
std::function<Guarantee(const Enclosure& epsilon)> delta_about(const Side& side, const Aim& aim,
                                                               double gap);

/// Where ε(δ) lies; infinite where no finite ε has δ(ε) <= δ.
Guarantee epsilon_of(const Side& side, const Enclosure& delta, double gap);

}  // namespace sfumato
