#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

/// What an organisation lets its people's rows be used for, whatever others sign: it is asked before anything is
/// charged, and nobody else sees it.
struct LocalPolicy {
  Decimal most_epsilon;     ///< of one plan
  Decimal most_delta = {};  ///< likewise
  Decimal most_rho = {};  ///< of one plan that counts in ρ, or of all rounds of a training; 0: none
  std::vector<std::string> columns;     ///< that may be used, as values or to name groups
  std::vector<std::string> units;       ///< columns that tell apart whom it wants protected
  std::size_t fewest_contributors = 2;  ///< organisations with data of their own
  std::size_t fewest_colluders = 1;     ///< that a plan must hold against: its c
  bool coordinator_trusted = true;  ///< whether a coordinator may be taken to follow the protocol
  std::vector<std::string> datasets = {};    ///< of its ledger, that may be used; none: any
  std::vector<PublicKey> coordinators = {};  ///< that may be one; where none is named, any

  /// At how many its people may have rows: a plan's m.
  std::int64_t fewest_organisations_per_person = 1;
};

/// Refuses a plan that the policy does not allow, and names what of it. `member` is this organisation's place in the
/// roster: what the plan asks of its ledger must be a dataset that may be used. None where it has no place.
Status check(const LocalPolicy& policy, const QueryPlan& plan, std::optional<std::size_t> member);

}  // namespace sfumato
