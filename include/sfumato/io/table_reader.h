#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/io/batch.h"
#include "sfumato/io/condition.h"

namespace sfumato {

/// Which columns are read, by name, and of which rows; a column may be asked for as several.
struct ColumnRequest {
  std::vector<std::string> keys = {};
  std::vector<std::string> numbers = {};
  std::vector<Condition> where = {};  ///< rows are those of which all are true
};

/// Reads the asked columns of CSV, Parquet and Arrow IPC files, batch by batch.
///
/// CSV is UTF-8 text by RFC 4180, comma separated, with a header line, and rows of at most 8 MiB; it
/// may be packed by gzip or zstd, and is unpacked piece by piece. A file named "-" is standard input:
/// CSV, packed or not, or Arrow's stream format. A CSV
/// cell with nothing in it is NULL, one with "" an empty text; an empty line is no row. As a
/// number, a cell may have blanks around it and a plus. Elsewhere types are those of the file:
/// times are text, in UTC where they have a zone; a text column is no value column.
///
/// `open` checks all that can be known before a row is read: that each file is there, readable, of
/// a known format (by its first bytes), no other one by another path, and has each column, once,
/// with a usable type. A cell never
/// makes `next` fail: text that is no number is NULL. What does is a file that is broken as a whole
/// (a row with too many or too few cells, bytes that are not UTF-8, a corrupt page); the sentence
/// names the file and never its content. Files are opened again when their turn comes: one that has
/// gone by then is an error of `next`. Only some batches are held at a time.
class TableReader {
 public:
  /// `threads` also sets how many threads Arrow may use in this process.
  static Result<TableReader> open(const std::vector<std::string>& files, ColumnRequest request,
                                  int threads = 1);

  TableReader(TableReader&&) noexcept;
  TableReader& operator=(TableReader&&) noexcept;
  ~TableReader();

  /// Fills `batch` with the next rows; false where there are no more.
  Result<bool> next(Batch& batch);

  /// Whether the key column holds integers and NULL alone, as its type says in each file.
  bool integer_keys(std::size_t key) const noexcept;

  /// How much of the files has been read, from 0 to 1, each file counted alike.
  double share_read() const noexcept;

 private:
  struct State;
  explicit TableReader(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace sfumato
