#include "cli/json.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/display.h"

namespace sfumato {
namespace {

std::string members(const std::vector<JsonField>& fields, std::string_view between) {
  std::vector<std::string> members;
  for (const JsonField& field : fields)
    members.push_back(json_text(field.name) + ": " + field.value);
  return fmt::format("{}", fmt::join(members, between));
}

}  // namespace

std::string json_text(std::string_view text) {
  using nlohmann::json;
  std::string line(text);
  std::erase(line, '\n');
  const bool in_ascii = printable(line) != line;  // so that nothing steers a terminal
  return json(text).dump(-1, ' ', in_ascii, json::error_handler_t::replace);
}

std::string json_number(double x) {
  if (std::isnan(x)) return "null";  // JSON has no word for it
  return std::isinf(x) ? json_text(shortest(x)) : shortest(x);
}

std::string json_bounds(const Bounds& bounds) {
  return json_object({{"lower", json_number(bounds.lower)}, {"upper", json_number(bounds.upper)}});
}

std::string json_object(const std::vector<JsonField>& fields) {
  return "{" + members(fields, ", ") + "}";
}

std::string json_document(const std::vector<JsonField>& fields) {
  return "{\n  " + members(fields, ",\n  ") + "\n}\n";
}

}  // namespace sfumato
