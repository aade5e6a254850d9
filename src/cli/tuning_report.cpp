#include "cli/tuning_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/display.h"
#include "cli/json.h"
#include "cli/layout.h"
#include "cli/payment.h"

namespace sfumato {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMargin = 20, kNames = 170, kBars = 400, kNumbers = 80, kRow = 22, kBar = 13;
constexpr double kHead = 34, kFoot = 18;
constexpr Ink kInk = {38, 41, 46}, kQuiet = {98, 104, 114}, kBest = {92, 138, 196},
              kOther = {196, 212, 234};

std::string percent(double share) {
  if (std::isinf(share)) return "no plan";
  return fmt::format("{} %", rounded(100 * share, std::min(places_for(10 * share), 6)));
}

std::string flags_text(const Tuning& tuning) {
  std::vector<std::string> flags;
  for (const TunedParameter& parameter : tuning.parameters)
    flags.push_back(parameter.flag + " " + printable(parameter.tried[parameter.best].text));
  if (flags.empty()) return "nothing: all is given";
  return fmt::format("{}", fmt::join(flags, " "));
}

std::string parameter_table(const TunedParameter& parameter) {
  std::vector<std::vector<std::string>> rows = {{parameter.flag, "error", ""}};
  for (std::size_t i = 0; i < parameter.tried.size(); ++i)
    rows.push_back({printable(parameter.tried[i].text), percent(parameter.tried[i].error),
                    i == parameter.best ? "recommended" : ""});
  return aligned(rows, {Align::right, Align::right, Align::left});
}

std::string cost_text(const TuningReport& report) {
  if (!report.cost)
    return "The sample was taken as public: nothing of it is protected, and nothing was charged.\n";
  const std::string delta =
      report.cost->delta.sign() > 0 ? ", δ = " + report.cost->delta.to_string() : std::string();
  return fmt::format(
      "They are of noisy counts of the table, which cost ε = {}{}{}; the answers will cost what "
      "they cost "
      "beside that.\n",
      report.cost->epsilon.to_string(), delta,
      report.charged ? " and were charged to a ledger" : "");
}

void draw(const TunedParameter& parameter, Picture& picture) {
  double most = 0;
  for (const Tried& tried : parameter.tried)
    if (!std::isinf(tried.error)) most = std::max(most, tried.error);
  picture.shapes.emplace_back(
      Label{kMargin, picture.height + 20, parameter.flag, Anchor::start, 14, true, kInk});
  picture.height += kHead;
  for (std::size_t i = 0; i < parameter.tried.size(); ++i) {
    const Tried& tried = parameter.tried[i];
    const double middle = picture.height + kRow / 2;
    const bool best = i == parameter.best;
    const double width = most > 0 ? kBars * std::min(tried.error / most, 1.0) : 0;
    picture.shapes.emplace_back(Label{kMargin + kNames - 8, middle + 4,
                                      shortened(printable(tried.text), 60), Anchor::end, 12, best,
                                      kInk, tried.text});
    picture.shapes.emplace_back(
        Box{kMargin + kNames, middle - kBar / 2, width, kBar, best ? kBest : kOther});
    picture.shapes.emplace_back(Label{kMargin + kNames + kBars + kNumbers, middle + 4,
                                      percent(tried.error), Anchor::end, 12, best, kInk});
    picture.height += kRow;
  }
  picture.height += kFoot;
}

Json json_of(const TunedParameter& parameter) {
  Json tried = Json::array();
  for (const Tried& one : parameter.tried) tried.push_back(Json::array({one.text, one.error}));
  return {{"flag", parameter.flag}, {"tried", std::move(tried)}, {"best", parameter.best}};
}

std::optional<TunedParameter> parameter_of(const Json& json) {
  TunedParameter parameter{
      json.at("flag").get<std::string>(), {}, json.at("best").get<std::size_t>()};
  for (const Json& tried : json.at("tried"))
    parameter.tried.push_back({tried.at(0).get<std::string>(), tried.at(1).get<double>()});
  if (parameter.best >= parameter.tried.size()) return std::nullopt;
  return parameter;
}

}  // namespace

