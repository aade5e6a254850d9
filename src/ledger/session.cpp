#include "ledger/session.h"

#include <algorithm>
#include <utility>

#include "ledger/gate.h"

namespace sfumato {

Result<Writing> Writing::begin(LedgerState& state, const Wish& wish) {
  Result<Transaction> transaction = Transaction::write(*state.store);
  if (!transaction) return std::move(transaction).error();
  const Result<Chain> chain = Chain::end(*state.store, state.clock());
  if (!chain) return chain.error();
  Writing writing(state, *std::move(transaction), *chain);
  if (!state.identity) return writing;
  if (Status in = writing.admit(wish.statement()); !in) return std::move(in).error();
  return writing;
}

Writing::Writing(Writing&& other) noexcept
    : state_(other.state_),
      transaction_(std::move(other.transaction_)),
      chain_(other.chain_),
      before_(other.before_),
      request_(std::move(other.request_)),
      unsettled_(std::exchange(other.unsettled_, false)) {}

// Where this fails, too, the request could be sent again until it expires: nothing else is left.
Writing::~Writing() {
  if (unsettled_ && state_->store->execute("ROLLBACK TO SAVEPOINT asked"))
    (void)transaction_.commit(before_);
}

Status Writing::admit(const std::string& statement) {
  LedgerState& state = *state_;
  if (!state.signer)
    return turn_away({Errc::refused, state.actor,
                      "must sign what it asks, since this ledger holds keys: give --key FILE"});
  const GateRules rules{*state.identity, before_.hash, state.actor, statement, now()};
  const Result<LedgerRequest> draft = next_request(*state.store, rules, state.bits);
  if (!draft) return draft.error();
  SignedRequest sent = state.signer->sign(*draft);
  const Result<LedgerRequest> request = let_in(*state.store, sent, rules);
  if (!request)
    return request.error().code == Errc::refused ? turn_away(request.error()) : request.error();
  if (Status used = use_up(*state.store, *request, chain_.past()); !used) return used;
  if (Status marked = state.store->execute("SAVEPOINT asked"); !marked) return marked;
  request_ = std::move(sent);
  unsettled_ = true;
  return ok();
}

Result<LedgerHead> Writing::append(LedgerEntry entry) {
  entry.actor = state_->actor;
  if (const auto request = std::exchange(request_, std::nullopt)) {
    entry.request = request->bytes;
    entry.signature = view_of(request->signature);
  }
  return chain_.append(std::move(entry));
}

Status Writing::commit() {
  unsettled_ = false;
  return transaction_.commit(chain_.head());
}

Error Writing::refuse(const AccountName& account, Error error) {
  LedgerEntry entry = entry_about("refuse", account);
  entry.words = error.message;
  const Result<LedgerHead> noted = append(std::move(entry));
  if (!noted) return noted.error();
  const Status durable = commit();
  return durable ? error : durable.error();
}

Error Writing::turn_away(Error error) {
  std::int64_t strangers = 0;
  static const std::string sql =
      "SELECT count(*) FROM (SELECT kind, signature FROM chain ORDER BY number DESC LIMIT " +
      std::to_string(kMostStrangers) + ") AS tail WHERE kind = 'refuse' AND length(signature) = 0";
  const Status read =
      state_->store->each(sql.c_str(), {}, [&](const Row& row) { strangers = row.integer(0); });
  if (!read) return read.error();
  return strangers < kMostStrangers ? refuse({}, std::move(error)) : error;
}

Result<std::optional<DatasetFilter>> filter_of(LedgerState& state, const std::string& dataset) {
  const auto known = state.filters.find(dataset);
  if (known != state.filters.end()) return std::optional(known->second);
  const Result<Transaction> reading = Transaction::read(*state.store);
  if (!reading) return reading.error();
  const auto found = find_account(*state.store, {.dataset = dataset});
  if (!found) return found.error();
  if (!*found) return std::optional<DatasetFilter>();
  const LedgerCost& cap = (*found)->account.cap;
  return std::optional(
      state.filters.emplace(dataset, DatasetFilter{cap.measure, cap.curve}).first->second);
}

std::string label_of(const AccountName& account) {
  switch (account.kind) {
    case AccountName::Kind::dataset:
      return {};
    case AccountName::Kind::project:
      return "project " + account.name;
    case AccountName::Kind::analyst:
      return "analyst " + account.name;
  }
  return {};
}

LedgerEntry entry_about(const char* kind, const AccountName& account) {
  LedgerEntry entry;
  entry.kind = kind;
  entry.dataset = account.dataset;
  entry.account = label_of(account);
  return entry;
}

Result<std::optional<Role>> role_of(Store& store, const std::string& name) {
  std::optional<Role> role;
  const Status read =
      store.each("SELECT role FROM member WHERE name = $1", {name}, [&](const Row& row) {
        for (const Role one : {Role::owner, Role::analyst, Role::auditor})
          if (row.bytes(0) == name_of(one)) role = one;
      });
  if (!read) return read.error();
  return role;
}

Status put_member(Store& store, const std::string& name, Role role,
                  const std::optional<PublicKey>& key) {
  const auto put = key ? store.run(
                             "INSERT INTO member(name, role, public_key) VALUES ($1, $2, $3)"
                             " ON CONFLICT (name) DO UPDATE SET role = excluded.role,"
                             " public_key = excluded.public_key",
                             {name, name_of(role), Blob{key->bytes()}})
                       : store.run(
                             "INSERT INTO member(name, role) VALUES ($1, $2)"
                             " ON CONFLICT (name) DO UPDATE SET role = excluded.role",
                             {name, name_of(role)});
  return put ? ok() : Status(put.error());
}

Status only_owners(Writing& writing, LedgerState& state, const AccountName& account) {
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (*role == Role::owner) return ok();
  return writing.refuse(account, {Errc::refused, state.actor,
                                  "is no owner of this ledger: owners change roles and budgets"});
}

Result<StoredAccount> budget_of(Writing& writing, LedgerState& state, const std::string& dataset) {
  const AccountName whole{.dataset = dataset};
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (!*role || *role == Role::auditor)
    return writing.refuse(whole, {Errc::refused, state.actor,
                                  "may not spend: an owner of this ledger would have to grant it"});
  const bool owner = *role == Role::owner;
  auto found = find_account(
      *state.store, owner ? whole : AccountName{dataset, AccountName::Kind::analyst, state.actor});
  if (!found) return std::move(found).error();
  if (*found) return **std::move(found);
  if (owner) return Error{Errc::invalid_parameter, whole.to_string(), "is not in this ledger"};
  return writing.refuse(whole,
                        {Errc::refused, state.actor,
                         "has no budget of " + whole.to_string() + ": an owner can grant one"});
}

Status check_words(const std::string& text, const char* where, std::size_t most) {
  const bool plain = std::ranges::none_of(
      text, [](char letter) { return static_cast<unsigned char>(letter) < 32 || letter == 127; });
  if (text.size() <= most && plain) return ok();
  return Error{
      Errc::invalid_parameter, where,
      "must have at most " + std::to_string(most) + " bytes, none of which is a control character"};
}

Status check_name(const std::string& name, const char* where) {
  if (name.empty()) return Error{Errc::invalid_parameter, where, "must not be empty"};
  return check_words(name, where, 100);
}

}  // namespace sfumato
