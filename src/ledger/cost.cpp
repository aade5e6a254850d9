#include "sfumato/ledger/cost.h"

#include <algorithm>
#include <utility>

#include "sfumato/account/renyi.h"

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

LossAmount most_loss() {
  static const LossAmount most = LossAmount::at_most(1 << 20).value();
  return most;
}

DeltaAmount most_delta() {
  static const DeltaAmount most = DeltaAmount::at_most(1 - 0x1p-53).value();
  return most;
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
  const Parts parts = parts_of(stated);
  const char* const where = name_of(parts.measure).data();
  const auto loss = amount_of(parts.loss, loss_by, where, most_loss(), "must be at most 2^20");
  if (!loss) return loss.error();
  const auto delta = amount_of(parts.delta, delta_by, "delta", most_delta(), "must be below 1");
  if (!delta) return delta.error();
  return LedgerCost{parts.measure, {*loss, *delta}};
}

Error wrong_orders(const char* message) {
  return {Errc::invalid_parameter, "orders", message};
}

/// The orders as they are kept, where that changes none.
Result<std::vector<LossAmount>> kept_orders(const std::vector<Exact>& orders) {
  std::vector<LossAmount> kept;
  for (const Exact& order : orders) {
    const auto amount = LossAmount::at_most(order), above = LossAmount::at_least(order);
    if (!amount || !above || *amount > most_loss() || order.upper() <= 1)
      return wrong_orders("must lie above 1, and not above 2^20");
    if (*amount != *above) return wrong_orders("must have at most 12 decimal places");
    if (!kept.empty() && !(kept.back() < *amount)) return wrong_orders("must rise");
    kept.push_back(*amount);
  }
  if (kept.size() > kMostOrders) return wrong_orders("must be at most 8");
  return kept;
}

/// At most `most_divergence`, which stands for all that is more.
LossAmount cost_of(double divergence) {
  const auto amount = LossAmount::at_least(divergence);
  return amount ? std::min(*amount, most_divergence()) : most_divergence();
}

}  // namespace

std::string_view name_of(LossMeasure measure) noexcept {
  switch (measure) {
    case LossMeasure::epsilon:
      return "epsilon";
    case LossMeasure::rho:
      return "rho";
    case LossMeasure::renyi:
      return "renyi";
  }
  return "";
}

DeltaAmount half_of(DeltaAmount delta) noexcept {
  return *DeltaAmount::of_units(delta.units() / 2);
}

LossAmount most_divergence() noexcept {
  return *LossAmount::of_units(2'000'000'000'000'000'000);
}

// δ is made even, so that its halves are the same whoever takes them.
Result<LedgerCost> LedgerCost::allowed(const RenyiFilterParams& stated) {
  Result<LedgerCost> cap = allowed(ApproximateCost{stated.epsilon, stated.delta});
  if (!cap) return cap;
  auto orders = kept_orders(stated.orders);
  if (!orders) return std::move(orders).error();
  cap->measure = LossMeasure::renyi;
  cap->amount.delta = half_of(cap->amount.delta) + half_of(cap->amount.delta);
  cap->curve = *std::move(orders);
  if (const auto caps = caps_of(cap->amount, cap->curve); !caps) return caps.error();
  return cap;
}

Result<LedgerCost> LedgerCost::charged(const ReleaseLoss& stated,
                                       std::span<const LossAmount> orders) {
  const auto delta =
      amount_of(stated.delta, DeltaAmount::at_least, "delta", most_delta(), "must be below 1");
  if (!delta) return delta.error();
  LedgerCost cost{LossMeasure::renyi, {{}, *delta}};
  for (const LossAmount& order : orders) {
    const Result<Bounds> divergence = renyi_divergence(stated.parts, order.value());
    if (!divergence) return divergence.error();
    cost.curve.push_back(cost_of(divergence->upper));
  }
  return cost;
}

Result<std::vector<RenyiFilter::Order>> caps_of(const Spending& cap,
                                                std::span<const LossAmount> orders) {
  RenyiFilterParams params{
      .orders = {}, .epsilon = cap.loss.value(), .delta = half_of(cap.delta).value()};
  for (const LossAmount& order : orders) params.orders.push_back(order.value());
  const Result<RenyiFilter> filter = RenyiFilter::make(params);
  if (!filter) return filter.error();
  return filter->orders();
}

bool add_divergences(std::vector<RenyiFilter::Order>& orders, std::span<const LossAmount> cost) {
  bool open = false;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    RenyiFilter::Order& order = orders[i];
    order.spent = std::min(order.spent + cost[i], most_divergence());
    open = open || (order.usable && order.spent <= order.cap);
  }
  return open;
}

Result<LedgerCost> LedgerCost::charged(const StatedCost& stated) {
  return rounded(stated, LossAmount::at_least, DeltaAmount::at_least);
}

Result<LedgerCost> LedgerCost::allowed(const StatedCost& stated) {
  return rounded(stated, LossAmount::at_most, DeltaAmount::at_most);
}

std::string LedgerCost::to_string() const {
  std::string loss = (measure == LossMeasure::rho ? "ρ = " : "ε = ") + amount.loss.to_string();
  if (measure == LossMeasure::renyi && amount.loss == LossAmount()) {
    loss = "Rényi";
    for (const LossAmount& divergence : curve)
      loss += (loss == "Rényi" ? " " : ", ") + divergence.to_string();
  }
  return amount.delta == DeltaAmount() ? loss : loss + ", δ = " + amount.delta.to_string();
}

}  // namespace sfumato
