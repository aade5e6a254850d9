#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/joint_home.h"
#include "cli/joint_mail.h"
#include "sfumato/secagg/coordinator.h"

namespace sfumato {

/// Refuses a key that is not that of the plan's coordinator.
Status check_coordinator(const QueryPlan& plan, const SigningKey& key);

/// Who collects and adds up, for one plan: as `JointParty`, it can end at any point and go on.
class JointServer {
 public:
  /// Refuses a key that is not that of the plan's coordinator, and a plan that is not approved.
  static Result<JointServer> open(const JointHome& home, JointMail& mail, const SigningKey& key,
                                  const Roster& roster, const QueryPlan& plan);

  /// Does all that can be done with what lies in the mail. `close` ends one round now, though some are late.
  Status advance(bool close = false);

  bool is_done() const noexcept { return done_; }
  int round() const noexcept { return coordinator_ ? static_cast<int>(coordinator_->round()) : 0; }
  bool may_close() const noexcept;

  /// What the words of all led to; none before they were all there.
  std::optional<Digest> session() const noexcept {
    return coordinator_ ? std::optional(session_) : std::nullopt;
  }
  /// Places of those whose rows and noise are in the sums.
  std::vector<std::size_t> present() const {
    return coordinator_ ? coordinator_->survivors() : std::vector<std::size_t>();
  }
  std::string awaits() const;

 private:
  JointServer(const JointHome& home, JointMail& mail, const SigningKey& key, const Roster& roster,
              const QueryPlan& plan)
      : home_(&home), mail_(&mail), key_(&key), roster_(roster), plan_(plan) {}

  Status begin();
  Status listen();
  Status close_round();
  Status send(const std::vector<Letter>& letters);
  Status tell();

  const JointHome* home_;
  JointMail* mail_;
  const SigningKey* key_;
  Roster roster_;
  QueryPlan plan_;
  Digest session_{};
  std::string folder_;
  std::vector<std::size_t> missing_;
  std::size_t heard_ = 0;                  // in this round
  std::map<std::size_t, Digest> refused_;  // in this round, and from whose place in the mail
  bool done_ = false;
  std::optional<Coordinator> coordinator_;
};

}  // namespace sfumato
