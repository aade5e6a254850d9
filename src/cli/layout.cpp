#include "cli/layout.h"

#include <algorithm>

#include "cli/display.h"
#include "io/csv_text.h"

namespace sfumato {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::size_t> widths_of(const Rows& rows, std::size_t columns) {
  std::vector<std::size_t> widths(columns, 0);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], columns_in(row[i]));
  return widths;
}

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::string blanks(width - columns_in(cell), ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

std::string without_blanks_at_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string aligned(const Rows& rows, const std::vector<Align>& columns) {
  const std::vector<std::size_t> widths = widths_of(rows, columns.size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i)
      line += (i == 0 ? "" : "  ") + padded(row[i], widths[i], columns[i]);
    text += without_blanks_at_end(std::move(line)) + '\n';
  }
  return text;
}

std::string wrapped(const std::string& text, std::size_t width) {
  std::string lines, line;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && columns_in(line) + 1 + columns_in(word) > width) {
      lines += line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    if (end < text.size() && text[end] == '\n') {
      lines += line + '\n';
      line.clear();
    }
    at = end + 1;
  }
  return line.empty() ? lines : lines + line + '\n';
}

std::string csv_cell(std::string_view text) {
  std::string cell;
  append_csv_text(cell, text);
  return cell;
}

}  // namespace sfumato
