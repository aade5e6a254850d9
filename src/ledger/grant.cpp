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

Status change(Store& store, const StoredAccount& there, const GrantParams& params,
              const Spending& cap) {
  const LedgerAccount& account = there.account;
  if (!params.project.empty() && params.project != account.project)
    return refused(account.name, "keeps the project that it was opened in");
  if (params.until && *params.until > account.until)
    return refused(account.name, "expires when it was said, or earlier: an end is never put off");
  if (cap.loss < account.spent.loss || cap.delta < account.spent.delta)
    return refused(account.name, "has spent " +
                                     LedgerCost{account.cap.measure, account.spent}.to_string() +
                                     ": its cap can't be less than that");
  const DeltaColumns delta = columns_of(cap.delta);
  const auto put = store.run(
      "UPDATE account SET loss_cap = $1, delta_cap = $2, delta_rest_cap = $3, until = $4"
      " WHERE id = $5",
      {static_cast<std::int64_t>(cap.loss.units()), delta.high, delta.rest,
       params.until.value_or(account.until), there.id});
  return put ? ok() : Status(put.error());
}

/// Opens the account, or sets its cap.
Status put_account(Store& store, const GrantParams& params, const LedgerCost& cap) {
  const auto there = find_account(store, params.account);
  if (!there) return there.error();
  if (*there) return change(store, **there, params, cap.amount);
  const auto parent = parent_of(store, params);
  if (!parent) return parent.error();
  return open_account(store,
                      {.name = params.account,
                       .project = params.project,
                       .cap = cap,
                       .spent = {},
                       .until = params.until.value_or(kForever)},
                      parent->id);
}

Status check_measure(Store& store, const AccountName& account, LossMeasure measure) {
  const auto dataset = find_account(store, {.dataset = account.dataset});
  if (!dataset) return dataset.error();
  const AccountName name{.dataset = account.dataset};
  if (!*dataset) return Error{Errc::invalid_parameter, name.to_string(), "is not in this ledger"};
  const LossMeasure kept = (*dataset)->account.cap.measure;
  if (kept == measure) return ok();
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
  const Result<LedgerCost> cap = LedgerCost::allowed(params.cap);
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
