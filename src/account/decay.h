#pragma once

#include <functional>
#include <vector>

namespace sfumato {

/// For each u >= 0, a bound of |E[e^{(c + iv)L}]| / S for every v >= u.
using Decay = std::function<double(double u)>;

/// For each u >= 0, a bound of |E[e^{(c + iu)L}]| / S.
using Modulus = std::function<double(double u)>;

/// A stretch of losses in which a law has at least this density, tilted by e^{cL} and divided by S.
struct Box {
  long double at;       ///< where it begins, to within 2^-63 of itself
  long double width;    ///< at least
  long double density;  ///< at least
};

/// How the transform of a law decays that contains these boxes, which touch and rise. With X, X' of
/// the part of the law within them and s(y) >= |sin y / y|, it is at most each of
///
///     top - Σ share·(1 - s(width·u / 2)),    the boxes as they are or merged to wider ones
///     top - Σ share + V/u,    V the total variation of the boxes' densities
///     √(top² - E[u²(X - X')²/2 - u⁴(X - X')⁴/24]),    while this falls
///
/// Proof   docs/proofs/account/contour.md
Decay decay_of(std::vector<Box> boxes, double top);

/// At least |sin y / y| for y >= 0, and never rising.
double sine_share(double y) noexcept;

}  // namespace sfumato
