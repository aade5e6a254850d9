#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// One cell of a unit or group column: its identity.
///
/// Canonical, so that one value has one form whatever file it comes from: text that is the shortest
/// decimal form of an int64 (no plus, no leading zero, not "-0") is that integer, and only that.
struct Key {
  enum class Kind : std::uint8_t { null, integer, text };

  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string_view text;  ///< lives as long as the batch it stands in

  friend bool operator==(const Key&, const Key&) = default;
};

/// One cell of a value column. NaN, NULL and what is no number are `null`; infinities and numbers
/// beyond the range of double are infinite, for the clamp to bring back.
struct Number {
  enum class Kind : std::uint8_t { null, integer, real };

  Kind kind = Kind::null;
  union {
    std::int64_t integer = 0;
    double real;
  };
};

/// Some rows of a table, column by column, in the order of the request. Buffers are recycled.
struct Batch {
  std::size_t rows = 0;
  std::vector<std::vector<Key>> keys;
  std::vector<std::vector<Number>> numbers;
  std::shared_ptr<const void> backing;  ///< what `Key::text` points into
};

/// Which columns are read, by name; a column may be asked for as both.
struct ColumnRequest {
  std::vector<std::string> keys = {};
  std::vector<std::string> numbers = {};
};

/// Reads the asked columns of CSV, Parquet and Arrow IPC files, batch by batch.
///
/// CSV is UTF-8 text by RFC 4180, comma separated, with a header line, and rows of at most 8 MiB. A
/// cell with nothing in it is NULL, one with "" an empty text; an empty line is no row. As a
/// number, a cell may have blanks around it and a plus. Elsewhere types are those of the file:
/// times are text, in UTC where they have a zone; a text column is no value column.
///
/// `open` checks all that can be known before a row is read: that each file is there, readable, of
/// a known format (by its first bytes), and has each column, once, with a usable type. A cell never
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

  /// How much of the files has been read, from 0 to 1, each file counted alike.
  double share_read() const noexcept;

 private:
  struct State;
  explicit TableReader(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace sfumato
