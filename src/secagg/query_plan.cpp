#include "sfumato/secagg/query_plan.h"

#include <algorithm>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/plan_bytes.h"
#include "secagg/plan_check.h"

namespace sfumato {

std::string_view symbol_of(JointMeasure measure) noexcept {
  return measure == JointMeasure::rho ? "ρ" : "ε";
}

QueryPlan::QueryPlan(PlanTerms terms, const Roster& roster, JointLattice lattice, LossAmount cost)
    : terms_(std::move(terms)),
      roster_hash_(roster.hash()),
      lattice_(std::move(lattice)),
      cost_(cost),
      bytes_(bytes_of(terms_, roster_hash_)),
      hash_(sha256(bytes_)) {}

Result<QueryPlan> QueryPlan::make(PlanTerms terms, const Roster& roster) {
  std::ranges::sort(terms.datasets, {}, &JointDataset::member);
  std::ranges::sort(terms.key_holders);
  std::ranges::sort(terms.groups);
  if (const Status fit = check_terms(terms, roster); !fit) return fit.error();
  auto lattice = JointLattice::make(terms);
  if (!lattice) return std::move(lattice).error();
  const auto cost = check_cost(terms, *lattice);
  if (!cost) return cost.error();
  return QueryPlan(std::move(terms), roster, std::move(*lattice), *cost);
}

Result<QueryPlan> QueryPlan::parse(std::string_view bytes, const Roster& roster) {
  auto read = read_plan(bytes);
  if (!read) return Error{Errc::malformed, "plan", "is no plan of a joint statistic"};
  if (const Status same = check_roster(read->roster, roster); !same) return same.error();
  auto plan = make(std::move(read->terms), roster);
  if (plan && plan->bytes() != bytes)
    return Error{Errc::malformed, "plan", "must be written in the one form that there is"};
  return plan;
}

const JointDataset* QueryPlan::dataset_of(std::size_t member) const noexcept {
  const auto found = std::ranges::find(terms_.datasets, member, &JointDataset::member);
  return found == terms_.datasets.end() ? nullptr : &*found;
}

StatedCost QueryPlan::stated_cost() const {
  if (terms_.measure == JointMeasure::rho) return ConcentratedCost{Exact(terms_.loss)};
  return ApproximateCost{Exact(terms_.loss), Exact(terms_.delta)};
}

}  // namespace sfumato
