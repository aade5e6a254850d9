#pragma once

#include <string>

#include "sfumato/deid/deidentify.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {

/// What was done to each column, and how many cells met which action, as lines for people; `exact`: what a
/// release lost as a fraction, too.
std::string deid_lines(const DeidReport& report, bool exact);

/// What will be done to each column.
std::string deid_plan_lines(const DeidReport& report);

/// The same as a JSON document.
std::string deid_json(const DeidReport& report);

/// "k-anonymity, k = 5; entropy l-diversity, l = 3, of ill": for people.
std::string models_of(const ReleasePolicy& policy);

/// What is done to a column, by its transform: "token, key version 1", "hierarchy, level 2 of 4".
std::string what_of(const DeidReport& report, const ColumnReport& column);

/// What a ledger is told of tokens that are opened: of which policy, table and ring, which columns, how many
/// rows, and nothing that stands in them.
Reidentification reidentification(const DeidReport& report, const std::string& policy,
                                  const std::string& table, const KeyRing& ring);

}  // namespace sfumato