std::string bytes_of(const Tuning& tuning) {
  Json clamps = Json::array(), parameters = Json::array();
  for (const Clamp& clamp : tuning.clamps)
    clamps.push_back(Json::array({clamp.column, clamp.lower, clamp.upper}));
  for (const TunedParameter& parameter : tuning.parameters)
    parameters.push_back(json_of(parameter));
  const Json json = {{"max_groups", tuning.bounds.max_groups},
                     {"max_rows", tuning.bounds.max_rows},
                     {"clamps", std::move(clamps)},
                     {"error", tuning.error},
                     {"parameters", std::move(parameters)}};
  std::string bytes;
  Json::to_cbor(json, bytes);
  return bytes;
}

Result<Tuning> tuning_of(const std::string& bytes) {
  const Json json = Json::from_cbor(bytes, true, false);
  Tuning tuning{};
  try {
    tuning.bounds = {json.at("max_groups").get<std::int64_t>(),
                     json.at("max_rows").get<std::int64_t>()};
    for (const Json& clamp : json.at("clamps"))
      tuning.clamps.push_back(
          {clamp.at(0).get<std::string>(), clamp.at(1).get<double>(), clamp.at(2).get<double>()});
    tuning.error = json.at("error").get<double>();
    for (const Json& stored : json.at("parameters")) {
      std::optional<TunedParameter> parameter = parameter_of(stored);
      if (!parameter) return stored_otherwise();
      tuning.parameters.push_back(*std::move(parameter));
    }
  } catch (const Json::exception&) {
    return stored_otherwise();
  }
  return tuning;
}

std::string tuning_table(const TuningReport& report) {
  const Tuning& tuning = report.tuning;
  std::string text =
      fmt::format("Recommended: {}\nExpected error: {} of the exact answers, at {}.\n",
                  flags_text(tuning), percent(tuning.error), report.asked);
  for (const TunedParameter& parameter : tuning.parameters)
    text += "\n" + parameter_table(parameter);
  return text +
         "\nErrors are root mean squares over groups, of bounds, clamps and noise together, all "
         "else as recommended.\n" +
         cost_text(report);
}

std::string tuning_json(const TuningReport& report) {
  const Tuning& tuning = report.tuning;
  std::vector<std::string> parameters;
  for (const TunedParameter& parameter : tuning.parameters) {
    std::vector<std::string> tried;
    for (const Tried& one : parameter.tried)
      tried.push_back(
          json_object({{"value", json_text(one.text)}, {"error", json_number(one.error)}}));
    parameters.push_back(
        json_object({{"flag", json_text(parameter.flag)},
                     {"recommended", json_text(parameter.tried[parameter.best].text)},
                     {"tried", fmt::format("[{}]", fmt::join(tried, ", "))}}));
  }
  std::vector<JsonField> fields = {
      {"error", json_number(tuning.error)},
      {"parameters", parameters.empty()
                         ? "[]"
                         : fmt::format("[\n    {}\n  ]", fmt::join(parameters, ",\n    "))}};
  if (report.cost)
    fields.push_back({"cost", json_object({{"epsilon", report.cost->epsilon.to_string()},
                                           {"delta", report.cost->delta.to_string()},
                                           {"charged", report.charged ? "true" : "false"}})});
  return json_document(fields);
}

Picture tuning_chart(const TuningReport& report) {
  const Tuning& tuning = report.tuning;
  Picture picture{.width = 2 * kMargin + kNames + kBars + kNumbers,
                  .height = 12,
                  .title = "Expected error of what was tried"};
  for (const TunedParameter& parameter : tuning.parameters) draw(parameter, picture);
  picture.height += 20;
  picture.shapes.emplace_back(Label{kMargin, picture.height - 4,
                                    shortened("Expected error at " + report.asked + ".", 100),
                                    Anchor::start, 12, false, kQuiet});
  picture.height += 12;
  return picture;
}

}  // namespace sfumato
