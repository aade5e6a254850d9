#include "deid/generalisation_definition.h"

#include <cmath>

#include "deid/lattice.h"
#include "deid/loss.h"

namespace sfumato {

bool better(const Generalisation& a, const Generalisation& b) {
  constexpr double kEqual = 1e-12;  // of themselves
  if (std::abs(a.loss - b.loss) > kEqual * std::max(std::abs(a.loss), std::abs(b.loss)))
    return a.loss < b.loss;
  if (a.suppressed != b.suppressed) return a.suppressed < b.suppressed;
  return a.levels < b.levels;
}

std::optional<Generalisation> best_of_all_generalisations(const QuasiTable& table,
                                                          const ReleaseLimits& limits,
                                                          LossMetric metric,
                                                          std::uint64_t* satisfying) {
  const DistinctRows distinct(table);
  Lattice lattice(table, distinct, limits);
  const Loss loss(metric, table, distinct, lattice);
  const std::uint64_t most = limits.suppression.floor_of(table.rows());
  std::optional<Generalisation> best;
  ClassList classes;
  for (std::size_t node = 0; node < lattice.size(); ++node) {
    lattice.classify(node, classes);
    if (classes.suppressed > most || classes.impossible) continue;
    if (satisfying != nullptr) ++*satisfying;
    Generalisation here = lattice.generalisation(node, classes);
    here.loss = loss.loss(loss.key(node, classes));
    if (!best || better(here, *best)) best = std::move(here);
  }
  return best;
}

}  // namespace sfumato
