#include "cli/joint_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/display.h"
#include "cli/json.h"
#include "cli/layout.h"

namespace sfumato {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Decimals that suit all intervals of a column.
int places_of(const JointResult& result, std::size_t column) {
  double narrowest = HUGE_VAL;
  for (const JointGroup& group : result.groups) {
    const Estimate& estimate = group.values[column].estimate;
    if (estimate.has_interval()) narrowest = std::min(narrowest, estimate.high - estimate.low);
  }
  return std::isfinite(narrowest) && narrowest > 0 ? places_for(narrowest) : 0;
}

std::string interval_text(const Estimate& estimate, int places) {
  if (!estimate.has_interval()) return {};
  return fmt::format("[{}, {}]", rounded(estimate.low, places, Toward::below),
                     rounded(estimate.high, places, Toward::above));
}

std::string footer(const JointResult& result, const QueryPlan& plan) {
  const PlanTerms& terms = plan.terms();
  const std::string delta =
      terms.delta == Decimal() ? std::string() : ", δ = " + terms.delta.to_string();
  return fmt::format(
      "Organisations: {1} of {2}, whose rows and noise are in it.\n"
      "Privacy: {0} = {3}{4} for each '{5}' against who sees this, {0} = {6}{4} against who pools "
      "it "
      "with all that {7} can know;\neach ledger was charged {0} = {8}{4}.\n"
      "Intervals: {9:.12g} % each by itself, for the noise alone.\n",
      symbol_of(terms.measure), result.present, plan.contributors(), result.outsiders.to_string(),
      delta, printable(terms.unit), result.colluders.to_string(),
      counted(static_cast<std::int64_t>(terms.colluders), "colluder"), terms.loss.to_string(),
      result.confidence * 100);
}

std::string render_table(const JointResult& result, const QueryPlan& plan) {
  std::vector<std::string> header;
  for (const std::string& column : plan.terms().by) header.push_back(printable(column));
  std::vector<Align> columns(header.size(), Align::left);
  std::vector<int> places;
  for (const JointValue& value : result.groups.front().values) {
    header.insert(header.end(), {printable(value.name), ""});
    columns.insert(columns.end(), {Align::right, Align::right});
    places.push_back(places_of(result, places.size()));
  }
  Rows rows = {header};
  for (const JointGroup& group : result.groups) {
    auto& cells = rows.emplace_back();
    for (const std::string& key : group.key) cells.push_back(printable(key));
    for (std::size_t i = 0; i < group.values.size(); ++i) {
      const Estimate& estimate = group.values[i].estimate;
      cells.push_back(rounded(estimate.value, places[i]));
      cells.push_back(interval_text(estimate, places[i]));
    }
  }
  return aligned(rows, columns) + "\n" + footer(result, plan);
}

std::string number_cell(double number) {
  return std::isnan(number) ? std::string() : shortest(number);
}

std::string render_csv(const JointResult& result, const QueryPlan& plan) {
  std::vector<std::string> cells;
  for (const std::string& column : plan.terms().by) cells.push_back(csv_cell(column));
  for (const JointValue& value : result.groups.front().values)
    for (const char* end : {"", " low", " high"}) cells.push_back(csv_cell(value.name + end));
  std::string text = fmt::format("{}\n", fmt::join(cells, ","));
  for (const JointGroup& group : result.groups) {
    cells.clear();
    for (const std::string& key : group.key) cells.push_back(csv_cell(key));
    for (const auto& [name, estimate, standard_error] : group.values)
      for (const double number : {estimate.value, estimate.low, estimate.high})
        cells.push_back(number_cell(number));
    text += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return text;
}

std::string json_or_null(double number) {
  return std::isnan(number) ? "null" : json_number(number);
}

std::string json_of(const JointGroup& group) {
  std::vector<std::string> keys, values;
  for (const std::string& key : group.key) keys.push_back(json_text(key));
  for (const auto& [name, estimate, standard_error] : group.values)
    values.push_back(json_object({{"name", json_text(name)},
                                  {"value", json_or_null(estimate.value)},
                                  {"low", json_or_null(estimate.low)},
                                  {"high", json_or_null(estimate.high)},
                                  {"standard_error", json_or_null(standard_error)}}));
  return json_object({{"group", fmt::format("[{}]", fmt::join(keys, ", "))},
                      {"values", fmt::format("[{}]", fmt::join(values, ", "))}});
}

std::string render_json(const JointResult& result, const QueryPlan& plan) {
  std::vector<std::string> by, groups;
  for (const std::string& column : plan.terms().by) by.push_back(json_text(column));
  for (const JointGroup& group : result.groups) groups.push_back(json_of(group));
  const std::string measure = plan.terms().measure == JointMeasure::rho ? "rho" : "epsilon";
  return json_document({{"title", json_text(plan.terms().title)},
                        {"organisations", std::to_string(plan.contributors())},
                        {"present", std::to_string(result.present)},
                        {measure + "_outsiders", result.outsiders.to_string()},
                        {measure + "_colluders", result.colluders.to_string()},
                        {measure + "_charged", plan.terms().loss.to_string()},
                        {"delta", plan.terms().delta.to_string()},
                        {"colluders", std::to_string(plan.terms().colluders)},
                        {"unit", json_text(plan.terms().unit)},
                        {"confidence", json_number(result.confidence)},
                        {"by", fmt::format("[{}]", fmt::join(by, ", "))},
                        {"groups", fmt::format("[\n    {}\n  ]", fmt::join(groups, ",\n    "))}});
}

}  // namespace

std::string render(const JointResult& result, const QueryPlan& plan, const std::string& format) {
  if (format == "csv") return render_csv(result, plan);
  return format == "json" ? render_json(result, plan) : render_table(result, plan);
}

}  // namespace sfumato
