#include "ledger/replay.h"

#include <algorithm>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::string_view kRenyi = "renyi";

/// What an account allows at each order, where it counts Rényi divergences; false where no such cap is.
bool set_caps(Replay::Account& account) {
  if (account.measure != kRenyi) return account.curve.empty();
  if (account.curve.size() > kMostOrders) return false;
  const auto caps = caps_of(account.cap, account.curve);
  if (!caps) return false;
  std::vector<RenyiFilter::Order> before = std::move(account.orders);
  account.orders = *caps;
  for (std::size_t i = 0; i < before.size(); ++i) account.orders[i].spent = before[i].spent;
  return true;
}

/// Adds to what was spent. False where that is then more than is allowed.
bool add(Replay::Account& account, const Spending& amount, const std::vector<LossAmount>& curve) {
  account.spent.loss = account.spent.loss + amount.loss;
  account.spent.delta = account.spent.delta + amount.delta;
  if (account.spent.loss > account.cap.loss || curve.size() != account.orders.size()) return false;
  if (account.measure != kRenyi) return account.spent.delta <= account.cap.delta;
  return add_divergences(account.orders, curve) &&
         account.spent.delta <= half_of(account.cap.delta);
}

bool is_within(Replay::Account& account) {
  return add(account, {}, std::vector<LossAmount>(account.orders.size()));
}

}  // namespace

Replay::Account* Replay::find(const std::string& dataset, const std::string& label) {
  const auto found = accounts_.find({dataset, label});
  return found == accounts_.end() ? nullptr : &found->second;
}

const Replay::Account* Replay::find(const std::string& dataset, const std::string& label) const {
  const auto found = accounts_.find({dataset, label});
  return found == accounts_.end() ? nullptr : &found->second;
}

Replay::Verdict Replay::take(const LedgerEntry& entry) {
  if (!was_signed(entry)) return Verdict::not_signed;
  const bool sound = has_right(entry) && change(entry) && signatures_.take_keys(entry);
  return sound ? Verdict::sound : Verdict::impossible;
}

bool Replay::was_signed(const LedgerEntry& entry) {
  return signatures_.is_signed(entry,
                               entry.request.empty() ? std::vector<Wish>() : wishes_behind(entry));
}

/// What may have been asked for that the entry came of it. The first charge of a plan may, and all
/// others must, have been asked for as one more.
std::vector<Wish> Replay::wishes_behind(const LedgerEntry& entry) const {
  Wish wish{.entry = entry};
  if (entry.kind == "charge" || entry.kind == "grant") {
    const Account* const dataset = find(entry.dataset, "");
    if (dataset == nullptr) return {};
    wish.measure = dataset->measure;
  }
  if (entry.kind == "store") {
    const auto charge = charges_.find(entry.about);
    if (charge == charges_.end()) return {};
    wish.charge = charge->second.entry;
  }
  if (entry.kind != "charge") return {wish};
  Wish again = wish;
  again.again = true;
  return entry.about > 0 ? std::vector{again} : std::vector{wish, again};
}

bool Replay::has_right(const LedgerEntry& entry) const {
  const auto found = roles_.find(entry.actor);
  const std::string role = found == roles_.end() ? "" : found->second;
  const std::string own = "analyst " + entry.actor;
  if (entry.kind == "create" || entry.kind == "refuse") return true;
  if (role == name_of(Role::owner)) return entry.kind != "charge" || entry.account.empty();
  if (role != name_of(Role::analyst)) return false;
  if (entry.kind == "reidentify") return true;
  if (entry.kind == "charge") return entry.account == own;
  if (entry.kind != "store" && entry.kind != "publish") return false;
  const auto charge = charges_.find(entry.about);
  return charge != charges_.end() && find(charge->second.account.first, own) != nullptr;
}

bool Replay::change(const LedgerEntry& entry) {
  using Take = bool (Replay::*)(const LedgerEntry&);
  static const std::map<std::string_view, Take> kinds = {
      {"create", &Replay::take_create},        {"appoint", &Replay::take_appoint},
      {"revoke", &Replay::take_revoke},        {"dataset", &Replay::take_dataset},
      {"grant", &Replay::take_grant},          {"freeze", &Replay::take_freeze},
      {"thaw", &Replay::take_freeze},          {"charge", &Replay::take_charge},
      {"store", &Replay::take_store},          {"publish", &Replay::take_publish},
      {"reidentify", &Replay::take_reidentify}};
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
  return entry.account != entry.actor || entry.words == name_of(Role::owner);
}

bool Replay::take_revoke(const LedgerEntry& entry) {
  return entry.account != entry.actor;
}

bool Replay::take_dataset(const LedgerEntry& entry) {
  Account account{.parent = {},
                  .measure = entry.words,
                  .cap = entry.amount,
                  .spent = {},
                  .curve = entry.curve,
                  .until = entry.until};
  if (!set_caps(account)) return false;
  return accounts_.try_emplace({entry.dataset, ""}, account).second;
}

bool Replay::take_grant(const LedgerEntry& entry) {
  const std::string parent = entry.words.empty() ? "" : "project " + entry.words;
  const Account* const above = find(entry.dataset, parent);
  if (above == nullptr || entry.account.empty()) return false;
  constexpr std::string_view kAnalyst = "analyst ";
  if (entry.account.starts_with(kAnalyst)) {
    const std::string name = entry.account.substr(kAnalyst.size());
    if (roles_.try_emplace(name, name_of(Role::analyst)).first->second == name_of(Role::auditor))
      return false;
  }
  const Account fresh{
      .parent = parent, .measure = above->measure, .cap = {}, .spent = {}, .curve = above->curve};
  Account& account = accounts_.try_emplace({entry.dataset, entry.account}, fresh).first->second;
  account.cap = entry.amount;
  account.until = std::min(account.until, entry.until);
  return set_caps(account) && is_within(account);
}

bool Replay::take_freeze(const LedgerEntry& entry) {
  Account* const account = find(entry.dataset, entry.account);
  if (account != nullptr) account->frozen = entry.kind == "freeze";
  return account != nullptr;
}

bool Replay::take_charge(const LedgerEntry& entry) {
  const Account* const dataset = find(entry.dataset, "");
  if (dataset == nullptr || entry.digest != view_of(plan_digest(entry, dataset->measure)))
    return false;
  if (attempts_[entry.digest]++ != entry.about) return false;
  charges_[entry.number] = {
      {entry.dataset, entry.account}, entry.digest, entry.about, 0, {}, entry.hash};
  for (std::string label = entry.account;;) {
    Account* const account = find(entry.dataset, label);
    if (account == nullptr || account->frozen || entry.time >= account->until) return false;
    if (!add(*account, entry.amount, entry.curve)) return false;
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
  if (charge == charges_.end() || charge->second.step != 1 ||
      charge->second.release != entry.digest)
    return false;
  charge->second.step = 2;
  return true;
}

/// It is about no budget, and costs nothing.
bool Replay::take_reidentify(const LedgerEntry& entry) {
  return !entry.version.empty() && entry.about >= 0 && entry.dataset.empty() &&
         entry.account.empty() && entry.amount.loss == LossAmount() &&
         entry.amount.delta == DeltaAmount() && entry.curve.empty() && entry.until == 0;
}

}  // namespace sfumato
