#pragma once

#include <vector>

#include "account/atoms.h"

namespace sfumato {

/// Two laws P and Q of one outcome: the losses log(P/Q) that are finite with their masses under P, and
/// what one of them never shows.
struct Pair {
  std::vector<LossAtom> atoms;
  Enclosure only_p = Enclosure(0);  ///< an infinite loss; enclosed by 0 and its mass where it may be finite
  Enclosure only_q = Enclosure(0);
};

/// A pair that dominates the true one, and one that it dominates.
struct Pairs {
  Pair above;
  Pair below;
  bool same = false;  ///< both are the true one
};

/// One cell of a law's outcomes, whose losses lie in [low, high].
struct Cell {
  Enclosure low;
  Enclosure high;
  Enclosure p;  ///< mass under P
  Enclosure q;  ///< mass under Q
};

/// Each cell's masses split onto its ends: dominates. Each cell ends where the next one begins.
///
/// Proof   docs/proofs/account/general.md
std::vector<LossAtom> split(const std::vector<Cell>& cells);

/// Each cell merged to one outcome: is dominated.
std::vector<LossAtom> merged(const std::vector<Cell>& cells);

/// A Poisson sample, where P is the mixture (1 - q)·Q + q·P; and the reverse pair, Q against the mixture.
Pair sampled(const Pair& pair, const Enclosure& q);
Pair sampled_reversed(const Pair& pair, const Enclosure& q);

/// m of n units without replacement, one exchanged: the pair whose profile is the sampled one's at ε >= 0
/// and the reversed one's below. Asks for a pair that is its own reverse.
Pair sampled_replacing(const Pair& pair, const Enclosure& q);

/// Discrete Gaussian noise on a whole answer that moves by d: losses (d² - 2dx)/2σ² for the noise x.
Pair discrete_gaussian_pair(const Enclosure& sigma, std::int64_t sensitivity);

/// Laplace noise with losses of ε = Δ/b at most, in cells of loss of equal width. Merged cells have the
/// losses of their middles, so that all is on a lattice of half a cell.
Pairs laplace_pairs(const Enclosure& epsilon, int cells = 256);

/// Gaussian noise with μ = Δ/σ, in cells.
Pairs gaussian_pairs(const Enclosure& mu);

}  // namespace sfumato
