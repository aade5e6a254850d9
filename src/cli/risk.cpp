#include "sfumato/deid/risk.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "cli/arguments.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/layout.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/places.h"
#include "cli/verbs.h"
#include "sfumato/table/query.h"

namespace sfumato {
namespace {

constexpr std::array<std::uint64_t, 5> kSizes = {2, 3, 5, 10, 20};

constexpr const char* kNote =
    "These figures are about people as the table is, and as secret. A table without small classes "
    "is not differentially private: who "
    "knows more of a person than these columns, or has another table of the same people, may still "
    "learn of "
    "them.";

std::string percent(double share) {
  return rounded(100 * share, 2, Toward::above) + " %";
}

std::string share_of(std::uint64_t rows, const RiskReport& report) {
  return percent(static_cast<double>(rows) / static_cast<double>(report.rows));
}

using Lines = std::vector<std::vector<std::string>>;

void add_sensitive(const SensitiveRisk& risk, bool one_of_several, Lines& lines) {
  if (one_of_several)
    lines.push_back({"values of " + printable(risk.column), std::to_string(risk.values), ""});
  lines.push_back({"fewest sensitive values of a class", std::to_string(risk.fewest_values),
                   fmt::format("of {}: distinct l-diversity", risk.values)});
  lines.push_back(
      {"least entropy of a class, as l", rounded(risk.least_entropy_l, 3), "entropy l-diversity"});
  lines.push_back({"greatest distance from the table",
                   rounded(risk.greatest_distance, 4, Toward::above),
                   "t-closeness, values equally far from one another"});
  lines.push_back(
      {"greatest gain of a value", rounded(risk.greatest_gain, 3, Toward::above), "β-likeness"});
  lines.push_back({"greatest change of a value, in bits",
                   std::isinf(risk.greatest_bits) ? "no bound" : rounded(risk.greatest_bits, 3),
                   "δ-disclosure"});
}

void add_population(const RiskReport& report, Lines& lines) {
  const std::uint64_t least = report.smallest_of_population();
  if (least == 0)
    lines.push_back({"rows with none like them there",
                     std::to_string(report.rows_of_population->begin()->second),
                     "it is no population of this table"});
  else
    lines.push_back(
        {"fewest like a row in the population", std::to_string(least),
         "k-map; risk of a row to the journalist: " + percent(1 / static_cast<double>(least))});
  lines.push_back({"risk of a row on average, there", percent(report.marketer_risk()),
                   "marketer: the share of rows that would be found"});
}

std::string as_table(const RiskReport& report, const std::vector<std::string>& quasi) {
  Lines lines;
  lines.push_back({"rows", std::to_string(report.rows), ""});
  lines.push_back({"classes", std::to_string(report.classes()),
                   "rows alike in " + printable(fmt::format("{}", fmt::join(quasi, ", ")))});
  lines.push_back({"smallest class", std::to_string(report.smallest_class()), "k-anonymity"});
  for (const std::uint64_t size : kSizes) {
    const std::uint64_t below = report.rows_below(size);
    lines.push_back(
        {size == 2 ? "rows alone in their class" : fmt::format("rows in classes below {}", size),
         std::to_string(below), share_of(below, report)});
  }
  lines.push_back({"highest risk of a row", percent(report.prosecutor_risk()),
                   "prosecutor: who knows that the person is in the table"});
  lines.push_back({"risk of a row on average", percent(report.average_risk()),
                   "the share of rows that the prosecutor finds"});
  if (report.rows_of_population) add_population(report, lines);
  for (const SensitiveRisk& risk : report.sensitive)
    add_sensitive(risk, report.sensitive.size() > 1, lines);
  return aligned(lines, {Align::left, Align::right, Align::left}) + "\n" + wrapped(kNote);
}

std::vector<JsonField> fields_of(const SensitiveRisk& risk) {
  return {{"values", std::to_string(risk.values)},
          {"fewest_values", std::to_string(risk.fewest_values)},
          {"least_entropy_l", json_number(risk.least_entropy_l)},
          {"greatest_distance", json_number(risk.greatest_distance)},
          {"greatest_gain", json_number(risk.greatest_gain)},
          {"greatest_bits", json_number(risk.greatest_bits)}};
}

/// Of several columns each with its name.
std::string as_list(const std::vector<SensitiveRisk>& risks) {
  std::vector<std::string> list;
  for (const SensitiveRisk& risk : risks) {
    std::vector<JsonField> fields = fields_of(risk);
    fields.insert(fields.begin(), {"column", json_text(risk.column)});
    list.push_back(json_object(fields));
  }
  return fmt::format("[{}]", fmt::join(list, ", "));
}

std::string as_json(const RiskReport& report, const std::vector<std::string>& quasi) {
  std::vector<std::string> names;
  for (const std::string& name : quasi) names.push_back(json_text(name));
  std::vector<JsonField> below;
  for (const std::uint64_t size : kSizes)
    below.push_back({std::to_string(size), std::to_string(report.rows_below(size))});
  std::vector<JsonField> fields = {
      {"quasi", fmt::format("[{}]", fmt::join(names, ", "))},
      {"rows", std::to_string(report.rows)},
      {"classes", std::to_string(report.classes())},
      {"smallest_class", std::to_string(report.smallest_class())},
      {"rows_below", json_object(below)},
      {"prosecutor", json_object({{"highest", json_number(report.prosecutor_risk())},
                                  {"average", json_number(report.average_risk())}})}};
  if (report.rows_of_population)
    fields.push_back(
        {"population",
         json_object({{"fewest_like_a_row", std::to_string(report.smallest_of_population())},
                      {"average_risk", json_number(report.marketer_risk())}})});
  if (report.sensitive.size() == 1)
    fields.push_back({"sensitive", json_object(fields_of(report.sensitive.front()))});
  if (report.sensitive.size() > 1) fields.push_back({"sensitive", as_list(report.sensitive)});
  return json_document(fields);
}

}  // namespace

Result<int> run_risk(CommandLine words) {
  const auto parsed = parse_risk(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<RiskArguments>(parsed);
  std::vector<Place> kept;
  add_tables(kept, given.tables);
  add_tables(kept, given.population);
  if (Status places = keep_apart({{"output", given.output}}, kept); !places)
    return std::move(places).error();
  auto quasi = parse_columns(given.quasi);
  if (!quasi) return Error{quasi.error().code, "quasi", quasi.error().message};
  Result<std::vector<std::string>> sensitive = std::vector<std::string>();
  if (given.sensitive) sensitive = parse_columns(*given.sensitive);
  if (!sensitive) return Error{sensitive.error().code, "sensitive", sensitive.error().message};
  const Result<int> threads = threads_of(given.threads);
  if (!threads) return threads.error();
  const Result<RiskReport> report = risk_of({.tables = given.tables,
                                             .quasi = *quasi,
                                             .sensitive = *sensitive,
                                             .population = given.population,
                                             .threads = *threads});
  if (!report) return report.error();
  return deliver(given.output,
                 given.format == "json" ? as_json(*report, *quasi) : as_table(*report, *quasi));
}

}  // namespace sfumato
