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
std::string axis(const char* letter, AmountType left, AmountType cap) {
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
  if (account.spent.loss > LossAmount() && !running.empty()) add("so far " + running);
  return text;
}

/// Amounts are texts, so that no reader of JSON rounds them.
Json amounts(LossMeasure measure, const Spending& amount) {
  return {{std::string(name_of(measure)), amount.loss.to_string()},
          {"delta", amount.delta.to_string()}};
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

std::string accounts_table(const std::vector<ShownAccount>& accounts, const std::string& delta,
                           bool holds_keys) {
  std::vector<std::vector<std::string>> rows = {{"budget", "left", "", "", ""}};
  for (const auto& [account, running] : accounts) {
    const Spending left = account.left().amount;
    const char* const letter = account.cap.measure == LossMeasure::epsilon ? "ε" : "ρ";
    rows.push_back({name_in_table(account.name), bar(left.loss, account.cap.amount.loss),
                    axis(letter, left.loss, account.cap.amount.loss),
                    axis("δ", left.delta, account.cap.amount.delta),
                    remark(account, running ? told(*running, delta) : "")});
  }
  return aligned(rows, {Align::left, Align::left, Align::left, Align::left, Align::left}) +
         std::string(worth_of_names(holds_keys)) + "\n";
}

std::string accounts_json(const std::vector<ShownAccount>& accounts, const std::string& delta) {
  Json list = Json::array();
  for (const auto& [one, running] : accounts) {
    Json json = {{"dataset", one.name.dataset}};
    if (one.name.kind == AccountName::Kind::project) json["project"] = one.name.name;
    if (one.name.kind == AccountName::Kind::analyst) json["analyst"] = one.name.name;
    if (!one.project.empty()) json["project"] = one.project;
    json["cap"] = amounts(one.cap.measure, one.cap.amount);
    json["spent"] = amounts(one.cap.measure, one.spent);
    json["left"] = amounts(one.cap.measure, one.left().amount);
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
  if (entry.kind == "store" || entry.kind == "publish") json["charge"] = entry.about;
  if (entry.kind == "charge") json["attempt"] = entry.about;
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
