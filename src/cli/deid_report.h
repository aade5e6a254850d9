#pragma once

#include <string>

#include "sfumato/deid/deidentify.h"

namespace sfumato {

/// What was done to each column, and how many cells met which action, as lines for people.
std::string deid_lines(const DeidReport& report);

/// What will be done to each column.
std::string deid_plan_lines(const DeidReport& report);

/// The same as a JSON document.
std::string deid_json(const DeidReport& report);

}  // namespace sfumato
