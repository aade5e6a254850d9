#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"
#include "sfumato/secagg/query_plan.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// A member's promise that its ledger was charged for a plan. It gives one for a plan, whatever happens: those of all
/// who contribute name the session.
///
/// Layout  docs/protocol/plans.md, "Reservation"
struct JointReservation {
  Digest plan;         ///< hash of the plan
  Digest roster;       ///< hash of the roster
  std::size_t member;  ///< of the roster: who says so
  LedgerHead head;     ///< of its ledger, after it was charged

  /// Bytes and the signature behind them. The key is the member's.
  std::string signed_by(const SigningKey& key) const;

  /// Refuses what is none of a member that contributes to this plan, under this roster, by its key.
  static Result<JointReservation> parse(std::string_view bytes, const QueryPlan& plan,
                                        const Roster& roster);

  friend bool operator==(const JointReservation&, const JointReservation&) = default;
};

}  // namespace sfumato
