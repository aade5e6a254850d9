#pragma once

#include <optional>

#include "account/contour.h"

namespace sfumato {

/// A sum of losses of which each was moved onto a lattice; all of them together by less than `slack`,
/// so that δ(ε + slack) of the sum that was moved <= δ(ε) <= δ(ε - slack) of it.
struct OnLattice {
  LossSum sum;
  Lattice lattice;
  Enclosure slack;
};

/// Where all parts have finitely many losses whose differences are multiples of one number, but for
/// what 150 bits can't tell. None else.
std::optional<OnLattice> on_lattice(const LossSum& sum);

}  // namespace sfumato
