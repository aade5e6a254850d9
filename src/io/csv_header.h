#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

/// The line that names the columns, and where the rows begin after it.
struct CsvHeader {
  std::vector<std::string> names;  ///< none where the file holds nothing but empty lines
  std::size_t body = 0;            ///< offset of the first byte after the header and empty lines
};

/// Reads the header from the first bytes of a CSV file (RFC 4180; CR, LF or CRLF; a byte order mark
/// and empty lines before it are skipped). Nothing where the line does not end within `head`, or,
/// at the `end` of the file, where a quotation mark is never closed.
std::optional<CsvHeader> read_csv_header(std::string_view head, bool end);

}  // namespace sfumato
