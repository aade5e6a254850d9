#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sfumato/aggregate/automatic_bounds.h"
#include "sfumato/base/result.h"
#include "sfumato/table/plan.h"
#include "sfumato/table/tuning.h"

namespace sfumato {

/// What is known of a table, by which the errors of answers are foretold.
class ErrorModel {
 public:
  virtual ~ErrorModel() = default;

  /// Values are within these clamps from now on.
  virtual void clamp(const std::vector<Clamp>& clamps) = 0;

  /// Of an item of the select list, at the bounds of the query, within the clamps that were said last, which are the
  /// query's: as `tune` tells it.
  virtual double error_of(const Query& query, std::size_t item,
                          const AggregateError& noise) const = 0;

  /// What is worth trying, rising; at least one.
  virtual std::vector<Clamp> clamps_for(std::size_t column) const = 0;
  virtual std::int64_t most_groups() const = 0;
  virtual std::int64_t most_rows() const = 0;
};

inline constexpr double kMostClamp = 0x1p62;  ///< on either side, of what a grid can be made

/// Rising clamps of a column, each once; 0 … 1 where there are none. `holding` tells which one holds a share of its values, the
/// least of which are left out on either side.
std::vector<Clamp> clamps_by_share(const std::string& column,
                                   const std::function<ValueBounds(double share)>& holding);

/// Away from 0, to two digits.
double two_digits(double x);

/// Refuses what no model knows the errors of.
Status check_tunable(const Query& query);

/// The columns of the select list, in its order.
std::vector<std::string> tuned_columns(const Query& query);

/// The query whose rows are those that are asked about, and whose values are read as they are.
Query reading_query(const Query& query, const std::vector<std::string>& columns);

/// Refuses queries of which no plan can be made at these clamps, where none are given.
Status check_plannable(const Query& query, const std::vector<std::string>& columns,
                       const ValueBounds& clamps);

/// Tries bounds and clamps, as `tune` says, by what the model foretells. It can't fail, whatever the model says: what no plan
/// can be made of has an infinite error.
Tuning search_bounds(const TuningParams& params, const std::vector<std::string>& columns,
                     ErrorModel& model);

}  // namespace sfumato
