#include "cli/budget_view.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "cli/display.h"
#include "cli/layout.h"

namespace sfumato {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kCells = 20;

/// What is left of what, in the letter of its axis; nothing where there never was any.
template <class AmountType>
std::string axis(const std::string& letter, AmountType left, AmountType cap) {
  if (cap == AmountType()) return {};
  return fmt::format("{} {} of {}", letter, brief_amount(left, Toward::below),
                     brief_amount(cap, Toward::below));
}

template <class AmountType>
std::string briefly(AmountType amount, Toward toward) {
  constexpr uint128 kMillion = 1'000'000;
  uint128 step = 1;
  while (amount.units() / step >= kMillion) step *= 10;
  uint128 units = amount.units() / step * step;
  if (toward == Toward::above && units < amount.units()) units += step;
  const auto shown = AmountType::of_units(units);
  return (shown ? *shown : amount).to_string();
}

template <class AmountType>
std::string bar(AmountType left, AmountType cap) {
  return bar_of(left.units(), cap.units());
}

std::string name_in_table(const AccountName& name) {
  if (name.kind == AccountName::Kind::dataset) return printable(name.dataset);
  return (name.kind == AccountName::Kind::project ? "  project " : "  analyst ") +
         printable(name.name);
}

std::string remark(const LedgerAccount& account, const std::string& running) {
  std::string text = account.project.empty() ? "" : "in project " + printable(account.project);
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (account.frozen) add("frozen");
  if (account.until != kForever) add("until " + date_of(account.until));
  if (account.cap.measure == LossMeasure::renyi)
    add(fmt::format("within ε {} at δ {}", brief_amount(account.cap.amount.loss, Toward::below),
                    account.cap.amount.delta.to_string()));
  if (anything_spent(account) && !running.empty()) add("so far " + running);
  return text;
}

/// Amounts are texts, so that no reader of JSON rounds them.
Json amounts(LossMeasure measure, const Spending& amount) {
  const bool rho = measure == LossMeasure::rho;
  return {{rho ? "rho" : "epsilon", amount.loss.to_string()}, {"delta", amount.delta.to_string()}};
}

Json orders_json(const std::vector<RenyiFilter::Order>& orders) {
  Json list = Json::array();
  for (const auto& [alpha, cap, spent, usable] : orders)
    list.push_back(
        {{"order", alpha.to_string()},
         {"cap", usable ? Json(cap.to_string()) : Json(nullptr)},
         {"spent", spent.to_string()},
         {"left", usable && spent <= cap ? Json((cap - spent).to_string()) : Json(nullptr)}});
  return list;
}

Json amounts_of(const std::vector<LossAmount>& curve) {
  Json list = Json::array();
  for (const LossAmount& one : curve) list.push_back(one.to_string());
  return list;
}

/// A calendar ends somewhere: a log that somebody wrote by hand may not make us fail.
std::tm utc_of(std::int64_t second) {
  constexpr std::int64_t kEndOf9999 = 253'402'300'799;
  return fmt::gmtime(std::time_t{std::clamp<std::int64_t>(second, 0, kEndOf9999)});
}

/// Text that may hold any bytes.
std::string dumped(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json number_or_word(double x) {
  return std::isfinite(x) ? Json(x) : Json(shortest(x));
}

}  // namespace

std::string told(const RunningLoss& running, const std::string& delta) {
  if (!std::isfinite(running.epsilon)) return fmt::format("no ε at δ {}", delta);
  return fmt::format("ε {} at δ {} together, {} if each release's own were added",
                     rounded(running.epsilon, 4, Toward::above), delta,
                     rounded(running.added, 4, Toward::above));
}

std::string bar_of(uint128 left, uint128 cap) {
  const int full = cap > 0 ? static_cast<int>(left * kCells / cap) : 0;
  std::string text;
  for (int cell = 0; cell < kCells; ++cell) text += cell < full ? "█" : "░";
  return text;
}

std::string brief_amount(LossAmount amount, Toward toward) {
  return briefly(amount, toward);
}
std::string brief_amount(DeltaAmount amount, Toward toward) {
  return briefly(amount, toward);
}

std::string minute_of(std::int64_t second) {
  return fmt::format("{:%Y-%m-%d %H:%M}", utc_of(second));
}

std::string date_of(std::int64_t second) {
  const std::tm utc = utc_of(second);
  return second % 86400 == 0 ? fmt::format("{:%Y-%m-%d}", utc)
                             : fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc);
}

