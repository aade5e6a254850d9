#pragma once

#include <memory>
#include <vector>

#include "sfumato/io/condition.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace sfumato {

/// Why cells of this type can't be compared as the condition asks, as the rest of the sentence
/// "column 'x' …"; null where they can. The type of a column is no secret, its cells are.
const char* why_not_compared(const arrow::DataType& type, const Condition& condition);

/// Clears keep[i] where the condition is not true of the column's cell i: as `Condition::holds` says,
/// but once for each entry of a dictionary, and in the column's own type where that is as exact.
/// False where the column's bytes are broken.
[[nodiscard]] bool keep_where(const Condition& condition,
                              const std::shared_ptr<arrow::Array>& column, std::vector<char>& keep);

}  // namespace sfumato
