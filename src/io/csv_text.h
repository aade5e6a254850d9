#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// Writes a cell by RFC 4180, in quotation marks where it needs them: where a comma, a mark or an end of
/// line stands in it, or nothing, so that empty text is not read as NULL. Gives where it ends: at most
/// `csv_room` of it on.
char* write_csv_text(char* out, std::string_view text) noexcept;
constexpr std::size_t csv_room(std::size_t size) {
  return 2 * size + 2;
}

void append_csv_text(std::string& line, std::string_view text);

/// A NUL can stand in no CSV file that is read back; `what` of a column of a table holds one.
Error nul_in_csv(const std::string& table, const std::string& column, const std::string& what);

}  // namespace sfumato
