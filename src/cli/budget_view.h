#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/display.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {

/// What is left of each budget, as bars.
std::string accounts_table(const std::vector<LedgerAccount>& accounts);

/// The same as a JSON object.
std::string accounts_json(const std::vector<LedgerAccount>& accounts);

/// An entry of the log, or a release, as one line of JSON.
std::string entry_json(const LedgerEntry& entry);
std::string release_json(const StoredRelease& release);

/// 20 characters, filled as `left` units are of `cap`, at most 10^36: all of them only where nothing was spent, none only
/// where less than a twentieth is left.
std::string bar_of(uint128 left, uint128 cap);

/// What a ledger without keys is worth.
inline constexpr std::string_view kWithoutKeys =
    "This ledger has no keys: names are taken on trust.";

/// An amount to six digits, for people: `below` what it is, for what is left, or `above`, for what was spent.
std::string brief_amount(LossAmount amount, Toward toward);
std::string brief_amount(DeltaAmount amount, Toward toward);

/// "2027-01-31 08:00", in UTC; a moment outside the years 1970 to 9999 as the nearest one within.
std::string minute_of(std::int64_t second);

/// "2027-01-31", or "2027-01-31T08:00:00Z" where it is not the first second of a day.
std::string date_of(std::int64_t second);

}  // namespace sfumato
