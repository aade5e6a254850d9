#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sfumato/account/amount.h"
#include "sfumato/aggregate/estimate.h"
#include "sfumato/base/result.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// One number of a group.
struct JointValue {
  std::string name;       ///< as "count", "mean(days)", "histogram(days)[0, 1)"
  Estimate estimate;      ///< its interval covers the noise alone, at the result's confidence
  double standard_error;  ///< of the noise; of a mean to first order, NaN of a variance
};

struct JointGroup {
  std::vector<std::string> key;  ///< as agreed; empty where there are no groups
  std::vector<JointValue> values;
};

/// What a joint statistic tells, and what it cost.
struct JointResult {
  std::vector<JointGroup> groups;
  std::size_t present;  ///< organisations whose rows and noise are in it
  double confidence;
  LossAmount outsiders;  ///< ε, at the plan's δ, or ρ, against who sees the result
  LossAmount colluders;  ///< against who pools it with all that c of those who contributed know
};

/// Reads the joint sums, noise and all, of `present` organisations. It works on released numbers alone, and costs
/// nothing.
///
/// Intervals take `present` parts of Pólya noise for the next whole multiple of h, which is not less: they hold at
/// least what they say of counts, sums, bins and vectors, and of means and variances about that. They take Skellam
/// and discrete Gaussian noise for continuous noise of the same deviation.
///
/// Refuses sums of another length, fewer organisations than n - d, more than n, and a confidence outside (0, 1).
Result<JointResult> decode(const QueryPlan& plan, std::span<const std::int64_t> sums,
                           std::size_t present, double confidence = 0.95);

}  // namespace sfumato
