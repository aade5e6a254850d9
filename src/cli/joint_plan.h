#pragma once

#include <string>

#include "sfumato/base/result.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// The plan that a TOML file tells, for the members of a roster. Discrete Laplace noise that it does not tell is the least
/// with which its operations share ε evenly; a threshold that it does not tell is the least there is.
Result<QueryPlan> plan_of_file(const std::string& file, const Roster& roster);

}  // namespace sfumato
