#pragma once

#include "cli/arguments.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// `sfumato joint score`: a table with each row's risk by a model, and which thresholds that reaches.
Result<int> joint_score(const JointArguments& given);

}  // namespace sfumato
