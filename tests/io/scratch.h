#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/io/table_reader.h"
#include "support/scratch.h"

namespace sfumato {

/// "x7" from "x" and 7. (A literal plus a string makes gcc 12 warn of an overlap that can't be.)
template <class Whole>
std::string numbered(std::string prefix, Whole number) {
  return prefix.append(std::to_string(number));
}

/// Keys and numbers as tests write them: i5, t'5', null; i5, r0.5, null.
inline std::string shown(const Key& key) {
  if (key.kind == Key::Kind::integer) return numbered("i", key.integer);
  return key.kind == Key::Kind::text ? std::string("t'").append(key.text).append("'") : "null";
}
inline std::string shown(const Number& number) {
  if (number.kind == Number::Kind::integer) return numbered("i", number.integer);
  std::ostringstream real;
  real.precision(17);
  real << "r" << number.real;
  return number.kind == Number::Kind::real ? real.str() : "null";
}

/// All that a reader gives, row by row: "key|key|number".
struct Everything {
  std::vector<std::string> rows;
  std::vector<std::size_t> batches;
  std::string error;  ///< "where: message", of `open` or `next`
  Errc code{};
};

inline Everything read_all(const std::vector<std::string>& files, const ColumnRequest& request,
                           int threads = 1) {
  Everything all;
  const auto failed = [&all](const Error& error) {
    all.error = error.where + ": " + error.message;
    all.code = error.code;
    return all;
  };
  auto reader = TableReader::open(files, request, threads);
  if (!reader) return failed(reader.error());
  Batch batch;
  for (;;) {
    const Result<bool> more = reader->next(batch);
    if (!more) return failed(more.error());
    if (!*more) return all;
    all.batches.push_back(batch.rows);
    for (std::size_t row = 0; row < batch.rows; ++row) {
      std::string line;
      const auto add = [&line](const std::string& cell) {
        if (!line.empty()) line.push_back('|');
        line.append(cell);
      };
      for (const auto& column : batch.keys) add(shown(column[row]));
      for (const auto& column : batch.numbers) add(shown(column[row]));
      all.rows.push_back(line);
    }
  }
}

using Lines = std::vector<std::string>;

}  // namespace sfumato
