#pragma once

#include <string>

#include "cli/report.h"
#include "sfumato/io/new_table.h"

namespace sfumato {

/// Released rows as columns, named as in CSV, with what they cost as notes: of the table, what `privacy` of JSON tells,
/// the clamps, the confidence, the version of sfumato, and `plan_sha256`, of the bytes by which a ledger knows the
/// question; of each value its law, scale and errors. Names of notes begin with "sfumato.".
NewTable columns_of(const Report& report, const std::string& plan_sha256);

}  // namespace sfumato
