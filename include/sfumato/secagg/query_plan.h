#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sfumato/account/amount.h"
#include "sfumato/base/result.h"
#include "sfumato/ledger/cost.h"
#include "sfumato/secagg/joint_lattice.h"
#include "sfumato/secagg/plan_terms.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// A joint statistic that organisations may agree on: checked as a whole, and named by a hash.
///
/// There is one list of bytes for each plan, which hold the hash of the roster that it is for. Who has a plan need
/// check nothing of it but whether it is wanted: its numbers make sense and fit its modulus, its parties can lose
/// `dropouts` members and have honest noise enough with `colluders` against them, and what it costs is within its
/// total. No row was read for that.
///
/// Layout  docs/protocol/plans.md, "Plan"
/// Proof   docs/proofs/secagg/joint_lattice.md
class QueryPlan {
 public:
  /// Refuses what is no plan of this roster's members. Datasets and groups may come in any order.
  static Result<QueryPlan> make(PlanTerms terms, const Roster& roster);

  /// Refuses all that `bytes` does not give, and plans for another roster.
  static Result<QueryPlan> parse(std::string_view bytes, const Roster& roster);

  const std::string& bytes() const noexcept { return bytes_; }
  const Digest& hash() const noexcept { return hash_; }  ///< SHA-256 of the bytes

  const PlanTerms& terms() const noexcept { return terms_; }
  const Digest& roster_hash() const noexcept { return roster_hash_; }
  const JointLattice& lattice() const noexcept { return lattice_; }

  std::size_t contributors() const noexcept { return terms_.datasets.size(); }  ///< n
  std::size_t honest() const noexcept {
    return contributors() - terms_.dropouts - terms_.colluders;
  }  ///< h: how many parts make the whole noise

  /// The dataset of a member; none where it does not contribute.
  const JointDataset* dataset_of(std::size_t member) const noexcept;

  /// What each organisation's ledger is charged: the total that the plan states.
  StatedCost stated_cost() const;

  /// What it costs in truth, as ε at the plan's δ or as ρ, against who sees the result and pools it with all that `colluders` members
  /// know: not above the total. Others, who see more parts of noise, learn no more.
  LossAmount cost() const noexcept { return cost_; }

  /// For people: who is protected, what is computed for which groups, what it costs, who must be trusted with what,
  /// and until when. What in its words could steer a terminal or reorder what it shows is written in digits.
  std::string explain(const Roster& roster) const;

 private:
  QueryPlan(PlanTerms terms, const Roster& roster, JointLattice lattice, LossAmount cost);

  PlanTerms terms_;
  Digest roster_hash_;
  JointLattice lattice_;
  LossAmount cost_;
  std::string bytes_;
  Digest hash_;
};

}  // namespace sfumato
