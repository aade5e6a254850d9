#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/federated/logistic.h"
#include "sfumato/federated/model_state.h"
#include "sfumato/secagg/local_policy.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// What is trained, by whom, and for what loss of privacy.
struct TrainingTerms {
  /// Title, organisations, unit, limits, coordinator and end of each round's plan; `most_rows` are people of one
  /// organisation. Operations, bounds, law, measure, loss and nonce are the training's to say, and not read.
  PlanTerms plan;

  std::string target;  ///< the column that is 1 where what is foreseen came true, else 0
  std::vector<ModelFeature> features;

  Decimal clip;      ///< the length beyond which a person's change is clipped
  Decimal step;      ///< to whole multiples of which it is rounded
  Decimal rate;      ///< by how much the mean change moves the weights
  Decimal momentum;  ///< which part of the last round's move goes on; 0: none
  std::int64_t rounds;
  std::int64_t people;  ///< about how many there are, as is known to all: changes are divided by it
  Decimal rho;          ///< what all rounds together may cost
};

/// Federated averaging with differential privacy for each person: in each round everybody's change of the weights is
/// clipped, rounded at random, and added up over all organisations by one joint plan, masked and with noise; from these
/// sums all work out the same new weights.
///
/// A round's plan follows from the training, the roster and the state of the weights: who derives it has the same bytes
/// as all others, or is in another training. Its nonce is a hash of those, so that other weights give another plan.
///
/// **Law** all rounds together are ρ-zCDP for each person, ρ being `rho()`, which is a whole multiple of what the ledger is
/// charged a round and not above what the terms say.
///
/// Proof   docs/proofs/federated/training.md
/// Origin  McMahan, Ramage, Talwar, Zhang: Learning Differentially Private Recurrent Language Models, 2018, with
///         one local step of all people, and noise of the organisations themselves
class Training {
 public:
  static constexpr std::int64_t kMostRounds = 1000;

  /// Refuses terms of which no plan can be made, and what `Logistic` and `WeightRule` refuse.
  static Result<Training> make(TrainingTerms terms, const Roster& roster);

  const TrainingTerms& terms() const noexcept { return terms_; }
  const Logistic& model() const noexcept { return model_; }
  const Digest& hash() const noexcept { return hash_; }     ///< of all that decides its rounds
  std::int64_t length() const noexcept { return length_; }  ///< `clip` in steps

  const Decimal& round_rho() const noexcept { return round_.loss; }  ///< of each round
  const Decimal& rho() const noexcept { return rho_; }               ///< of all of them

  ModelState start() const { return ModelState::zero(model_.size()); }

  /// The plan of a round, from 1 to `rounds`, that begins with these weights.
  Result<QueryPlan> plan(std::int64_t round, const ModelState& state, const Roster& roster) const;

  /// What tells a round from those of all trainings, whatever weights it begins with.
  Digest name_of(std::int64_t round) const;

  /// The weights after a round, from its signed sums.
  ModelState next(const ModelState& state, std::span<const std::int64_t> sums) const {
    return rule_.next(state, sums);
  }

  /// A policy by which a home allows a round's plan whose columns are changes, where `policy` allows what they are made of:
  /// the target and all features, and as much ρ for one plan as all rounds together cost. Refuses where it does not.
  Result<LocalPolicy> allowed_by(LocalPolicy policy) const;

 private:
  Training(TrainingTerms terms, Logistic model, WeightRule rule, std::int64_t length,
           PlanTerms round, Decimal rho, const Digest& hash)
      : terms_(std::move(terms)),
        model_(std::move(model)),
        rule_(rule),
        length_(length),
        round_(std::move(round)),
        rho_(rho),
        hash_(hash) {}

  TrainingTerms terms_;
  Logistic model_;
  WeightRule rule_;
  std::int64_t length_;
  PlanTerms round_;  // of each round, but for what tells it from others
  Decimal rho_;
  Digest hash_;
};

/// The greatest ρ, a whole multiple of 10^-9 for each round, with which that many rounds are (ε, δ)-differentially private:
/// what the accountant proves of ρ-zCDP. Refuses an ε that is too small for that.
Result<Decimal> greatest_rho(const Decimal& epsilon, const Decimal& delta, std::int64_t rounds);

/// What ρ-zCDP means at a δ, rounded up to 10^-6.
Result<Decimal> epsilon_of_rho(const Decimal& rho, const Decimal& delta);

}  // namespace sfumato
