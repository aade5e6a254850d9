#include "cli/payment.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/display.h"

namespace sfumato {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::vector<std::string> names_of(const std::vector<Aggregate>& select) {
  std::vector<std::string> names;
  for (const Aggregate& aggregate : select) names.push_back(aggregate.name());
  return names;
}

/// In an order of their own: how they were arranged does not decide.
std::vector<std::string> conditions_of(const std::vector<Condition>& where) {
  std::vector<std::string> texts;
  for (const Condition& condition : where) texts.push_back(condition.to_string());
  std::ranges::sort(texts);
  return texts;
}

Json json_of(const std::vector<AnswerRow>& rows) {
  Json json = Json::array();
  for (const AnswerRow& row : rows) {
    Json group = Json::array(), values = Json::array();
    for (const auto& cell : row.group) group.push_back(or_null(cell));
    for (const auto& [value, low, high] : row.values)
      values.push_back(Json::array({value, low, high}));
    json.push_back(Json::array({std::move(group), std::move(values)}));
  }
  return json;
}

Json json_of(const std::vector<Clamp>& clamps) {
  Json json = Json::array();
  for (const auto& [column, lower, upper, source] : clamps)
    json.push_back(Json::array({column, lower, upper, static_cast<int>(source)}));
  return json;
}

std::optional<Clamp> clamp_of(const Json& json) {
  const int source = json.at(3).get<int>();
  if (source < 0 || source > static_cast<int>(Clamp::Source::missed)) return std::nullopt;
  return Clamp{json.at(0).get<std::string>(), json.at(1).get<double>(), json.at(2).get<double>(),
               static_cast<Clamp::Source>(source)};
}

AnswerRow row_of(const Json& json) {
  AnswerRow row;
  for (const Json& key : json.at(0)) {
    auto& cell = row.group.emplace_back();
    if (!key.is_null()) cell = key.get<std::string>();
  }
  for (const Json& value : json.at(1))
    row.values.push_back(
        {value.at(0).get<double>(), value.at(1).get<double>(), value.at(2).get<double>()});
  return row;
}

Result<Ledger> open_for(const std::string& path, const std::optional<std::string>& actor,
                        const KeySource& key) {
  if (!key.file) return Ledger::open(path, actor.value_or("owner"));
  Result<SigningKey> own = unlocked(*key.file, key.lock);
  if (!own) return std::move(own).error();
  LedgerSigner signer = LedgerSigner::of(*std::move(own));
  return actor ? Ledger::open(path, *actor, std::move(signer))
               : Ledger::open(path, std::move(signer));
}

}  // namespace

std::string title_of(const Query& query) {
  std::string title = fmt::format("{}", fmt::join(names_of(query.select), ", "));
  if (!query.by.empty())
    title += fmt::format(" by {}{}", fmt::join(query.by, ", "), query.rollup ? " rolled up" : "");
  if (!query.where.empty())
    title += fmt::format(" where {}", fmt::join(conditions_of(query.where), " and "));
  return shortened(printable(title), 200);
}

Result<Ledger> open_ledger(const std::string& path, const std::optional<std::string>& actor,
                           const KeySource& key, const std::optional<std::string>& expected_head) {
  Result<Ledger> ledger = open_for(path, actor, key);
  if (!ledger || !expected_head) return ledger;
  const Result<LedgerHead> head = LedgerHead::parse(*expected_head);
  if (!head) return Error{head.error().code, "expect-head", head.error().message};
  if (Status held = ledger->expect(*head); !held) return std::move(held).error();
  return ledger;
}

StatedCost stated(bool concentrated, const Decimal& loss, const Decimal& delta) {
  if (concentrated) return ConcentratedCost{loss, delta};
  return ApproximateCost{loss, delta};
}

