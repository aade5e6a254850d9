#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/account/filter.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// What a dataset counts its privacy loss in, fixed when the dataset is entered.
enum class LossMeasure {
  epsilon,  ///< Σε and Σδ
  rho,      ///< approximate zCDP: Σρ and Σδ, apart
  renyi,    ///< sums of Rényi divergences at a few orders, of which one has to hold, and Σδ
};

/// "epsilon", "rho" or "renyi".
std::string_view name_of(LossMeasure measure) noexcept;

/// A cost or a cap as a caller states it.
using StatedCost = std::variant<ApproximateCost, ConcentratedCost>;

/// A cost or a cap as the ledger keeps it, exactly: ε or ρ in units of 10^-12, δ in units of 10^-30.
///
/// Where Rényi divergences are counted, `amount` of a cap is the (ε, δ) that all is within, and of a cost
/// its δ alone.
struct LedgerCost {
  LossMeasure measure;
  Spending amount;
  std::vector<LossAmount> curve = {};  ///< Rényi: of a cost its divergence at each of the dataset's
                                       ///< orders; of a dataset's cap these orders

  /// The least that covers what is stated. Refuses NaN and negative numbers, ε or ρ beyond 2^20 and
  /// a δ of 1 or more.
  static Result<LedgerCost> charged(const StatedCost& stated);

  /// The most that is not above what is stated; refuses the same.
  static Result<LedgerCost> allowed(const StatedCost& stated);

  /// The most that is not above what is stated. Refuses orders that are not within 1 and 2^20, rising,
  /// of at most 12 decimal places and at most `kMostOrders`, and those none of which reaches (ε, δ).
  static Result<LedgerCost> allowed(const RenyiFilterParams& stated);

  /// What a release costs at these orders, each rounded up; what is beyond all caps is `most_divergence`.
  /// Refuses what has no Rényi divergence, and a δ of 1 or more.
  static Result<LedgerCost> charged(const ReleaseLoss& stated, std::span<const LossAmount> orders);

  /// "ε = 0.1, δ = 1e-6"; without δ where that is 0. Of a cost in Rényi divergences "Rényi 0.1, 0.2".
  std::string to_string() const;
};

/// Each order has a part of δ, so that more of them allow less.
inline constexpr std::size_t kMostOrders = 8;

/// Half of it, rounded down.
DeltaAmount half_of(DeltaAmount delta) noexcept;

/// 2·10^6: more than any order allows. Sums of divergences stay at it.
LossAmount most_divergence() noexcept;

/// What a filter of these orders allows at each for (ε, δ), half of which is for the releases' own δ.
/// Refuses what `RenyiFilter::make` does.
Result<std::vector<RenyiFilter::Order>> caps_of(const Spending& cap,
                                                std::span<const LossAmount> orders);

/// Adds a cost to all orders. False where none then is within its cap: each has to be as it was.
bool add_divergences(std::vector<RenyiFilter::Order>& orders, std::span<const LossAmount> cost);

}  // namespace sfumato
