#include "cli/sampled.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/deid_report.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/payment.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "sfumato/io/atomic_file.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

using Json = nlohmann::ordered_json;

/// All that decides what is released: the policy and the files that it names, as they were read, the ring and the table.
Result<std::string> plan_of(const DeidArguments& given, const Policy& policy,
                            const SampledRelease& release, const KeyRing* ring) {
  Json json = {{"form", "sfumato deid 2"},
               {"policy", policy.text},
               {"table", given.table},
               {"unit", "row"},
               {"ring", ring ? Json({name_of(ring->id()), ring->newest()}) : Json(nullptr)}};
  Json& files = json["files"] = Json::array();
  for (const PolicyFile& file : policy.files) files.push_back(*file.bytes);
  Json& columns = json["columns"] = Json::array();
  for (const ColumnReport& column : release.plan().columns) {
    Json one = {{"column", column.policy.column}};
    if (column.key_version) one["key_version"] = *column.key_version;
    columns.push_back(std::move(one));
  }
  try {
    return json.dump(-1, ' ', true);
  } catch (const Json::exception&) {
    return Error{Errc::invalid_parameter, given.policy,
                 "must be written in UTF-8, with the files that it names, where a ledger is to "
                 "know it again"};
  }
}

std::string bytes_of(const SampledTable& table) {
  Json classes = Json::array();
  for (const SampledClass& one : table.classes) {
    Json cells = Json::array();
    for (const auto& cell : one.cells) cells.push_back(cell ? Json(*cell) : Json(nullptr));
    classes.push_back(Json::array({std::move(cells), one.rows}));
  }
  Json json{{"columns", table.columns}, {"classes", std::move(classes)}};
  for (const DrawnLevel& drawn : table.levels)
    json["levels"].push_back(Json::array({drawn.column, drawn.level, drawn.highest}));
  std::string bytes;
  Json::to_cbor(json, bytes);
  return bytes;
}

/// A stored release, whose columns are those that the policy releases.
Result<SampledTable> table_of(const std::string& bytes, const std::vector<std::string>& columns) {
  SampledTable table;
  try {
    const Json json = Json::from_cbor(bytes);
    table.columns = json.at("columns").get<std::vector<std::string>>();
    for (const Json& stored : json.at("classes")) {
      SampledClass& one = table.classes.emplace_back();
      for (const Json& cell : stored.at(0))
        one.cells.push_back(cell.is_null() ? std::nullopt : std::optional(cell.get<std::string>()));
      one.rows = stored.at(1).get<std::uint64_t>();
    }
    for (const Json& stored : json.value("levels", Json::array()))
      table.levels.push_back({stored.at(0).get<std::string>(), stored.at(1).get<std::uint64_t>(),
                              stored.at(2).get<std::uint64_t>()});
  } catch (const Json::exception&) {
    return stored_otherwise();
  }
  if (table.columns != columns)
    return Error{Errc::malformed, "stored release", "has other columns than the policy releases"};
  return table;
}

/// What a release by sampling is, in figures of which none is of the table but those of the file.
struct Told {
  const DeidReport& plan;
  const SampledPolicy& asked;
  const SafePub& law;
  const SampledTable& table;
  bool charged;
};

/// How many rows of one person are told of.
constexpr std::int64_t kRows[] = {2, 5, 10};

/// A probability in two digits, rounded up.
std::string two_digits(double probability) {
  if (probability >= 1) return "1";
  const double power = std::floor(std::log10(probability));
  const double digits = std::ceil(probability / std::pow(10, power) * 10 * (1 + 1e-12));
  return fmt::format("{:g}e{}", digits / 10, power);
}

/// "2ε and δ = 3.5e-6 for 2 rows, …".
std::string protection(const SafePub& law) {
  std::string text;
  for (const std::int64_t rows : kRows)
    text += fmt::format("{}{}ε and δ = {} for {} rows", text.empty() ? "" : ", ", rows,
                        two_digits(law.delta_of_rows(rows)), rows);
  return text;
}

/// "Levels drawn with ε = 0.2: age 2 of 4, site 1 of 3.", where any was.
std::string levels_of(const Told& told) {
  if (!told.asked.search) return {};
  std::string text;
  for (const DrawnLevel& drawn : told.table.levels)
    text += fmt::format("{}{} {} of {}", text.empty() ? "" : ", ", printable(drawn.column),
                        drawn.level, drawn.highest);
  return fmt::format("Levels drawn with ε = {}, and rows with ε = {}: {}.\n",
                     told.asked.search->epsilon.to_string(), told.law.epsilon().to_string(), text);
}

std::string lines_of(const Told& told) {
  return deid_plan_lines(told.plan) + levels_of(told) +
         fmt::format(
             "Released by safepub with ε = {}, δ = {}: rows drawn with probability {}, and of "
             "those classes of {} rows at least: {} in {} {}{}. Read back and verified.\n"
             "Neighbours differ by one row. Who has several is protected by less: by {}.\n",
             told.asked.epsilon.to_string(), told.asked.delta.to_string(),
             rounded(told.law.beta().lower, 4), told.law.k(),
             counted(static_cast<std::int64_t>(told.table.rows()), "row"),
             told.table.classes.size(), told.table.classes.size() == 1 ? "class" : "classes",
             told.charged ? ", charged to a ledger" : "", protection(told.law));
}

