#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/ledger.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/secagg/approval.h"
#include "sfumato/secagg/joint_book.h"
#include "sfumato/secagg/local_policy.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// A session that a party's shares may leave for, now or since before a restart.
struct EnteredSession {
  Digest session;  ///< SHA-256 of all reservations: names the session, and all ledgers' heads in it
  LedgerHead head;  ///< of this party's ledger, as it told the others
};

/// An organisation's own say in a joint statistic: nothing of its rows leaves before this lets it.
///
/// 1. `reserve` checks roster, plan, expiry and the organisation's own policy, charges its own ledger, and gives its
///    word for that, signed, with its ledger's head. Words go to all who contribute.
/// 2. `enter` takes the words of all of them. Only where each has charged its ledger, no ledger is older than
///    somebody knew it, and none was told of in two ways, is the way free: it is noted in the ledger, as the release of
///    the charge, and the session is entered.
///
/// **Law** A session is entered at most once for a plan, durably before `enter` returns; all its ledgers have charged
/// it before. A charge is never given back: where not all reserve, the same plan may be tried until it expires, at no
/// further cost, and where a session was entered only that one may be carried on with, from state that was kept; for
/// another one a new plan is wanted, with a nonce and a charge of its own.
///
/// Layout  docs/protocol/plans.md, "Reservation" and "Order of checks"
class JointGate {
 public:
  /// Refuses a key that is none of the roster's, a roster that it did not sign, a plan of another roster, that it
  /// does not contribute to or that the policy does not allow. `ledger`, `book` and `key` outlast the gate.
  static Result<JointGate> open(Ledger& ledger, JointBook& book, const SigningKey& key,
                                SignedRoster roster, ApprovedPlan plan, const LocalPolicy& policy);

  /// The word to give to all others; or the session that was entered before.
  Result<std::variant<std::string, EnteredSession>> reserve(std::int64_t now);

  struct Entry {
    Permit permit;
    EnteredSession session;
  };

  /// Takes the words of all who contribute, its own among them, in any order. Refuses where `reserve` did not give
  /// one. On an error nothing was entered.
  Result<Entry> enter(std::span<const std::string> words, std::int64_t now);

 private:
  JointGate(Ledger& ledger, JointBook& book, const SigningKey& key, SignedRoster roster,
            ApprovedPlan plan, std::size_t member)
      : ledger_(&ledger),
        book_(&book),
        key_(&key),
        roster_(std::move(roster)),
        plan_(std::move(plan)),
        member_(member) {}

  const QueryPlan& plan() const noexcept { return plan_.plan(); }
  SpendRequest charge() const;
  Result<std::string> give_word();
  Status check_own_ledger(const KnownHeads& known) const;
  Result<Entry> store(const std::string& entry, const LedgerHead& head);

  Ledger* ledger_;
  JointBook* book_;
  const SigningKey* key_;
  SignedRoster roster_;
  ApprovedPlan plan_;
  std::size_t member_;
  std::optional<Reservation> reserved_;
};

}  // namespace sfumato
