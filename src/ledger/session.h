#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/accounts.h"
#include "ledger/chain.h"
#include "ledger/store.h"
#include "ledger/wish.h"
#include "sfumato/ledger/ledger.h"
#include "sfumato/ledger/request.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {

/// How the charges of a dataset add up, which is fixed when it is entered.
struct DatasetFilter {
  LossMeasure measure;
  std::vector<LossAmount> orders;  ///< under Rényi
};

struct LedgerState {
  std::unique_ptr<Store> store;
  std::string actor;
  LedgerClock clock;
  std::optional<Digest> identity;      ///< hash of the first entry, where the ledger holds keys
  std::optional<LedgerSigner> signer;  ///< for the actor
  std::optional<SystemBits> bits;      ///< from the first request on
  std::map<std::string, DatasetFilter> filters = {};  ///< of datasets that were asked for before
};

/// None where there is no such dataset. Within no transaction: who asks needs to know it to say what it
/// asks.
Result<std::optional<DatasetFilter>> filter_of(LedgerState& state, const std::string& dataset);

/// A transaction in which an entry is put on the log: what was asked, or that it was refused.
///
/// Where the ledger holds keys, the actor signs for what it asks, and the entry carries that. A
/// request that was let in is used up whatever becomes of what it asks, so that it can't be sent again
/// when that would be granted.
class Writing {
 public:
  /// Refuses whoever does not sign as it should, and notes that.
  static Result<Writing> begin(LedgerState& state, const Wish& wish);

  Writing(Writing&& other) noexcept;
  Writing& operator=(Writing&&) = delete;
  ~Writing();

  std::int64_t now() const noexcept { return chain_.now(); }
  Result<LedgerHead> append(LedgerEntry entry);
  Status commit();

  /// Notes the refusal, durably, and gives it; another failure where it can't be noted.
  Error refuse(const AccountName& account, Error error);

 private:
  Writing(LedgerState& state, Transaction transaction, const Chain& chain)
      : state_(&state),
        transaction_(std::move(transaction)),
        chain_(chain),
        before_(chain.head()) {}

  Status admit(const std::string& statement);
  Error turn_away(Error error);

  LedgerState* state_;
  Transaction transaction_;
  Chain chain_;
  LedgerHead before_;
  std::optional<SignedRequest> request_;
  bool unsettled_ = false;  // let in, and neither granted nor refused yet
};

/// How an entry names an account: "analyst ada", "project study", or nothing for the dataset's own.
std::string label_of(const AccountName& account);

/// An entry about an account.
LedgerEntry entry_about(const char* kind, const AccountName& account);

/// The actor's role; none where nobody appointed it.
Result<std::optional<Role>> role_of(Store& store, const std::string& name);

/// Gives a role and, where there is one, a key in place of the one before.
Status put_member(Store& store, const std::string& name, Role role,
                  const std::optional<PublicKey>& key = {});

/// Fails, and notes it, unless the actor is an owner.
Status only_owners(Writing& writing, LedgerState& state, const AccountName& account);

/// The budget of the dataset that the actor spends; refuses, and notes it, where there is none.
Result<StoredAccount> budget_of(Writing& writing, LedgerState& state, const std::string& dataset);

/// At most so many bytes, none of which steers a terminal.
Status check_words(const std::string& text, const char* where, std::size_t most);

/// From 1 to 100 such bytes.
Status check_name(const std::string& name, const char* where);

}  // namespace sfumato
