#include "cli/joint_train.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/display.h"
#include "cli/joint_training_file.h"
#include "cli/joint_work.h"
#include "cli/layout.h"
#include "cli/output.h"
#include "cli/places.h"
#include "sfumato/federated/model_changes.h"
#include "sfumato/federated/trained_model.h"
#include "sfumato/secagg/joint_result.h"
#include "sfumato/secagg/joint_sums.h"

namespace sfumato {

Status JointTraining::advance(bool close) {
  while (!is_done()) {
    if (!plan_)
      if (const Status begun = begin_round(); !begun) return begun;
    auto ended = end_round();
    if (ended && !*ended) {
      const Status worked = work(std::exchange(close, false));
      ended = end_round();  // who was left out of a round takes its sums, too
      if (!worked && ended && !*ended) return worked;
    }
    if (!ended || !*ended) return ended ? ok() : Status(ended.error());
  }
  return ok();
}

/// What lies in the mail under the plan's name is this plan: who finds another one there does not go on.
Status JointTraining::begin_round() {
  auto plan = training_->plan(round_, state_, *roster_);
  if (!plan) return std::move(plan).error();
  const std::string name = plan_folder(plan->hash()) + "plan";
  const auto there = mail_->get(name);
  if (!there) return there.error();
  if (*there && **there != plan->bytes())
    return Error{Errc::refused, name, "must be the plan that its name tells: somebody changed it"};
  if (!*there)
    if (const Status put = mail_->put(name, plan->bytes()); !put) return put;
  plan_ = *std::move(plan);
  return ok();
}

Status JointTraining::sign() {
  if (!rows_ || signed_) return ok();
  const auto place = roster_->place_of(key_->public_key());
  if (const Status allowed = check(*home_, rows_->policy, *plan_, place); !allowed) return allowed;
  // Other weights would make one more round, and one more charge, of each round that the training has.
  const Status first = rows_->book.keep_round(training_->name_of(round_), plan_->hash());
  if (!first) return first;
  const auto approval = ApprovedPlan::approve(*plan_, *roster_, *key_);
  if (!approval) return approval.error();
  const Status put = mail_->put(
      fmt::format("{}approval.{}", plan_folder(plan_->hash()), approval->member),
      {reinterpret_cast<const char*>(approval->signature.data()), approval->signature.size()});
  signed_ = put.has_value();
  return put;
}

bool JointTraining::all_signed() {
  unsigned_.clear();
  if (const auto all = signed_roster(*mail_, *roster_); !all) unsigned_ = all.error().message;
  if (const auto all = approved_plan(*mail_, *plan_, *roster_); !all)
    unsigned_ = all.error().message;
  return unsigned_.empty();
}

Status JointTraining::work(bool close) {
  if (const Status done = sign(); !done) return done;
  if (!party_ && !server_ && !all_signed()) return ok();
  if (rows_ && !party_) {
    auto party = JointParty::open(
        *home_, *mail_, *key_, rows_->ledger, rows_->book, rows_->policy, *plan_,
        [this](const QueryPlan& plan, const std::vector<std::string>& files, BitSource& bits) {
          return changes_of(*training_, plan, state_, files, bits);
        });
    if (!party) return std::move(party).error();
    party_.emplace(*std::move(party));
  }
  if (plan_->terms().coordinated_by.key == key_->public_key() && !server_) {
    auto server = JointServer::open(*home_, *mail_, *key_, *roster_, *plan_);
    if (!server) return std::move(server).error();
    server_.emplace(*std::move(server));
  }
  if (party_ && !party_->is_done())
    if (const Status done = party_->advance(); !done) return done;
  return server_ && !server_->is_done() ? server_->advance(close) : ok();
}

/// Goes on to the next round where the sums of this one have come. What is no list of sums by the coordinator has not.
Result<bool> JointTraining::end_round() {
  const auto bytes = mail_->get(plan_folder(plan_->hash()) + "sums");
  if (!bytes) return bytes.error();
  if (!*bytes) return false;
  const auto sums = JointSums::parse(**bytes, *plan_);
  if (!sums) return false;
  const auto told = decode(*plan_, sums->sums, sums->present);
  if (!told) return told.error();
  outsiders_ = outsiders_ + told->outsiders;
  colluders_ = colluders_ + told->colluders;
  state_ = training_->next(state_, sums->sums);
  ++round_;
  plan_.reset();
  party_.reset();
  server_.reset();
  signed_ = false;
  return true;
}

int JointTraining::round() const noexcept {
  constexpr int kRoundsOfASession = 8;
  return static_cast<int>(round_) * kRoundsOfASession + (server_ ? server_->round() : 0);
}

std::string JointTraining::awaits() const {
  const auto in_round = [&](const std::string& what) {
    return fmt::format("{}, in round {} of the training", what, round_);
  };
  if (!unsigned_.empty()) return in_round("signatures, which " + unsigned_);
  if (server_ && !server_->is_done()) return in_round(server_->awaits());
  return in_round(party_ && !party_->is_done() ? party_->awaits() : "the sums");
}

namespace {

/// The model stands apart from what the home keeps and what is read.
Status check_places(const JointArguments& given, const JointHome& home) {
  std::vector<Place> kept = {
      {"key", home.key_file()},       {"line of this home", home.member_file()},
      {"policy", home.policy_file()}, {"roster", home.roster_file()},
      {"book", home.book_file()},     {"training", given.terms}};
  if (const auto policy = read_joint_policy(home)) {
    add_ledger(kept, policy->ledger);
    for (const auto& [dataset, files] : policy->tables) add_tables(kept, files);
  }
  return keep_apart({{"output", given.output}}, kept);
}

/// What pays for this home's rows; nothing where they take no part.
Result<std::optional<TrainingRows>> rows_of(const JointHome& home, const SigningKey& key,
                                            const Roster& roster, const Training& training) {
  const auto place = roster.place_of(key.public_key());
  const auto& datasets = training.terms().plan.datasets;
  if (!place || std::ranges::find(datasets, *place, &JointDataset::member) == datasets.end())
    return std::optional<TrainingRows>();
  auto policy = read_joint_policy(home);
  if (!policy) return std::move(policy).error();
  auto allowed = training.allowed_by(policy->allows);
  if (!allowed) return std::move(allowed).error();
  policy->allows = *std::move(allowed);
  auto ledger = ledger_of(*policy, key);
  if (!ledger) return std::move(ledger).error();
  auto book = JointBook::open(home.book_file());
  if (!book) return std::move(book).error();
  return std::optional(TrainingRows{*std::move(ledger), *std::move(book), *std::move(policy)});
}

Result<TrainedModel> model_of(const ToldTraining& told, const JointTraining& done) {
  const TrainingTerms& terms = told.training.terms();
  const auto outsiders = epsilon_of_rho(done.outsiders().value(), told.delta);
  if (!outsiders) return outsiders.error();
  const auto colluders = epsilon_of_rho(done.colluders().value(), told.delta);
  if (!colluders) return colluders.error();
  return TrainedModel{.title = terms.plan.title,
                      .unit = terms.plan.unit,
                      .target = terms.target,
                      .features = terms.features,
                      .weights = done.state().weights,
                      .training = told.training.hash(),
                      .rounds = terms.rounds,
                      .organisations = static_cast<std::int64_t>(terms.plan.datasets.size()),
                      .rho = told.training.rho(),
                      .delta = told.delta,
                      .outsiders = *outsiders,
                      .colluders = *colluders};
}

std::string story(const TrainedModel& model, const Training& training) {
  std::vector<std::vector<std::string>> rows = {
      {"", "weight", "of"}, {"(intercept)", rounded(weight_values(model.weights)[0], 3), ""}};
  for (std::size_t i = 0; i < model.features.size(); ++i) {
    const ModelFeature& feature = model.features[i];
    rows.push_back({printable(feature.column), rounded(weight_values(model.weights)[i + 1], 3),
                    fmt::format("{} … {}", feature.lower.to_string(), feature.upper.to_string())});
  }
  const auto colluders = static_cast<std::int64_t>(training.terms().plan.colluders);
  return fmt::format(
      "{}\nTraining {}: {} rounds of {} organisations.\n"
      "Privacy: at δ = {} ε = {} for each '{}' against who sees this, ε = {} against who pools it "
      "with all that {} can know;\neach ledger was charged ρ = {} a round, {} in all.\n",
      aligned(rows, {Align::left, Align::right, Align::right}),
      hexadecimal(model.training).substr(0, 16), model.rounds, model.organisations,
      model.delta.to_string(), model.outsiders.to_string(), printable(model.unit),
      model.colluders.to_string(), counted(colluders, "colluder"), training.round_rho().to_string(),
      model.rho.to_string());
}

}  // namespace

Result<int> joint_train(const JointArguments& given) {
  const JointHome home(given.home);
  if (const Status apart = check_places(given, home); !apart) return apart.error();
  const auto wait = seconds_of(given.wait, "wait");
  if (!wait) return wait.error();
  const auto most = seconds_of(given.round, "round");
  if (!most) return most.error();
  const auto roster = home.roster();
  if (!roster) return roster.error();
  const auto told = training_of_file(given.terms, *roster);
  if (!told) return told.error();
  const auto at_work = home.lock();
  if (!at_work) return at_work.error();
  const auto key = unlocked(home.key_file(), given.lock);
  if (!key) return key.error();
  auto rows = rows_of(home, *key, *roster, told->training);
  if (!rows) return std::move(rows).error();
  const auto mail = folder_mail(given.mail);
  JointTraining training(home, *mail, *key, *roster, told->training, *rows ? &**rows : nullptr);
  auto done = collect(training, *mail, *wait, given, *most);
  if (!done || !training.is_done()) return done;
  const auto model = model_of(*told, training);
  if (!model) return model.error();
  if (auto written = deliver(given.output, model->to_json()); !written) return written;
  return deliver({}, story(*model, told->training));
}

}  // namespace sfumato
