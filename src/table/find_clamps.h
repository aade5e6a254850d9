#pragma once

#include <string>
#include <vector>

#include "sfumato/privacy/permit.h"
#include "sfumato/random/bit_source.h"
#include "sfumato/table/clamp_search.h"
#include "sfumato/table/plan.h"

namespace sfumato {

/// Reads all rows and releases what `search` finds, of which `permit` pays for more: a clamp for each of its columns.
/// `listed` are the canonical bytes of the groups that are public. Fails only where a file turns out to be broken.
Result<std::vector<Clamp>> find_clamps(const Query& query, const std::vector<std::string>& listed,
                                       const ClampSearch& search, const Permit& permit,
                                       BitSource& bits, const Progress& progress);

}  // namespace sfumato
