#include "sfumato/federated/training.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/honest_parts.h"
#include "secagg/joint_cost.h"
#include "secagg/plan_check.h"
#include "secagg/whole_steps.h"
#include "sfumato/account/composition.h"
#include "sfumato/federated/random_steps.h"
#include "sfumato/privacy/epsilon.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestTrainingTitle = 120;  // that of a round's plan tells the round, too

Error wrong(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

/// What a coordinate of the joint vector is called: no table has such a column by chance, so that nobody contributes the
/// rows themselves to a round.
std::string change_of(const std::string& column) {
  return "change(" + column + ")";
}

Decimal thousandths(double value) {
  return Decimal::parse(std::to_string(std::llround(std::ceil(value * 1000))) + "e-3").value();
}

constexpr double kWidest = 0x1p50;

/// Makes the noise of the one operation hardly wider than what its loss pays for.
Status set_noise(PlanTerms& terms, const Roster& roster) {
  Decimal& noise = terms.operations.front().noise;
  noise = Decimal::parse("1").value();
  if (const Status fit = check_terms(terms, roster); !fit) return fit;
  const auto lattice = JointLattice::make(terms);
  if (!lattice) return lattice.error();
  const double parts = static_cast<double>(*honest_parts(terms));
  const double square = static_cast<double>(lattice->parts().front().sensitivity.l2_squared);
  const double rho = terms.loss.to_double_down();
  double wide = std::max(1.0, std::sqrt(square / (2 * rho * parts)));
  for (double more = wide * 1e-6;; wide += more, more *= 2) {
    if (!(wide < kWidest)) return wrong("rho", "is too small for so many rounds");
    noise = thousandths(wide);
    if (check_cost(terms, *lattice)) return ok();
  }
}

Status check_title(const TrainingTerms& terms) {
  if (terms.plan.title.size() <= kLongestTrainingTitle) return ok();
  return wrong("title", "must have at most 120 bytes");
}

Status check_target(const TrainingTerms& terms) {
  const auto is_target = [&](const ModelFeature& feature) {
    return feature.column == terms.target;
  };
  if (terms.target.empty() || std::ranges::any_of(terms.features, is_target))
    return wrong("target", "must be a column that is no feature");
  return ok();
}

Decimal amount(uint128 units) {
  return LossAmount::of_units(units).value().value();
}

/// What each of so many rounds may cost, in units of 10^-12.
Result<uint128> share_of(const Decimal& rho, std::int64_t rounds) {
  if (rounds < 1 || rounds > Training::kMostRounds)
    return wrong("rounds", "must lie between 1 and 1000");
  const auto all = LossAmount::at_most(Exact(rho));
  const uint128 share = all ? all->units() / static_cast<uint128>(rounds) : 0;
  if (share == 0) return wrong("rho", "must be positive, at least 10^-12 a round");
  return share;
}

/// All that a round's plan says but the round: its one operation adds up changes in steps.
PlanTerms round_terms(const TrainingTerms& terms, std::int64_t length, const Decimal& loss) {
  PlanTerms round = terms.plan;
  round.by.clear();
  round.groups.clear();
  round.bounds = {.max_groups = 1, .max_rows = 1};
  round.law = JointLaw::discrete_gaussian;
  round.measure = JointMeasure::rho;
  round.loss = loss;
  round.delta = {};
  round.nonce = {};
  JointOperation sum{.answer = JointAnswer::vector_sum,
                     .upper = Decimal::parse(std::to_string(length)).value(),
                     .step = Decimal::parse("1").value(),
                     .noise = {}};
  sum.columns.push_back(change_of(terms.target));
  for (const ModelFeature& feature : terms.features)
    sum.columns.push_back(change_of(feature.column));
  round.operations = {std::move(sum)};
  return round;
}

Digest hash_of(const TrainingTerms& terms, const QueryPlan& first) {
  Canonical all("sfumato federated training v1");
  all.add(first.bytes()).add(terms.target);
  for (const Decimal& number : {terms.clip, terms.step, terms.rate, terms.momentum})
    all.add(number.to_string());
  all.add(terms.rounds).add(terms.people);
  all.add(static_cast<std::int64_t>(terms.features.size()));
  for (const ModelFeature& feature : terms.features)
    all.add(feature.column).add(feature.lower.to_string()).add(feature.upper.to_string());
  return all.digest();
}

Result<double> epsilon_at(const Decimal& rho, const Decimal& delta) {
  const auto composition = Composition::make({.events = {{.loss = ZcdpLoss{Exact(rho)}}}});
  if (!composition) return composition.error();
  const auto epsilon = composition->epsilon(Exact(delta));
  if (!epsilon) return epsilon.error();
  return epsilon->bound.upper;
}

}  // namespace

