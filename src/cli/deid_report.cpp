#include "cli/deid_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "cli/display.h"
#include "cli/json.h"
#include "cli/layout.h"

namespace sfumato {
namespace {

struct Met {
  const char* what;
  std::uint64_t cells;
  Action action;
};

std::vector<Met> met_by(const ColumnReport& column) {
  return {{"missing", column.tally.missing, column.policy.missing},
          {"overlong", column.tally.overlong, column.policy.overlong},
          {"invalid", column.tally.invalid, column.policy.invalid}};
}

std::string what_of(const ColumnReport& column) {
  std::string what(word_of(column.policy.transform));
  if (const auto* noise = std::get_if<NoiseParams>(&column.policy.transform))
    what += ", ε = " + noise->epsilon.to_string() + " a record";
  if (column.key_version) what += fmt::format(", key version {}", *column.key_version);
  if (std::holds_alternative<ChoiceParams>(column.policy.transform)) what += ", values may collide";
  const auto* hierarchy = std::get_if<HierarchyParams>(&column.policy.transform);
  if (hierarchy && !hierarchy->level) what += ", a level that is found";
  if (!column.named) what += " (default)";
  return what;
}

/// What found something in a text, and how much.
std::vector<std::pair<std::string, std::uint64_t>> found_in(const ColumnReport& column) {
  std::vector<std::pair<std::string, std::uint64_t>> found;
  const auto* text = std::get_if<TextParams>(&column.policy.transform);
  for (std::size_t kind = 0; text && kind < column.tally.findings.size(); ++kind)
    if (column.tally.findings[kind] > 0)
      found.emplace_back(text->found[kind].column, column.tally.findings[kind]);
  return found;
}

/// "2 replaced, 1 missing: null"; of texts "2 replaced (3 email, 1 phone), 5 without findings".
std::string counts_of(const ColumnReport& column) {
  const TransformParams& transform = column.policy.transform;
  if (std::holds_alternative<KeepParams>(transform) ||
      std::holds_alternative<DropParams>(transform))
    return {};
  std::string counts = fmt::format("{} replaced", column.tally.replaced), kinds;
  for (const auto& [name, count] : found_in(column))
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, printable(name));
  if (!kinds.empty()) counts += " (" + kinds + ")";
  if (column.tally.untouched > 0)
    counts += fmt::format(", {} without findings", column.tally.untouched);
  for (const Met& met : met_by(column))
    if (met.cells > 0)
      counts += fmt::format(", {} {}: {}", met.cells, met.what, word_of(met.action));
  return counts;
}

std::string role_of(const ColumnReport& column) {
  return column.named ? std::string(word_of(column.policy.role)) : "not named";
}

/// What a release made of a column; none where it is no quasi-identifier that it looked at.
const ReleasedColumn* released(const DeidReport& report, const ColumnReport& column) {
  if (!report.release) return nullptr;
  for (const ReleasedColumn& one : report.release->columns)
    if (one.column == column.policy.column) return &one;
  return nullptr;
}

/// "2 replaced, 1 missing: null, 3 suppressed".
std::string counts_of(const DeidReport& report, const ColumnReport& column) {
  std::string counts = counts_of(column);
  const ReleasedColumn* const found = released(report, column);
  if (found && found->suppressed_cells > 0)
    counts += fmt::format("{}{} suppressed", counts.empty() ? "" : ", ", found->suppressed_cells);
  return counts;
}

/// "3 suppressed", or "5 cells suppressed in 2 rows".
std::string suppressed_of(const ReleaseReport& release) {
  if (release.policy.suppressed != ReleasePolicy::Suppressed::cells)
    return fmt::format("{} suppressed", release.found.suppressed);
  std::uint64_t cells = 0;
  for (const ReleasedColumn& column : release.columns) cells += column.suppressed_cells;
  return fmt::format("{} suppressed in {}", counted(static_cast<std::int64_t>(cells), "cell"),
                     counted(static_cast<std::int64_t>(release.rows_that_lost_cells), "row"));
}

/// Whether lost cells tell of sensitive values: which classes lost them was decided by more than their rows.
bool tells_by_gaps(const ReleasePolicy& policy) {
  return policy.suppressed == ReleasePolicy::Suppressed::cells &&
         std::ranges::any_of(policy.models, [](const ModelPolicy& model) {
           return !std::holds_alternative<KAnonymity>(model.model);
         });
}

std::string release_lines(const ReleaseReport& release, bool exact) {
  std::string text = fmt::format(
      "Released{} with {}: {} in {} {}, {}, {} {}. Read back and verified.\n",
      release.policy.method == ReleasePolicy::Method::mondrian ? " by mondrian" : "",
      models_of(release.policy),
      counted(static_cast<std::int64_t>(release.rows - release.found.suppressed), "row"),
      release.found.classes, release.found.classes == 1 ? "class" : "classes",
      suppressed_of(release), name_of(release.policy.measure), shortest(release.found.loss));
  if (tells_by_gaps(release.policy))
    text +=
        "A class of enough rows that lost cells is known to have failed a model of their sensitive "
        "values.\n";
  if (exact)
    text += release.exact_loss.empty()
                ? "Exactly: no fraction is told of entropy, of mondrian, nor where cells are "
                  "suppressed.\n"
                : fmt::format("Exactly: {}\n", release.exact_loss);
  return text;
}

std::string lines_of(const DeidReport& report, bool counted) {
  std::vector<std::vector<std::string>> rows;
  for (const ColumnReport& column : report.columns)
    rows.push_back({printable(column.policy.column), role_of(column), what_of(report, column),
                    counted ? counts_of(report, column) : ""});
  return aligned(rows, std::vector<Align>(4, Align::left));
}

std::string release_json(const ReleaseReport& release) {
  std::vector<std::string> models, columns;
  for (const ModelPolicy& model : release.policy.models)
    models.push_back(json_text(text_of(model)));
  const bool cells = release.policy.suppressed == ReleasePolicy::Suppressed::cells;
  for (const ReleasedColumn& column : release.columns) {
    std::vector<JsonField> fields = {
        {"column", json_text(column.column)},
        {"level", column.by_class ? "null" : std::to_string(column.level)},
        {"levels", std::to_string(column.levels)}};
    if (cells) fields.push_back({"suppressed_cells", std::to_string(column.suppressed_cells)});
    columns.push_back(json_object(fields));
  }
  std::vector<JsonField> fields = {
      {"models", fmt::format("[{}]", fmt::join(models, ", "))},
      {"method", release.policy.method == ReleasePolicy::Method::mondrian ? "\"mondrian\""
                                                                          : "\"full-domain\""},
      {"rows", std::to_string(release.rows)},
      {"suppressed", std::to_string(release.found.suppressed)},
      {"classes", std::to_string(release.found.classes)},
      {"measure", json_text(name_of(release.policy.measure))},
      {"value", json_number(release.found.loss)},
      {"exactly", release.exact_loss.empty() ? "null" : json_text(release.exact_loss)},
      {"quasi", fmt::format("[{}]", fmt::join(columns, ", "))}};
  if (cells)
    fields.push_back({"rows_that_lost_cells", std::to_string(release.rows_that_lost_cells)});
  return json_object(fields);
}

std::string column_json(const ColumnReport& column) {
  const auto number = [](std::uint64_t count) { return std::to_string(count); };
  std::vector<JsonField> fields = {
      {"column", json_text(column.policy.column)},
      {"role", column.named ? json_text(word_of(column.policy.role)) : "null"},
      {"transform", json_text(word_of(column.policy.transform))},
      {"replaced", number(column.tally.replaced)}};
  if (std::holds_alternative<TextParams>(column.policy.transform)) {
    std::vector<JsonField> findings;
    for (const auto& [name, count] : found_in(column)) findings.push_back({name, number(count)});
    fields.push_back({"untouched", number(column.tally.untouched)});
    fields.push_back({"findings", json_object(findings)});
  }
  if (const auto* noise = std::get_if<NoiseParams>(&column.policy.transform))
    fields.push_back({"epsilon", noise->epsilon.to_string()});
  if (column.key_version) fields.push_back({"key_version", std::to_string(*column.key_version)});
  for (const Met& met : met_by(column))
    if (met.cells > 0)
      fields.push_back({met.what, json_object({{"cells", number(met.cells)},
                                               {"action", json_text(word_of(met.action))}})});
  return json_object(fields);
}

}  // namespace

