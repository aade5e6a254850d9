#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/joint_home.h"
#include "cli/joint_mail.h"
#include "cli/joint_party.h"
#include "cli/joint_serve.h"
#include "sfumato/federated/training.h"

namespace sfumato {

/// What a home pays from, where its rows take part.
struct TrainingRows {
  Ledger ledger;
  JointBook book;
  JointPolicy policy;  ///< by which the plans of rounds are allowed
};

/// One home's part in all rounds of a training: it derives each round's plan itself, signs it where its rows take part,
/// contributes to it, adds up where it coordinates, and goes on with the weights that the signed sums lead to. As
/// `JointParty`, it can end at any point and go on.
class JointTraining {
 public:
  /// All outlast it; `rows` is there where this home's rows take part.
  JointTraining(const JointHome& home, JointMail& mail, const SigningKey& key, const Roster& roster,
                const Training& training, TrainingRows* rows)
      : home_(&home),
        mail_(&mail),
        key_(&key),
        roster_(&roster),
        training_(&training),
        rows_(rows),
        state_(training.start()) {}

  /// Does all that can be done with what lies in the mail. `close` ends a round of who adds up now, though some are late.
  Status advance(bool close = false);

  bool is_done() const noexcept { return round_ > training_->terms().rounds; }
  int round() const noexcept;  ///< rises with each round of each session
  bool may_close() const noexcept { return server_ && server_->may_close(); }
  std::string awaits() const;

  const ModelState& state() const noexcept { return state_; }
  LossAmount outsiders() const noexcept { return outsiders_; }  ///< ρ of the rounds that ended
  LossAmount colluders() const noexcept { return colluders_; }

 private:
  Status begin_round();
  Status sign();
  bool all_signed();
  Status work(bool close);
  Result<bool> end_round();

  const JointHome* home_;
  JointMail* mail_;
  const SigningKey* key_;
  const Roster* roster_;
  const Training* training_;
  TrainingRows* rows_;
  ModelState state_;
  std::int64_t round_ = 1;
  LossAmount outsiders_, colluders_;

  // Of the round at hand.
  std::optional<QueryPlan> plan_;
  std::string unsigned_;  // what is wrong with the signatures
  bool signed_ = false;
  std::optional<JointParty> party_;
  std::optional<JointServer> server_;
};

/// `sfumato joint train`.
Result<int> joint_train(const JointArguments& given);

}  // namespace sfumato
