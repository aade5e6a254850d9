#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/text_cells.h"
#include "sfumato/io/table_rewriter.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace sfumato {

/// A column of the output: the one that stands there, or a new one.
struct OutColumn {
  std::string name;
  std::size_t at = 0;  ///< among the columns of the file's batches, or among the new ones
  bool replaced = false;
  bool number = false;  ///< of a new one: in a Parquet file its texts are numbers
};

/// A cell that no line of CSV can hold, since there is a NUL in it.
struct NulCell {
  std::string column;
  std::size_t row;  ///< of the batch
};

/// Rows as they leave: lines of CSV, or a batch for a Parquet file.
struct RowsOut {
  std::unique_ptr<char[]> lines;
  std::size_t bytes = 0;  ///< of the lines
  std::shared_ptr<arrow::RecordBatch> batch;
  std::uint64_t rows = 0;
  std::optional<NulCell> nul = {};  ///< where lines were asked for: there are none
};

/// The rows of a batch, with new columns in their places and without those that are suppressed. None
/// where cells cannot be read. `new_rows` fits the batch.
using Written = std::unique_ptr<RowsOut>;
Written as_lines(const arrow::RecordBatch& batch, const std::vector<OutColumn>& columns,
                 const NewRows& new_rows);
Written as_batch(const arrow::RecordBatch& batch, const std::vector<OutColumn>& columns,
                 const std::shared_ptr<arrow::Schema>& schema, const NewRows& new_rows);

/// The line that names the columns.
std::string header_line(const std::vector<OutColumn>& columns);

/// What the columns are in a Parquet file: those that stand keep their types, though no dictionary, which
/// may hold more than its rows do.
std::shared_ptr<arrow::Schema> schema_of(const arrow::Schema& file,
                                         const std::vector<OutColumn>& columns);

}  // namespace sfumato
