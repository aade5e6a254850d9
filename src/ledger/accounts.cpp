#include "ledger/accounts.h"

#include <algorithm>
#include <utility>

#include "ledger/chain.h"

namespace sfumato {
namespace {

/// An analyst's budget, its project's and the dataset's.
constexpr std::size_t kLongestPath = 3;

/// What `account_from` reads; a condition or an order follows.
constexpr const char* kSelect =
    "SELECT a.id, a.parent IS NOT NULL, a.parent, a.dataset, a.kind, a.name, a.measure, a.loss_cap,"
    " a.delta_cap, a.delta_rest_cap, a.loss, a.delta, a.delta_rest, a.frozen, a.until,"
    " coalesce(p.name, '')"
    " FROM account a LEFT JOIN account p ON p.id = a.parent AND p.kind = 1 ";

StoredAccount account_from(const Row& row) {
  StoredAccount found{
      .id = row.integer(0),
      .parent = {},
      .account = {.name = {.dataset = row.text(3),
                           .kind = static_cast<AccountName::Kind>(row.integer(4)),
                           .name = row.text(5)},
                  .project = row.text(15),
                  .cap = {static_cast<LossMeasure>(row.integer(6)), spending_of(row, 7)},
                  .spent = spending_of(row, 10),
                  .frozen = row.integer(13) != 0,
                  .until = row.integer(14)}};
  if (row.integer(1) != 0) found.parent = row.integer(2);
  return found;
}

Result<std::vector<StoredAccount>> accounts_by(Store& store, const char* sql,
                                               const std::vector<Parameter>& parameters) {
  std::vector<StoredAccount> found;
  const Status read =
      store.each(sql, parameters, [&](const Row& row) { found.push_back(account_from(row)); });
  if (!read) return read.error();
  return found;
}

constexpr const char* kChargesBelow =
    "WITH RECURSIVE below(id) AS (VALUES ($1) UNION ALL"
    " SELECT account.id FROM account JOIN below ON account.parent = below.id)"
    "SELECT chain.number, chain.loss, chain.delta, chain.delta_rest, chain.words"
    " FROM charge JOIN chain USING (number) WHERE charge.account IN (SELECT id FROM below) ";

/// "charge 4 (ε = 0.4: count by region), charge 2 (…)": those that took most of the axis that is short.
Result<std::string> largest_charges(Store& store, const StoredAccount& of, bool by_delta) {
  static const std::string by_loss =
      std::string(kChargesBelow) + "ORDER BY chain.loss DESC, chain.number LIMIT 3";
  static const std::string by_odds =
      std::string(kChargesBelow) +
      "ORDER BY chain.delta DESC, chain.delta_rest DESC, chain.number LIMIT 3";
  std::string list;
  const Status read =
      store.each((by_delta ? by_odds : by_loss).c_str(), {of.id}, [&](const Row& row) {
        const LedgerCost cost{of.account.cap.measure, spending_of(row, 1)};
        const std::string title = row.text(4);
        list += (list.empty() ? "charge " : ", charge ") + std::to_string(row.integer(0)) + " (" +
                cost.to_string() + (title.empty() ? "" : ": " + title) + ")";
      });
  if (!read) return read.error();
  return list;
}

/// "has too little ε: 0.2 is asked, and 0.15 of 1 is left, since 0.85 was spent".
template <class AmountType>
std::string too_little(const char* axis, AmountType asked, AmountType cap, AmountType spent) {
  const std::string said = std::string("has too little ") + axis + ": " + asked.to_string() +
                           " is asked, and " + (cap - spent).to_string() + " of " +
                           cap.to_string() + " is left";
  return spent == AmountType() ? said : said + ", since " + spent.to_string() + " was spent";
}

}  // namespace

Result<std::optional<StoredAccount>> find_account(Store& store, const AccountName& name) {
  static const std::string sql =
      std::string(kSelect) + "WHERE a.dataset = $1 AND a.kind = $2 AND a.name = $3";
  auto found = accounts_by(store, sql.c_str(),
                           {name.dataset, static_cast<std::int64_t>(name.kind), name.name});
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<StoredAccount>();
  return std::optional(std::move(found->front()));
}

Result<std::vector<StoredAccount>> all_accounts(Store& store) {
  static const std::string sql = std::string(kSelect) + "ORDER BY a.dataset, a.kind, a.name";
  return accounts_by(store, sql.c_str(), {});
}

// Step by step: SQLite would open a temporary table for a recursive statement each time, at twice the
// price of all the rest of a charge.
Result<std::vector<StoredAccount>> path_of(Store& store, std::int64_t id) {
  static const std::string sql = std::string(kSelect) + "WHERE a.id = $1";
  std::vector<StoredAccount> path;
  for (std::optional<std::int64_t> next = id; next && path.size() < kLongestPath;) {
    auto found = accounts_by(store, sql.c_str(), {*next});
    if (!found) return std::move(found).error();
    if (found->empty()) break;
    path.push_back(std::move(found->front()));
    next = path.back().parent;
  }
  return path;
}

Status open_account(Store& store, const LedgerAccount& account,
                    const std::optional<std::int64_t>& parent) {
  const DeltaColumns delta = columns_of(account.cap.amount.delta);
  const auto put = store.run(
      "INSERT INTO account(dataset, kind, name, parent, measure, loss_cap, delta_cap,"
      " delta_rest_cap, until) VALUES ($1, $2, $3, nullif($4, 0), $5, $6, $7, $8, $9)",
      {account.name.dataset, static_cast<std::int64_t>(account.name.kind), account.name.name,
       parent.value_or(0), static_cast<std::int64_t>(account.cap.measure),
       static_cast<std::int64_t>(account.cap.amount.loss.units()), delta.high, delta.rest,
       account.until});
  return put ? ok() : Status(put.error());
}

// The subquery sees the accounts as they were before the statement, all of them at once; that none
// is overspent is said by the checks of the table as well, which undo the whole statement.
Result<bool> charge_path(Store& store, const std::vector<StoredAccount>& path, const Spending& cost,
                         std::int64_t now) {
  const auto step = [&](std::size_t i) { return path[std::min(i, path.size() - 1)].id; };
  const DeltaColumns delta = columns_of(cost.delta);
  const auto changed = store.run(
      "UPDATE account SET loss = loss + $2,"
      " delta = delta + $3 + (delta_rest + $4) / 1000000000000000,"
      " delta_rest = (delta_rest + $4) % 1000000000000000 "
      "WHERE (id = $1 OR id = $6 OR id = $7) AND NOT EXISTS ("
      " SELECT 1 FROM account AS a WHERE (a.id = $1 OR a.id = $6 OR a.id = $7) AND NOT ("
      "  a.frozen = 0 AND $5 < a.until AND a.loss + $2 <= a.loss_cap AND"
      "  (a.delta + $3 + (a.delta_rest + $4) / 1000000000000000,"
      "   (a.delta_rest + $4) % 1000000000000000) <= (a.delta_cap, a.delta_rest_cap)))",
      {step(0), static_cast<std::int64_t>(cost.loss.units()), delta.high, delta.rest, now, step(1),
       step(2)});
  if (!changed) return changed.error();
  return *changed > 0;
}

std::optional<std::string> obstacle(const std::vector<StoredAccount>& path, std::int64_t now) {
  for (const StoredAccount& step : path) {
    if (step.account.frozen)
      return "the budget of " + step.account.name.to_string() + " is frozen: its owner can thaw it";
    if (now >= step.account.until)
      return "the budget of " + step.account.name.to_string() + " has expired";
  }
  return std::nullopt;
}

Error shortage(Store& store, const std::vector<StoredAccount>& path, const Spending& cost) {
  for (const StoredAccount& step : path) {
    const LedgerAccount& account = step.account;
    const Spending cap = account.cap.amount, left = account.left().amount;
    const bool short_of_loss = cost.loss > left.loss, short_of_delta = cost.delta > left.delta;
    if (!short_of_loss && !short_of_delta) continue;
    std::string message;
    if (short_of_loss)
      message = too_little(account.cap.measure == LossMeasure::epsilon ? "ε" : "ρ", cost.loss,
                           cap.loss, account.spent.loss);
    if (short_of_delta)
      message += (message.empty() ? "" : ", and ") +
                 too_little("δ", cost.delta, cap.delta, account.spent.delta);
    const auto largest = largest_charges(store, step, !short_of_loss);
    if (!largest) return largest.error();
    if (!largest->empty()) message += "; most of it went to " + *largest;
    return Error{Errc::refused, account.name.to_string(), message};
  }
  return Error{Errc::malformed, store.name(), "is damaged: its budgets contradict one another"};
}

}  // namespace sfumato
