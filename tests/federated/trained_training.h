#pragma once

#include "secagg/example_plan.h"
#include "sfumato/federated/training.h"

namespace sfumato {

/// Three clinics learn whether a patient comes back, of age and days.
inline TrainingTerms example_training_terms() {
  PlanTerms plan = concentrated_terms();
  plan.title = "readmissions";
  plan.datasets = {{0, "stays", ""}, {1, "stays", ""}, {2, "beds", ""}};
  return {
      .plan = std::move(plan),
      .target = "readmitted",
      .features = {{"age", decimal("0"), decimal("100")}, {"days", decimal("0"), decimal("30")}},
      .clip = decimal("1.5"),
      .step = decimal("0.01"),
      .rate = decimal("2"),
      .momentum = decimal("0.5"),
      .rounds = 4,
      .people = 1000,
      .rho = decimal("0.1")};
}

inline Training example_training() {
  return Training::make(example_training_terms(), clinic_roster()).value();
}

}  // namespace sfumato
