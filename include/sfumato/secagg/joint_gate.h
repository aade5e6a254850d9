#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/ledger.h"
#include "sfumato/secagg/approval.h"
#include "sfumato/secagg/joint_book.h"
#include "sfumato/secagg/joint_word.h"
#include "sfumato/secagg/local_policy.h"
#include "sfumato/secagg/noised_vector.h"
#include "sfumato/secagg/party.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// A session that was entered, now or before a restart.
struct EnteredSession {
  Digest session;   ///< its name
  LedgerHead head;  ///< of this organisation's ledger, as it told the others
  Digest party;     ///< the name of the party that entered it, and alone may go on
};

/// An organisation's own say in a joint statistic: nothing of its rows leaves before this lets it.
///
/// 1. `reserve` checks roster, plan, expiry and the organisation's own policy, charges its own ledger, and gives its
///    word for that, with what it knows of all ledgers. Words go to all who contribute.
/// 2. `admit` takes the words of all of them. Only where each has charged its ledger, no ledger is older than somebody
///    knew it, and none was told of in two ways, it gives leave to make the vector (`noised`) and a party of it.
/// 3. `enter`, when that party's state is kept, notes the party in the ledger, as the release of the charge. Now it may
///    speak.
///
/// **Law** One party enters for a plan, whatever processes, restarts and copies there are, durably before `enter`
/// returns; all its ledgers have charged it before. A charge is never given back: where not all reserve, the same plan
/// may be tried until it expires, at no further cost, and where a session was entered only that party may carry on,
/// from state that was kept; for another one a new plan is wanted, with a nonce and a charge of its own.
///
/// Layout  docs/protocol/plans.md, "Reservation" and "Order of checks"
class JointGate {
 public:
  /// Refuses a key that is none of the roster's, a roster that it did not sign, a plan of another roster, that it
  /// does not contribute to or that the policy does not allow. `ledger`, `book` and `key` outlast the gate.
  static Result<JointGate> open(Ledger& ledger, JointBook& book, const SigningKey& key,
                                SignedRoster roster, ApprovedPlan plan, const LocalPolicy& policy);

  /// The word to give to all others, with what is known now; or the session that was entered before, also where the
  /// plan has expired since.
  Result<std::variant<std::string, EnteredSession>> reserve(std::int64_t now);

  /// Takes the words of all who contribute, its own among them, in any order, each the last that was given. Refuses
  /// where `reserve` did not give one.
  Result<JointPermit> admit(std::span<const std::string> words, std::int64_t now);

  /// The party is that of the session that `admit` gave leave for, or the one that entered before: each other one is
  /// refused. Its first message may leave when this returns, and not before.
  Status enter(const Party& party);

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
  const PublicKey& key_of(std::size_t member) const noexcept {
    return roster_.roster().members()[member].key;
  }
  SpendRequest charge() const;
  Result<std::string> give_word();
  Result<JointReservation> own_reservation();
  Result<EnteredSession> read(const std::string& entry) const;
  Status expect_all(std::span<const LedgerHead> heads);
  Status check_ledgers(std::span<const JointWord> words, std::span<const LedgerHead> charged);
  Status store(const Party& party);

  Ledger* ledger_;
  JointBook* book_;
  const SigningKey* key_;
  SignedRoster roster_;
  ApprovedPlan plan_;
  std::size_t member_;
  std::optional<Reservation> reserved_;
  std::vector<std::string> admitted_;  // reservations, which name the session
  std::optional<EnteredSession> entered_;
};

/// The name of the session that these words of all who contribute lead to, in any order: what a coordinator has to
/// know. Refuses what `admit` finds wrong with words alone.
Result<Digest> session_named_by(std::span<const std::string> words, const QueryPlan& plan,
                                const Roster& roster);

}  // namespace sfumato
