#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"
#include "sfumato/secagg/query_plan.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// The ends of other organisations' ledgers, as they signed them: what finds out who tells of an older one.
using KnownHeads = std::map<PublicKey, LedgerHead>;

/// A member's word that its ledger was charged for a plan: the ledger's last entry after that, and the last one that
/// it knows of each ledger of the others who contribute.
///
/// Layout  docs/protocol/plans.md, "Reservation"
struct JointReservation {
  Digest plan;         ///< hash of the plan
  Digest roster;       ///< hash of the roster
  std::size_t member;  ///< of the roster: who says so
  LedgerHead head;
  KnownHeads known;  ///< by rising keys

  /// Bytes and the signature behind them. The key is the member's.
  std::string signed_by(const SigningKey& key) const;

  /// Refuses what is no such word of a member that contributes to this plan, under this roster, by its key.
  static Result<JointReservation> parse(std::string_view bytes, const QueryPlan& plan,
                                        const Roster& roster);

  friend bool operator==(const JointReservation&, const JointReservation&) = default;
};

}  // namespace sfumato