ShownLoss shown_loss(const LedgerAccount& account) {
  const LedgerCost& cap = account.cap;
  if (cap.measure != LossMeasure::renyi)
    return {cap.measure == LossMeasure::epsilon ? "ε" : "ρ", "", cap.amount.loss,
            account.spent.loss};
  const RenyiFilter::Order* const best = account.best_order();
  if (best == nullptr) return {"D", "none", {}, {}};
  return {"D", best->alpha.to_string(), best->cap, best->spent};
}

LossAmount shown_loss(const LedgerCost& cost, const LedgerAccount& dataset) {
  const RenyiFilter::Order* const best = dataset.best_order();
  if (best == nullptr) return cost.amount.loss;
  const auto place = static_cast<std::size_t>(best - dataset.orders.data());
  return place < cost.curve.size() ? cost.curve[place] : LossAmount();
}

bool anything_spent(const LedgerAccount& account) {
  return account.spent.loss > LossAmount() ||
         std::ranges::any_of(account.orders,
                             [](const auto& order) { return order.spent > LossAmount(); });
}

std::string accounts_table(const std::vector<ShownAccount>& accounts, bool holds_keys) {
  std::vector<std::vector<std::string>> rows = {{"budget", "left", "", "", ""}};
  for (const auto& [account, running, delta] : accounts) {
    const ShownLoss loss = shown_loss(account);
    const std::string name = loss.order.empty() ? loss.letter : "order " + loss.order + ":";
    rows.push_back({name_in_table(account.name), bar(loss.left(), loss.cap),
                    axis(name, loss.left(), loss.cap),
                    axis("δ", account.left().amount.delta, account.delta_cap()),
                    remark(account, running ? told(*running, delta) : "")});
  }
  return aligned(rows, {Align::left, Align::left, Align::left, Align::left, Align::left}) +
         std::string(worth_of_names(holds_keys)) + "\n";
}

std::string accounts_json(const std::vector<ShownAccount>& accounts) {
  Json list = Json::array();
  for (const auto& [one, running, delta] : accounts) {
    const bool renyi = one.cap.measure == LossMeasure::renyi;
    Json json = {{"dataset", one.name.dataset}};
    if (one.name.kind == AccountName::Kind::project) json["project"] = one.name.name;
    if (one.name.kind == AccountName::Kind::analyst) json["analyst"] = one.name.name;
    if (!one.project.empty()) json["project"] = one.project;
    json["cap"] = amounts(one.cap.measure, one.cap.amount);
    json["spent"] = amounts(one.cap.measure, one.spent);
    json["left"] = amounts(one.cap.measure, one.left().amount);
    if (renyi) {
      json["spent"].erase("epsilon");
      json["left"].erase("epsilon");
      json["orders"] = orders_json(one.orders);
    }
    if (running)
      json["running"] = {{"epsilon", number_or_word(running->epsilon)},
                         {"added_epsilon", number_or_word(running->added)},
                         {"delta", delta}};
    json["frozen"] = one.frozen;
    if (one.until != kForever) json["until"] = date_of(one.until);
    list.push_back(std::move(json));
  }
  return dumped({{"budgets", std::move(list)}}, 2) + "\n";
}

std::string_view worth_of_names(bool holds_keys) noexcept {
  return holds_keys ? "This ledger holds keys: what is asked of it is signed."
                    : "This ledger has no keys: names are taken on trust.";
}

std::string entry_json(const LedgerEntry& entry) {
  Json json = {{"number", entry.number},
               {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc_of(entry.time))},
               {"kind", entry.kind},
               {"actor", entry.actor}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  add("dataset", entry.dataset);
  add("account", entry.account);
  if (entry.kind == "dataset" || entry.kind == "grant" || entry.kind == "charge") {
    json["loss"] = entry.amount.loss.to_string();
    json["delta"] = entry.amount.delta.to_string();
  }
  if (!entry.curve.empty())
    json[entry.kind == "dataset" ? "orders" : "divergences"] = amounts_of(entry.curve);
  if (entry.kind == "store" || entry.kind == "publish") json["charge"] = entry.about;
  if (entry.kind == "charge") json["attempt"] = entry.about;
  if (entry.kind == "reidentify") json["rows"] = entry.about;
  if (entry.until != 0 && entry.until != kForever) json["until"] = date_of(entry.until);
  add("words", entry.words);
  add("version", entry.version);
  add("plan", entry.plan);
  add("sha256", hexadecimal(entry.digest));
  add("key", hexadecimal(entry.key));
  add("request", hexadecimal(entry.request));
  add("signature", hexadecimal(entry.signature));
  json["hash"] = hexadecimal(entry.hash);
  return dumped(json);
}

std::string release_json(const StoredRelease& release) {
  return dumped({{"charge", release.charge}, {"release", hexadecimal(release.bytes)}});
}

}  // namespace sfumato
