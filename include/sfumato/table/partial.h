#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/io/condition.h"
#include "sfumato/random/bit_source.h"
#include "sfumato/table/plan.h"
#include "sfumato/table/query.h"

namespace sfumato {

/// What the shards of a table are asked: a query, but for its tables and what it may cost.
struct PartialQuestion {
  std::string unit;
  std::vector<std::string> by = {};
  bool rollup = false;
  std::vector<Condition> where = {};
  std::vector<Aggregate> select;
  std::vector<Clamp> clamps = {};
  ContributionBounds bounds;
  std::optional<std::string> groups = {};  ///< file with the public list of groups
};

/// The rows of one shard, and how they are read.
struct Shard {
  std::string name;  ///< told by states that hold it
  std::vector<std::string> tables;
  int threads = 1;
  std::optional<std::uint64_t> memory = {};  ///< as of a Query
};

/// What makes several shards one table: the question, and keys that were drawn for it.
///
/// Under these keys a unit has the same pseudonym in each shard, and of its groups the same are kept.
/// Who has the keys can tell which groups are, and whose a pseudonym is: they are as secret as the
/// data, and of no use once all shards have their states.
///
/// Proof   docs/proofs/aggregate/partial_states.md
class PartialRun {
 public:
  /// Reads the public list of groups, and no table. Refuses what `Plan::make` would, too.
  static Result<PartialRun> make(const PartialQuestion& question, BitSource& bits);

  /// A new file, for its owner's eyes alone.
  Status write(const std::string& path) const;
  static Result<PartialRun> read(const std::string& path);

  /// Bounds the rows of a shard and writes what is kept to a new file, a partial state, for its
  /// owner's eyes alone: it holds values of people.
  Status shard(const Shard& shard, const std::string& path, BitSource& bits,
               const Progress& progress = {}) const;

  PartialRun(PartialRun&&) noexcept;
  PartialRun& operator=(PartialRun&&) noexcept;
  ~PartialRun();

 private:
  struct State;
  explicit PartialRun(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

/// Writes partial states as one, to a new file; in whatever order and in however many steps states
/// are merged, it is the same bytes. Refuses those of different runs, and a shard that is there
/// twice.
Status merge_partials(const std::vector<std::string>& states, const std::string& path);

/// What is left to be said when states are released.
struct FinalTerms {
  PrivacyTotal total;
  NoiseLaw noise = NoiseLaw::automatic;
  double confidence = 0.95;
  bool quantile_intervals = false;  ///< as in Query
};

/// Partial states that were read, checked, merged and added up; what is left is to release them:
/// `std::move(plan).run(permit, bits)`.
struct FinalPlan {
  Plan plan;             ///< its query has the names of shards in place of tables
  std::string question;  ///< bytes that tell it from each other question
};
Result<FinalPlan> plan_of_partials(const std::vector<std::string>& states, const FinalTerms& terms);

}  // namespace sfumato
