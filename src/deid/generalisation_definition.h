#pragma once

#include "sfumato/deid/generalisation.h"

namespace sfumato {

/// What `optimal_generalisation` gives, as a reader checks it by eye: looks at each generalisation.
/// `satisfying` counts those that satisfy the limits.
std::optional<Generalisation> best_of_all_generalisations(const QuasiTable& table,
                                                          const ReleaseLimits& limits,
                                                          LossMetric metric,
                                                          std::uint64_t* satisfying = nullptr);

/// Whether a comes before b: by less loss, fewer rows suppressed, lower levels.
bool better(const Generalisation& a, const Generalisation& b);

}  // namespace sfumato
