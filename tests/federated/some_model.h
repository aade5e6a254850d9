#pragma once

#include "secagg/example_plan.h"
#include "sfumato/federated/trained_model.h"

namespace sfumato {

/// With a title that JSON escapes, and weights at an end of what there may be.
inline TrainedModel some_model() {
  return {.title = "credit \"risk\"",
          .unit = "customer",
          .target = "defaulted",
          .features = {{"income", decimal("10"), decimal("130")},
                       {"debt", decimal("-0.5"), decimal("1")}},
          .weights = {-2'500'000'001, 1, 1'000'000'000'000'000},
          .training = digest_of(0xa5),
          .rounds = 8,
          .organisations = 5,
          .rho = decimal("0.088"),
          .delta = decimal("1e-6"),
          .outsiders = decimal("1.75"),
          .colluders = decimal("2")};
}

}  // namespace sfumato
