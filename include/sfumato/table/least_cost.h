#pragma once

#include <cstdint>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// How exact the answers of a query shall be: each standard error is at most `share` of the most that its answer can
/// be in a group of `rows` rows that all count and have values.
///
/// That most is `rows` for counts and for the rank of a quantile; rows / max_rows, rounded up, for units;
/// rows·max(|lo|, |hi|) for a sum; hi - lo for a mean; (hi - lo)²/4 for a variance. The error of a deviation hangs
/// on the deviation: it is not known before, and does not count. In a rollup it holds of coarser groups, too.
struct WantedError {
  double share;       ///< above 0
  std::int64_t rows;  ///< at least 1
};

/// The least ε of three digits, from 1e-9 to 1e6, at which the plan of a query is as exact as wanted and at the next
/// lower one of which it is not.
///
/// The ε of the query's total does not matter, its δ does: a total in ρ is refused. No file is opened. Refuses
/// where not even the greatest ε is enough, and where no answer has an error that is known before.
///
/// The errors are those of the calibrated plan itself, never a formula for them: at the ε that comes back `Plan`
/// promises what was wanted. They fall as ε rises, but where a larger ε makes the plan take
/// another rule or law: down to a quarter of what halving finds, ε that are 5 % apart are tried for that.
Result<Decimal> least_epsilon(Query query, const WantedError& wanted);

}  // namespace sfumato
