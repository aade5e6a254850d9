#include <algorithm>
#include <optional>
#include <unordered_map>

#include "deid/hierarchy_file.h"
#include "deid/transform.h"
#include "io/csv_header.h"

namespace sfumato {
namespace {

/// The separator of all lines is a semicolon where the first has one.
char separator_of(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n")).find(';') != text.npos ? ';' : ',';
}

/// The lines of a hierarchy, and at which line of its file each begins.
struct Lines {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::ptrdiff_t> numbers;
  std::unordered_map<std::string, std::size_t> known = {};

  /// Takes a line; why not, where it does not go with those before.
  std::optional<std::string> take(std::vector<std::string> line, std::ptrdiff_t number) {
    if (!cells.empty() && line.size() != cells.front().size())
      return "must have as many levels as the lines before: " +
             std::to_string(cells.front().size() - 1) + " beside the value";
    const auto [there, fresh] = known.emplace(line.front(), cells.size());
    if (fresh) {
      cells.push_back(std::move(line));
      numbers.push_back(number);
    } else if (cells[there->second] != line) {
      return "says something else of a value than a line before";
    }
    return std::nullopt;
  }
};

}  // namespace

Result<ValueHierarchy> read_hierarchy_file(const std::string& file, const std::string* bytes) {
  if (!bytes) return Error{Errc::unavailable, file, "cannot be read: it is the hierarchy"};
  const std::string_view text = std::string_view(*bytes).substr(skip_byte_order_mark(*bytes));
  std::size_t at = skip_empty_lines(text, 0);
  const char separator = separator_of(text.substr(at));
  const auto line_of = [&](std::ptrdiff_t line) { return file + ":" + std::to_string(line); };
  Lines lines;
  std::ptrdiff_t line = 1;
  for (std::size_t counted = 0; at < text.size(); at = skip_empty_lines(text, at)) {
    line += std::ranges::count(text.substr(counted, at - counted), '\n');
    counted = at;
    auto cells = read_csv_line(text, at, separator);
    if (!cells)
      return Error{Errc::malformed, line_of(line), "has a quotation mark that is never closed"};
    if (const auto why = lines.take(*std::move(cells), line))
      return Error{Errc::malformed, line_of(line), *why};
  }
  if (lines.cells.empty()) return Error{Errc::malformed, file, "holds no value of a hierarchy"};
  return ValueHierarchy::make(lines.cells,
                              [&](std::size_t value) { return line_of(lines.numbers[value]); });
}

Result<TransformPointer> hierarchy_transform(const HierarchyParams& params) {
  Result<ValueHierarchy> read = read_hierarchy_file(params.file, params.bytes.get());
  if (!read) return std::move(read).error();
  const std::size_t level = params.level.value_or(0);
  if (level >= read->levels())
    return Error{Errc::invalid_parameter, params.file,
                 "has no level " + std::to_string(level) + " of its values, but " +
                     std::to_string(read->levels() - 1)};
  const auto known = std::make_shared<const ValueHierarchy>(*std::move(read));
  return each_value([known, level](std::string_view value, TextStore&) {
    const auto found = known->find(value);
    return found ? std::string_view(known->text(level, known->label(level, *found)))
                 : std::string_view();
  });
}

}  // namespace sfumato
