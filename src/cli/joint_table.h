#pragma once

#include <string>

#include "sfumato/secagg/joint_result.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// A joint statistic for people or programs; `format` is "table", "csv" or "json".
std::string render(const JointResult& result, const QueryPlan& plan, const std::string& format);

}  // namespace sfumato
