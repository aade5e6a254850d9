#include "ledger/accounts.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "ledger/chain.h"
#include "ledger/schema.h"

namespace sfumato {
namespace {

/// An analyst's budget, its project's and the dataset's.
constexpr std::size_t kLongestPath = 3;

/// What `account_from` reads; a condition or an order follows.
const std::string& select_accounts() {
  static const std::string sql =
      "SELECT a.id, a.parent IS NOT NULL, a.parent, a.dataset, a.kind, a.name, a.measure,"
      " a.loss_cap, a.delta_cap, a.delta_rest_cap, a.loss, a.delta, a.delta_rest, a.frozen, "
      "a.until,"
      " coalesce(p.name, ''), a.orders, " +
      for_each_order(", ", "a.cap_#, a.spent_#") +
      " FROM account a LEFT JOIN account p ON p.id = a.parent AND p.kind = 1 ";
  return sql;
}

constexpr int kFirstAxis = 17;
constexpr std::int64_t kClosed = -1;  // a cap that nothing is within

OrderColumns columns_from(const Row& row) {
  OrderColumns columns{.orders = row.text(16)};
  for (std::size_t i = 0; i < kMostOrders; ++i) {
    columns.caps[i] = row.integer(kFirstAxis + 2 * static_cast<int>(i));
    columns.spent[i] = row.integer(kFirstAxis + 2 * static_cast<int>(i) + 1);
  }
  return columns;
}

RenyiFilter::Order order_from(const LossAmount& order, std::int64_t cap, std::int64_t spent) {
  const auto amount = [](std::int64_t units) {
    return units < 0 ? LossAmount() : *LossAmount::of_units(static_cast<uint128>(units));
  };
  return {order.value(), amount(cap), amount(spent), cap > kClosed};
}

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
                  .until = row.integer(14)},
      .columns = columns_from(row)};
  if (row.integer(1) != 0) found.parent = row.integer(2);
  LedgerAccount& account = found.account;
  if (account.cap.measure != LossMeasure::renyi) return found;
  account.cap.amount.delta = account.cap.amount.delta + account.cap.amount.delta;
  account.cap.curve = curve_from(found.columns.orders);
  account.cap.curve.resize(std::min(account.cap.curve.size(), kMostOrders));
  for (std::size_t i = 0; i < account.cap.curve.size(); ++i)
    account.orders.push_back(
        order_from(account.cap.curve[i], found.columns.caps[i], found.columns.spent[i]));
  return found;
}

/// What is in the column of δ: half of what is stated under Rényi.
DeltaColumns delta_cap_of(const LedgerCost& cap) {
  return columns_of(cap.measure == LossMeasure::renyi ? half_of(cap.amount.delta)
                                                      : cap.amount.delta);
}

const std::string& select_by_id() {
  static const std::string sql = select_accounts() + "WHERE a.id = $1";
  return sql;
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
    "SELECT chain.number, chain.loss, chain.delta, chain.delta_rest, chain.words, chain.curve"
    " FROM charge JOIN chain USING (number) WHERE charge.account IN (SELECT id FROM below) ";

/// What is short: δ, or the loss, which under Rényi is that of one order.
struct Axis {
  bool delta;
  std::size_t order = 0;
};

/// "charge 4 (ε = 0.4: count by region), charge 2 (…)": those that took most of the axis that is short.
Result<std::string> largest_charges(Store& store, const StoredAccount& of, Axis axis) {
  static const std::string by_loss =
      std::string(kChargesBelow) +
      "ORDER BY chain.loss DESC, substr(chain.curve, CAST($2 AS integer), 8) DESC,"
      " chain.number LIMIT 3";
  static const std::string by_odds =
      std::string(kChargesBelow) +
      "ORDER BY chain.delta DESC, chain.delta_rest DESC, chain.number LIMIT 3";
  std::vector<Parameter> parameters = {of.id};
  if (!axis.delta) parameters.emplace_back(static_cast<std::int64_t>(8 * axis.order + 1));
  std::string list;
  const Status read =
      store.each((axis.delta ? by_odds : by_loss).c_str(), parameters, [&](const Row& row) {
        LedgerCost cost{of.account.cap.measure, spending_of(row, 1), curve_from(row.bytes(5))};
        if (axis.order < cost.curve.size()) cost.curve = {cost.curve[axis.order]};
        const std::string title = row.text(4);
        list += (list.empty() ? "charge " : ", charge ") + std::to_string(row.integer(0)) + " (" +
                cost.to_string() + (title.empty() ? "" : ": " + title) + ")";
      });
  if (!read) return read.error();
  return list;
}

/// "has too little ε: 0.2 is asked, and 0.15 of 1 is left, since 0.85 was spent".
template <class AmountType>
std::string too_little(const std::string& axis, AmountType asked, AmountType cap,
                       AmountType spent) {
  const std::string said = "has too little " + axis + ": " + asked.to_string() + " is asked, and " +
                           (cap - spent).to_string() + " of " + cap.to_string() + " is left";
  return spent == AmountType() ? said : said + ", since " + spent.to_string() + " was spent";
}

/// The order of which the least is lacking in proportion; nothing where one has room for the cost.
std::optional<std::size_t> nearest_order(const std::vector<RenyiFilter::Order>& orders,
                                         const LedgerCost& cost) {
  std::optional<std::size_t> nearest;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!orders[i].usable) continue;
    const LossAmount after = orders[i].spent + cost.curve[i];
    if (after <= orders[i].cap) return std::nullopt;
    const double beyond =
        static_cast<double>(after.units()) / (static_cast<double>(orders[i].cap.units()) + 1);
    if (!nearest || beyond < least) nearest = i;
    least = std::min(least, beyond);
  }
  return nearest;
}

