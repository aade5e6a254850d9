#include "cli/joint_training_file.h"

#include <utility>

#include "cli/joint_home.h"
#include "cli/joint_plan.h"
#include "deid/fields.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostPeople = std::int64_t{1} << 31;

std::vector<ModelFeature> features_of(Fields& model, const std::string& file) {
  std::vector<ModelFeature> features;
  for (const auto& [table, place] : model.tables("features")) {
    Fields fields(*table, place, file);
    ModelFeature feature;
    feature.column = fields.needed_text("column");
    feature.lower = fields.needed_number("lower");
    feature.upper = fields.needed_number("upper");
    if (const Status done = fields.finish(); !done) model.refuse("features", done.error().message);
    features.push_back(std::move(feature));
  }
  return features;
}

TrainingTerms terms_of(PlanTerms shared, Fields& model, const std::string& file) {
  return {.plan = std::move(shared),
          .target = model.needed_text("target"),
          .features = features_of(model, file),
          .clip = model.needed_number("clip"),
          .step = model.needed_number("step"),
          .rate = model.needed_number("rate"),
          .momentum = model.number("momentum").value_or(Decimal()),
          .rounds = model.needed_whole("rounds", 1, Training::kMostRounds),
          .people = model.needed_whole("people", 1, kMostPeople),
          .rho = {}};
}

}  // namespace

Result<ToldTraining> training_of_file(const std::string& file, const Roster& roster) {
  const auto text = text_of(file, kLongestMail);
  if (!text) return text.error();
  const auto table = read_toml(*text, file);
  if (!table) return table.error();
  Fields fields(*table, {}, file);
  auto shared = shared_terms(fields, roster, file);
  if (!shared) return std::move(shared).error();
  const auto epsilon = fields.number("epsilon"), rho = fields.number("rho");
  if (epsilon.has_value() == rho.has_value())
    fields.refuse("epsilon", "needs 'epsilon' or 'rho', one of them: what all rounds may cost");
  const Decimal delta = fields.needed_number("delta");
  const TomlTable* const model = fields.table("model");
  if (!model) fields.refuse("model", "needs [model]: what is trained, and how");
  if (const Status done = fields.finish(); !done) return done.error();
  Fields told(*model, fields.place("model"), file);
  TrainingTerms terms = terms_of(*std::move(shared), told, file);
  if (const Status done = told.finish(); !done) return done.error();
  if (delta.sign() <= 0 || delta.to_double_up() >= 1)
    return Error{Errc::invalid_parameter, "delta", "must lie between 0 and 1"};
  const auto total = rho ? Result<Decimal>(*rho) : greatest_rho(*epsilon, delta, terms.rounds);
  if (!total) return total.error();
  terms.rho = *total;
  auto training = Training::make(std::move(terms), roster);
  if (!training) return std::move(training).error();
  return ToldTraining{*std::move(training), delta};
}

}  // namespace sfumato
