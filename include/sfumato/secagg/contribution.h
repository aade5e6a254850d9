#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/io/batch.h"
#include "sfumato/io/table_reader.h"
#include "sfumato/random/bit_source.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// What one organisation adds to the joint vector of a plan, before noise: exact whole numbers of its own rows.
///
/// Rows of groups that nobody agreed on are passed by. Of each person at most `max_rows` rows in at most `max_groups`
/// groups are kept, a uniform sample (aggregate/bounding.h) whose priorities nobody else knows; values are clamped and
/// rounded to steps; where a group adds up to more than `most_rows` rows can, its number is the most that they can.
/// A NULL value counts as no value; in a vector it is 0.
///
/// **Law** one person's rows, added or removed, move the vector by no more than plan.lattice() says for one
/// organisation. No value, however odd, makes it fail.
///
/// Secret: what it makes has no noise yet.
///
/// Proof   docs/proofs/secagg/joint_lattice.md
class Contribution {
 public:
  /// The plan outlasts it. Draws what orders rows and groups.
  static Result<Contribution> make(const QueryPlan& plan, BitSource& bits);

  Contribution(Contribution&&) noexcept;
  Contribution& operator=(Contribution&&) noexcept;
  ~Contribution();

  /// The columns that batches must have: as keys the unit and what groups are by, as numbers those of the
  /// operations, each once.
  static ColumnRequest request(const QueryPlan& plan);

  void add(const Batch& batch, BitSource& bits);

  /// plan.lattice().size() numbers.
  std::vector<std::int64_t> vector() const;

 private:
  struct State;
  explicit Contribution(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

/// The contribution of the rows of some files.
Result<std::vector<std::int64_t>> contribution_of(const QueryPlan& plan,
                                                  const std::vector<std::string>& files,
                                                  BitSource& bits);

}  // namespace sfumato
