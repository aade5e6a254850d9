// Reads a model that several organisations trained, and tells a risk by it.
#include <vector>

#include "sfumato/federated/logistic.h"
#include "sfumato/federated/model_state.h"
#include "sfumato/federated/trained_model.h"

int main() {
  using namespace sfumato;
  const auto decimal = [](const char* text) { return Decimal::parse(text).value(); };
  const TrainedModel told{.title = "a consumer's",
                          .unit = "customer",
                          .target = "defaulted",
                          .features = {{"income", decimal("0"), decimal("100")}},
                          .weights = {0, -1'000'000'000},
                          .training = {},
                          .rounds = 8,
                          .organisations = 5,
                          .rho = decimal("0.1"),
                          .delta = decimal("1e-6"),
                          .outsiders = decimal("2"),
                          .colluders = decimal("2.5")};
  const TrainedModel read = TrainedModel::parse(told.to_json()).value();
  if (read != told) return 1;
  const Logistic model = Logistic::make(read.features).value();
  const std::vector<double> weights = weight_values(read.weights);
  std::vector<double> poor(model.size()), rich(model.size());
  model.scale(std::vector<double>{10}, poor);
  model.scale(std::vector<double>{90}, rich);
  return Logistic::risk(weights, poor) > Logistic::risk(weights, rich) ? 0 : 1;
}
