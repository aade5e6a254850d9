#include "io/csv_header.h"

namespace sfumato {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_newline(char c) noexcept {
  return c == '\n' || c == '\r';
}

/// Reads one cell from `at`, which is left at the delimiter after it or at the end of the text;
/// false where its quotation mark is never closed. Inside quotes, two marks stand for one.
bool read_cell(std::string_view text, std::size_t& at, char delimiter, std::string& cell) {
  bool quoted = at < text.size() && text[at] == '"';
  if (quoted) ++at;
  while (at < text.size()) {
    const char c = text[at];
    if (!quoted && (c == delimiter || is_newline(c))) return true;
    ++at;
    if (quoted && c == '"') {
      if (at == text.size() || text[at] != '"') {
        quoted = false;
        continue;
      }
      ++at;
    }
    cell += c;
  }
  return !quoted;
}

}  // namespace

std::size_t skip_byte_order_mark(std::string_view text) noexcept {
  return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

std::size_t skip_empty_lines(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_newline(text[at])) ++at;
  return at;
}

std::optional<std::vector<std::string>> read_csv_line(std::string_view text, std::size_t& at,
                                                      char delimiter) {
  std::vector<std::string> cells;
  for (;; ++at) {
    if (!read_cell(text, at, delimiter, cells.emplace_back())) return std::nullopt;
    if (at == text.size() || is_newline(text[at])) return cells;
  }
}

std::optional<CsvHeader> read_csv_header(std::string_view head, bool end) {
  CsvHeader header;
  std::size_t at = skip_empty_lines(head, skip_byte_order_mark(head));
  if (at == head.size()) return end ? std::optional(header) : std::nullopt;
  auto names = read_csv_line(head, at, ',');
  if (!names) return std::nullopt;
  header.names = *std::move(names);
  if (at == head.size() && !end) return std::nullopt;
  header.body = skip_empty_lines(head, at);
  return header;
}

}  // namespace sfumato
