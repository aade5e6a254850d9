#include "sfumato/account/filter.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "account/parameter.h"
#include "base/enclosure.h"
#include "sfumato/privacy/epsilon.h"

namespace sfumato {
namespace {

Error invalid(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

template <class T>
Error in(const char* where, const Result<T>& bad) {
  return {bad.error().code, where, bad.error().message};
}

struct Parts {
  const char* name;  ///< of the loss
  const Exact& loss;
  const Exact& delta;
};

Parts parts_of(const ApproximateCost& cost) {
  return {"epsilon", cost.epsilon, cost.delta};
}
Parts parts_of(const ConcentratedCost& cost) {
  return {"rho", cost.rho, cost.delta};
}

template <class AmountType>
Error too_much(const char* what, AmountType asked, AmountType left, AmountType cap) {
  return {Errc::refused, what,
          asked.to_string() + " is asked for, and " + left.to_string() + " of " + cap.to_string() +
              " is left"};
}

}  // namespace

template <class Cost>
Result<AdditiveFilter<Cost>> AdditiveFilter<Cost>::make(const Cost& cap) {
  const Parts parts = parts_of(cap);
  const auto loss = LossAmount::at_most(parts.loss);
  if (!loss) return in(parts.name, loss);
  const auto delta = DeltaAmount::at_most(parts.delta);
  if (!delta) return in("delta", delta);
  if (*delta >= *DeltaAmount::at_most(1.0)) return invalid("delta", "must lie in [0, 1)");
  return AdditiveFilter({*loss, *delta});
}

template <class Cost>
Status AdditiveFilter<Cost>::charge(const Cost& cost) {
  const Parts parts = parts_of(cost);
  const auto loss = LossAmount::at_least(parts.loss);
  if (!loss) return in(parts.name, loss);
  const auto delta = DeltaAmount::at_least(parts.delta);
  if (!delta) return in("delta", delta);

  const Spending left = this->left();
  if (*loss > left.loss) return too_much(parts.name, *loss, left.loss, cap_.loss);
  if (*delta > left.delta) return too_much("delta", *delta, left.delta, cap_.delta);
  spent_ = {spent_.loss + *loss, spent_.delta + *delta};
  return ok();
}

template class AdditiveFilter<ApproximateCost>;
template class AdditiveFilter<ConcentratedCost>;

namespace {

/// The greatest divergence of order α that converts to (ε, δ), where ln δ is enclosed:
/// ε - ln(1 - 1/α) + (ln δ + ln α) / (α - 1).
double most_divergence(const Exact& alpha, const Exact& epsilon, const Enclosure& log_delta) {
  const Enclosure a = Enclosure::exact(alpha);
  const Enclosure above_one = a - Enclosure(1);
  return (Enclosure::exact(epsilon) - log(above_one / a) + (log_delta + log(a)) / above_one)
      .lower();
}

/// About the ρ that fits (ε, δ) at order α, where four orders share δ.
double most_rho(double alpha, double epsilon, double delta) {
  const double divergence =
      epsilon - std::log1p(-1 / alpha) + (std::log(delta / 4) + std::log(alpha)) / (alpha - 1);
  return divergence / alpha;
}

/// What has been spent at an order after one more cost; infinity is more than any cap.
Result<LossAmount> with(const LossAmount& spent, const Exact& cost) {
  if (!cost.is_finite() && cost.lower() > 0) return LossAmount::most();
  const auto amount = LossAmount::at_least(cost);
  if (!amount) return in("costs", amount);
  return spent + *amount;
}

}  // namespace

std::vector<Exact> usual_orders(double epsilon, double delta) {
  constexpr double kHighest = 1 << 16;
  double best = kHighest;
  for (double alpha = 1.25; alpha < kHighest;
       alpha = alpha < 4 ? alpha + 0.25 : std::floor(alpha * 33 / 32) + 1)
    if (most_rho(alpha, epsilon, delta) > most_rho(best, epsilon, delta)) best = alpha;
  return {best, 2 * best, 4 * best, 8 * best};
}

Result<RenyiFilter> RenyiFilter::make(const RenyiFilterParams& params) {
  const Exact& delta = params.delta;
  if (params.orders.empty()) return invalid("orders", "must be one at least");
  if (!(params.epsilon.sign() > 0 && params.epsilon.upper() <= Epsilon::kMax))
    return invalid("epsilon", "must lie in (0, 2^20]");
  if (!(delta.sign() > 0 && delta.upper() < 1))
    return invalid("delta", "must lie in (0, 1): no order gives a bound for 0");

  const auto number = static_cast<double>(params.orders.size());
  const Enclosure log_delta = log(Enclosure::exact(delta) / Enclosure(number));
  std::vector<Order> orders;
  for (const Exact& alpha : params.orders) {
    if (const Status sound = check_order(alpha); !sound) return in("orders", sound);
    const double most = most_divergence(alpha, params.epsilon, log_delta);
    const auto cap = LossAmount::at_most(std::max(most, 0.0));
    if (!cap) return in("epsilon", cap);
    orders.push_back({alpha, *cap, {}, most >= 0});
  }
  if (std::ranges::none_of(orders, &Order::usable))
    return invalid(
        "orders",
        "must hold a higher one: at none of these is any release within epsilon and delta");
  return RenyiFilter(std::move(orders));
}

Status RenyiFilter::charge(std::span<const Exact> costs) {
  if (costs.size() != orders_.size())
    return invalid("costs", "must be " + std::to_string(orders_.size()) + ", one for each order");
  std::vector<LossAmount> after;
  bool allowed = false;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const auto spent = with(orders_[i].spent, costs[i]);
    if (!spent) return spent.error();
    allowed |= orders_[i].usable && *spent <= orders_[i].cap;
    after.push_back(*spent);
  }
  if (!allowed) return Error{Errc::refused, "costs", "are more than what is left at every order"};
  for (std::size_t i = 0; i < costs.size(); ++i) orders_[i].spent = after[i];
  return ok();
}

}  // namespace sfumato
