#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/io/instant.h"

namespace sfumato {

/// What cells are compared with. Its kind says how, whatever the file: as numbers, as points in
/// time, or as text.
using Constant = std::variant<Decimal, Instant, std::string>;

/// What a row must say in one column to be read.
///
/// A cell is compared by its canonical text (see `Key`), which is the same in each kind of file:
///
/// * with a number, as the decimal that this text writes, exactly: 7, 07 and 7.0 are 7, and a
///   binary floating-point number is the shortest decimal that reads back as it, so that 0.1 is 0.1;
/// * with a date or time, as the instant that it writes, a date being its midnight, in UTC;
/// * with a text, byte by byte.
///
/// A comparison is true, false, or unknown: of a cell that is NULL, or is nothing of the constant's
/// kind. Rows are read where it is true, as in SQL.
struct Condition {
  enum class Kind {
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    in,
    not_in,
    null,
    not_null,
  };

  std::string column;
  Kind kind;
  std::vector<Constant> values = {};  ///< none for null and not_null, one or more for in and not_in

  /// Whether it is true of a cell, given as its canonical text; none where the cell is NULL.
  bool holds(std::optional<std::string_view> cell) const;

  /// Shortest words that `parse_condition` reads as this condition.
  std::string to_string() const;

  friend bool operator==(const Condition&, const Condition&) = default;
};

/// Reads `COLUMN OP VALUE`, `COLUMN in (VALUE, …)`, `COLUMN not in (VALUE, …)`, `COLUMN is null` or
/// `COLUMN is not null`, where OP is one of = != < <= > >=.
///
/// A column whose name is no plain word stands in "double quotes". A value is a decimal number, a
/// date or time by ISO 8601, 'text in quotes', or a word that begins with a letter, which is text
/// that is only compared for equality. Two marks within quotes stand for one. An error tells the
/// character at which it goes wrong.
Result<Condition> parse_condition(std::string_view text);

}  // namespace sfumato
