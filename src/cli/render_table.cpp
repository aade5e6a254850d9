#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/display.h"
#include "cli/layout.h"
#include "cli/report.h"

namespace sfumato {
namespace {

using Rows = std::vector<std::vector<std::string>>;

bool is_number(const std::optional<std::string>& key) {
  return !key || (!key->empty() && key->find_first_not_of("-0123456789.") == std::string::npos);
}

constexpr std::string_view kMark = "~";

/// Value and interval as two cells; ends are rounded outward, so that what is shown still covers.
void append_cells(const Estimate& estimate, int places, double mark,
                  std::vector<std::string>& cells) {
  const std::string value = rounded(estimate.value, places);
  cells.push_back(is_noisy(estimate, mark) ? fmt::format("{}{}", kMark, value) : value);
  if (!estimate.has_interval()) {
    cells.emplace_back();
    return;
  }
  cells.push_back(fmt::format("[{}, {}]", rounded(estimate.low, places, Toward::below),
                              rounded(estimate.high, places, Toward::above)));
}

std::vector<Align> alignment_of(const Report& report) {
  std::vector<Align> columns;
  for (std::size_t i = 0; i < report.query.by.size(); ++i)
    columns.push_back(std::ranges::all_of(*report.rows,
                                          [i](const AnswerRow& row) {
                                            return i >= row.group.size() || is_number(row.group[i]);
                                          })
                          ? Align::right
                          : Align::left);
  columns.resize(columns.size() + 2 * report.aggregates.size(), Align::right);
  return columns;
}

std::string answers(const Report& report) {
  std::vector<std::string> header;
  for (const std::string& column : report.query.by) header.push_back(printable(column));
  std::vector<int> places;
  for (std::size_t i = 0; i < report.aggregates.size(); ++i) {
    header.insert(header.end(), {printable(report.aggregates[i].name), ""});
    places.push_back(places_of(report, i));
  }
  Rows rows = {header};
  for (const AnswerRow& row : *report.rows) {
    auto& cells = rows.emplace_back();
    cells = keys_text(row, report.query);
    for (std::size_t i = 0; i < row.values.size(); ++i)
      append_cells(row.values[i], places[i], report.mark, cells);
  }
  return aligned(rows, alignment_of(report));
}

std::string clamp_text(const Clamp& clamp) {
  const std::string column = printable(clamp.column);
  if (clamp.source == Clamp::Source::automatic)
    return fmt::format("{} to bounds that are found first", column);
  const char* how = clamp.source == Clamp::Source::found    ? " (found)"
                    : clamp.source == Clamp::Source::missed ? " (too few values to find bounds)"
                                                            : "";
  return fmt::format("{} to {} ... {}{}", column, shortest(clamp.lower), shortest(clamp.upper),
                     how);
}

std::string clamps_text(const Report& report) {
  std::vector<std::string> items;
  for (const Clamp& clamp : report.query.clamps) items.push_back(clamp_text(clamp));
  if (items.empty()) return {};
  const std::string cost =
      report.search ? "; finding takes " + auto_share_text(report) : std::string();
  return fmt::format("Clamped: {}{}.\n", fmt::join(items, ", "), cost);
}

std::string rows_text(const Query& query) {
  return query.where.empty() ? "" : fmt::format("Rows: those where {}.\n", where_text(query));
}

std::string bounds_text(const Report& report) {
  const Query& query = report.query;
  return fmt::format(
      "{}Bounds: {} counts in at most {}, with at most {} in each; no more is used.\n{}",
      rows_text(query), unit_text(query), counted(query.bounds.max_groups, "group"),
      counted(query.bounds.max_rows, "row"), clamps_text(report));
}

std::string groups_text(const Report& report) {
  if (report.query.by.empty()) return {};
  if (report.query.groups)
    return fmt::format("Groups: all that {} lists, empty ones too.\n",
                       printable(*report.query.groups));
  if (report.selection && report.selection->threshold)
    return fmt::format(
        "Groups: those whose noisy number of units, which is the one that is told, is at least "
        "{}.\n",
        *report.selection->threshold);
  std::string text = "Groups: those of few units are left out, at random";
  if (report.selection && report.selection->units_for_half)
    text += fmt::format(" (one of {} is shown half the time)", *report.selection->units_for_half);
  return text + ".\n";
}

std::string rollup_text(const Query& query) {
  if (!query.rollup) return {};
  return fmt::format(
      "Rolled up: groups {}; the same rows count in each, with noise of their own.\n",
      sets_text(query));
}

std::string top_text(const Report& report) {
  if (!report.top || !report.rows) return {};
  return fmt::format(
      "Shown: {} of the {} released, with the greatest {}; noise has lifted some of these.\n",
      report.rows->size(), counted(static_cast<std::int64_t>(report.released), "group"),
      printable(report.query.select.front().name()));
}

std::string footer(const Report& report) {
  return fmt::format(
      "Privacy: {}.\n{}{}{}{}"
      "Intervals: {:.12g} % each by itself; they cover the exact answer within the bounds.\n"
      "Marks: {} before a value that noise may move by more than {:.12g} % of it.\n",
      privacy_text(report), bounds_text(report), groups_text(report), top_text(report),
      rollup_text(report.query), report.query.confidence * 100, kMark, report.mark * 100);
}

std::string three_digits(double x) {
  return rounded(x, places_for(x / 10));
}

std::string error_text(const AggregateError& aggregate) {
  if (aggregate.awaits_bounds) return "hangs on the bounds";
  if (aggregate.standard_error) return three_digits(*aggregate.standard_error);
  if (aggregate.rank_error) return "about " + three_digits(*aggregate.rank_error) + " ranks";
  if (!aggregate.standard_error_times_count) return {};
  return "at most " + three_digits(*aggregate.standard_error_times_count) + " / count";
}

/// " by region, city", where there are several sets of groups.
std::string set_text(const Report& report, std::size_t rolled_up) {
  if (!report.query.rollup) return {};
  const std::string columns = columns_text(report.query, rolled_up);
  return columns.empty() ? " of everything" : " by " + columns;
}

std::string costs(const Report& report) {
  Rows rows = {{"part", "law", "scale", "standard error"}};
  if (report.selection)
    rows.push_back({"which groups to show", std::string(report.selection->mechanism), "", ""});
  for (std::size_t set = 0; set <= report.coarser.size(); ++set)
    for (const AggregateError& aggregate : errors_of(report, set))
      rows.push_back(
          {printable(aggregate.name) + set_text(report, set), std::string(aggregate.mechanism),
           aggregate.scale ? three_digits(*aggregate.scale) : "", error_text(aggregate)});
  return aligned(rows, {Align::left, Align::left, Align::right, Align::right});
}

std::string wanted_text(const std::optional<Wanted>& wanted) {
  if (!wanted) return {};
  return fmt::format(
      "Wanted: standard errors of at most {:.12g} % of the most that answers can be in a group of "
      "{}; this is the least ε of three digits.\n",
      wanted->share.to_double_up() * 100, counted(wanted->rows, "row"));
}

std::string plan_text(const Report& report) {
  const std::string parts =
      report.parts == 1
          ? ""
          : fmt::format("Parts: {}, calibrated jointly; composed, they cost that.\n", report.parts);
  return fmt::format(
      "{}\nPrivacy: it would cost {}.\n{}{}{}{}{}"
      "Nothing was spent, and no row was read.\n",
      costs(report), privacy_text(report), wanted_text(report.wanted), parts, bounds_text(report),
      groups_text(report), rollup_text(report.query));
}

}  // namespace

std::string render_table(const Report& report) {
  return report.rows ? answers(report) + "\n" + footer(report) : plan_text(report);
}

}  // namespace sfumato
