#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "sfumato/account/filter.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// What a dataset counts its privacy loss in, fixed when the dataset is entered.
enum class LossMeasure {
  epsilon,  ///< Σε and Σδ
  rho,      ///< approximate zCDP: Σρ and Σδ, apart
};

/// "epsilon" or "rho".
std::string_view name_of(LossMeasure measure) noexcept;

/// A cost or a cap as a caller states it.
using StatedCost = std::variant<ApproximateCost, ConcentratedCost>;

/// A cost or a cap as the ledger keeps it, exactly: ε or ρ in units of 10^-12, δ in units of 10^-30.
struct LedgerCost {
  LossMeasure measure;
  Spending amount;

  /// The least that covers what is stated. Refuses NaN and negative numbers, ε or ρ beyond 2^20 and
  /// a δ of 1 or more.
  static Result<LedgerCost> charged(const StatedCost& stated);

  /// The most that is not above what is stated; refuses the same.
  static Result<LedgerCost> allowed(const StatedCost& stated);

  std::string to_string() const;  ///< "ε = 0.1, δ = 1e-6"; without δ where that is 0
};

}  // namespace sfumato
