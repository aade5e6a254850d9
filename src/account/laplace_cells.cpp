#include "account/laplace_cells.h"

#include <cmath>

#include "account/pair.h"

namespace sfumato {
namespace {

struct Hyperbolic {
  explicit Hyperbolic(const Enclosure& x)
      : sinh((exp(x) - exp(-x)).scaled(-1)), cosh((exp(x) + exp(-x)).scaled(-1)) {}

  Enclosure sinh;
  Enclosure cosh;
};

/// r at a real t.
Enclosure pole(const Enclosure& t, const Enclosure& width, bool above) {
  const Hyperbolic at(((t.scaled(1) + 1) * width).scaled(-2)), quarter(width.scaled(-2));
  const Enclosure below = quarter.sinh / at.sinh;
  return above ? below * at.cosh / quarter.cosh : below;
}

}  // namespace

Enclosure LaplaceCells::log_bound(double t) const {
  return whole_.log_with(pole(Enclosure(t), width_, above_), t);
}

Enclosure LaplaceCells::delta(const Enclosure& epsilon) const {
  const Pairs pairs = laplace_pairs(whole_.epsilon(), static_cast<int>(count_));
  return Atoms((above_ ? pairs.above : pairs.below).atoms).delta(epsilon);
}

// sinh z = sinh a·cos b + i·cosh a·sin b for z = a + ib = sw/2. Its size is at least sinh a, and what its
// parts are off is a share of cosh a.
Tilted LaplaceCells::tilted(double c, double reach, double) const {
  const Hyperbolic at(((Enclosure(c).scaled(1) + 1) * width_).scaled(-2)),
      quarter(width_.scaled(-2));
  const Extended sinh = at.sinh.lower_extended(), cosh = at.cosh.lower_extended();
  const Extended half = width_.scaled(-1).lower_extended();
  const Extended scale = (above_ ? quarter.sinh / quarter.cosh : quarter.sinh).lower_extended();
  Tilted tilted = whole_.tilted_with(pole(Enclosure(c), width_, above_), c, reach);
  tilted.pole = [sinh, cosh, half, scale, above = above_](Extended u) {
    const ExtendedComplex turn = turn_near(u * half);
    const ExtendedComplex low(sinh * turn.real(), cosh * turn.imag());
    const ExtendedComplex high(cosh * turn.real(), sinh * turn.imag());
    return scale * (above ? product(high, reciprocal(low)) : reciprocal(low));
  };
  const Extended off = 8 * (30 + 6 * reach * half) * cosh / sinh * kExtendedUnit +
                       2 * (reach + c + 1) * static_cast<Extended>(off_);
  tilted.missing = (tilted.missing + static_cast<double>(off)) * (1 + 1e-9);
  tilted.decay = [most = 1 + tilted.missing](double) { return most; };
  return tilted;
}

}  // namespace sfumato
