#pragma once

#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/secagg/reservation.h"
#include "sfumato/secagg/signed_head.h"

namespace sfumato {

/// What a member tells the others before a session: its reservation, which stays as it is, and what is known of all
/// ledgers now, which does not. It is given anew as often as it is asked for.
///
/// Layout  docs/protocol/plans.md, "Word"
struct JointWord {
  std::string reservation;  ///< the bytes that the member signed
  SignedHead now;           ///< of the member's own ledger
  KnownHeads known;         ///< of the others who contribute

  std::string signed_by(const SigningKey& key) const;

  /// Refuses what is no word of a member that contributes to this plan, under this roster, by its key; and heads that
  /// their keepers did not sign.
  static Result<JointWord> parse(std::string_view bytes, const QueryPlan& plan,
                                 const Roster& roster);

  friend bool operator==(const JointWord&, const JointWord&) = default;
};

}  // namespace sfumato
