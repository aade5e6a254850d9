#include "sfumato/secagg/local_policy.h"

#include <algorithm>

namespace sfumato {
namespace {

Error refused(std::string message) {
  return {Errc::refused, "policy", std::move(message)};
}

Status check_columns(const LocalPolicy& policy, const PlanTerms& terms) {
  const auto allowed = [&](const std::string& column) {
    return std::ranges::find(policy.columns, column) != policy.columns.end();
  };
  for (const std::string& column : terms.by)
    if (!allowed(column)) return refused("allows no groups by '" + column + "'");
  for (const JointOperation& op : terms.operations)
    for (const std::string& column : op.columns)
      if (!allowed(column))
        return refused("allows no " + std::string(name_of(op.answer)) + " of '" + column + "'");
  if (std::ranges::find(policy.units, terms.unit) == policy.units.end())
    return refused("does not allow that '" + terms.unit + "' says who is protected");
  return ok();
}

Status check_dataset(const LocalPolicy& policy, const JointDataset& dataset) {
  const bool allowed = policy.datasets.empty() ||
                       std::ranges::find(policy.datasets, dataset.name) != policy.datasets.end();
  return allowed ? ok() : refused("does not allow that dataset '" + dataset.name + "' is used");
}

}  // namespace

Status check(const LocalPolicy& policy, const QueryPlan& plan, std::optional<std::size_t> member) {
  const PlanTerms& terms = plan.terms();
  const Decimal& most = terms.measure == JointMeasure::rho ? policy.most_rho : policy.most_epsilon;
  if (terms.loss > most)
    return refused("allows " + std::string(symbol_of(terms.measure)) + " = " + most.to_string() +
                   " a plan, this one costs " + terms.loss.to_string());
  if (terms.delta > policy.most_delta)
    return refused("allows δ = " + policy.most_delta.to_string() + " a plan, this one costs " +
                   terms.delta.to_string());
  if (plan.contributors() < policy.fewest_contributors)
    return refused("asks for " + std::to_string(policy.fewest_contributors) +
                   " organisations, this plan has " + std::to_string(plan.contributors()));
  if (terms.colluders < policy.fewest_colluders)
    return refused("asks that plans hold against " + std::to_string(policy.fewest_colluders) +
                   " colluders, this one does against " + std::to_string(terms.colluders));
  if (!policy.coordinator_trusted && terms.coordinator == JointCoordinator::honest)
    return refused("asks that plans hold against an active coordinator");
  if (terms.organisations_per_person < policy.fewest_organisations_per_person)
    return refused("asks for noise that hides a person with rows at " +
                   std::to_string(policy.fewest_organisations_per_person) +
                   " organisations, this plan's hides one at " +
                   std::to_string(terms.organisations_per_person));
  const auto& [name, key] = terms.coordinated_by;
  if (!policy.coordinators.empty() &&
      std::ranges::find(policy.coordinators, key) == policy.coordinators.end())
    return refused("does not allow that '" + name + "', of key " + key.fingerprint() +
                   ", coordinates");
  if (const Status allowed = check_columns(policy, terms); !allowed) return allowed;
  const JointDataset* const dataset = member ? plan.dataset_of(*member) : nullptr;
  return dataset ? check_dataset(policy, *dataset) : ok();
}

}  // namespace sfumato
