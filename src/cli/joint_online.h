#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/joint_mail_client.h"
#include "cli/joint_mail_server.h"
#include "cli/joint_party.h"
#include "cli/joint_serve.h"

namespace sfumato {

/// A party over a connection: waits for what others have to sign first, and in the end for the sums, which it takes
/// home.
class OnlineParty {
 public:
  using Open = std::function<Result<JointParty>()>;

  /// All outlast it; `open` is called when all have signed.
  OnlineParty(JointMail& mail, const Roster& roster, const QueryPlan& plan, Open open)
      : mail_(&mail), roster_(&roster), plan_(&plan), open_(std::move(open)) {}

  Status advance();
  bool is_done() const noexcept { return done_; }
  std::string awaits() const;

 private:
  JointMail* mail_;
  const Roster* roster_;
  const QueryPlan* plan_;
  Open open_;
  std::string unsigned_;  // what is wrong with the signatures
  std::optional<JointParty> party_;
  bool done_ = false;
};

/// A coordinator that listens: waits for signatures, and in the end until all whose rows are in the sums have fetched
/// them, at most until `end`.
class OnlineServer {
 public:
  /// All outlast it. Refuses a key that is not that of the plan's coordinator.
  static Result<OnlineServer> open(const JointHome& home, MailServer& mail, const SigningKey& key,
                                   const Roster& roster, const QueryPlan& plan, Deadline end);

  Status advance(bool close);
  bool is_done() const;
  int round() const noexcept { return server_ ? server_->round() : 0; }
  bool may_close() const noexcept { return server_ && server_->may_close(); }
  std::string awaits() const;
  /// Names of those whose rows are in the sums, and who have not fetched them.
  std::string without_sums() const;

 private:
  OnlineServer(const JointHome& home, MailServer& mail, const SigningKey& key, const Roster& roster,
               const QueryPlan& plan, Deadline end)
      : home_(&home), mail_(&mail), key_(&key), roster_(&roster), plan_(&plan), end_(end) {}

  const JointHome* home_;
  MailServer* mail_;
  const SigningKey* key_;
  const Roster* roster_;
  const QueryPlan* plan_;
  Deadline end_;
  std::string unsigned_;
  std::optional<JointServer> server_;
};

}  // namespace sfumato
