#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sfumato/aggregate/rollup_release.h"
#include "sfumato/io/table_reader.h"
#include "sfumato/table/clamp_search.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// One released group: its key, column by column of `by` (none where it is NULL; shorter than `by` in a coarser
/// group of a rollup), and an estimate for each item of the select list.
struct AnswerRow {
  std::vector<std::optional<std::string>> group;
  std::vector<Estimate> values;
};

/// What is known of an item of the select list before any row is read.
struct AggregateError {
  std::string name;  ///< as `Aggregate::name`
  std::string_view
      mechanism;  ///< "discrete_laplace", "laplace", "gaussian", "exponential", "equi-depth", "tree"
  std::optional<double> scale = {};           ///< of the noise: b, or σ; none of quantiles
  std::optional<double> standard_error = {};  ///< of counts and sums
  std::optional<double> standard_error_times_count =
      {};  ///< of means, variances and covariances, at most: it shrinks with the rows
  std::optional<double> rank_error =
      {};                      ///< of quantiles: how many values it is off (QuantileRelease)
  bool awaits_bounds = false;  ///< errors are not known until the bounds of its column are found
};

/// What `Plan::make(query)` would tell as `errors`, by the words of the query alone, without opening a file: of the
/// groups by all columns, then of the coarser ones. Once automatic clamps are found, what a plan of them tells.
Result<std::vector<std::vector<AggregateError>>> expected_errors(const Query& query);

/// Told how much of the tables has been read, from 0 to 1, now and then.
using Progress = std::function<void(double share)>;

struct ExactSets;
struct FinalPlan;
struct FinalTerms;

/// A query that was checked and calibrated: all that can fail for its words has failed.
///
/// Making a plan opens the tables, to see that their columns are there, and reads the public list of
/// groups; it reads no row of a table.
class Plan {
 public:
  static Result<Plan> make(Query query);

  const Query& query() const noexcept { return query_; }
  const RollupRelease& release() const noexcept { return release_; }
  bool private_groups() const noexcept { return release_.finest().params().private_groups; }

  /// The public list of groups as it was read, as CSV: the columns of `by`, and a line for each group in the order of
  /// the list; nothing where there is none.
  std::string list() const;

  /// How automatic clamps are found; none where there are none.
  const std::optional<ClampSearch>& search() const noexcept { return search_; }

  /// What all of it gives away, part by part.
  ReleaseLoss loss() const;

  /// One entry for each item of the select list, of groups by `by.size() - coarser` columns.
  std::vector<AggregateError> errors(std::size_t coarser = 0) const;

  /// Releases bounds for what is automatic of the query's clamps, which are found from then on: reads the rows once.
  /// Consumes the permit, which pays for `run(bits)` as well.
  Status find_clamps(Permit permit, BitSource& bits, const Progress& progress = {});

  /// Reads the rows once, in batches, and releases; rows come in the order of their keys, numbers
  /// before words, NULL first; in a rollup, a group comes before those within it.
  ///
  /// Fails only where a file turns out to be broken, whatever the query: no value of a cell makes it
  /// fail. A plan runs once, and consumes the permit. Clamps that are automatic are found first.
  Result<std::vector<AnswerRow>> run(Permit permit, BitSource& bits,
                                     const Progress& progress = {}) &&;

  /// The same after `find_clamps`; refused where no permit was given to that.
  Result<std::vector<AnswerRow>> run(BitSource& bits, const Progress& progress = {}) &&;

 private:
  friend Result<FinalPlan> plan_of_partials(const std::vector<std::string>& states,
                                            const FinalTerms& terms);
  Plan(Query query, RollupRelease release, std::vector<std::string> columns);
  static Result<Plan> of_exact(Query query, ExactSets given);
  Result<ExactSets> exact(BitSource& bits, const Progress& progress);

  Query query_;
  std::optional<ClampSearch> search_;
  std::optional<Permit> permit_;      // once it is given
  RollupRelease release_;             // of clamps that are not found, as if they were 0 … 1
  std::vector<std::string> columns_;  // with values, as the release numbers them
  std::optional<TableReader> reader_;
  std::shared_ptr<ExactSets> given_;  // what is true, where it comes from no reader
  std::vector<std::string> listed_;   // canonical bytes of the groups that are public
};

}  // namespace sfumato
