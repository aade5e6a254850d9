#pragma once

#include <string>

#include "deid/fields.h"
#include "sfumato/base/result.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// The plan that a TOML file tells, for the members of a roster. Discrete Laplace noise that it does not tell is the least
/// with which its operations share ε evenly; a threshold that it does not tell is the least there is.
Result<QueryPlan> plan_of_file(const std::string& file, const Roster& roster);

/// What each joint plan tells, as its file does: title, unit, organisations with their datasets, coordinator, limits and
/// end. What is wrong is refused to `fields`, but for a coordinator's line that can't be read.
Result<PlanTerms> shared_terms(Fields& fields, const Roster& roster, const std::string& file);

}  // namespace sfumato
