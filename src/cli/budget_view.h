#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/display.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {

/// A budget; of one that does not count ε, what was spent as an ε at `delta`, as it was written.
struct ShownAccount {
  LedgerAccount account;
  std::optional<RunningLoss> running = {};
  std::string delta = {};
};

/// The loss of a budget as people are told of it: ε, ρ, or, in Rényi divergences, the order of which the
/// largest share is left.
struct ShownLoss {
  std::string letter;  ///< "ε", "ρ" or "D"
  std::string order;   ///< "24"; empty where none is counted
  LossAmount cap, spent;
  LossAmount left() const noexcept { return cap - spent; }
};
ShownLoss shown_loss(const LedgerAccount& account);

/// Of a charge to the same dataset.
LossAmount shown_loss(const LedgerCost& cost, const LedgerAccount& dataset);

/// Whether anything was spent of ε, of ρ or at an order.
bool anything_spent(const LedgerAccount& account);

/// What is left of each budget, as bars.
std::string accounts_table(const std::vector<ShownAccount>& accounts, bool holds_keys = false);

/// The same as a JSON object.
std::string accounts_json(const std::vector<ShownAccount>& accounts);

/// An entry of the log, or a release, as one line of JSON.
std::string entry_json(const LedgerEntry& entry);
std::string release_json(const StoredRelease& release);

/// "ε 2.142 at δ 1e-6 together, 6.8992 if each release's own were added".
std::string told(const RunningLoss& running, const std::string& delta);

/// 20 characters, filled as `left` units are of `cap`, at most 10^36: all of them only where nothing was spent, none only
/// where less than a twentieth is left.
std::string bar_of(uint128 left, uint128 cap);

/// What the names in a ledger are worth, with keys or without.
std::string_view worth_of_names(bool holds_keys) noexcept;

/// An amount to six digits, for people: `below` what it is, for what is left, or `above`, for what was spent.
std::string brief_amount(LossAmount amount, Toward toward);
std::string brief_amount(DeltaAmount amount, Toward toward);

/// "2027-01-31 08:00", in UTC; a moment outside the years 1970 to 9999 as the nearest one within.
std::string minute_of(std::int64_t second);

/// "2027-01-31", or "2027-01-31T08:00:00Z" where it is not the first second of a day.
std::string date_of(std::int64_t second);

}  // namespace sfumato