/// What is lacking of ε, of ρ, or at the order at which the least is; nothing where nothing is.
std::optional<std::string> lack_of_loss(const LedgerAccount& account, const LedgerCost& cost,
                                        Axis& axis) {
  const LossAmount asked = cost.amount.loss, cap = account.cap.amount.loss;
  if (account.cap.measure != LossMeasure::renyi) {
    if (asked <= account.left().amount.loss) return std::nullopt;
    const char* const letter = account.cap.measure == LossMeasure::epsilon ? "ε" : "ρ";
    return too_little(letter, asked, cap, account.spent.loss);
  }
  const auto nearest = nearest_order(account.orders, cost);
  if (!nearest) return std::nullopt;
  axis.order = *nearest;
  const RenyiFilter::Order& order = account.orders[*nearest];
  return too_little("at each order, the least at " + order.alpha.to_string(), cost.curve[*nearest],
                    order.cap, order.spent);
}

}  // namespace

OrderColumns columns_of(const std::vector<RenyiFilter::Order>& orders,
                        const std::vector<LossAmount>& curve) {
  OrderColumns columns{.orders = bytes_of(curve)};
  columns.caps.fill(kClosed);
  if (orders.empty()) columns.caps[0] = 0;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (orders[i].usable) columns.caps[i] = static_cast<std::int64_t>(orders[i].cap.units());
    columns.spent[i] = static_cast<std::int64_t>(orders[i].spent.units());
  }
  return columns;
}

Result<std::optional<StoredAccount>> find_account(Store& store, const AccountName& name) {
  static const std::string sql =
      select_accounts() + "WHERE a.dataset = $1 AND a.kind = $2 AND a.name = $3";
  auto found = accounts_by(store, sql.c_str(),
                           {name.dataset, static_cast<std::int64_t>(name.kind), name.name});
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<StoredAccount>();
  return std::optional(std::move(found->front()));
}

Result<std::vector<StoredAccount>> all_accounts(Store& store) {
  static const std::string sql = select_accounts() + "ORDER BY a.dataset, a.kind, a.name";
  return accounts_by(store, sql.c_str(), {});
}

// Step by step: SQLite would open a temporary table for a recursive statement each time, at twice the
// price of all the rest of a charge.
Result<std::vector<StoredAccount>> path_of(Store& store, std::int64_t id) {
  auto path = accounts_by(store, select_by_id().c_str(), {id});
  if (!path || path->empty()) return path;
  return path_of(store, std::move(path->front()));
}

Result<std::vector<StoredAccount>> path_of(Store& store, StoredAccount account) {
  std::vector<StoredAccount> path{std::move(account)};
  while (path.back().parent && path.size() < kLongestPath) {
    auto found = accounts_by(store, select_by_id().c_str(), {*path.back().parent});
    if (!found) return std::move(found).error();
    if (found->empty()) break;
    path.push_back(std::move(found->front()));
  }
  return path;
}

