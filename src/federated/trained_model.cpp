// A library ends no program: what is read is looked at for its type before it is used.
#define JSON_ASSERT(condition) static_cast<void>(condition)

#include "sfumato/federated/trained_model.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "secagg/whole_steps.h"
#include "sfumato/base/hexadecimal.h"
#include "sfumato/federated/model_state.h"

namespace sfumato {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::size_t kMostBytes = 1 << 20;

Error malformed() {
  return {Errc::malformed, "model",
          "must be the JSON of a trained model, as joint train writes it"};
}

/// Members of an object, each taken once; `fine` is lost where one is not there or of another type.
class Members {
 public:
  explicit Members(const Json& object) : object_(object), fine_(object.is_object()) {}

  std::string text(const char* name) {
    const Json* const member = find(name);
    if (member && member->is_string()) return member->get<std::string>();
    return fine_ = false, std::string();
  }
  std::int64_t whole(const char* name, std::int64_t least, std::int64_t most) {
    const Json* const member = find(name);
    if (member && member->is_number_unsigned() &&
        member->get<std::uint64_t>() <= static_cast<std::uint64_t>(most) &&
        member->get<std::int64_t>() >= least)
      return member->get<std::int64_t>();
    return fine_ = false, least;
  }
  Decimal number(const char* name) {
    const auto read = Decimal::parse(text(name));
    fine_ = fine_ && read.has_value();
    return read ? *read : Decimal();
  }
  std::vector<Json> list(const char* name) {
    const Json* const member = find(name);
    if (member && member->is_array()) return {member->begin(), member->end()};
    return fine_ = false, std::vector<Json>();
  }
  void refuse() { fine_ = false; }

  /// Whether all were there, and no others.
  bool complete() const { return fine_ && taken_ == object_.size(); }

 private:
  const Json* find(const char* name) {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    if (found == object_.end()) return nullptr;
    ++taken_;
    return &*found;
  }

  const Json& object_;
  bool fine_;
  std::size_t taken_ = 0;
};

std::int64_t billionths_of(Members& members, const char* name) {
  const auto whole = whole_steps(members.number(name), Decimal::parse("1e-9").value());
  if (!whole || *whole < -kMostWeight || *whole > kMostWeight) members.refuse();
  return whole.value_or(0);
}

Json json_of(const ModelFeature& feature, std::int64_t weight) {
  return {{"column", feature.column},
          {"lower", feature.lower.to_string()},
          {"upper", feature.upper.to_string()},
          {"weight", weight_value(weight).to_string()}};
}

/// Members of one weight beside its feature; false where they are not as they should be.
bool read_feature(const Json& json, TrainedModel& model) {
  Members members(json);
  ModelFeature feature;
  feature.column = members.text("column");
  feature.lower = members.number("lower");
  feature.upper = members.number("upper");
  model.weights.push_back(billionths_of(members, "weight"));
  model.features.push_back(std::move(feature));
  return members.complete();
}

/// Nothing that is nested deeper than a model is.
bool is_shallow(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > 1000) return false;
  }
  return true;
}

}  // namespace

std::string TrainedModel::to_json() const {
  Json list = Json::array();
  for (std::size_t i = 0; i < features.size(); ++i)
    list.push_back(json_of(features[i], weights[i + 1]));
  const Json json = {{"sfumato_model", kFormat},
                     {"model", "logistic"},
                     {"title", title},
                     {"unit", unit},
                     {"target", target},
                     {"intercept", weight_value(weights[0]).to_string()},
                     {"features", std::move(list)},
                     {"training", hexadecimal(training)},
                     {"rounds", rounds},
                     {"organisations", organisations},
                     {"rho", rho.to_string()},
                     {"delta", delta.to_string()},
                     {"epsilon_outsiders", outsiders.to_string()},
                     {"epsilon_colluders", colluders.to_string()}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<TrainedModel> TrainedModel::parse(std::string_view json) {
  if (json.size() > kMostBytes || !is_shallow(json)) return malformed();
  const Json read = Json::parse(json, nullptr, false);
  Members members(read);
  TrainedModel model{};
  if (members.whole("sfumato_model", kFormat, kFormat) != kFormat) return malformed();
  if (members.text("model") != "logistic") return malformed();
  model.title = members.text("title");
  model.unit = members.text("unit");
  model.target = members.text("target");
  model.weights.push_back(billionths_of(members, "intercept"));
  for (const Json& feature : members.list("features"))
    if (!read_feature(feature, model)) return malformed();
  if (!read_hexadecimal(members.text("training"), model.training)) return malformed();
  model.rounds = members.whole("rounds", 1, 1000);
  model.organisations = members.whole("organisations", 2, 100);
  model.rho = members.number("rho");
  model.delta = members.number("delta");
  model.outsiders = members.number("epsilon_outsiders");
  model.colluders = members.number("epsilon_colluders");
  if (!members.complete()) return malformed();
  if (const auto logistic = Logistic::make(model.features); !logistic) return logistic.error();
  return model;
}

}  // namespace sfumato
