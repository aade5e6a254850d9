#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// What the coordinator tells everybody in the end: the joint vector with its noise, and of how many it is.
///
/// Nobody but the coordinator vouches for it; that it is not another one than the parties' shares gave shows only to
/// who adds up again.
///
/// Layout  docs/protocol/plans.md, "Sums"
struct JointSums {
  Digest plan;                     ///< hash of the plan
  Digest session;                  ///< of the session in which they were added up
  std::uint8_t present;            ///< organisations whose rows and noise are in them
  std::vector<std::int64_t> sums;  ///< plan.lattice().size() numbers

  /// Bytes and the signature behind them.
  std::string signed_by(const SigningKey& coordinator) const;

  /// Refuses what is no such list for this plan by its coordinator's key.
  static Result<JointSums> parse(std::string_view bytes, const QueryPlan& plan);

  friend bool operator==(const JointSums&, const JointSums&) = default;
};

}  // namespace sfumato
