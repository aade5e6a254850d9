#pragma once

#include "sfumato/base/result.h"
#include "sfumato/secagg/plan_terms.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// Gives the operations whose noise is 0 the least, to thousandths, with which all operations cost no more than the terms'
/// total: discrete Laplace noise by equal parts of it, Gaussian and Skellam noise by one multiple of what each moves by, within
/// 10^-5 of the least that does, Skellam noise within 10^-3. Noise that is told stays. Refuses terms that are no plan's, and
/// totals that no noise pays for; `terms` are unchanged then.
///
/// Test  tests/secagg/untold_noise_test.cpp
Status share_noise(PlanTerms& terms, const Roster& roster);

}  // namespace sfumato
