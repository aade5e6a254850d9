#pragma once

#include <optional>
#include <string>

#include "ledger/store.h"
#include "sfumato/ledger/request.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {

/// What a request must be to be let in.
struct GateRules {
  const Digest& ledger;
  const Digest& head;  ///< hash of the last entry
  const std::string& actor;
  const std::string& statement;
  std::int64_t now;
};

/// A request that would be let in, for somebody to sign. Its nonce is of `bits`, opened where they are not
/// yet; fails where entropy does.
Result<LedgerRequest> next_request(Store& store, const GateRules& rules,
                                   std::optional<SystemBits>& bits);

/// Looks at a request as at a stranger's: it must be whole, signed by the key that the actor has now,
/// of this ledger, of this actor, for this and nothing else, not expired, not used before, the
/// actor's next, and signed for the log as it stands. Refuses all others by a sentence for each.
Result<LedgerRequest> let_in(Store& store, const SignedRequest& request, const GateRules& rules);

/// Notes that the request was used, by its nonce among those that expire when it does: so they are
/// found, and forgotten, without a look at all. Nonces of requests that had expired at `forget` are forgotten: the
/// ledger's time does not go back behind it.
Status use_up(Store& store, const LedgerRequest& request, std::int64_t forget);

/// Whose key it is; none where it is nobody's.
Result<std::optional<std::string>> member_with(Store& store, const PublicKey& key);

/// How many refusals of those who did not sign as they should stand in a row: more are not noted, so
/// that no outsider fills the disk.
constexpr int kMostStrangers = 16;

/// How long a request is good that the ledger drafts, and how long one may be, in seconds.
constexpr std::int64_t kUsualLife = 300, kLongestLife = 86400;

}  // namespace sfumato
