#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/signed_log.h"
#include "sfumato/ledger/account.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// What the log alone says of the state of a ledger: the plain definition that the tables are held
/// against. It knows nothing of SQL.
class Replay {
 public:
  struct Account {
    std::string parent;  ///< label of the project; empty where that is the dataset, or for it
    std::string measure;
    Spending cap, spent;
    std::vector<LossAmount> curve{};           ///< under Rényi, the orders
    std::vector<RenyiFilter::Order> orders{};  ///< and what is spent of each
    bool frozen = false;
    std::int64_t until = kForever;
  };
  struct Charge {
    std::pair<std::string, std::string> account;
    std::string plan;
    std::int64_t attempt = 0;
    std::int64_t step = 0;  ///< 0 reserved, 1 stored, 2 published
    std::string release;    ///< SHA-256
    Digest entry{};
  };

  enum class Verdict { sound, impossible, not_signed };

  /// Takes the next entry, whose signature then waits for `signatures().first_unsigned()`. It is
  /// impossible where no ledger could have written it: a budget overspent, a charge of what is not there,
  /// an entry out of its order or by who had no right to it.
  Verdict take(const LedgerEntry& entry);

  /// By dataset and label, which is empty for the dataset's own.
  const std::map<std::pair<std::string, std::string>, Account>& accounts() const noexcept {
    return accounts_;
  }
  const std::map<std::int64_t, Charge>& charges() const noexcept { return charges_; }
  const std::map<std::string, std::string>& roles() const noexcept { return roles_; }
  const SignedLog& signatures() const noexcept { return signatures_; }
  SignedLog& signatures() noexcept { return signatures_; }

 private:
  bool has_right(const LedgerEntry& entry) const;
  std::vector<Wish> wishes_behind(const LedgerEntry& entry) const;
  bool was_signed(const LedgerEntry& entry);
  bool change(const LedgerEntry& entry);
  Account* find(const std::string& dataset, const std::string& label);
  const Account* find(const std::string& dataset, const std::string& label) const;
  bool take_create(const LedgerEntry& entry);
  bool take_appoint(const LedgerEntry& entry);
  bool take_revoke(const LedgerEntry& entry);
  bool take_dataset(const LedgerEntry& entry);
  bool take_grant(const LedgerEntry& entry);
  bool take_freeze(const LedgerEntry& entry);
  bool take_charge(const LedgerEntry& entry);
  bool take_store(const LedgerEntry& entry);
  bool take_publish(const LedgerEntry& entry);
  bool take_reidentify(const LedgerEntry& entry);

  std::map<std::pair<std::string, std::string>, Account> accounts_;
  std::map<std::int64_t, Charge> charges_;
  std::map<std::string, std::int64_t> attempts_;  // of a plan
  std::map<std::string, std::string> roles_;
  SignedLog signatures_;
};

}  // namespace sfumato
