#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/view.h"

namespace sfumato {
namespace {

/// Why the actor sees nothing of what only some see; nothing where it does.
std::optional<Error> hidden_from(const LedgerState& state, std::optional<Role> role, bool all) {
  if (!role)
    return Error{Errc::refused, state.actor,
                 "has no role in this ledger: an owner can give it one"};
  if (all && *role == Role::analyst)
    return Error{Errc::refused, state.actor, "may not see this: owners and auditors may"};
  return std::nullopt;
}

}  // namespace

Status ask_to_see(LedgerState& state, const char* operation, std::int64_t about, bool all) {
  if (!state.identity) return ok();
  LedgerEntry entry;
  entry.kind = operation;
  entry.about = about;
  Result<Writing> writing = Writing::begin(state, {.entry = std::move(entry)});
  if (!writing) return std::move(writing).error();
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (auto hidden = hidden_from(state, *role, all)) return writing->refuse({}, *std::move(hidden));
  return writing->commit();
}

Result<Role> role_of_reader(LedgerState& state, bool all) {
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (auto hidden = hidden_from(state, *role, all)) return *std::move(hidden);
  return **role;
}

Result<std::vector<StoredAccount>> visible_accounts(LedgerState& state, Role role) {
  auto all = all_accounts(*state.store);
  if (!all || role != Role::analyst) return all;
  std::vector<StoredAccount> seen;
  for (const StoredAccount& one : *all) {
    const AccountName& name = one.account.name;
    if (name.kind != AccountName::Kind::analyst || name.name != state.actor) continue;
    auto path = path_of(*state.store, one.id);
    if (!path) return path;
    std::ranges::move(*path, std::back_inserter(seen));
  }
  return seen;
}

Result<std::vector<LedgerAccount>> Ledger::accounts() {
  if (Status asked = ask_to_see(*state_, "show", 0, false); !asked) return std::move(asked).error();
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  const Result<Role> role = role_of_reader(*state_, false);
  if (!role) return role.error();
  auto seen = visible_accounts(*state_, *role);
  if (!seen) return std::move(seen).error();
  std::vector<LedgerAccount> accounts;
  for (StoredAccount& one : *seen) accounts.push_back(std::move(one.account));
  return accounts;
}

Status Ledger::each_entry(const std::function<void(const LedgerEntry&)>& see) {
  if (Status asked = ask_to_see(*state_, "export", 0, true); !asked) return asked;
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  if (const auto may = role_of_reader(*state_, true); !may) return may.error();
  return sfumato::each_entry(*state_->store, see);
}

Result<LedgerSurvey> Ledger::survey(const std::function<void(const LedgerEntry&)>& see) {
  if (Status asked = ask_to_see(*state_, "export", 0, true); !asked)
    return std::move(asked).error();
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  if (const auto may = role_of_reader(*state_, true); !may) return may.error();
  const auto stored = all_accounts(*state_->store);
  if (!stored) return stored.error();
  LedgerSurvey survey{{}, kBeforeAll};
  for (const StoredAccount& one : *stored) survey.accounts.push_back(one.account);
  const Status read = sfumato::each_entry(*state_->store, [&](const LedgerEntry& entry) {
    survey.head = {entry.number, entry.hash};
    see(entry);
  });
  if (!read) return read.error();
  return survey;
}

Result<StoredRelease> Ledger::release_of(std::int64_t charge) {
  if (Status asked = ask_to_see(*state_, "release", charge, true); !asked)
    return std::move(asked).error();
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  if (const auto may = role_of_reader(*state_, true); !may) return may.error();
  std::optional<std::string> release;
  const Status read = state_->store->each(
      "SELECT release FROM charge WHERE number = $1 AND state > 0 AND"
      " (plan, attempt) = (SELECT chain.digest, chain.about FROM chain WHERE chain.number = $1)",
      {charge}, [&](const Row& row) { release = row.text(0); });
  if (!read) return read.error();
  if (release) return StoredRelease{charge, *std::move(release)};
  return Error{Errc::invalid_parameter, "charge " + std::to_string(charge),
               "has no stored release in this ledger"};
}

}  // namespace sfumato