Result<Training> Training::make(TrainingTerms terms, const Roster& roster) {
  if (const Status fit = check_title(terms); !fit) return fit.error();
  if (const Status fit = check_target(terms); !fit) return fit.error();
  auto model = Logistic::make(terms.features);
  if (!model) return std::move(model).error();
  const auto rule = WeightRule::make(terms.step, terms.rate, terms.momentum, terms.people);
  if (!rule) return rule.error();
  const auto length = whole_steps(terms.clip, terms.step);
  if (!length) return wrong("clip", "must be a whole number of steps");
  if (const auto steps = RandomSteps::make(*length, model->size()); !steps) return steps.error();
  const auto share = share_of(terms.rho, terms.rounds);
  if (!share) return share.error();
  PlanTerms round = round_terms(terms, *length, amount(*share));
  if (const Status set = set_noise(round, roster); !set) return set.error();
  const auto first = QueryPlan::make(round, roster);
  if (!first) return first.error();
  const Digest hash = hash_of(terms, *first);
  return Training(std::move(terms), *std::move(model), *rule, *length, std::move(round),
                  amount(*share * static_cast<uint128>(terms.rounds)), hash);
}

Result<QueryPlan> Training::plan(std::int64_t round, const ModelState& state,
                                 const Roster& roster) const {
  PlanTerms terms = round_;
  terms.title += ": round " + std::to_string(round) + " of " + std::to_string(terms_.rounds) +
                 ", training " + hexadecimal(hash_).substr(0, 16);
  Canonical nonce("sfumato federated round v1");
  nonce.add(view_of(hash_)).add(round);
  for (const std::int64_t weight : state.weights) nonce.add(weight);
  for (const std::int64_t moved : state.moved) nonce.add(moved);
  const Digest digest = nonce.digest();
  std::copy_n(digest.begin(), terms.nonce.size(), terms.nonce.begin());
  return QueryPlan::make(std::move(terms), roster);
}

Digest Training::name_of(std::int64_t round) const {
  return Canonical("sfumato federated round name v1").add(view_of(hash_)).add(round).digest();
}

Result<LocalPolicy> Training::allowed_by(LocalPolicy policy) const {
  if (rho_ > policy.most_rho)
    return Error{Errc::refused, "policy",
                 "allows ρ = " + policy.most_rho.to_string() +
                     " a plan or training, this one costs " + rho_.to_string() +
                     " in all its rounds"};
  std::vector<std::string> used = {terms_.target};
  for (const ModelFeature& feature : terms_.features) used.push_back(feature.column);
  const std::vector<std::string> allowed = std::exchange(policy.columns, {});
  for (const std::string& column : used) {
    if (std::ranges::find(allowed, column) == allowed.end())
      return Error{Errc::refused, "policy", "allows no training on '" + column + "'"};
    policy.columns.push_back(change_of(column));
  }
  return policy;
}

Result<Decimal> epsilon_of_rho(const Decimal& rho, const Decimal& delta) {
  const auto epsilon = epsilon_at(rho, delta);
  if (!epsilon) return epsilon.error();
  const auto millionths = static_cast<uint128>(std::ceil(*epsilon * 1e6));
  return amount(millionths * 1'000'000);
}

Result<Decimal> greatest_rho(const Decimal& epsilon, const Decimal& delta, std::int64_t rounds) {
  if (rounds < 1 || rounds > Training::kMostRounds)
    return wrong("rounds", "must lie between 1 and 1000");
  if (epsilon.sign() <= 0 || epsilon.to_double_up() > Epsilon::kMax)
    return wrong("epsilon", "must lie in (0, 2^20]");
  const auto total = [&](std::int64_t billionths) {
    return amount(static_cast<uint128>(billionths) * 1000 * static_cast<uint128>(rounds));
  };
  std::int64_t low = 0;
  auto high =
      static_cast<std::int64_t>(epsilon.to_double_up() * 1e9 / static_cast<double>(rounds)) +
      1;  // ε is above ρ
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto reached = epsilon_at(total(middle), delta);
    if (!reached) return reached.error();
    (*reached <= epsilon.to_double_down() ? low : high) = middle;
  }
  if (low == 0) return wrong("epsilon", "is too small for so many rounds at this delta");
  return total(low);
}

}  // namespace sfumato
