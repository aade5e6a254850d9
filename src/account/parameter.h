#pragma once

#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

// Each answers what is wrong with a parameter, as the error `where: …`, or that nothing is.

Status check_not_negative(const char* where, const Exact& x);  ///< finite and at least 0
Status check_positive(const char* where, const Exact& x);      ///< finite and above 0
Status check_probability(const char* where, const Exact& x);   ///< in [0, 1]
Status check_share(const char* where, const Exact& x);         ///< in (0, 1]
Status check_order(const Exact& alpha);                        ///< finite and above 1

}  // namespace sfumato
