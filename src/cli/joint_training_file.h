#pragma once

#include <string>

#include "sfumato/base/result.h"
#include "sfumato/federated/training.h"

namespace sfumato {

/// A training, and the δ at which its losses are told.
struct ToldTraining {
  Training training;
  Decimal delta;
};

/// The training that a TOML file tells, for the members of a roster: where it tells ε at δ, with the greatest ρ that the
/// accountant proves to be within them.
Result<ToldTraining> training_of_file(const std::string& file, const Roster& roster);

}  // namespace sfumato
