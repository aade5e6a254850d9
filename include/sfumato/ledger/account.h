#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/ledger/cost.h"

namespace sfumato {

/// Who may do what; an owner may do all of it.
enum class Role {
  owner,    ///< enters datasets, grants, freezes, spends the dataset's own budget
  analyst,  ///< spends what was granted
  auditor,  ///< sees all, spends nothing
};

/// "owner", "analyst" or "auditor".
std::string_view name_of(Role role) noexcept;

/// Whose budget it is. A charge to an analyst's is one to its project's, if it has one, and to the
/// dataset's as well: opening accounts never makes ε more.
struct AccountName {
  enum class Kind { dataset, project, analyst };

  std::string dataset;
  Kind kind = Kind::dataset;
  std::string name = {};  ///< of the project or analyst; empty for the dataset itself

  std::string to_string() const;  ///< "analyst 'ada' of 'visits'"; "dataset 'visits'"

  friend auto operator<=>(const AccountName&, const AccountName&) = default;
};

/// No end in sight.
inline constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

/// A budget and what was spent of it.
struct LedgerAccount {
  AccountName name;
  std::string project;  ///< that an analyst's budget draws on; else empty
  LedgerCost cap;
  Spending spent;                               ///< under Rényi its δ alone
  std::vector<RenyiFilter::Order> orders = {};  ///< under Rényi; else none
  bool frozen = false;                          ///< no charge until it is thawed
  std::int64_t until = kForever;                ///< no charge from this second since 1970 on

  /// What the δ of releases may add up to: half of it under Rényi, where the other half pays for turning
  /// divergences into ε.
  DeltaAmount delta_cap() const noexcept;

  /// What of ε or ρ, and of δ, is left. Under Rényi ε is what it was: see `best_order`.
  LedgerCost left() const noexcept;

  /// Under Rényi, the order of which the largest share is left; nothing elsewhere.
  const RenyiFilter::Order* best_order() const noexcept;
};

}  // namespace sfumato
