#pragma once

#include "sfumato/account/amount.h"
#include "sfumato/account/filter.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

struct OdometerParams {
  Exact first_mark;        ///< a ρ about as large as the first totals that are read
  Exact delta;             ///< odds, over all readings together, that one does not hold
  Exact cost_delta = 0.0;  ///< how much of it the δ of the charges may take; none where all are 0
};

/// Says at any time how much was spent, with no cap on ρ fixed ahead: whoever goes on or stops as the
/// answers suggest, whenever that is, has a guarantee in the last reading.
///
/// Precisely: with V all answers up to any stop that they decide, and ε(V) the reading there,
/// P(V ∈ S) <= E_Q[e^ε(V); V ∈ S] + δ for neighbouring tables. Totals are read at marks an eighth apart,
/// and each mark has its own part of δ: a reading is some 10 to 40 % above what a filter of the same
/// total would say.
///
/// A sum of pure costs needs no odometer: what an `ApproximateFilter` has spent holds at any time.
///
/// Proof   docs/proofs/account/odometer.md
/// Origin  Rogers, Roth, Ullman, Vadhan: Privacy Odometers and Filters, 2016, definition 3.2;
///         Feldman, Zrnic: Individual Privacy Accounting via a Rényi Filter, 2021, section 4.2
class ConcentratedOdometer {
 public:
  /// Refuses δ outside (0, 1), a `cost_delta` that is not below it, and a first mark of less than 8 units.
  static Result<ConcentratedOdometer> make(const OdometerParams& params);

  /// As `ConcentratedFilter::charge`; refuses more than `cost_delta`, and a total ρ above 2^19.
  Status charge(const ConcentratedCost& cost);

  const Spending& spent() const noexcept { return filter_.spent(); }

  LossAmount mark() const noexcept { return mark_; }  ///< the least mark that is not below Σρ
  double epsilon() const;                             ///< the reading; 0 while Σρ is 0

 private:
  ConcentratedOdometer(ConcentratedFilter filter, LossAmount first, Exact delta) noexcept;

  ConcentratedFilter filter_;
  LossAmount first_;
  Exact delta_;  ///< what all marks share
  int marks_passed_ = 0;
  LossAmount mark_;
};

/// ε for which what a filter let pass so far would be (ε, δ)-private, had its costs been fixed ahead;
/// infinity where δ is not above what was spent of it. It informs: the guarantee is the filter's cap.
double running_epsilon(const ConcentratedFilter& filter, const Exact& delta);
double running_epsilon(const RenyiFilter& filter, const Exact& delta);

}  // namespace sfumato
