#pragma once

#include <optional>

#include "cli/arguments.h"
#include "sfumato/base/decimal.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// Numbers as they were asked for, to be told in the same digits: `Query` holds doubles next to
/// them, on the side of more privacy.
struct Written {
  bool concentrated;  ///< whether `loss` is ρ, else ε
  Decimal loss;
  Decimal delta;
  Decimal confidence;
};

struct Question {
  Query query;
  Written written;
};

/// Turns words into a query; says which is out of contract.
Result<Question> question_of(const QueryArguments& given);

}  // namespace sfumato
