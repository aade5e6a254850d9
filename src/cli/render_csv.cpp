#include <fmt/format.h>

#include <cmath>

#include "cli/display.h"
#include "cli/layout.h"
#include "cli/report.h"

namespace sfumato {
namespace {

std::string cell(const std::optional<std::string>& key) {
  return key ? csv_cell(*key) : std::string();
}

std::string cell(const std::optional<double>& number) {
  return number ? shortest(*number) : std::string();
}

std::string line(const std::vector<std::string>& cells) {
  return fmt::format("{}\n", fmt::join(cells, ","));
}

std::string header(const Report& report) {
  std::vector<std::string> cells;
  for (const std::string& column : report.query.by) cells.push_back(csv_cell(column));
  if (report.query.rollup) cells.emplace_back("rolled_up");
  for (const AggregateError& aggregate : report.aggregates)
    for (const char* end : {"", " low", " high"}) cells.push_back(csv_cell(aggregate.name + end));
  return line(cells);
}

/// Cells of columns that a group is not made by are empty as NULL is: how many there are is told.
std::string row_line(const AnswerRow& row, const Query& query) {
  std::vector<std::string> cells;
  for (const auto& key : row.group) cells.push_back(cell(key));
  cells.resize(query.by.size());
  if (query.rollup) cells.push_back(std::to_string(query.by.size() - row.group.size()));
  for (const Estimate& estimate : row.values)
    for (const double number : {estimate.value, estimate.low, estimate.high})
      cells.push_back(std::isnan(number) ? std::string() : shortest(number));
  return line(cells);
}

std::vector<std::string> cells_of(const AggregateError& aggregate) {
  return {csv_cell(aggregate.name),
          std::string(aggregate.mechanism),
          cell(aggregate.scale),
          cell(aggregate.standard_error),
          cell(aggregate.standard_error_times_count),
          cell(aggregate.rank_error)};
}

std::string plan_lines(const Report& report) {
  std::vector<std::string> names = {
      "name", "mechanism", "scale", "standard_error", "standard_error_times_count", "rank_error"};
  if (report.query.rollup) names.emplace_back("rolled_up");
  std::string text = line(names);
  for (std::size_t set = 0; set <= report.coarser.size(); ++set)
    for (const AggregateError& aggregate : errors_of(report, set)) {
      std::vector<std::string> cells = cells_of(aggregate);
      if (report.query.rollup) cells.push_back(std::to_string(set));
      text += line(cells);
    }
  return text;
}

}  // namespace

std::string render_csv(const Report& report) {
  if (!report.rows) return plan_lines(report);
  std::string text = header(report);
  for (const AnswerRow& row : *report.rows) text += row_line(row, report.query);
  return text;
}

}  // namespace sfumato
