#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// What is told of a table or of a column beside its cells: names and texts, in UTF-8.
using TableNotes = std::vector<std::pair<std::string, std::string>>;

/// Texts, numbers or whole numbers; of numbers those that are NaN are NULL.
using NewCells = std::variant<std::vector<std::optional<std::string>>, std::vector<double>,
                              std::vector<std::int64_t>>;

struct NewTableColumn {
  std::string name;
  NewCells cells;
  TableNotes notes = {};
};

/// A small table that is to be written: all columns have the same number of cells.
struct NewTable {
  std::vector<NewTableColumn> columns;
  TableNotes notes = {};
};

enum class ColumnarForm { arrow, parquet };

/// The table as the bytes of a Parquet file, or of one in Arrow's file format, as Arrow writes it. Notes are the metadata
/// of its schema and of its fields. Texts are `string`, or `binary` in a column of which one is no UTF-8; numbers are
/// `double`, whole ones `int64`.
///
/// Refuses names and notes that are no UTF-8.
Result<std::string> columnar_bytes(const NewTable& table, ColumnarForm form);

}  // namespace sfumato
