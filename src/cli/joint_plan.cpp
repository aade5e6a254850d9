#include "cli/joint_plan.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "cli/joint_home.h"
#include "deid/fields.h"
#include "keys/draw.h"
#include "secagg/plan_bytes.h"
#include "secagg/untold_noise.h"
#include "sfumato/io/instant.h"
#include "sfumato/secagg/session.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostRows = std::int64_t{1} << 31;

constexpr std::pair<std::string_view, JointLaw> kLaws[] = {
    {"polya", JointLaw::polya},
    {"skellam", JointLaw::skellam},
    {"discrete_gaussian", JointLaw::discrete_gaussian}};

constexpr std::pair<std::string_view, JointPath> kPaths[] = {{"masked", JointPath::masked},
                                                             {"encrypted", JointPath::encrypted}};

constexpr std::pair<std::string_view, JointAnswer> kAnswers[] = {
    {"count", JointAnswer::count},         {"sum", JointAnswer::sum},
    {"mean", JointAnswer::mean},           {"variance", JointAnswer::variance},
    {"histogram", JointAnswer::histogram}, {"vector_sum", JointAnswer::vector_sum}};

/// Noise that is not told stays 0.
JointOperation operation_of(Fields& fields) {
  JointOperation op{
      .answer = fields.word<JointAnswer>("answer", kAnswers).value_or(JointAnswer::count),
      .columns = fields.texts("columns"),
      .lower = fields.number("lower").value_or(Decimal()),
      .upper = fields.number("upper").value_or(Decimal()),
      .step = fields.number("step").value_or(Decimal()),
      .edges = fields.numbers("edges"),
      .noise = fields.number("noise").value_or(Decimal())};
  if (const auto column = fields.text("column")) op.columns = {*column};
  return op;
}

std::vector<JointDataset> datasets_of(Fields& fields, const Roster& roster) {
  std::vector<JointDataset> datasets;
  fields.sections("datasets", [&](const std::string& name, const std::string&, Fields& dataset) {
    const auto place = roster.place_of(name);
    if (!place) dataset.refuse("name", "'" + name + "' is no organisation of the roster");
    datasets.push_back(
        {place.value_or(0), dataset.needed_text("name"), dataset.text("version").value_or("")});
  });
  return datasets;
}

/// All combinations of the cells that are agreed on for each column.
std::vector<std::vector<std::string>> groups_of(
    const std::vector<std::vector<std::string>>& cells) {
  std::vector<std::vector<std::string>> groups;
  if (cells.empty()) return groups;
  groups.emplace_back();
  for (const auto& column : cells) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& group : groups)
      for (const std::string& cell : column) {
        longer.push_back(group);
        longer.back().push_back(cell);
      }
    groups = std::move(longer);
    if (groups.size() > JointLattice::kMostCoordinates) break;  // which the plan refuses
  }
  return groups;
}

void read_groups(Fields& fields, PlanTerms& terms, const std::string& path) {
  terms.by = fields.texts("by");
  const TomlTable* const table = terms.by.empty() ? nullptr : fields.table("groups");
  if (terms.by.empty()) return;
  if (!table)
    return fields.refuse("groups", "needs [groups]: the agreed cells of each column of 'by'");
  Fields cells(*table, fields.place("groups"), path);
  std::vector<std::vector<std::string>> agreed;
  for (const std::string& column : terms.by) agreed.push_back(cells.texts(column));
  if (const Status done = cells.finish(); !done) fields.refuse("groups", done.error().message);
  terms.groups = groups_of(agreed);
}

/// A member by its name, else a line as `init` writes it, in a file beside the plan.
Result<Organisation> coordinator_of(Fields& fields, const Roster& roster, const std::string& file) {
  const std::string told = fields.needed_text("coordinator");
  if (told.empty()) return Error{Errc::invalid_parameter, file, "needs 'coordinator', a text"};
  return organisation_of(told, roster, std::filesystem::path(file).parent_path());
}

