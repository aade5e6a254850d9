#include "fuzz/target.h"
#include "secagg/example_plan.h"

namespace sfumato {

void take(std::string_view bytes) {
  static const Roster roster = clinic_roster();
  const auto plan = QueryPlan::parse(bytes, roster);
  if (plan) require(plan->bytes() == bytes && !plan->explain(roster).empty());
}

std::vector<std::string> seeds() {
  PlanTerms whole = example_terms();
  whole.by.clear();
  whole.groups.clear();
  PlanTerms encrypted = example_terms();
  encrypted.path = JointPath::encrypted, encrypted.key_holders = {0, 2};
  return {example_plan().bytes(), QueryPlan::make(whole, clinic_roster()).value().bytes(),
          QueryPlan::make(encrypted, clinic_roster()).value().bytes()};
}

}  // namespace sfumato
