#include "io/columns_wanted.h"

#include <algorithm>

#include "io/cell.h"

namespace sfumato {
namespace {

constexpr std::size_t kListed = 20;
constexpr std::size_t kNameBytes = 64;

/// The columns of a file are schema and may be shown. Where one reads as a number, the file has no
/// header, and its first line is a person's.
std::string what_is_there(const std::vector<std::string>& present) {
  const auto numeric = [](const std::string& name) {
    return number_of_text(name).kind != Number::Kind::null;
  };
  if (std::any_of(present.begin(), present.end(), numeric))
    return "its first line has numbers in it, so it may lack a line that names the columns";
  std::string out = "its columns are ";
  for (std::size_t i = 0; i < std::min(present.size(), kListed); ++i)
    out += (i == 0 ? "" : ", ") + quoted_name(present[i]);
  if (present.size() > kListed) out += " and " + std::to_string(present.size() - kListed) + " more";
  return out;
}

Status refuse_twice(const std::vector<std::string>& names, const char* role) {
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find(names.begin(), name, *name) != name)
      return Error{Errc::invalid_parameter, "column " + quoted_name(*name),
                   std::string("is asked for twice as a ") + role + ": name it once"};
  return ok();
}

}  // namespace

std::string quoted_name(std::string_view name) {
  std::string out = "'";
  std::size_t length = std::min(name.size(), kNameBytes);
  while (length < name.size() && length > 0 && (name[length] & 0xC0) == 0x80) --length;
  for (const char c : name.substr(0, length))
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return out + (length < name.size() ? "…'" : "'");
}

Result<ColumnsWanted> ColumnsWanted::make(const ColumnRequest& request) {
  if (Status keys = refuse_twice(request.keys, "key"); !keys) return keys.error();
  if (Status numbers = refuse_twice(request.numbers, "number"); !numbers) return numbers.error();

  ColumnsWanted wanted{.names = request.keys, .keys = request.keys.size(), .where = request.where};
  for (const std::string& name : request.numbers) {
    const auto shared = std::find(request.keys.begin(), request.keys.end(), name);
    const bool is_key = shared != request.keys.end();
    wanted.numbers.push_back(is_key ? static_cast<std::size_t>(shared - request.keys.begin())
                                    : wanted.names.size());
    if (!is_key) wanted.names.push_back(name);
  }
  wanted.shown = wanted.names.size();
  for (const Condition& condition : request.where) {
    const auto there = std::ranges::find(wanted.names, condition.column);
    wanted.filters.push_back(static_cast<std::size_t>(there - wanted.names.begin()));
    if (there == wanted.names.end()) wanted.names.push_back(condition.column);
  }
  return wanted;
}

Result<std::vector<int>> locate(const std::string& file, const std::vector<std::string>& present,
                                const std::vector<std::string>& wanted) {
  std::vector<int> places;
  for (const std::string& name : wanted) {
    const auto found = std::find(present.begin(), present.end(), name);
    if (found == present.end())
      return Error{Errc::unavailable, file,
                   "has no column " + quoted_name(name) + "; " + what_is_there(present)};
    if (std::find(found + 1, present.end(), name) != present.end())
      return Error{Errc::malformed, file,
                   "has the column " + quoted_name(name) + " more than once: rename all but one"};
    places.push_back(static_cast<int>(found - present.begin()));
  }
  return places;
}

}  // namespace sfumato
