#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>

#include "deid/transform.h"
#include "io/csv_header.h"

namespace sfumato {
namespace {

using Generalised = std::map<std::string, std::string, std::less<>>;

Error broken_line(const std::string& file, std::ptrdiff_t line, const std::string& message) {
  return {Errc::malformed, file + ":" + std::to_string(line), message};
}

/// The separator of all lines is a semicolon where the first has one.
char separator_of(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n")).find(';') != text.npos ? ';' : ',';
}

/// Takes a line that says what a value becomes; why not, where it says nothing of it.
std::optional<std::string> take(const std::vector<std::string>& cells, std::size_t level,
                                Generalised& known) {
  if (cells.size() <= level) return "has no level " + std::to_string(level) + " of its value";
  const auto [there, fresh] = known.emplace(cells.front(), cells[level]);
  if (fresh || there->second == cells[level]) return std::nullopt;
  return "says something else of a value than a line before";
}

Result<Generalised> read_hierarchy(const HierarchyParams& params) {
  std::ifstream in(params.file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad())
    return Error{Errc::unavailable, params.file, "cannot be read: it is the hierarchy"};
  const std::string_view text = std::string_view(bytes).substr(skip_byte_order_mark(bytes));
  std::size_t at = skip_empty_lines(text, 0);
  const char separator = separator_of(text.substr(at));
  Generalised known;
  while (at < text.size()) {
    const std::string_view before = text.substr(0, at);
    const auto broken = [&](const std::string& why) {
      return broken_line(params.file, 1 + std::ranges::count(before, '\n'), why);
    };
    const auto cells = read_csv_line(text, at, separator);
    if (!cells) return broken("has a quotation mark that is never closed");
    if (const auto why = take(*cells, params.level, known)) return broken(*why);
    at = skip_empty_lines(text, at);
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
