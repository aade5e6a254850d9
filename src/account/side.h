#pragma once

#include "account/loss_law.h"
#include "sfumato/account/guarantee.h"

namespace sfumato {

/// All losses of a composition in one direction: with probability e^log_finite their sum is finite,
/// and has the law of `sum`.
struct Side {
  LossSum sum;
  Enclosure log_finite = Enclosure(0);
};

/// Where δ(ε) lies, for ε >= 0; and the engine that said so.
Guarantee delta_of(const Side& side, const Enclosure& epsilon, double gap);

/// Where ε(δ) lies; infinite where no finite ε has δ(ε) <= δ.
Guarantee epsilon_of(const Side& side, const Enclosure& delta, double gap);

/// True where Chernoff's bound of δ(ε) is at most `delta` already.
bool certainly_within(const Side& side, const Enclosure& epsilon, double delta);

}  // namespace sfumato
