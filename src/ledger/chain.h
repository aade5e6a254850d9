#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/store.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// δ as two columns: 10^-15 and a rest in 10^-30.
struct DeltaColumns {
  std::int64_t high, rest;
};
DeltaColumns columns_of(DeltaAmount delta);

/// The amounts of three neighbouring columns: loss, delta, delta_rest. What no amount can be is read as the largest, which
/// no cap allows.
Spending spending_of(const Row& row, int first);

/// Orders or divergences as a column keeps them: 8 bytes each, most significant first, so that bytes are
/// ordered as numbers are.
std::string bytes_of(const std::vector<LossAmount>& curve);
/// What no such bytes are is read as one number that no ledger writes.
std::vector<LossAmount> curve_from(std::string_view bytes);

/// The end of the log, within a write transaction, where entries are put on.
class Chain {
 public:
  /// `clock` is what a clock says: an entry is never dated before the one that it follows, so that
  /// a clock that is set back revives no budget.
  static Result<Chain> end(Store& store, std::int64_t clock);

  std::int64_t now() const noexcept { return now_; }

  /// When the last entry was dated that was there at first.
  std::int64_t past() const noexcept { return past_; }
  const LedgerHead& head() const noexcept { return head_; }  ///< the last entry

  /// Completes `entry` by its number, time and hash, and gives the head that it makes.
  Result<LedgerHead> append(LedgerEntry entry);

 private:
  Chain(Store& store, std::int64_t now, std::int64_t past, const LedgerHead& head)
      : store_(&store), now_(now), past_(past), head_(head) {}

  Store* store_;
  std::int64_t now_, past_;
  LedgerHead head_;
};

/// What the first entry follows.
inline constexpr LedgerHead kBeforeAll{-1, {}};

/// The last entry's number and hash.
Result<LedgerHead> head_of(Store& store);

/// Shows all entries in their order.
Status each_entry(Store& store, const std::function<void(const LedgerEntry&)>& see);

}  // namespace sfumato
