#pragma once

#include <vector>

#include "ledger/session.h"

namespace sfumato {

/// Where the ledger holds keys: has the actor sign for what it wants to see, and notes whoever may not. `all`
/// is what owners and auditors see alone.
Status ask_to_see(LedgerState& state, const char* operation, std::int64_t about, bool all);

/// The actor's role, where it sees something.
Result<Role> role_of_reader(LedgerState& state, bool all);

/// All budgets; for an analyst its own and those that it draws on.
Result<std::vector<StoredAccount>> visible_accounts(LedgerState& state, Role role);

}  // namespace sfumato
