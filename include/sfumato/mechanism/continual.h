#pragma once

#include <cstdint>

#include "sfumato/base/result.h"
#include "sfumato/privacy/sensitivity.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

/// A stream of totals, one a step, whose running sum is released at each step under one total cost.
///
/// A unit is bounded over the whole stream: it moves the totals of at most `max_steps` steps, whichever
/// they are, and each by at most `per_step`. All is fixed before the first step, the horizon too.
struct ContinualParams {
  PrivacyTotal total;        ///< what all steps cost together
  std::int64_t horizon;      ///< the number of steps, at least 1
  std::int64_t max_steps;    ///< of which one unit moves at most so many totals, 1 … horizon
  LInfSensitivity per_step;  ///< the most that it moves each of these
  int exponent = 0;          ///< totals are whole multiples of 2^exponent, -1074 … 1000
};

/// Refuses what is out of range; `max_horizon` is the mechanism's own.
Status check(const ContinualParams& params, std::int64_t max_horizon);

}  // namespace sfumato
