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

/// The cells of the line at `at`, which is left where the line ends, before CR or LF: by RFC 4180, but with any
/// delimiter. Nothing where a quotation mark is never closed.
std::optional<std::vector<std::string>> read_csv_line(std::string_view text, std::size_t& at,
                                                      char delimiter);

/// Behind the ends of lines that stand at `at`.
std::size_t skip_empty_lines(std::string_view text, std::size_t at) noexcept;

/// Behind a byte order mark, where one begins the text.
std::size_t skip_byte_order_mark(std::string_view text) noexcept;

/// Reads the header from the first bytes of a CSV file (RFC 4180; CR, LF or CRLF; a byte order mark
/// and empty lines before it are skipped). Nothing where the line does not end within `head`, or,
/// at the `end` of the file, where a quotation mark is never closed.
std::optional<CsvHeader> read_csv_header(std::string_view head, bool end);

}  // namespace sfumato
