#include "account/lattice.h"

#include <algorithm>
#include <cmath>

#include "account/atoms.h"

namespace sfumato {
namespace {

/// A number of three doubles within 2^-150 or so of x.
Enclosure pinned(const Enclosure& x) {
  const Enclosure first(x.lower());
  const Enclosure second((x - first).lower());
  return first + second + Enclosure((x - first - second).lower());
}

/// By Euclid's steps, until what remains is below what doubles can tell.
double common_divisor(double a, double b) {
  const double least = 1e-9 * std::max(a, b);
  while (b > least) {
    const double rest = std::fabs(std::remainder(a, b));
    a = b;
    b = rest;
  }
  return a;
}

std::vector<const Atoms*> atoms_of(const LossSum& sum) {
  std::vector<const Atoms*> all;
  for (const Part& part : sum.parts) all.push_back(dynamic_cast<const Atoms*>(part.law.get()));
  return all;
}

/// The greatest step that all differences are multiples of, about.
double step_near(const std::vector<const Atoms*>& laws) {
  double step = 0;
  for (const Atoms* law : laws) {
    for (const LossAtom& atom : law->atoms()) {
      const double off = std::fabs((atom.loss - law->atoms().front().loss).upper());
      if (off > 0)
        step = step == 0 ? off : common_divisor(std::max(step, off), std::min(step, off));
    }
  }
  return step;
}

/// The step, as a share of the widest difference of the first law that has any.
Enclosure step_of(const std::vector<const Atoms*>& laws, double near) {
  for (const Atoms* law : laws) {
    const Enclosure width = law->atoms().front().loss - law->atoms().back().loss;
    const double size = std::fabs(width.upper());
    if (size > 0) return pinned(max(width, -width) / Enclosure(std::round(size / near)));
  }
  return Enclosure(1);
}

struct Moved {
  std::vector<LossAtom> atoms;
  Enclosure by;
};

Moved moved(const Atoms& law, const Lattice& lattice) {
  Moved all{{}, Enclosure(0)};
  for (const LossAtom& atom : law.atoms()) {
    const Enclosure steps = (atom.loss - lattice.offset) / lattice.step;
    const Enclosure loss = lattice.offset + Enclosure(std::round(steps.lower())) * lattice.step;
    all.by = max(all.by, max(atom.loss - loss, loss - atom.loss));
    all.atoms.push_back({loss, atom.mass});
  }
  return all;
}

}  // namespace

std::optional<OnLattice> on_lattice(const LossSum& sum) {
  const std::vector<const Atoms*> laws = atoms_of(sum);
  if (sum.mu_squared.upper() > 0 || laws.empty() ||
      std::count(laws.begin(), laws.end(), nullptr) > 0)
    return std::nullopt;
  const double near = step_near(laws);
  const Enclosure step = near > 0 ? step_of(laws, near) : Enclosure(1);
  OnLattice result{{}, {Enclosure(0), step}, Enclosure(0)};
  for (std::size_t i = 0; i < laws.size(); ++i) {
    const Enclosure count = Enclosure::whole(sum.parts[i].count);
    const Enclosure offset = pinned(laws[i]->atoms().front().loss);
    Moved law = moved(*laws[i], {offset, step});
    if (!(law.by.upper() <= 0x1p-120 * step.lower())) return std::nullopt;
    result.sum.parts.push_back({std::make_shared<Atoms>(std::move(law.atoms)), sum.parts[i].count});
    result.lattice.offset = result.lattice.offset + count * offset;
    result.slack = result.slack + count * law.by;
  }
  return result;
}

}  // namespace sfumato
