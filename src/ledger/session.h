#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/accounts.h"
#include "ledger/chain.h"
#include "ledger/store.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {

struct LedgerState {
  std::unique_ptr<Store> store;
  std::string actor;
  LedgerClock clock;
};

/// A transaction in which entries are put on the log.
class Writing {
 public:
  static Result<Writing> begin(Store& store, const std::string& actor, const LedgerClock& clock);

  std::int64_t now() const noexcept { return chain_.now(); }
  Result<LedgerHead> append(LedgerEntry entry);
  Status commit() { return transaction_.commit(chain_.head()); }

  /// Notes the refusal, durably, and gives it; another failure where it can't be noted.
  Error refuse(const AccountName& account, Error error);

 private:
  Writing(Transaction transaction, Chain chain, const std::string& actor)
      : transaction_(std::move(transaction)), chain_(chain), actor_(&actor) {}

  Transaction transaction_;
  Chain chain_;
  const std::string* actor_;
};

/// How an entry names an account: "analyst ada", "project study", or nothing for the dataset's own.
std::string label_of(const AccountName& account);

/// An entry about an account.
LedgerEntry entry_about(const char* kind, const AccountName& account);

/// The actor's role; none where nobody appointed it.
Result<std::optional<Role>> role_of(Store& store, const std::string& name);

/// Gives a role, and puts that on the log.
Status put_member(Writing& writing, Store& store, const std::string& name, Role role);

/// Fails, and notes it, unless the actor is an owner.
Status only_owners(Writing& writing, LedgerState& state, const AccountName& account);

/// At most so many bytes, none of which steers a terminal.
Status check_words(const std::string& text, const char* where, std::size_t most);

/// From 1 to 100 such bytes.
Status check_name(const std::string& name, const char* where);

}  // namespace sfumato
