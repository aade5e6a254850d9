#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/federated/training.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// What one organisation adds to the joint vector of a round's plan, before noise: the sum of its people's changes in
/// steps.
///
/// A person's change is the mean of what those of its rows ask for (`Logistic`) in which the target is 0 or 1 and each
/// feature a number; other rows count as none. It becomes whole steps by `RandomSteps`, and goes to `Contribution` as
/// the one row of that person: how far a person moves the vector is the joint module's to bound, and does not hang on
/// anything here.
///
/// Secret: what it makes has no noise yet.
///
/// Proof   docs/proofs/federated/training.md
Result<std::vector<std::int64_t>> changes_of(const Training& training, const QueryPlan& plan,
                                             const ModelState& state,
                                             const std::vector<std::string>& files,
                                             BitSource& bits);

}  // namespace sfumato