std::string json_of(const Told& told) {
  std::string deltas;
  for (const std::int64_t rows : kRows)
    deltas += fmt::format("{}\"{}\": {}", deltas.empty() ? "{" : ", ", rows,
                          json_number(told.law.delta_of_rows(rows)));
  std::vector<JsonField> fields = {
      {"format", json_text(told.plan.format == TableFormat::csv ? "csv" : "parquet")},
      {"method", "\"safepub\""},
      {"unit", "\"row\""},
      {"epsilon", told.asked.epsilon.to_string()},
      {"delta", told.asked.delta.to_string()},
      {"delta_of_k", json_number(told.law.delta().upper)},
      {"delta_of_rows", deltas + "}"},
      {"k", std::to_string(told.law.k())},
      {"probability", json_number(told.law.beta().lower)},
      {"rows_written", std::to_string(told.table.rows())},
      {"classes", std::to_string(told.table.classes.size())}};
  if (told.asked.search) {
    std::vector<std::string> levels;
    for (const DrawnLevel& drawn : told.table.levels)
      levels.push_back(json_object({{"column", json_text(drawn.column)},
                                    {"level", std::to_string(drawn.level)},
                                    {"levels", std::to_string(drawn.highest + 1)}}));
    fields.push_back({"search_epsilon", told.asked.search->epsilon.to_string()});
    fields.push_back({"drawn", fmt::format("[{}]", fmt::join(levels, ", "))});
  }
  return json_document(fields);
}

Result<int> write(const DeidArguments& given, const Told& told) {
  if (Status done = write_sampled_table(told.table, told.law.k(), told.plan.format, *given.output);
      !done)
    return std::move(done).error();
  if (given.report)
    if (Status done = write_atomically(*given.report, json_of(told)); !done)
      return std::move(done).error();
  fmt::print(stderr, "{}", lines_of(told));
  return kDone;
}

/// What is given away: levels by the exponential mechanism, whose losses lie within a width of its ε, and rows.
ReleaseLoss loss_of(const SampledPolicy& asked, const SafePub& law) {
  ReleaseLoss loss{.parts = {{.loss = PureLoss{law.epsilon()}}}, .delta = Exact(asked.delta)};
  if (asked.search) loss.parts.push_back({.loss = BoundedRangeLoss{asked.search->epsilon}});
  return loss;
}

Result<int> write_paid(const DeidArguments& given, const Told& told, PaidBytes paid) {
  const Result<int> written = write(given, told);
  if (!written) return written;
  if (Status noted = paid.ledger.published(paid.release); !noted) return std::move(noted).error();
  return written;
}

/// What can be known of the places before anything is paid for.
Status check(const DeidArguments& given) {
  if (given.table == "-" && given.payment.ledger && !given.payment.data_version)
    return Error{Errc::invalid_parameter, "data-version",
                 "is needed where a ledger pays for standard input: it says which data that is"};
  if (given.report && given.report->ends_with(".html"))
    return Error{Errc::invalid_parameter, "report",
                 "cannot be a page of the risk before, which is of the table and not private: name "
                 "a file for JSON"};
  return given.output ? check_put_whole(*given.output, "a [release] is read back first") : ok();
}

}  // namespace

Result<int> release_sampled(const DeidArguments& given, const Policy& policy,
                            const RewriteParams& params, const KeyRing* ring) {
  if (Status fit = check(given); !fit) return std::move(fit).error();
  Result<SampledRelease> release = SampledRelease::open(policy, given.table, params, ring);
  if (!release) return std::move(release).error();
  const DeidReport plan = release->plan();
  if (given.dry_run) return deliver({}, deid_plan_lines(plan));
  const SafePub law = release->law();
  const std::vector<std::string> columns = release->columns();
  const SampledPolicy& asked = *policy.release->sampled;
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  const auto draw = [&](Permit permit) {
    ProgressBar bar;
    return std::move(*release).draw(std::move(permit), *bits,
                                    [&](double share) { bar.show(share); });
  };
  if (!given.payment.ledger) {
    const auto table = draw(Permit::unaccounted("sfumato without a ledger"));
    if (!table) return table.error();
    return write(given, {plan, asked, law, *table, false});
  }
  const auto known = plan_of(given, policy, *release, ring);
  if (!known) return known.error();
  const Purchase purchase{*known, "deid by safepub, of a row",
                          stated(false, asked.epsilon, asked.delta), loss_of(asked, law)};
  auto paid = pay(given.payment, purchase, [&](Permit permit) -> Result<std::string> {
    const auto table = draw(std::move(permit));
    if (!table) return table.error();
    return bytes_of(*table);
  });
  if (!paid) return std::move(paid).error();
  const auto table = table_of(paid->release.bytes, columns);
  if (!table) return table.error();
  return write_paid(given, {plan, asked, law, *table, true}, *std::move(paid));
}

}  // namespace sfumato
