#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "deid/transform.h"

namespace sfumato {
namespace {

using Generalised = std::map<std::string, std::string, std::less<>>;

Error broken_line(const std::string& file, std::size_t line, const std::string& message) {
  return {Errc::malformed, file + ":" + std::to_string(line), message};
}

/// The cells of a line, which its separator tells; marks of quotation stand around a cell or nowhere.
std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == separator && !quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

Result<Generalised> read_hierarchy(const HierarchyParams& params) {
  std::ifstream in(params.file, std::ios::binary);
  if (!in) return Error{Errc::unavailable, params.file, "cannot be read: it is the hierarchy"};
  Generalised known;
  std::size_t number = 0;
  char separator = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    if (separator == 0) separator = line.find(';') != std::string::npos ? ';' : ',';
    const std::vector<std::string> cells = cells_of(line, separator);
    if (cells.size() <= params.level)
      return broken_line(params.file, number,
                         "has no level " + std::to_string(params.level) + " of its value");
    const auto [there, fresh] = known.emplace(cells.front(), cells[params.level]);
    if (!fresh && there->second != cells[params.level])
      return broken_line(params.file, number, "says something else of a value than a line before");
  }
  if (known.empty()) return Error{Errc::malformed, params.file, "holds no value of a hierarchy"};
  return known;
}

}  // namespace

Result<TransformPointer> hierarchy_transform(const HierarchyParams& params) {
  Result<Generalised> read = read_hierarchy(params);
  if (!read) return std::move(read).error();
  const auto known = std::make_shared<const Generalised>(*std::move(read));
  return each_value([known](std::string_view value, TextStore&) {
    const auto found = known->find(value);
    return found == known->end() ? std::string_view() : std::string_view(found->second);
  });
}

}  // namespace sfumato
