#pragma once

#include <cstddef>

#include "sfumato/base/result.h"
#include "sfumato/secagg/plan_terms.h"

namespace sfumato {

/// h: how many organisations' parts make the whole noise, when all dropouts are gone and all colluders tell theirs.
/// Refuses terms that leave none.
inline Result<std::size_t> honest_parts(const PlanTerms& terms) {
  const std::size_t n = terms.datasets.size(), c = terms.colluders, d = terms.dropouts;
  if (c + d >= n)
    return Error{Errc::invalid_parameter, "colluders",
                 "and dropouts must leave one honest organisation at least"};
  return n - d - c;
}

}  // namespace sfumato
