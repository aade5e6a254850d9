#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/store.h"
#include "sfumato/ledger/account.h"

namespace sfumato {

/// What a row of an account holds of orders: their numbers as bytes, what each allows (-1 where it is closed
/// for good), and what was spent at it.
struct OrderColumns {
  std::string orders;
  std::array<std::int64_t, kMostOrders> caps{}, spent{};
  friend bool operator==(const OrderColumns&, const OrderColumns&) = default;
};
/// Where no divergences are counted, the first order lets all pass.
OrderColumns columns_of(const std::vector<RenyiFilter::Order>& orders,
                        const std::vector<LossAmount>& curve);

/// An account, and where it lies in the tables.
struct StoredAccount {
  std::int64_t id;
  std::optional<std::int64_t> parent;
  LedgerAccount account;
  OrderColumns columns{};  ///< as they were read
};

/// None where there is no account of that name.
Result<std::optional<StoredAccount>> find_account(Store& store, const AccountName& name);

/// All accounts: datasets by name, each with its projects and then its analysts.
Result<std::vector<StoredAccount>> all_accounts(Store& store);

/// The account and all that it draws on, the dataset's last.
Result<std::vector<StoredAccount>> path_of(Store& store, std::int64_t id);
/// The same of an account that was read in this transaction.
Result<std::vector<StoredAccount>> path_of(Store& store, StoredAccount account);

Status open_account(Store& store, const LedgerAccount& account,
                    const std::optional<std::int64_t>& parent);

/// The guarded statement, for each account of a path, as `path_of` gave it in this transaction: adds `cost`
/// on all axes if the account has so much left (at one order at least, which may be another for each), is not
/// frozen and not expired at `now`; else changes nothing of it. False where one was not charged: then whoever
/// asks undoes the transaction, or its part since before.
Result<bool> charge_path(Store& store, const std::vector<StoredAccount>& path,
                         const LedgerCost& cost, std::int64_t now);

/// Sets cap and end of an account.
Status change_account(Store& store, std::int64_t id, const LedgerCost& cap,
                      const std::vector<RenyiFilter::Order>& orders, std::int64_t until);

/// Why nothing can be charged to the path now, whatever it costs; nothing where that is no obstacle.
std::optional<std::string> obstacle(const std::vector<StoredAccount>& path, std::int64_t now);

/// The refusal of `cost`: the first budget of the path that has too little left, by name, with what
/// was spent, asked and left, and the charges that took most of it; or why that could not be read.
Error shortage(Store& store, const std::vector<StoredAccount>& path, const LedgerCost& cost);

}  // namespace sfumato
