#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/secagg/query_plan.h"
#include "sfumato/secagg/roster.h"

namespace sfumato {

/// A plan, and the signatures of at least the roster's quorum, among them all organisations that contribute.
///
/// Layout  docs/protocol/plans.md, "Approval"
class ApprovedPlan {
 public:
  /// What a member gives who agrees to the plan. Refused to a key that is none of the roster's, and for a plan of
  /// another roster.
  static Result<Endorsement> approve(const QueryPlan& plan, const Roster& roster,
                                     const SigningKey& key);

  /// Refuses what is no signature of this plan by its member's key.
  static Status check(const QueryPlan& plan, const Roster& roster, const Endorsement& endorsement);

  /// Takes signatures in any order. Refuses a plan of another roster, fewer signatures than the quorum, two of one
  /// member, those of nobody, what is no signature of this plan, and plans that a contributor did not sign.
  static Result<ApprovedPlan> make(QueryPlan plan, const Roster& roster,
                                   std::vector<Endorsement> signatures);

  /// Refuses all that `bytes` does not give.
  static Result<ApprovedPlan> parse(std::string_view bytes, const Roster& roster);

  std::string bytes() const;
  const QueryPlan& plan() const noexcept { return plan_; }
  std::span<const Endorsement> signatures() const noexcept { return signatures_; }

  /// Refuses a plan that is worth nothing any more at `now`, in seconds since 1970.
  Status alive(std::int64_t now) const;

 private:
  ApprovedPlan(QueryPlan plan, std::vector<Endorsement> signatures) noexcept
      : plan_(std::move(plan)), signatures_(std::move(signatures)) {}

  QueryPlan plan_;
  std::vector<Endorsement> signatures_;  // by rising members
};

}  // namespace sfumato