Status open_account(Store& store, const LedgerAccount& account,
                    const std::optional<std::int64_t>& parent) {
  static const std::string sql =
      "INSERT INTO account(dataset, kind, name, parent, measure, loss_cap, delta_cap,"
      " delta_rest_cap, until, orders, " +
      for_each_order(", ", "cap_#") +
      ") VALUES ($1, $2, $3, nullif($4, 0), $5, $6, $7, $8, $9, $10,"
      " $11, $12, $13, $14, $15, $16, $17, $18)";
  const DeltaColumns delta = delta_cap_of(account.cap);
  const OrderColumns columns = columns_of(account.orders, account.cap.curve);
  const auto& [c0, c1, c2, c3, c4, c5, c6, c7] = columns.caps;
  const auto put = store.run(
      sql.c_str(),
      {account.name.dataset, static_cast<std::int64_t>(account.name.kind), account.name.name,
       parent.value_or(0), static_cast<std::int64_t>(account.cap.measure),
       static_cast<std::int64_t>(account.cap.amount.loss.units()), delta.high, delta.rest,
       account.until, Blob{columns.orders}, c0, c1, c2, c3, c4, c5, c6, c7});
  return put ? ok() : Status(put.error());
}

Status change_account(Store& store, std::int64_t id, const LedgerCost& cap,
                      const std::vector<RenyiFilter::Order>& orders, std::int64_t until) {
  const DeltaColumns delta = delta_cap_of(cap);
  const OrderColumns columns = columns_of(orders, cap.curve);
  const auto& [c0, c1, c2, c3, c4, c5, c6, c7] = columns.caps;
  const auto put = store.run(
      "UPDATE account SET loss_cap = $1, delta_cap = $2, delta_rest_cap = $3, until = $4,"
      " cap_0 = $6, cap_1 = $7, cap_2 = $8, cap_3 = $9, cap_4 = $10, cap_5 = $11, cap_6 = $12,"
      " cap_7 = $13 WHERE id = $5",
      {static_cast<std::int64_t>(cap.amount.loss.units()), delta.high, delta.rest, until, id, c0,
       c1, c2, c3, c4, c5, c6, c7});
  return put ? ok() : Status(put.error());
}

// Account by account, each by a statement of one row: for one over all of them, which looks at all and
// changes all, SQLite opens a temporary table of 87 kB, at the price of all the rest of a charge. That none
// is overspent is said by the checks of the table as well.
Result<bool> charge_path(Store& store, const std::vector<StoredAccount>& path,
                         const LedgerCost& cost, std::int64_t now) {
  static const std::string sql =
      "UPDATE account SET loss = loss + $2,"
      " delta = delta + $3 + (delta_rest + $4) / 1000000000000000,"
      " delta_rest = (delta_rest + $4) % 1000000000000000, " +
      for_each_order(", ",
                     "spent_# = CASE WHEN spent_# + $@ < 2000000000000000000"
                     " THEN spent_# + $@ ELSE 2000000000000000000 END") +
      " WHERE id = $1 AND frozen = 0 AND $5 < until AND loss + $2 <= loss_cap AND"
      " (delta + $3 + (delta_rest + $4) / 1000000000000000,"
      "  (delta_rest + $4) % 1000000000000000) <= (delta_cap, delta_rest_cap) AND (" +
      for_each_order(" OR ", "spent_# + $@ <= cap_#") + ")";
  const DeltaColumns delta = columns_of(cost.amount.delta);
  std::array<std::int64_t, kMostOrders> at{};
  for (std::size_t i = 0; i < cost.curve.size(); ++i)
    at[i] = static_cast<std::int64_t>(cost.curve[i].units());
  for (const StoredAccount& step : path) {
    const auto changed = store.run(
        sql.c_str(), {step.id, static_cast<std::int64_t>(cost.amount.loss.units()), delta.high,
                      delta.rest, now, at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]});
    if (!changed) return changed.error();
    if (*changed == 0) return false;
  }
  return true;
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

Error shortage(Store& store, const std::vector<StoredAccount>& path, const LedgerCost& cost) {
  for (const StoredAccount& step : path) {
    const LedgerAccount& account = step.account;
    Axis axis{};
    const auto short_of_loss = lack_of_loss(account, cost, axis);
    const bool short_of_delta = cost.amount.delta > account.left().amount.delta;
    if (!short_of_loss && !short_of_delta) continue;
    std::string message = short_of_loss.value_or("");
    if (short_of_delta)
      message += (message.empty() ? "" : ", and ") +
                 too_little("δ", cost.amount.delta, account.delta_cap(), account.spent.delta);
    axis.delta = !short_of_loss;
    const auto largest = largest_charges(store, step, axis);
    if (!largest) return largest.error();
    if (!largest->empty()) message += "; most of it went to " + *largest;
    return Error{Errc::refused, account.name.to_string(), message};
  }
  return Error{Errc::malformed, store.name(), "is damaged: its budgets contradict one another"};
}

}  // namespace sfumato
