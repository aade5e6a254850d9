#include <fmt/format.h>

#include <utility>

#include "cli/json.h"
#include "cli/report.h"
#include "sfumato/privacy/relation.h"

namespace sfumato {
namespace {

std::string lines(const std::vector<std::string>& items) {
  return items.empty() ? "[]" : fmt::format("[\n    {}\n  ]", fmt::join(items, ",\n    "));
}

std::string privacy(const Report& report) {
  const Written& written = report.written;
  return json_object({{written.concentrated ? "rho" : "epsilon", written.loss.to_string()},
                      {"delta", written.delta.to_string()},
                      {"unit", json_text(report.query.unit.value_or("row"))},
                      {"relation", json_text(name_of(Relation::add_remove))},
                      {"max_groups", std::to_string(report.query.bounds.max_groups)},
                      {"max_rows", std::to_string(report.query.bounds.max_rows)}});
}

std::string where(const Report& report) {
  std::vector<std::string> texts;
  for (const Condition& condition : report.query.where)
    texts.push_back(json_text(condition.to_string()));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::vector<std::string> aggregates(const Report& report, std::size_t rolled_up) {
  std::vector<std::string> items;
  const std::vector<AggregateError>& errors = errors_of(report, rolled_up);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const AggregateError& aggregate = errors[i];
    std::vector<JsonField> fields = {{"name", json_text(aggregate.name)},
                                     {"mechanism", json_text(aggregate.mechanism)}};
    if (aggregate.scale) fields.push_back({"scale", json_number(*aggregate.scale)});
    if (aggregate.standard_error)
      fields.push_back({"standard_error", json_number(*aggregate.standard_error)});
    if (aggregate.standard_error_times_count)
      fields.push_back(
          {"standard_error_times_count", json_number(*aggregate.standard_error_times_count)});
    if (aggregate.rank_error) fields.push_back({"rank_error", json_number(*aggregate.rank_error)});
    if (!report.query.select[i].is_quantile() || report.query.quantile_intervals)
      fields.push_back({"confidence", report.written.confidence.to_string()});
    items.push_back(json_object(fields));
  }
  return items;
}

/// Bounds are null before they are found.
std::string automatic_bounds(const Report& report) {
  std::vector<std::string> items;
  for (const Clamp& clamp : report.query.clamps) {
    if (!clamp.is_automatic()) continue;
    const bool there = clamp.source != Clamp::Source::automatic;
    std::vector<JsonField> fields = {{"column", json_text(clamp.column)},
                                     {"lower", there ? json_number(clamp.lower) : "null"},
                                     {"upper", there ? json_number(clamp.upper) : "null"}};
    if (there) fields.push_back({"found", clamp.source == Clamp::Source::found ? "true" : "false"});
    items.push_back(json_object(fields));
  }
  const AutomaticBounds& mechanism = report.search->mechanism;
  return json_object({{"share", fmt::format("{:.12g}", report.query.automatic_share)},
                      {"epsilon_of_each", json_number(mechanism.cost().value())},
                      {"threshold", std::to_string(mechanism.threshold())},
                      {"columns", fmt::format("[{}]", fmt::join(items, ", "))}});
}

std::string columns(const Report& report, std::size_t begin, std::size_t end) {
  std::vector<std::string> names;
  for (std::size_t i = begin; i < end; ++i) names.push_back(json_text(report.query.by[i]));
  return fmt::format("[{}]", fmt::join(names, ", "));
}

/// Of a rollup: what its coarser groups have.
std::string coarser(const Report& report) {
  const std::size_t all = report.query.by.size();
  std::vector<std::string> items;
  for (std::size_t set = 1; set <= report.coarser.size(); ++set)
    items.push_back(json_object(
        {{"rolled_up", columns(report, all - set, all)},
         {"aggregates", fmt::format("[{}]", fmt::join(aggregates(report, set), ", "))}}));
  return lines(items);
}

std::string selection(const Selection& selection) {
  std::vector<JsonField> fields = {{"mechanism", json_text(selection.mechanism)}};
  if (selection.epsilon) fields.push_back({"epsilon", json_number(selection.epsilon->value())});
  fields.push_back({"delta", json_number(selection.delta.value())});
  if (selection.threshold) fields.push_back({"threshold", std::to_string(*selection.threshold)});
  if (selection.units_for_half)
    fields.push_back({"units_for_half", std::to_string(*selection.units_for_half)});
  return json_object(fields);
}

/// Its ε or ρ is the one that was asked for; of δ what was spent.
std::string cost(const Report& report) {
  const double delta =
      std::visit([](const auto& total) { return total.delta.value(); }, report.cost);
  return json_object(
      {{report.written.concentrated ? "rho" : "epsilon", report.written.loss.to_string()},
       {"delta", json_number(delta)}});
}

std::string estimate(const Estimate& estimate) {
  const auto end = [&](double x) { return estimate.has_interval() ? json_number(x) : "null"; };
  return json_object({{"value", json_number(estimate.value)},
                      {"low", end(estimate.low)},
                      {"high", end(estimate.high)}});
}

std::string row(const AnswerRow& row, const Report& report) {
  std::vector<JsonField> group, values;
  for (std::size_t i = 0; i < row.group.size(); ++i)
    group.push_back({report.query.by[i], row.group[i] ? json_text(*row.group[i]) : "null"});
  for (std::size_t i = 0; i < row.values.size(); ++i)
    values.push_back({report.aggregates[i].name, estimate(row.values[i])});
  std::vector<JsonField> fields = {{"group", json_object(group)}};
  if (report.query.rollup)
    fields.push_back({"rolled_up", columns(report, row.group.size(), report.query.by.size())});
  fields.push_back({"values", json_object(values)});
  return json_object(fields);
}

std::string rows(const Report& report) {
  std::vector<std::string> items;
  for (const AnswerRow& answer : *report.rows) items.push_back(row(answer, report));
  return lines(items);
}

}  // namespace

std::string render_json(const Report& report, const std::optional<std::string>& explanation) {
  std::vector<JsonField> fields = {{"privacy", privacy(report)},
                                   {"aggregates", lines(aggregates(report, 0))}};
  if (!report.query.where.empty()) fields.insert(fields.begin() + 1, {"where", where(report)});
  if (report.search) fields.push_back({"automatic_bounds", automatic_bounds(report)});
  if (report.query.rollup) fields.push_back({"coarser", coarser(report)});
  if (report.top && report.rows)
    fields.push_back({"top", json_object({{"asked", std::to_string(*report.top)},
                                          {"released", std::to_string(report.released)}})});
  if (report.wanted)
    fields.push_back({"wanted", json_object({{"error", report.wanted->share.to_string()},
                                             {"rows", std::to_string(report.wanted->rows)}})});
  if (!report.rows) {
    if (report.selection) fields.push_back({"selection", selection(*report.selection)});
    fields.push_back({"parts", std::to_string(report.parts)});
    fields.push_back({"split", json_text("jointly")});
    fields.push_back({"cost", cost(report)});
  } else {
    fields.push_back({"rows", rows(report)});
  }
  if (explanation) fields.push_back({"explanation", json_text(*explanation)});

  return json_document(fields);
}

}  // namespace sfumato