// A field that `Query` gains does not compile here until somebody says whether it decides.
Result<std::string> plan_bytes(const Question& question, const std::string& list,
                               const std::string& form) {
  const auto& [tables, unit, by, rollup, where, select, clamps, automatic_share, bounds, total,
               groups, noise, confidence, quantile_intervals, threads, memory] = question.query;
  const auto& [concentrated, loss, delta, written_confidence] = question.written;
  static_cast<void>(total);    // `written` says it exactly
  static_cast<void>(threads);  // how fast, not what
  static_cast<void>(memory);
  static_cast<void>(confidence);
  Json json = {{"form", form},
               {"tables", tables},
               {"unit", or_null(unit)},
               {"by", by},
               {"select", names_of(select)}};
  if (rollup) json["rollup"] = true;
  if (!where.empty()) json["where"] = conditions_of(where);
  Json& clamped = json["clamps"] = Json::array();
  for (const Clamp& clamp : clamps) {
    if (clamp.is_automatic())
      clamped.push_back(Json::array({clamp.column, "auto"}));
    else
      clamped.push_back({clamp.column, shortest(clamp.lower), shortest(clamp.upper)});
  }
  if (std::ranges::any_of(clamps, &Clamp::is_automatic))
    json["auto_share"] = shortest(automatic_share);
  json["max_groups"] = bounds.max_groups;
  json["max_rows"] = bounds.max_rows;
  json[concentrated ? "rho" : "epsilon"] = loss.to_string();
  json["delta"] = delta.to_string();
  json["groups"] = or_null(groups);
  json["list"] = list;
  json["noise"] = static_cast<int>(noise);
  json["confidence"] = written_confidence.to_string();
  if (quantile_intervals) json["quantile_intervals"] = true;
  try {
    return json.dump(-1, ' ', true);
  } catch (const Json::exception&) {
    return Error{Errc::invalid_parameter, "query",
                 "must be written in UTF-8 where a ledger is to know it again"};
  }
}

Error stored_otherwise() {
  return {Errc::malformed, "stored release", "was stored in another form: ask it --again"};
}

// Where clamps were found, rows stand in an object beside them; else they stand alone.
std::string bytes_of(const Released& released) {
  Json json = json_of(released.rows);
  if (!released.clamps.empty())
    json = {{"rows", std::move(json)}, {"clamps", json_of(released.clamps)}};
  std::string bytes;
  Json::to_cbor(json, bytes);
  return bytes;
}

Result<Released> released_of(const std::string& bytes) {
  const Json json = Json::from_cbor(bytes, true, false);
  Released released;
  try {
    if (json.is_object())
      for (const Json& stored : json.at("clamps")) {
        std::optional<Clamp> clamp = clamp_of(stored);
        if (!clamp) return stored_otherwise();
        released.clamps.push_back(*std::move(clamp));
      }
    const Json& rows = json.is_object() ? json.at("rows") : json;
    if (!rows.is_array()) return stored_otherwise();
    for (const Json& row : rows) released.rows.push_back(row_of(row));
  } catch (const Json::exception&) {
    return stored_otherwise();
  }
  return released;
}

Result<PaidBytes> pay(const QueryArguments& given, const Purchase& purchase,
                      const std::function<Result<std::string>(Permit)>& compute) {
  Result<Ledger> ledger = open_ledger(*given.ledger, given.analyst, given.key, given.expect_head);
  if (!ledger) return std::move(ledger).error();
  auto spent = ledger->spend({.dataset = *given.dataset,
                              .version = given.data_version.value_or(""),
                              .plan = purchase.plan,
                              .title = purchase.title,
                              .cost = purchase.cost,
                              .loss = purchase.loss,
                              .again = given.again});
  if (!spent) return std::move(spent).error();
  if (auto* reservation = std::get_if<Reservation>(&*spent)) {
    const auto fresh = compute(std::move(reservation->permit));
    if (!fresh) return fresh.error();
    auto stored = ledger->store(std::move(reservation->charge), *fresh);
    if (!stored) return std::move(stored).error();
    *spent = *std::move(stored);
  }
  return PaidBytes{*std::move(ledger), std::move(std::get<StoredRelease>(*spent))};
}

Result<Paid> pay(const QueryArguments& given, const Question& question, const std::string& plan,
                 const ReleaseLoss& loss, const Compute& compute) {
  const Written& written = question.written;
  const auto bytes = [&](Permit permit) -> Result<std::string> {
    const auto fresh = compute(std::move(permit));
    if (!fresh) return fresh.error();
    return bytes_of(*fresh);
  };
  auto paid = pay(given,
                  Purchase{plan, title_of(question.query),
                           stated(written.concentrated, written.loss, written.delta), loss},
                  bytes);
  if (!paid) return std::move(paid).error();
  // What is shown is what was stored, whoever stored it.
  auto released = released_of(paid->release.bytes);
  if (!released) return std::move(released).error();
  return Paid{std::move(paid->ledger), std::move(paid->release), *std::move(released)};
}

}  // namespace sfumato
