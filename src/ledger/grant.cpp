#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ledger/session.h"

namespace sfumato {
namespace {

Error refused(const AccountName& account, std::string message) {
  return {Errc::refused, account.to_string(), std::move(message)};
}

Status check_params(const GrantParams& params) {
  if (params.account.kind == AccountName::Kind::dataset)
    return refused(params.account, "keeps the cap that it was entered with");
  if (Status named = check_name(params.account.name, "name"); !named) return named;
  if (!params.project.empty() && params.account.kind == AccountName::Kind::project)
    return Error{Errc::invalid_parameter, "project", "is for an analyst's budget alone"};
  return ok();
}

/// The account that a new one draws on: the analyst's project, else the dataset.
Result<StoredAccount> parent_of(Store& store, const GrantParams& params) {
  AccountName name{.dataset = params.account.dataset};
  if (!params.project.empty())
    name = {params.account.dataset, AccountName::Kind::project, params.project};
  auto parent = find_account(store, name);
  if (!parent) return std::move(parent).error();
  if (!*parent) return Error{Errc::invalid_parameter, name.to_string(), "is not in this ledger"};
  return **std::move(parent);
}

/// Whether what was spent is within the cap: under Rényi at one order at least. Sets what was spent.
bool holds(const LedgerAccount& account, LedgerAccount& changed) {
  changed.spent = account.spent;
  for (std::size_t i = 0; i < account.orders.size(); ++i)
    changed.orders[i].spent = account.orders[i].spent;
  const bool open = account.orders.empty() ||
                    add_divergences(changed.orders, std::vector<LossAmount>(account.orders.size()));
  return open && account.spent.loss <= changed.cap.amount.loss &&
         account.spent.delta <= changed.delta_cap();
}

Status change(Store& store, const StoredAccount& there, const GrantParams& params,
              LedgerAccount changed) {
  const LedgerAccount& account = there.account;
  if (!params.project.empty() && params.project != account.project)
    return refused(account.name, "keeps the project that it was opened in");
  if (params.until && *params.until > account.until)
    return refused(account.name, "expires when it was said, or earlier: an end is never put off");
  if (!holds(account, changed) && account.orders.empty())
    return refused(account.name, "has spent " +
                                     LedgerCost{account.cap.measure, account.spent}.to_string() +
                                     ": its cap can't be less than that");
  if (!holds(account, changed))
    return refused(account.name,
                   "has spent more than that allows at any order: its cap can't be so low");
  return change_account(store, there.id, changed.cap, changed.orders,
                        params.until.value_or(account.until));
}

/// Opens the account, or sets its cap.
Status put_account(Store& store, const GrantParams& params, const LedgerCost& cap) {
  LedgerAccount account{.name = params.account,
                        .project = params.project,
                        .cap = cap,
                        .spent = {},
                        .until = params.until.value_or(kForever)};
  if (cap.measure == LossMeasure::renyi) {
    auto orders = caps_of(cap.amount, cap.curve);
    if (!orders) return std::move(orders).error();
    account.orders = *std::move(orders);
  }
  const auto there = find_account(store, params.account);
  if (!there) return there.error();
  if (*there) return change(store, **there, params, std::move(account));
  const auto parent = parent_of(store, params);
  if (!parent) return parent.error();
  return open_account(store, account, parent->id);
}

/// The cap as the dataset counts. Where that is not there, it is said later.
Result<LedgerCost> cap_of(LedgerState& state, const GrantParams& params) {
  const auto filter = filter_of(state, params.account.dataset);
  if (!filter) return filter.error();
  const auto* approximate = std::get_if<ApproximateCost>(&params.cap);
  if (!approximate || !*filter || (*filter)->measure != LossMeasure::renyi)
    return LedgerCost::allowed(params.cap);
  RenyiFilterParams cap{.orders = {}, .epsilon = approximate->epsilon, .delta = approximate->delta};
  for (const LossAmount& order : (*filter)->orders) cap.orders.push_back(order.value());
  return LedgerCost::allowed(cap);
}

Status check_measure(Store& store, const AccountName& account, LossMeasure measure) {
  const auto dataset = find_account(store, {.dataset = account.dataset});
  if (!dataset) return dataset.error();
  const AccountName name{.dataset = account.dataset};
  if (!*dataset) return Error{Errc::invalid_parameter, name.to_string(), "is not in this ledger"};
  const LossMeasure kept = (*dataset)->account.cap.measure;
  if (kept == measure) return ok();
  if (kept == LossMeasure::renyi)
    return Error{Errc::invalid_parameter, name.to_string(),
                 "counts renyi, so that a budget must say epsilon and delta"};
  return Error{Errc::invalid_parameter, name.to_string(),
               "counts " + std::string(name_of(kept)) + ", so that a budget must say " +
                   std::string(name_of(kept)) + ", too"};
}

/// An analyst needs a role to spend what it is granted.
Status make_analyst(Store& store, const std::string& name) {
  const auto role = role_of(store, name);
  if (!role) return role.error();
  if (*role == Role::auditor)
    return Error{Errc::refused, name, "is an auditor, who sees all and spends nothing"};
  if (*role) return ok();
  return put_member(store, name, Role::analyst);
}

}  // namespace

Status Ledger::grant(const GrantParams& params) {
  if (Status words = check_params(params); !words) return words;
  const Result<LedgerCost> cap = cap_of(*state_, params);
  if (!cap) return cap.error();
  Store& store = *state_->store;
  LedgerEntry entry = entry_about("grant", params.account);
  entry.amount = cap->amount;
  entry.until = params.until.value_or(kForever);
  entry.words = params.project;

  Result<Writing> writing =
      Writing::begin(*state_, {.entry = entry, .measure = std::string(name_of(cap->measure))});
  if (!writing) return std::move(writing).error();
  if (Status may = only_owners(*writing, *state_, params.account); !may) return may;
  if (Status same = check_measure(store, params.account, cap->measure); !same) return same;
  if (params.account.kind == AccountName::Kind::analyst)
    if (Status put = make_analyst(store, params.account.name); !put) return put;
  if (Status put = put_account(store, params, *cap); !put) return put;
  if (const auto put = writing->append(std::move(entry)); !put) return put.error();
  return writing->commit();
}

}  // namespace sfumato
