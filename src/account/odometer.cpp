#include "sfumato/account/odometer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/crossing.h"
#include "base/enclosure.h"
#include "sfumato/privacy/zcdp.h"

namespace sfumato {
namespace {

constexpr double kMostRho = 1 << 19;  // a mark may lie an eighth above, and is still a Rho

/// An ε with δ(ε) <= delta for all ρ-zCDP releases, from above.
double epsilon_of(LossAmount total, double delta) {
  if (total == LossAmount()) return 0;
  if (!(delta > 0)) return std::numeric_limits<double>::infinity();
  const Rho rho = Rho::make(total.value().to_double_up()).value();
  if (zcdp_delta(rho, 0) <= delta) return 0;
  const double guess = rho.value() + 2 * std::sqrt(rho.value() * -std::log(delta));
  return crossing([&](double epsilon) { return zcdp_delta(rho, epsilon) - delta; }, guess, 1e-12)
      .upper;
}

/// Mark j: first · 2^(j / 8) · (8 + j % 8) / 8, rounded up.
LossAmount mark_after(LossAmount first, int passed) {
  const uint128 eighths = first.units() * static_cast<unsigned>(8 + passed % 8);
  return LossAmount::of_units(((eighths << passed / 8) + 7) / 8).value();
}

}  // namespace

ConcentratedOdometer::ConcentratedOdometer(ConcentratedFilter filter, LossAmount first,
                                           Exact delta) noexcept
    : filter_(filter), first_(first), delta_(delta), mark_(first) {}

Result<ConcentratedOdometer> ConcentratedOdometer::make(const OdometerParams& params) {
  const auto bad = [](const char* where, const char* message) {
    return Error{Errc::invalid_parameter, where, message};
  };
  const auto first = LossAmount::at_most(params.first_mark);
  if (!first || first->units() < 8 || params.first_mark.upper() > kMostRho)
    return bad("first_mark", "must lie between 8e-12 and 2^19");
  const auto delta = DeltaAmount::at_most(params.delta);
  if (!delta || !(params.delta.sign() > 0 && params.delta.upper() < 1))
    return bad("delta", "must lie in (0, 1)");
  const auto filter = ConcentratedFilter::make({.rho = kMostRho, .delta = params.cost_delta});
  if (!filter || (params.cost_delta.sign() > 0 && !(filter->cap().delta < *delta)))
    return bad("cost_delta", "must be at least 0 and below delta");

  // Where no part of δ is set aside it is kept as given: it may be less than a unit.
  const bool whole = params.cost_delta.sign() == 0;
  const Exact shared = whole ? params.delta : Exact((*delta - filter->cap().delta).value());
  return ConcentratedOdometer(*filter, *first, shared);
}

Status ConcentratedOdometer::charge(const ConcentratedCost& cost) {
  if (Status charged = filter_.charge(cost); !charged) return charged;
  while (mark_ < spent().loss) mark_ = mark_after(first_, ++marks_passed_);
  return ok();
}

double ConcentratedOdometer::epsilon() const {
  if (spent().loss == LossAmount()) return 0;
  // Mark j has δ / (j+1)(j+2), which add up to δ.
  const auto j = static_cast<double>(marks_passed_);
  const double part = div_down(delta_.lower(), (j + 1) * (j + 2));
  return epsilon_of(mark_, part);
}

double running_epsilon(const ConcentratedFilter& filter, const Exact& delta) {
  const Spending& spent = filter.spent();
  if (spent.delta == DeltaAmount()) return epsilon_of(spent.loss, delta.lower());
  const auto left = DeltaAmount::at_most(delta);
  const double conversion = left ? (*left - spent.delta).value().to_double_down() : 0;
  return epsilon_of(spent.loss, conversion);
}

double running_epsilon(const RenyiFilter& filter, const Exact& delta) {
  double least = std::numeric_limits<double>::infinity();
  if (!(delta.sign() > 0 && delta.upper() < 1)) return least;
  const Enclosure log_delta = log(Enclosure::exact(delta));
  for (const RenyiFilter::Order& order : filter.orders()) {
    const Enclosure alpha = Enclosure::exact(order.alpha), above_one = alpha - Enclosure(1);
    const Enclosure epsilon = Enclosure::decimal(order.spent.value()) + log(above_one / alpha) -
                              (log_delta + log(alpha)) / above_one;
    least = std::min(least, std::max(0.0, epsilon.upper()));
  }
  return least;
}

}  // namespace sfumato
