#include "cli/released_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "cli/display.h"
#include "cli/html.h"
#include "cli/payment.h"

namespace sfumato {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRows = 50, kMostBytes = 256;

/// The texts of a list in the plan; none where the plan is no such JSON.
std::vector<std::string> texts_of(const Json& plan, const char* name) {
  std::vector<std::string> texts;
  if (!plan.is_object() || !plan.contains(name) || !plan[name].is_array()) return texts;
  for (const Json& text : plan[name])
    if (text.is_string()) texts.push_back(text.get<std::string>());
  return texts;
}

std::string cell(const char* tag, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", tag, html_text(text));
}

std::string value_text(const Estimate& value) {
  if (!value.has_interval()) return shortest(value.value);
  return fmt::format("{} ({} to {})", shortest(value.value), shortest(value.low),
                     shortest(value.high));
}

std::string hexadecimal_text(const std::string& bytes) {
  const std::string shown = hexadecimal(std::string_view(bytes).substr(0, kMostBytes));
  const std::string more =
      bytes.size() > kMostBytes ? fmt::format("… of {} bytes", bytes.size()) : std::string();
  return fmt::format("<code>{}{}</code>", shown, more);
}

/// Those that were found.
std::string clamps_text(const std::vector<Clamp>& clamps) {
  std::string text;
  for (const Clamp& clamp : clamps)
    if (clamp.is_automatic())
      text += fmt::format("<small>{} within {} ... {}, as found</small>", html_text(clamp.column),
                          shortest(clamp.lower), shortest(clamp.upper));
  return text;
}

std::string head_row(const AnswerRow& row, std::size_t columns, const std::string& plan) {
  const Json json = Json::parse(plan, nullptr, false);
  std::vector<std::string> groups = texts_of(json, "by"), values = texts_of(json, "select");
  groups.resize(columns, "group");
  values.resize(row.values.size(), "value");
  std::string text;
  for (const std::string& name : groups) text += cell("th", name);
  for (const std::string& name : values) text += cell("th", name);
  return "<tr>" + text + "</tr>";
}

}  // namespace

std::string released_table(const std::string& bytes, const std::string& plan) {
  const auto released = released_of(bytes);
  if (!released) return hexadecimal_text(bytes);
  const std::vector<AnswerRow>* rows = &released->rows;
  if (rows->empty()) return "<small>no group was shown</small>" + clamps_text(released->clamps);
  // A group that is rolled up has fewer keys than others.
  std::size_t columns = 0;
  for (const AnswerRow& row : *rows) columns = std::max(columns, row.group.size());
  std::string text = "<table>" + head_row(rows->front(), columns, plan);
  for (std::size_t i = 0; i < std::min(rows->size(), kMostRows); ++i) {
    text += "<tr>";
    for (const auto& name : (*rows)[i].group) text += cell("td", name ? *name : "NULL");
    for (std::size_t c = (*rows)[i].group.size(); c < columns; ++c) text += cell("td", "(all)");
    for (const Estimate& value : (*rows)[i].values) text += cell("td", value_text(value));
    text += "</tr>";
  }
  text += "</table>";
  if (rows->size() > kMostRows)
    text += fmt::format("<small>the first {} of {} rows</small>", kMostRows, rows->size());
  return text + clamps_text(released->clamps);
}

}  // namespace sfumato
