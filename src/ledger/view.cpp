#include <utility>

#include "ledger/session.h"

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

/// Where the ledger holds keys: has the actor sign for what it wants to see, and notes whoever may not.
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

/// The actor's role, where it sees something.
Result<Role> role_of_reader(LedgerState& state, bool all) {
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (auto hidden = hidden_from(state, *role, all)) return *std::move(hidden);
  return **role;
}

}  // namespace

Result<std::vector<LedgerAccount>> Ledger::accounts() {
  if (Status asked = ask_to_see(*state_, "show", 0, false); !asked) return std::move(asked).error();
  Store& store = *state_->store;
  const Result<Transaction> reading = Transaction::read(store);
  if (!reading) return reading.error();
  const Result<Role> role = role_of_reader(*state_, false);
  if (!role) return role.error();
  auto all = all_accounts(store);
  if (!all) return std::move(all).error();

  std::vector<LedgerAccount> seen;
  const auto own = [&](const LedgerAccount& account) {
    return account.name.kind == AccountName::Kind::analyst && account.name.name == state_->actor;
  };
  for (const StoredAccount& one : *all) {
    if (*role != Role::analyst) {
      seen.push_back(one.account);
    } else if (own(one.account)) {
      const auto path = path_of(store, one.id);
      if (!path) return path.error();
      for (const StoredAccount& step : *path) seen.push_back(step.account);
    }
  }
  return seen;
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
      " (plan, attempt) = (SELECT digest, about FROM chain WHERE number = $1)",
      {charge}, [&](const Row& row) { release = row.text(0); });
  if (!read) return read.error();
  if (release) return StoredRelease{charge, *std::move(release)};
  return Error{Errc::invalid_parameter, "charge " + std::to_string(charge),
               "has no stored release in this ledger"};
}

}  // namespace sfumato
