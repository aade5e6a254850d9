#pragma once

#include <map>
#include <span>
#include <string>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// The last entry of a ledger, as its keeper signed it: nobody else can make one, so that who tells of it frames
/// nobody, and two of one number with two hashes prove a fork.
///
/// Layout  docs/protocol/plans.md, "Heads of ledgers"
struct SignedHead {
  LedgerHead head;
  Signature signature;

  static SignedHead sign(const LedgerHead& head, const SigningKey& key);
  bool is_by(const PublicKey& key) const;

  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

/// The latest that is known of each ledger, by the key of its keeper.
using KnownHeads = std::map<PublicKey, SignedHead>;

/// Refuses heads of one ledger of which two have one number, but not one hash, or of which one is later than `now`.
Status check_heads(std::span<const LedgerHead> told, const LedgerHead& now,
                   const std::string& keeper);

}  // namespace sfumato