/// Who holds the key of encrypted sums, by name: all who contribute, where nobody is told.
void read_holders(Fields& fields, PlanTerms& terms, const Roster& roster) {
  terms.path = fields.word<JointPath>("path", kPaths).value_or(JointPath::masked);
  for (const std::string& name : fields.texts("key_holders")) {
    const auto place = roster.place_of(name);
    if (!place) fields.refuse("key_holders", "'" + name + "' is no organisation of the roster");
    terms.key_holders.push_back(place.value_or(0));
  }
  if (terms.path == JointPath::encrypted && terms.key_holders.empty())
    for (const JointDataset& dataset : terms.datasets) terms.key_holders.push_back(dataset.member);
  std::ranges::sort(terms.key_holders);
}

void read_limits(Fields& fields, PlanTerms& terms) {
  terms.most_rows = fields.needed_whole("most_rows", 1, kMostRows);
  terms.organisations_per_person = fields.needed_whole("organisations_per_person", 1, 100);
  terms.colluders = static_cast<std::size_t>(fields.whole("colluders", 0, 99).value_or(1));
  terms.dropouts = static_cast<std::size_t>(fields.whole("dropouts", 0, 99).value_or(0));
  terms.coordinator = fields.flag("coordinator_trusted").value_or(true) ? JointCoordinator::honest
                                                                        : JointCoordinator::active;
  const std::size_t least = least_threshold(
      terms.path == JointPath::masked ? terms.datasets.size() : terms.key_holders.size(),
      terms.colluders, terms.coordinator == JointCoordinator::active);
  terms.threshold = static_cast<std::size_t>(
      fields.whole("threshold", 1, 100)
          .value_or(static_cast<std::int64_t>(std::max(least, terms.colluders + 1))));
  terms.modulus_bits = static_cast<int>(fields.whole("modulus_bits", 32, 64).value_or(64));
}

void read_total(Fields& fields, PlanTerms& terms) {
  const auto epsilon = fields.number("epsilon"), rho = fields.number("rho");
  if (epsilon.has_value() == rho.has_value())
    fields.refuse("epsilon", "needs 'epsilon' or 'rho', one of them: what all of it may cost");
  terms.measure = rho ? JointMeasure::rho : JointMeasure::epsilon;
  terms.loss = rho ? *rho : epsilon.value_or(Decimal());
  terms.delta = fields.number("delta").value_or(Decimal());
}

}  // namespace

Result<PlanTerms> shared_terms(Fields& fields, const Roster& roster, const std::string& file) {
  const auto coordinator = coordinator_of(fields, roster, file);
  if (!coordinator) return coordinator.error();
  PlanTerms terms = unread_terms(*coordinator);
  terms.title = fields.needed_text("title");
  terms.unit = fields.needed_text("unit");
  terms.datasets = datasets_of(fields, roster);
  read_holders(fields, terms, roster);
  read_limits(fields, terms);
  const std::string until = fields.needed_text("expires");
  const auto end = Instant::parse(until);
  if (!end) fields.refuse("expires", "'expires' must be a day or time such as 2027-01-31");
  if (end) terms.expires = end->seconds;
  return terms;
}

Result<QueryPlan> plan_of_file(const std::string& file, const Roster& roster) {
  const auto text = text_of(file, kLongestMail);
  if (!text) return text.error();
  const auto table = read_toml(*text, file);
  if (!table) return table.error();
  Fields fields(*table, {}, file);
  auto shared = shared_terms(fields, roster, file);
  if (!shared) return std::move(shared).error();
  PlanTerms terms = *std::move(shared);
  read_groups(fields, terms, file);
  terms.law = fields.word<JointLaw>("law", kLaws).value_or(JointLaw::polya);
  read_total(fields, terms);
  terms.bounds = {
      .max_groups = terms.by.empty() ? 1 : fields.needed_whole("max_groups", 1, kMostRows),
      .max_rows = fields.needed_whole("max_rows", 1, kMostRows)};
  for (const auto& [operation, place] : fields.tables("operations")) {
    Fields told(*operation, place, file);
    terms.operations.push_back(operation_of(told));
    if (const Status done = told.finish(); !done) return done.error();
  }
  if (const Status done = fields.finish(); !done) return done.error();
  if (const Status set = share_noise(terms, roster); !set) return set.error();
  const auto nonce = draw_secret(terms.nonce.size());
  if (!nonce) return nonce.error();
  std::ranges::copy(nonce->bytes(), terms.nonce.begin());
  return QueryPlan::make(std::move(terms), roster);
}

}  // namespace sfumato
