#include "sfumato/ledger/cost.h"

#include <utility>

namespace sfumato {
namespace {

/// The number as an amount, rounded by `round`; `where` names it in an error.
template <class AmountType>
Result<AmountType> amount_of(const Exact& number, Result<AmountType> (*round)(const Exact&),
                             const char* where, const AmountType& most, const char* limit) {
  Result<AmountType> amount = round(number);
  if (!amount) return Error{amount.error().code, where, amount.error().message};
  if (*amount > most) return Error{Errc::invalid_parameter, where, limit};
  return amount;
}

struct Parts {
  LossMeasure measure;
  const Exact& loss;
  const Exact& delta;
};

Parts parts_of(const StatedCost& stated) {
  if (const auto* approximate = std::get_if<ApproximateCost>(&stated))
    return {LossMeasure::epsilon, approximate->epsilon, approximate->delta};
  const auto& concentrated = std::get<ConcentratedCost>(stated);
  return {LossMeasure::rho, concentrated.rho, concentrated.delta};
}

Result<LedgerCost> rounded(const StatedCost& stated, Result<LossAmount> (*loss_by)(const Exact&),
                           Result<DeltaAmount> (*delta_by)(const Exact&)) {
  static const LossAmount most_loss = LossAmount::at_most(1 << 20).value();
  static const DeltaAmount most_delta = DeltaAmount::at_most(1 - 0x1p-53).value();
  const Parts parts = parts_of(stated);
  const char* const where = name_of(parts.measure).data();
  const auto loss = amount_of(parts.loss, loss_by, where, most_loss, "must be at most 2^20");
  if (!loss) return loss.error();
  const auto delta = amount_of(parts.delta, delta_by, "delta", most_delta, "must be below 1");
  if (!delta) return delta.error();
  return LedgerCost{parts.measure, {*loss, *delta}};
}

}  // namespace

std::string_view name_of(LossMeasure measure) noexcept {
  return measure == LossMeasure::epsilon ? "epsilon" : "rho";
}

Result<LedgerCost> LedgerCost::charged(const StatedCost& stated) {
  return rounded(stated, LossAmount::at_least, DeltaAmount::at_least);
}

Result<LedgerCost> LedgerCost::allowed(const StatedCost& stated) {
  return rounded(stated, LossAmount::at_most, DeltaAmount::at_most);
}

std::string LedgerCost::to_string() const {
  const std::string loss =
      (measure == LossMeasure::epsilon ? "ε = " : "ρ = ") + amount.loss.to_string();
  return amount.delta == DeltaAmount() ? loss : loss + ", δ = " + amount.delta.to_string();
}

}  // namespace sfumato
