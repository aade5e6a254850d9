#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/joint_home.h"
#include "cli/joint_mail.h"
#include "sfumato/secagg/contribution.h"
#include "sfumato/secagg/joint_gate.h"
#include "sfumato/secagg/party.h"

namespace sfumato {

/// What an organisation adds to the joint vector of a plan, made of the rows of these files.
using JointRows = std::function<Result<std::vector<std::int64_t>>(
    const QueryPlan& plan, const std::vector<std::string>& files, BitSource& bits)>;

/// One organisation's part in one plan, from its charge to its last word: what it says is kept in its home before it
/// lies in the mail, so that the process may end at any point and another one go on.
class JointParty {
 public:
  /// `tables` are the files of its dataset. All but the home may go when it is made, but for `key` and `ledger`.
  static Result<JointParty> open(const JointHome& home, JointMail& mail, const SigningKey& key,
                                 Ledger& ledger, JointBook& book, const JointPolicy& policy,
                                 const QueryPlan& plan, JointRows rows = contribution_of);

  /// Does all that can be done with what lies in the mail.
  Status advance();

  bool is_done() const noexcept { return party_ && party_->is_done(); }
  std::string awaits() const;  ///< for people: what has to come

 private:
  JointParty(const JointHome& home, JointMail& mail, const SigningKey& key, Roster roster,
             JointGate gate, QueryPlan plan, std::vector<std::string> tables, JointRows rows)
      : home_(&home),
        mail_(&mail),
        key_(&key),
        roster_(std::move(roster)),
        gate_(std::move(gate)),
        plan_(std::move(plan)),
        member_(*roster_.place_of(key.public_key())),
        tables_(std::move(tables)),
        rows_(std::move(rows)) {}

  std::string kept(const char* what) const { return home_->session_file(plan_.hash(), what); }
  Status begin();
  Status enter(const std::vector<std::string>& words);
  Status resume(const EnteredSession& entered);
  Status go_on_as(Party party);
  std::string said_name(int round) const;
  Status check_first(const std::string& name, const std::string& message);
  Status say(const PartyStep& step);
  Result<bool> has_ended();
  Result<std::optional<std::string>> letter();
  Error too_late(int round) const;
  Result<bool> comes_too_late(const PartyStep& step);
  Result<bool> hear();

  const JointHome* home_;
  JointMail* mail_;
  const SigningKey* key_;
  Roster roster_;
  JointGate gate_;
  QueryPlan plan_;
  std::size_t member_;
  std::vector<std::string> tables_;
  JointRows rows_;
  bool has_given_word_ = false;
  std::vector<std::size_t> missing_;  // whose words
  std::string folder_;  // of the session in the mail
  int said_ = 0;        // the round of what was said last
  std::optional<Party> party_;
};

}  // namespace sfumato
