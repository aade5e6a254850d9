#include "fuzz/target.h"
#include "sfumato/federated/trained_model.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto model = TrainedModel::parse(bytes);
  if (!model) return;
  require(model->weights.size() == model->features.size() + 1);
  require(TrainedModel::parse(model->to_json()).value() == *model);
}

std::vector<std::string> seeds() {
  const auto decimal = [](const char* text) { return Decimal::parse(text).value(); };
  const TrainedModel model{.title = "credit \"risk\" \xc2\xa7",
                           .unit = "customer",
                           .target = "defaulted",
                           .features = {{"income", decimal("10"), decimal("130")},
                                        {"debt", decimal("-0.5"), decimal("1")}},
                           .weights = {-2'500'000'001, 1, 1'000'000'000'000'000},
                           .training = {},
                           .rounds = 8,
                           .organisations = 5,
                           .rho = decimal("0.088"),
                           .delta = decimal("1e-6"),
                           .outsiders = decimal("1.75"),
                           .colluders = decimal("2")};
  std::string twice = model.to_json();
  twice.insert(twice.rfind('}'), ", \"rounds\": 9\n");
  return {model.to_json(), twice, std::string(500, '[')};
}

}  // namespace sfumato
