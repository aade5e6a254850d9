#pragma once

#include "sfumato/base/result.h"
#include "sfumato/secagg/query_plan.h"
#include "sfumato/secagg/session.h"

namespace sfumato {

/// The masked or encrypted sum by which those who entered a plan's session find the joint vector: its parties, its
/// coordinator, its limits and its modulus are the plan's, its name is that of the entered session, and so are the ledger heads that it is about.
///
/// Each party begins in it with the head that it told the others, and contributes what `noised` gives. Refuses a plan
/// of another roster.
Result<Session> session_of(const QueryPlan& plan, const Roster& roster, const Digest& entered);

}  // namespace sfumato
