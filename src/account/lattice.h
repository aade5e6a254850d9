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

/// Sums on lattices that dominate a sum with Laplace laws, and are dominated by it.
struct BetweenLattices {
  OnLattice above;
  OnLattice below;
};

/// With Laplace laws in cells of about `step` of loss, or as fine as can be afforded, where they and all
/// finite laws share a lattice. None else.
std::optional<BetweenLattices> between_lattices(const LossSum& sum, double step);

/// The step at which cells are likely to cost a tenth of `gap`, for a contour at c.
double step_for(const LossSum& sum, double c, double gap);

}  // namespace sfumato
