#include "ledger/session.h"

#include <algorithm>

namespace sfumato {

Result<Writing> Writing::begin(Store& store, const std::string& actor, const LedgerClock& clock) {
  Result<Transaction> transaction = Transaction::write(store);
  if (!transaction) return std::move(transaction).error();
  const Result<Chain> chain = Chain::end(store, clock());
  if (!chain) return chain.error();
  return Writing(*std::move(transaction), *chain, actor);
}

Result<LedgerHead> Writing::append(LedgerEntry entry) {
  entry.actor = *actor_;
  return chain_.append(std::move(entry));
}

Error Writing::refuse(const AccountName& account, Error error) {
  LedgerEntry entry = entry_about("refuse", account);
  entry.words = error.message;
  const Result<LedgerHead> noted = append(std::move(entry));
  if (!noted) return noted.error();
  const Status durable = commit();
  return durable ? error : durable.error();
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

Status put_member(Writing& writing, Store& store, const std::string& name, Role role) {
  const auto put = store.run(
      "INSERT INTO member VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET role = excluded.role",
      {name, name_of(role)});
  if (!put) return put.error();
  LedgerEntry entry;
  entry.kind = "appoint";
  entry.account = name;
  entry.words = name_of(role);
  const auto noted = writing.append(std::move(entry));
  return noted ? ok() : Status(noted.error());
}

Status only_owners(Writing& writing, LedgerState& state, const AccountName& account) {
  const auto role = role_of(*state.store, state.actor);
  if (!role) return role.error();
  if (*role == Role::owner) return ok();
  return writing.refuse(account, {Errc::refused, state.actor,
                                  "is no owner of this ledger: owners change roles and budgets"});
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
