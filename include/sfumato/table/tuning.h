#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// Which bounds of a query are to be found, and how much of the real table its tables are.
struct TuningParams {
  Query query;      ///< of a public sample; what is to be found in it does not matter
  bool max_groups;  ///< whether these are to be found
  bool max_rows;
  std::optional<std::int64_t> rows = {};  ///< of the real table; none: as many as the sample has
};

/// Something that was tried, all else as recommended.
struct Tried {
  std::string text;  ///< as a flag takes it: "3", "cost=0:500"
  double error;
};

/// One parameter that was to be found.
struct TunedParameter {
  std::string flag;  ///< "--max-groups", "--max-rows", "--clamp"
  std::vector<Tried> tried;
  std::size_t best;
};

struct Tuning {
  ContributionBounds bounds;
  std::vector<Clamp> clamps;
  double error;
  std::vector<TunedParameter> parameters;
};

/// Bounds and clamps with the least expected error, on a table of which a sample is public. Nothing of it is protected.
///
/// **Error** of an aggregate: the root of the mean squared error over the groups, over the root of the mean squared
/// exact answer without bounds and clamps. The error of a group has three parts: what bounds and clamps leave out on
/// average, how much that varies with which rows are kept, and the noise of the plan. Of several aggregates it is the
/// root of the mean of their squares. In a larger table of the same kind what is left out grows as the rows do, and noise does not.
///
/// **Tried** for max_groups and max_rows whole numbers up to what the sample has, a fifth apart and all up to 8; for a clamp 0 or
/// the least value, and values up to which shares of the sample lie, to two digits; each clamp in turn, twice, with both
/// bounds found anew in between.
///
/// A clamp is found where the query has none for a column that needs it. Refuses variances, deviations, quantiles and rollups, whose
/// errors it does not know, and a sample without rows.
Result<Tuning> tune(const TuningParams& params);

}  // namespace sfumato
