#include "cli/render_columns.h"

#include <fmt/format.h>

#include "cli/display.h"
#include "sfumato/privacy/relation.h"

namespace sfumato {
namespace {

std::string clamps_text(const Query& query) {
  std::vector<std::string> texts;
  for (const Clamp& clamp : query.clamps)
    texts.push_back(
        fmt::format("{}={}:{}", clamp.column, shortest(clamp.lower), shortest(clamp.upper)));
  return fmt::format("{}", fmt::join(texts, "\n"));
}

TableNotes notes_of(const Report& report, const std::string& plan_sha256) {
  const Query& query = report.query;
  const Written& written = report.written;
  TableNotes notes = {
      {"sfumato.version", SFUMATO_VERSION},
      {written.concentrated ? "sfumato.rho" : "sfumato.epsilon", written.loss.to_string()},
      {"sfumato.delta", written.delta.to_string()},
      {"sfumato.unit", query.unit.value_or("row")},
      {"sfumato.relation", std::string(name_of(Relation::add_remove))},
      {"sfumato.max_groups", std::to_string(query.bounds.max_groups)},
      {"sfumato.max_rows", std::to_string(query.bounds.max_rows)},
      {"sfumato.confidence", written.confidence.to_string()},
      {"sfumato.charged", report.charged ? "true" : "false"},
      {"sfumato.plan_sha256", plan_sha256}};
  if (!query.clamps.empty()) notes.emplace_back("sfumato.clamps", clamps_text(query));
  if (report.search)
    notes.emplace_back("sfumato.found_clamps",
                       fmt::format("{}", fmt::join(report.search->columns, "\n")));
  std::string where;
  for (const Condition& condition : query.where)
    where += (where.empty() ? "" : "\n") + condition.to_string();
  if (!where.empty()) notes.emplace_back("sfumato.where", where);
  return notes;
}

/// In a rollup the scale and the errors are those of the finest groups.
TableNotes notes_of(const AggregateError& error) {
  TableNotes notes = {{"sfumato.mechanism", std::string(error.mechanism)}};
  const auto add = [&notes](const char* name, const std::optional<double>& number) {
    if (number) notes.emplace_back(name, shortest(*number));
  };
  add("sfumato.scale", error.scale);
  add("sfumato.standard_error", error.standard_error);
  add("sfumato.standard_error_times_count", error.standard_error_times_count);
  add("sfumato.rank_error", error.rank_error);
  return notes;
}

NewTableColumn keys_of(const Report& report, std::size_t column) {
  std::vector<std::optional<std::string>> cells;
  for (const AnswerRow& row : *report.rows)
    cells.push_back(column < row.group.size() ? row.group[column] : std::nullopt);
  return {.name = report.query.by[column], .cells = std::move(cells)};
}

NewTableColumn rolled_up(const Report& report) {
  std::vector<std::int64_t> cells;
  for (const AnswerRow& row : *report.rows)
    cells.push_back(static_cast<std::int64_t>(report.query.by.size() - row.group.size()));
  return {.name = "rolled_up", .cells = std::move(cells)};
}

NewTableColumn numbers_of(const Report& report, std::size_t item, double Estimate::*part) {
  std::vector<double> cells;
  for (const AnswerRow& row : *report.rows) cells.push_back(row.values[item].*part);
  return {.name = report.aggregates[item].name, .cells = std::move(cells)};
}

}  // namespace

NewTable columns_of(const Report& report, const std::string& plan_sha256) {
  NewTable table{.columns = {}, .notes = notes_of(report, plan_sha256)};
  for (std::size_t i = 0; i < report.query.by.size(); ++i)
    table.columns.push_back(keys_of(report, i));
  if (report.query.rollup) table.columns.push_back(rolled_up(report));
  for (std::size_t i = 0; i < report.aggregates.size(); ++i) {
    table.columns.push_back(numbers_of(report, i, &Estimate::value));
    table.columns.back().notes = notes_of(report.aggregates[i]);
    for (const auto& [end, part] :
         {std::pair{" low", &Estimate::low}, {" high", &Estimate::high}}) {
      table.columns.push_back(numbers_of(report, i, part));
      table.columns.back().name += end;
    }
  }
  return table;
}

}  // namespace sfumato
