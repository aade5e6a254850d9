#include "account/lattice.h"

#include <algorithm>
#include <cmath>

#include "account/atoms.h"
#include "account/laplace_cells.h"

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
    Enclosure widest(0);
    for (const LossAtom& atom : law->atoms()) {
      const Enclosure off = atom.loss - law->atoms().front().loss;
      widest = max(widest, max(off, -off));
    }
    if (widest.upper() > 0) return pinned(widest / Enclosure(std::round(widest.upper() / near)));
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

namespace {

constexpr double kMostCells = 0x1p18;

const LaplaceLaw* laplace_of(const Part& part) {
  return dynamic_cast<const LaplaceLaw*>(part.law.get());
}

/// Laplace laws become what `make` makes of them.
template <class Make>
LossSum with_laplace(const LossSum& sum, Make make) {
  LossSum result = sum;
  for (Part& part : result.parts)
    if (const LaplaceLaw* law = laplace_of(part))
      part.law = std::make_shared<Atoms>(make(law->epsilon()));
  return result;
}

}  // namespace

// A cell of width h adds h²/12 or so to the variance of the share of losses within cells, of which the
// effect on log δ is half of that times c(c + 1).
double step_for(const LossSum& sum, double c, double gap) {
  double many = 0;
  for (const Part& part : sum.parts) {
    const LaplaceLaw* law = laplace_of(part);
    if (!law) continue;
    const double epsilon = law->epsilon().upper();
    const double atoms = (1 + std::exp(-(1 + 2 * c) * epsilon)) / 2;
    const double share = 1 - atoms / std::exp(law->moment(c).log - c * epsilon);
    many += static_cast<double>(part.count) * share;
  }
  return std::sqrt(6 * gap / many) / (1 + c);
}

std::optional<BetweenLattices> between_lattices(const LossSum& sum, double step) {
  if (std::none_of(sum.parts.begin(), sum.parts.end(), laplace_of)) return std::nullopt;
  const auto ends = on_lattice(with_laplace(sum, [](const Enclosure& epsilon) {
    return std::vector<LossAtom>{{epsilon, Enclosure(0.5)}, {-epsilon, Enclosure(0.5)}};
  }));
  if (!ends) return std::nullopt;
  double widest = 0;
  for (const Part& part : sum.parts)
    if (const LaplaceLaw* law = laplace_of(part))
      widest = std::max(widest, 2 * law->epsilon().upper());
  const double whole = ends->lattice.step.upper();
  const double parts = std::floor(std::min(std::ceil(whole / step), kMostCells * whole / widest));
  if (!(parts >= 1)) return std::nullopt;
  const auto in_cells = [&](bool above) {
    OnLattice result = *ends;
    result.lattice.step = result.lattice.step / Enclosure(2 * parts);
    for (std::size_t i = 0; i < sum.parts.size(); ++i) {
      const LaplaceLaw* law = laplace_of(sum.parts[i]);
      if (!law) continue;
      const double count = std::round(2 * law->epsilon().upper() / whole) * parts;
      result.sum.parts[i].law = std::make_shared<LaplaceCells>(
          law->epsilon(), static_cast<std::int64_t>(count), above, ends->slack.upper());
    }
    return result;
  };
  return BetweenLattices{in_cells(true), in_cells(false)};
}

}  // namespace sfumato
