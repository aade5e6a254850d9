#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/aggregate/automatic_bounds.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/total.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// How the automatic clamps of a query are found, and what that leaves of its total.
///
/// **Law** of each unit at most max_groups groups are kept and in each of these at most max_rows rows, a uniform
/// sample of its own, as the query itself keeps one. The bounds of a column are those that AutomaticBounds finds
/// among the values that are kept, in all groups together: a unit has at most max_groups·max_rows of them.
///
/// **Cost** each column has the same part of the share of ε; of ρ an ε with ε²/2 that part. δ is left whole.
///
/// Proof   docs/proofs/aggregate/automatic_bounds.md
struct ClampSearch {
  AutomaticBounds mechanism;         ///< one for each column
  std::vector<std::string> columns;  ///< in the order of the query's clamps
  PrivacyTotal rest;                 ///< for all that is computed within the bounds

  /// None where no clamp is automatic, found or not. Refuses shares that are not between 0 and 1.
  static Result<std::optional<ClampSearch>> of(const Query& query);

  Event event() const;  ///< for the accountant: of all columns
};

}  // namespace sfumato
