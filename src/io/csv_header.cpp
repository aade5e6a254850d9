#include "io/csv_header.h"

namespace sfumato {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_newline(char c) noexcept {
  return c == '\n' || c == '\r';
}

std::size_t skip_empty_lines(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_newline(text[at])) ++at;
  return at;
}

/// Reads one cell from `at`, which is left at the delimiter after it or at the end of the text;
/// false where its quotation mark is never closed. Inside quotes, two marks stand for one.
bool read_cell(std::string_view text, std::size_t& at, std::string& cell) {
  bool quoted = at < text.size() && text[at] == '"';
  if (quoted) ++at;
  while (at < text.size()) {
    const char c = text[at];
    if (!quoted && (c == ',' || is_newline(c))) return true;
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

std::optional<CsvHeader> read_csv_header(std::string_view head, bool end) {
  CsvHeader header;
  std::size_t at = head.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  at = skip_empty_lines(head, at);
  if (at == head.size()) return end ? std::optional(header) : std::nullopt;

  for (;; ++at) {
    std::string cell;
    if (!read_cell(head, at, cell)) return std::nullopt;
    header.names.push_back(std::move(cell));
    if (at == head.size() || is_newline(head[at])) break;
  }
  if (at == head.size() && !end) return std::nullopt;
  header.body = skip_empty_lines(head, at);
  return header;
}

}  // namespace sfumato
