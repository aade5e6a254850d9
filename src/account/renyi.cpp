#include "sfumato/account/renyi.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "account/lossless.h"
#include "account/parameter.h"
#include "account/renyi_divergence.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// r + log(1 - 1/α) - (log δ + log α)/(α - 1), at least 0.
Enclosure epsilon_of(const RdpPoint& point, const Enclosure& delta) {
  const Enclosure alpha = Enclosure::exact(point.alpha), less = alpha - 1;
  const Enclosure shift = log(less / alpha) - log(delta * alpha) / less;
  return max(Enclosure::exact(point.epsilon) + shift, Enclosure(0));
}

Status check_points(std::span<const RdpPoint> curve) {
  if (curve.empty()) return Error{Errc::invalid_parameter, "rdp", "must have at least one order"};
  for (const RdpPoint& point : curve)
    for (const Status& sound :
         {check_order(point.alpha), check_not_negative("epsilon", point.epsilon)})
      if (!sound) return sound;
  return ok();
}

Status check_delta(const Exact& delta) {
  if (delta.is_finite() && delta.sign() > 0 && delta.upper() < 1) return ok();
  return Error{Errc::invalid_parameter, "delta",
               "must lie between 0 and 1: no Rényi divergence is purely private"};
}

template <class One>
Bounds least(std::span<const RdpPoint> curve, One one) {
  Bounds least{kInfinity, kInfinity};
  for (const RdpPoint& point : curve) {
    const Bounds b = one(point);
    least = {std::fmin(least.lower, b.lower), std::fmin(least.upper, b.upper)};
  }
  return least;
}

}  // namespace

Enclosure renyi_delta_at(const Enclosure& alpha, const Enclosure& divergence,
                         const Enclosure& epsilon) {
  const Enclosure less = alpha - 1;
  return min(exp(less * (divergence - epsilon) + alpha * log(less / alpha)) / less, Enclosure(1));
}

Result<Bounds> renyi_divergence(std::span<const Event> events, const Exact& alpha) {
  const Result<Enclosure> divergence = enclosed_divergence(events, alpha);
  if (!divergence) return divergence.error();
  return Bounds{std::fmax(divergence->lower(), 0), divergence->upper()};
}

Result<Bounds> concentrated_rho(std::span<const Event> events) {
  const Result<Enclosure> rho = enclosed_rho(events);
  if (!rho) return rho.error();
  return rho->bounds();
}

Result<Bounds> renyi_delta(std::span<const RdpPoint> curve, const Exact& epsilon) {
  for (const Status& sound : {check_points(curve), check_not_negative("epsilon", epsilon)})
    if (!sound) return sound.error();
  return least(curve, [&](const RdpPoint& point) {
    return renyi_delta_at(Enclosure::exact(point.alpha), Enclosure::exact(point.epsilon),
                          Enclosure::exact(epsilon))
        .bounds();
  });
}

Result<Bounds> renyi_epsilon(std::span<const RdpPoint> curve, const Exact& delta) {
  for (const Status& sound : {check_points(curve), check_delta(delta)})
    if (!sound) return sound.error();
  const Enclosure goal = Enclosure::exact(delta);
  return least(curve, [&](const RdpPoint& point) { return epsilon_of(point, goal).bounds(); });
}

Result<Bounds> lossless_epsilon(std::span<const RdpPoint> curve, const Exact& delta) {
  for (const Status& sound : {check_points(curve), check_delta(delta)})
    if (!sound) return sound.error();
  const Enclosure goal = Enclosure::exact(delta);
  return least(curve, [&](const RdpPoint& point) {
    const double guess = std::fmax(epsilon_of(point, goal).upper(), 1e-3);
    return lossless_epsilon_at(Enclosure::exact(point.alpha), Enclosure::exact(point.epsilon), goal,
                               guess);
  });
}

}  // namespace sfumato
