#pragma once

#include <string>

#include "sfumato/deid/value_hierarchy.h"

namespace sfumato {

/// Reads lines `value;level 1;level 2…`, separated by semicolons where the first has one, else by commas, by the rules
/// of CSV files. A line that says again what one before does is no matter.
/// `bytes` are those of `file`, null where it cannot be read.
Result<ValueHierarchy> read_hierarchy_file(const std::string& file, const std::string* bytes);

}  // namespace sfumato
