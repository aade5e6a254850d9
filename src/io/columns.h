#pragma once

#include <memory>
#include <vector>

#include "sfumato/io/table_reader.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace sfumato {

/// What keeps the text of keys alive.
using Backing = std::vector<std::shared_ptr<const void>>;

/// Why cells of this type can't be keys, or numbers, as the rest of the sentence "column 'x' …";
/// null where they can.
const char* why_no_key(const arrow::DataType& type);
const char* why_no_number(const arrow::DataType& type);

/// One key, or number, for each cell of a column of a type that can be one. Text read as a number
/// (as the cells of a CSV file are) is null where it is none. False where the column's bytes are
/// broken.
[[nodiscard]] bool fill_keys(const std::shared_ptr<arrow::Array>& column, std::vector<Key>& keys,
                             Backing& backing);
[[nodiscard]] bool fill_numbers(const std::shared_ptr<arrow::Array>& column,
                                std::vector<Number>& numbers);

}  // namespace sfumato
