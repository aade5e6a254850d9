#include "federated/some_model.h"
#include "fuzz/target.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto model = TrainedModel::parse(bytes);
  if (!model) return;
  require(model->weights.size() == model->features.size() + 1);
  require(TrainedModel::parse(model->to_json()).value() == *model);
}

std::vector<std::string> seeds() {
  TrainedModel model = some_model();
  model.title += " \xc2\xa7";
  std::string twice = model.to_json();
  twice.insert(twice.rfind('}'), ", \"rounds\": 9\n");
  return {model.to_json(), twice, std::string(500, '[')};
}

}  // namespace sfumato
