#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/io/atomic_file.h"

namespace sfumato {

enum class TableFormat { csv, parquet };

/// The cells of a column as texts, of which those whose `data()` is null are NULL. Where `codes` is not
/// empty, cell i is entries[codes[i]], else entries[i]: what is done for each distinct cell can then be
/// done once for each entry, of which some may be in no row. Columns of one file that have the same
/// number as `dictionary`, which is not 0, have the same entries.
struct TextColumn {
  std::span<const std::string_view> entries = {};
  std::span<const std::uint32_t> codes = {};
  std::uint64_t dictionary = 0;
};

/// Some rows of a table: the columns that are read, in the order of the request.
struct TextRows {
  std::size_t rows = 0;
  std::uint64_t first = 0;  ///< rows of the table before these
  std::vector<TextColumn> columns;
};

/// What a column becomes: a text, or NULL, for each row, or for each entry of the column read.
struct NewColumn {
  std::vector<std::string_view> entries;
  std::span<const std::uint32_t> codes = {};  ///< those of the column read, or none
  std::vector<std::shared_ptr<const void>>
      kept;  ///< what the entries point into, beside the rows read
};

struct NewRows {
  std::vector<NewColumn>
      columns;  ///< of each replaced column, in the order of the request, and of each added one
  std::vector<std::uint8_t> suppressed;  ///< not 0 for rows that are left out; empty where none is
};

/// A column that the table has not. Its cells are texts, which a Parquet file has as numbers where they are to be.
struct AddedColumn {
  std::string name;
  bool number = false;
};

/// What becomes of a table's columns: these are read, replaced or dropped, and the others pass through; behind them
/// come those that are added. A column may be read and pass, too.
struct ColumnFates {
  std::vector<std::string> read = {}, replaced = {}, dropped = {};
  std::vector<AddedColumn> added = {};
};

/// Says what becomes of the columns that a file has, by their names.
using ChooseFates = std::function<Result<ColumnFates>(const std::vector<std::string>& names)>;

/// Gives new columns for rows. Is called by several threads at a time, each with a number of its own
/// below the number of threads, and for rows in any order.
using RewriteRows = std::function<Status(std::size_t thread, const TextRows& rows, NewRows& out)>;

/// Takes what rows have become, in the place of a file. Is called as `RewriteRows` is, after it.
using TakeRows = std::function<void(const TextRows& rows, const NewRows& made)>;

struct RewriteParams {
  std::optional<TableFormat> format = {};  ///< of the output; none: CSV of CSV, else Parquet
  int threads = 1;
};

struct RewriteTally {
  std::uint64_t rows_read = 0, rows_written = 0;
};

/// Writes a table anew, row by row in its order, with some columns replaced.
///
/// What passes through keeps its type, and in CSV its bytes: each cell of a CSV file is text, and
/// quotation marks stand in the output where they are needed alone. What is replaced is text. A cell
/// that is NULL is empty in CSV, and empty text is ""; in a table of one column NULL is "", too, since
/// an empty line is no row. Cells are read as `TableReader` reads keys, but text as it stands. No
/// metadata of the file passes, nor what a dictionary holds beyond its rows.
///
/// Batches are replaced by all threads and written in order; only some are held at a time. Of several
/// rows that cannot be replaced, the error of the first batch is told.
class TableRewriter {
 public:
  /// Checks all that can be known before a row is read, as `TableReader` does.
  static Result<TableRewriter> open(const std::string& file, const ChooseFates& choose,
                                    const RewriteParams& params);

  TableRewriter(TableRewriter&&) noexcept;
  TableRewriter& operator=(TableRewriter&&) noexcept;
  ~TableRewriter();

  TableFormat format() const noexcept;

  /// Writes to `path` whole or not at all (see `write_atomically`). `progress`, which may be empty,
  /// hears how much has been read, from 0 to 1. `assent`, which may be empty, is asked when all rows are
  /// done and before they stand at `path`: where it fails, nothing does. `inspect`, likewise, is shown the file
  /// that will stand there.
  Result<RewriteTally> write(const std::string& path, const RewriteRows& rewrite,
                             const std::function<void(double)>& progress,
                             const std::function<Status(const RewriteTally&)>& assent = {},
                             const Inspect& inspect = {}) &&;

  /// Does all but writing: rows are taken, in any order. How many there were.
  Result<std::uint64_t> read(const RewriteRows& rewrite, const TakeRows& take,
                             const std::function<void(double)>& progress) &&;

 private:
  class Work;
  explicit TableRewriter(std::unique_ptr<Work> work) noexcept;

  std::unique_ptr<Work> work_;
};

}  // namespace sfumato
