#include "account/conversion.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

/// The bound of the least order listed that is not below 1 + t: a Rényi divergence rises with its order.
Enclosure renyi_bound(const RdpLoss& loss, const Enclosure& t) {
  Enclosure least(HUGE_VAL);
  for (const RdpPoint& point : loss.curve)
    if (Enclosure::exact(point.alpha).certainly_at_least(1 + t))
      least = min(least, Enclosure::exact(point.epsilon));
  return least;
}

Enclosure bound_at(const Side& side, const Enclosure& t, double near, const Enclosure& epsilon) {
  Enclosure log_moment = log_bound(side.sum, near) + side.rho * t * (1 + t);
  for (const RenyiPart& part : side.renyi)
    log_moment = log_moment + Enclosure::whole(part.count) * t * renyi_bound(part.loss, t);
  return exp(log_moment - t * epsilon + t * log(t) - (1 + t) * log(1 + t) + side.log_finite);
}

/// The derivative of the bound's logarithm by t, without Rényi curves: it rises.
double slope(const Side& side, double t, double epsilon) {
  const double rho = side.rho.upper();
  return moment(side.sum, t).mean + rho * (2 * t + 1) - epsilon + std::log(t / (1 + t));
}

double best_order(const Side& side, double epsilon) {
  double low = 0x1p-30, high = 0x1p30;
  while (high > low * 1.0000001) {
    const double middle = std::sqrt(low * high);
    (slope(side, middle, epsilon) > 0 ? high : low) = middle;
  }
  return high;
}

/// Doubles not above the orders that are listed, less 1.
std::vector<double> listed_orders(const Side& side) {
  std::vector<double> all;
  for (const RenyiPart& part : side.renyi)
    for (const RdpPoint& point : part.loss.curve)
      all.push_back((Enclosure::exact(point.alpha) - 1).lower());
  return all;
}

}  // namespace

bool needs_conversion(const Side& side) {
  return side.rho.upper() > 0 || !side.renyi.empty();
}

Enclosure converted(const Side& side, const Enclosure& epsilon) {
  std::vector<double> orders = listed_orders(side);
  if (orders.empty()) orders.push_back(best_order(side, epsilon.upper()));
  Enclosure least(1);
  for (double t : orders)
    if (t > 0) least = min(least, bound_at(side, Enclosure(t), t, epsilon));
  return min(least - expm1(side.log_finite), Enclosure(1));
}

}  // namespace sfumato
