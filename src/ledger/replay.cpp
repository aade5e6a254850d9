#include "ledger/replay.h"

#include <algorithm>

namespace sfumato {
namespace {

bool within(const Spending& spent, const Spending& cap) {
  return spent.loss <= cap.loss && spent.delta <= cap.delta;
}

}  // namespace

Replay::Account* Replay::find(const std::string& dataset, const std::string& label) {
  const auto found = accounts_.find({dataset, label});
  return found == accounts_.end() ? nullptr : &found->second;
}

bool Replay::take(const LedgerEntry& entry) {
  using Take = bool (Replay::*)(const LedgerEntry&);
  static const std::map<std::string_view, Take> kinds = {
      {"create", &Replay::take_create},   {"appoint", &Replay::take_appoint},
      {"dataset", &Replay::take_dataset}, {"grant", &Replay::take_grant},
      {"freeze", &Replay::take_freeze},   {"thaw", &Replay::take_freeze},
      {"charge", &Replay::take_charge},   {"store", &Replay::take_store},
      {"publish", &Replay::take_publish}};
  if (entry.kind == "refuse") return entry.number > 0;
  const auto kind = kinds.find(entry.kind);
  return kind != kinds.end() && (this->*kind->second)(entry);
}

bool Replay::take_create(const LedgerEntry& entry) {
  roles_[entry.actor] = name_of(Role::owner);
  return entry.number == 0;
}

bool Replay::take_appoint(const LedgerEntry& entry) {
  roles_[entry.account] = entry.words;
  return true;
}

bool Replay::take_dataset(const LedgerEntry& entry) {
  Account account{
      .parent = {}, .measure = entry.words, .cap = entry.amount, .spent = {}, .until = entry.until};
  return accounts_.try_emplace({entry.dataset, ""}, account).second;
}

bool Replay::take_grant(const LedgerEntry& entry) {
  const std::string parent = entry.words.empty() ? "" : "project " + entry.words;
  const Account* const above = find(entry.dataset, parent);
  if (above == nullptr || entry.account.empty()) return false;
  const Account fresh{.parent = parent, .measure = above->measure, .cap = {}, .spent = {}};
  Account& account = accounts_.try_emplace({entry.dataset, entry.account}, fresh).first->second;
  account.cap = entry.amount;
  account.until = std::min(account.until, entry.until);
  return within(account.spent, account.cap);
}

bool Replay::take_freeze(const LedgerEntry& entry) {
  Account* const account = find(entry.dataset, entry.account);
  if (account != nullptr) account->frozen = entry.kind == "freeze";
  return account != nullptr;
}

bool Replay::take_charge(const LedgerEntry& entry) {
  if (attempts_[entry.digest]++ != entry.about) return false;
  charges_[entry.number] = {{entry.dataset, entry.account}, entry.digest, entry.about, 0, {}};
  for (std::string label = entry.account;;) {
    Account* const account = find(entry.dataset, label);
    if (account == nullptr || account->frozen || entry.time >= account->until) return false;
    account->spent.loss = account->spent.loss + entry.amount.loss;
    account->spent.delta = account->spent.delta + entry.amount.delta;
    if (!within(account->spent, account->cap)) return false;
    if (label.empty()) return true;
    label = account->parent;
  }
}

bool Replay::take_store(const LedgerEntry& entry) {
  const auto charge = charges_.find(entry.about);
  if (charge == charges_.end() || charge->second.step != 0) return false;
  charge->second.step = 1;
  charge->second.release = entry.digest;
  return true;
}

bool Replay::take_publish(const LedgerEntry& entry) {
  const auto charge = charges_.find(entry.about);
  if (charge == charges_.end() || charge->second.step != 1) return false;
  charge->second.step = 2;
  return true;
}

}  // namespace sfumato
