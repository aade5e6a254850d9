#pragma once

#include <span>
#include <vector>

#include "sfumato/account/amount.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// A release that is (ε, δ)-differentially private, or a total of such.
struct ApproximateCost {
  Exact epsilon;
  Exact delta = 0.0;
};

/// A release that is δ-approximately ρ-zCDP, or a total of such (Bun, Steinke 2016, definition 8.1).
struct ConcentratedCost {
  Exact rho;
  Exact delta = 0.0;
};

/// Exact sums of ε or ρ, and of δ.
struct Spending {
  LossAmount loss;
  DeltaAmount delta;
};

/// Lets releases pass while their costs add up to no more than a cap that was fixed ahead; which
/// release comes next, at what cost, and whether there is one, may hang on all answers so far.
///
/// What passes is altogether as private as the cap says. A charge is exact, takes constant time, and
/// comes before the data is read; one that is refused costs nothing and leaves the rest to be used.
/// A cost that is no whole number of units is rounded up to one, the cap down.
///
/// Proof   docs/proofs/account/filter.md
/// Origin  Rogers, Roth, Ullman, Vadhan: Privacy Odometers and Filters, 2016, section 3 (ε and δ);
///         Whitehouse, Ramdas, Rogers, Wu: Fully Adaptive Composition in Differential Privacy, 2023,
///         theorem 1 (approximate zCDP)
template <class Cost>
class AdditiveFilter {
 public:
  /// The cap's δ lies in [0, 1).
  static Result<AdditiveFilter> make(const Cost& cap);

  /// Refuses NaN, infinities and negative numbers as invalid, and what is more than is left as
  /// `Errc::refused`.
  Status charge(const Cost& cost);

  const Spending& cap() const noexcept { return cap_; }
  const Spending& spent() const noexcept { return spent_; }
  Spending left() const noexcept { return {cap_.loss - spent_.loss, cap_.delta - spent_.delta}; }

 private:
  explicit AdditiveFilter(const Spending& cap) noexcept : cap_(cap) {}

  Spending cap_;
  Spending spent_;
};

using ApproximateFilter = AdditiveFilter<ApproximateCost>;    ///< pure where its δ is 0
using ConcentratedFilter = AdditiveFilter<ConcentratedCost>;  ///< zCDP where its δ is 0

extern template class AdditiveFilter<ApproximateCost>;
extern template class AdditiveFilter<ConcentratedCost>;

struct RenyiFilterParams {
  std::vector<Exact> orders;  ///< each above 1; a release tells its Rényi divergence at each
  Exact epsilon;
  Exact delta;
};

/// Four orders that suit (ε, δ) where nobody names others: the one at which most Gaussian noise fits, and
/// twice, four and eight times it, where Laplace answers have theirs, and smaller budgets within.
///
/// Plain arithmetic: a `RenyiFilter` of any orders holds.
std::vector<Exact> usual_orders(double epsilon, double delta);

/// Lets releases pass while one order at least shows that they are (ε, δ)-differentially private
/// altogether; otherwise as `AdditiveFilter`, but that a charge takes time in the number of orders.
///
/// Each order has a cap of its own, at which it converts to (ε, δ / number of orders): which order
/// is the good one may hang on the answers, and that is what the division pays for.
///
/// Proof   docs/proofs/account/filter.md
/// Origin  Feldman, Zrnic: Individual Privacy Accounting via a Rényi Filter, 2021, theorem 4.3;
///         Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, proposition 12
class RenyiFilter {
 public:
  struct Order {
    Exact alpha;
    LossAmount cap;
    LossAmount spent;
    bool usable;  ///< whether its cap would let a release that costs nothing pass
  };

  /// Refuses orders that are not above 1, and those none of which reaches (ε, δ).
  static Result<RenyiFilter> make(const RenyiFilterParams& params);

  /// `costs[i]` bounds the divergence at the order `orders()[i]`; infinity is allowed, and closes that
  /// order. Refuses NaN, negative numbers and another number of costs as invalid, and what no order
  /// allows as `Errc::refused`.
  Status charge(std::span<const Exact> costs);

  const std::vector<Order>& orders() const noexcept { return orders_; }

 private:
  explicit RenyiFilter(std::vector<Order> orders) noexcept : orders_(std::move(orders)) {}

  std::vector<Order> orders_;
};

}  // namespace sfumato
