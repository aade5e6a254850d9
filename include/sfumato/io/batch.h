#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

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

/// The cells of a unit or group column, in the form that is nearest to the file's:
///
/// * `integers`, where that is not empty: cell i is integers[i], or NULL where nulls[i] is not 0;
/// * else `codes`, where that is not empty: cell i is entries[codes[i]];
/// * else cell i is entries[i].
///
/// Whoever does something for each distinct cell can do it once for each entry: batches of one
/// reader whose `dictionary` is the same number have entries of which the one list begins with all
/// of the other. Several entries may be one key.
struct KeyColumn {
  std::span<const std::int64_t> integers = {};
  std::span<const std::uint8_t> nulls = {};  ///< of `integers`; empty where none is NULL
  std::span<const Key> entries = {};
  std::span<const std::uint32_t> codes = {};
  std::uint64_t dictionary = 0;  ///< of `codes`

  Key operator[](std::size_t row) const noexcept {
    if (!integers.empty()) {
      if (!nulls.empty() && nulls[row] != 0) return {};
      return {Key::Kind::integer, integers[row], {}};
    }
    return entries[codes.empty() ? row : codes[row]];
  }
};

/// The cells of a value column, in the form that is nearest to the file's: whichever of the three
/// lists is not empty. A real that is NaN is NULL.
struct NumberColumn {
  std::span<const double> reals = {};
  std::span<const std::int64_t> integers = {};
  std::span<const std::uint8_t> nulls =
      {};  ///< of `integers`: not 0 where NULL; empty where none is
  std::span<const Number> cells = {};

  Number operator[](std::size_t row) const noexcept {
    if (!cells.empty()) return cells[row];
    Number number;
    if (!reals.empty()) {
      if (reals[row] != reals[row]) return number;
      number.kind = Number::Kind::real;
      number.real = reals[row];
    } else if (nulls.empty() || nulls[row] == 0) {
      number.kind = Number::Kind::integer;
      number.integer = integers[row];
    }
    return number;
  }
};

/// Some rows of a table, column by column, in the order of the request.
///
/// Columns point into `backing`, whose buffers are used again where the batch is handed to the
/// reader once more and nobody else has kept it.
struct Batch {
  std::size_t rows = 0;
  std::vector<KeyColumn> keys;
  std::vector<NumberColumn> numbers;
  std::shared_ptr<const void> backing;
};

}  // namespace sfumato