std::string what_of(const DeidReport& report, const ColumnReport& column) {
  const ReleasedColumn* const found = released(report, column);
  if (!found || !found->generalised) return what_of(column);
  if (found->by_class) return fmt::format("{}, by class", word_of(column.policy.transform));
  return fmt::format("{}, level {} of {}", word_of(column.policy.transform), found->level,
                     found->levels - 1);
}

std::string models_of(const ReleasePolicy& policy) {
  std::vector<std::string> models;
  for (const ModelPolicy& model : policy.models) models.push_back(printable(text_of(model)));
  return fmt::format("{}", fmt::join(models, "; "));
}

std::string deid_lines(const DeidReport& report, bool exact) {
  return lines_of(report, true) +
         (report.release ? release_lines(*report.release, exact) : std::string()) +
         fmt::format(
             "{} read, {} written. These counts are of the table itself: they are not "
             "private.\n",
             counted(static_cast<std::int64_t>(report.rows.rows_read), "row"),
             report.rows.rows_written);
}

std::string deid_plan_lines(const DeidReport& report) {
  return lines_of(report, false);
}

std::string deid_json(const DeidReport& report) {
  std::vector<std::string> columns;
  for (const ColumnReport& column : report.columns) columns.push_back(column_json(column));
  std::vector<JsonField> fields = {
      {"rows_read", std::to_string(report.rows.rows_read)},
      {"rows_written", std::to_string(report.rows.rows_written)},
      {"format", json_text(report.format == TableFormat::csv ? "csv" : "parquet")},
      {"columns", fmt::format("[\n    {}\n  ]", fmt::join(columns, ",\n    "))}};
  if (report.release) fields.push_back({"release", release_json(*report.release)});
  return json_document(fields);
}

Reidentification reidentification(const DeidReport& report, const std::string& policy,
                                  const std::string& table, const KeyRing& ring) {
  std::vector<std::string> names, columns;
  for (const ColumnReport& column : report.columns) {
    if (!column.named) continue;
    names.push_back(printable(column.policy.column));
    std::vector<JsonField> fields = {{"column", json_text(column.policy.column)},
                                     {"transform", json_text(word_of(column.policy.transform))}};
    if (column.key_version) fields.push_back({"key_version", std::to_string(*column.key_version)});
    columns.push_back(json_object(fields));
  }
  return {.ring = name_of(ring.id()),
          .columns = shortened(fmt::format("{}", fmt::join(names, ", ")), 1000),
          .plan = json_object({{"form", json_text("sfumato reidentify 1")},
                               {"policy", json_text(policy)},
                               {"table", json_text(table)},
                               {"columns", fmt::format("[{}]", fmt::join(columns, ", "))}}),
          .rows = static_cast<std::int64_t>(report.rows.rows_written)};
}

}  // namespace sfumato
