#include "account/formula.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "account/event_check.h"
#include "account/parameter.h"
#include "account/pure_composition.h"
#include "account/renyi_divergence.h"
#include "account/single_release.h"
#include "account/trade_off.h"
#include "base/crossing.h"
#include "base/normal_tail.h"
#include "privacy/zcdp_delta.h"

namespace sfumato {

namespace {

constexpr double kMostEpsilon = 0x1p28;  // e^ε stays within the reach of exponents

template <class Law>
bool all_are(std::span<const Event> events) {
  return std::all_of(events.begin(), events.end(),
                     [](const Event& e) { return std::holds_alternative<Law>(e.loss); });
}

template <class Law>
bool any_is(std::span<const Event> events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& e) { return std::holds_alternative<Law>(e.loss); });
}

/// √Σ k·(Δ/σ)², that of the one Gaussian release that tells as much.
Enclosure joint_mu(const std::vector<Event>& events, int bits) {
  Enclosure sum(0, bits);
  for (const Event& event : events) {
    const auto& law = std::get<GaussianLoss>(event.loss);
    const Enclosure mu =
        Enclosure::exact(law.sensitivity, bits) / Enclosure::exact(law.sigma, bits);
    sum = sum + Enclosure::whole(event.count, bits) * power(mu, 2);
  }
  return sqrt(sum);
}

DeltaCurve gaussians(const std::vector<Event>& events) {
  return {[events](const Enclosure& epsilon) {
    return gaussian_delta(epsilon, joint_mu(events, epsilon.bits()));
  }};
}

/// Φ(Φ^-1(1-α) - μ).
auto gaussian_trade_off(const std::vector<Event>& events) {
  return [events](const Enclosure& alpha) {
    return normal_tail(joint_mu(events, alpha.bits()) - normal_quantile(alpha));
  };
}

Result<DeltaCurve> sampled(const DeltaCurve& curve, const Sampling& sampling, Relation relation) {
  if (const auto* poisson = std::get_if<PoissonSampling>(&sampling)) {
    if (relation == Relation::add_remove) return poisson_sampled(curve, poisson->q);
    return Error{Errc::unsupported, "relation", "must be add-remove for Poisson samples"};
  }
  if (const auto* fixed = std::get_if<FixedSizeSampling>(&sampling)) {
    if (relation == Relation::replace) return fixed_size_sampled(curve, *fixed);
    return Error{Errc::unsupported, "relation", "must be replace for samples of fixed size"};
  }
  return curve;
}

Result<DeltaCurve> single(const Event& event, Relation relation) {
  const Result<DeltaCurve> curve = single_release(event.loss);
  return curve ? sampled(*curve, event.sampling, relation) : curve;
}

Enclosure share_of(const Sampling& sampling) {
  if (const auto* poisson = std::get_if<PoissonSampling>(&sampling))
    return Enclosure::exact(poisson->q);
  if (const auto* fixed = std::get_if<FixedSizeSampling>(&sampling))
    return Enclosure::whole(fixed->m) / Enclosure::whole(fixed->n);
  return Enclosure(1);
}

Result<DeltaCurve> concentrated(const std::vector<Event>& events) {
  const Result<Enclosure> sound = enclosed_rho(events);
  if (!sound) return sound.error();
  const Enclosure rho = *sound;
  return DeltaCurve{[rho](const Enclosure& epsilon) {
    return rho.upper() > 0 ? zcdp_delta(rho, epsilon) : Enclosure(0);
  }};
}

/// By the orders that the RDP events name: at others nothing is known of them.
Result<DeltaCurve> by_renyi(const std::vector<Event>& events) {
  struct Order {
    Enclosure alpha, divergence;
  };
  std::vector<Order> orders;
  std::optional<Error> refused;
  for (const Event& event : events) {
    const auto* law = std::get_if<RdpLoss>(&event.loss);
    for (const RdpPoint& point : law ? law->curve : std::vector<RdpPoint>{}) {
      const Result<Enclosure> divergence = enclosed_divergence(events, point.alpha);
      if (divergence)
        orders.push_back({Enclosure::exact(point.alpha), *divergence});
      else
        refused = divergence.error();
    }
  }
  if (orders.empty()) return *refused;
  return DeltaCurve{[orders](const Enclosure& epsilon) {
    Enclosure least(1);
    for (const Order& order : orders)
      least = min(least, renyi_delta_at(order.alpha, order.divergence, epsilon));
    return least;
  }};
}

/// 1 - Π (1 - q·δ)^k over what may fail: no other loss here is infinite.
Enclosure infinite_of(const std::vector<Event>& events) {
  Enclosure log_sound(0);
  for (const Event& event : events) {
    const auto* failing = std::get_if<ApproximateLoss>(&event.loss);
    if (!failing) continue;
    const Enclosure share = share_of(event.sampling), each = Enclosure::exact(failing->delta);
    log_sound = log_sound + Enclosure::whole(event.count) * log1p(-(share * each));
  }
  return -expm1(log_sound);
}

bool sampled(const Event& event) {
  return !std::holds_alternative<NoSampling>(event.sampling);
}

Status check_number(const char* where, const Exact& x, double most, const char* message) {
  if (x.is_finite() && x.sign() >= 0 && x.upper() <= most) return ok();
  return Error{Errc::invalid_parameter, where, message};
}

/// About where δ(ε) comes down to the target, up to a factor of 2.
double guess(const DeltaCurve& curve, const Exact& target) {
  double epsilon = 1;
  while (epsilon < kMostEpsilon && excess(curve, epsilon, target) > 0) epsilon *= 4;
  while (epsilon > 0x1p-60 && excess(curve, epsilon / 4, target) <= 0) epsilon /= 4;
  return epsilon / 2;
}

/// The least ε from which on δ is 0: `crossing` needs a sign alone.
Bounds end_of(const DeltaCurve& curve) {
  const auto sign = [&](double epsilon) { return delta_at(curve, epsilon).upper > 0 ? 1.0 : -1.0; };
  if (sign(0) <= 0) return {0, 0};
  Bounds end = crossing(sign, 1, 0x1p-48);
  for (double step = 0x1p-40; end.lower > 0 && !(delta_at(curve, end.lower).lower > 0); step *= 4)
    end.lower *= std::fmax(1 - step, 0);
  return end;
}

}  // namespace

Result<Formula> Formula::make(std::span<const Event> given, Relation relation) {
  std::vector<Event> events;
  for (const Event& event : given) {
    if (const Status sound = check_event(event); !sound) return sound.error();
    if (event.count > 0) events.push_back(event);
  }
  const Enclosure infinite = infinite_of(events);
  const auto answer = [&](const Result<DeltaCurve>& curve, bool exact) -> Result<Formula> {
    if (!curve) return curve.error();
    return Formula(*curve, infinite, exact);
  };
  const bool plain =
      std::none_of(events.begin(), events.end(), [](const Event& event) { return sampled(event); });
  if (plain && std::all_of(events.begin(), events.end(),
                           [](const Event& e) { return is_pure_or_approximate(e.loss); }))
    return answer(pure_composition(events), true);
  if (plain && all_are<GaussianLoss>(events))
    return Formula(gaussians(events), infinite, true, gaussian_trade_off(events));
  if (any_is<RdpLoss>(events)) return answer(by_renyi(events), false);
  if (any_is<ZcdpLoss>(events)) return answer(concentrated(events), false);
  if (events.size() == 1 && events.front().count == 1)
    return answer(single(events.front(), relation), true);
  return Error{Errc::unsupported, "events", "must be of a kind that has a closed form"};
}

Result<Bounds> Formula::delta(const Exact& epsilon) const {
  if (const Status sound = check_number("epsilon", epsilon, kMostEpsilon, "must lie in 0 … 2^28");
      !sound)
    return sound.error();
  return delta_at(curve_, epsilon);
}

Result<Bounds> Formula::epsilon(const Exact& delta) const {
  if (const Status sound = check_probability("delta", delta); !sound) return sound.error();
  const Bounds rest = delta_at(curve_, kMostEpsilon);
  if (rest.upper > delta.lower())
    return Error{Errc::invalid_parameter, "delta",
                 "must be so large that an epsilon of at most 2^28 reaches it"};
  if (delta.sign() == 0) return end_of(curve_);
  return epsilon_at(curve_, delta, guess(curve_, delta));
}

Result<Bounds> Formula::type_two_error(const Exact& alpha) const {
  if (const Status sound = check_probability("alpha", alpha); !sound) return sound.error();
  if (alpha.sign() == 0) return (1 - infinite_).bounds();
  if (alpha.lower() >= 1) return Bounds{0, 0};
  if (trade_off_) return trade_off_(Enclosure::exact(alpha)).bounds();
  if (exact_) return trade_off(curve_, alpha);
  const Bounds least = trade_off(curve_, alpha);
  return Bounds{least.lower, (1 - Enclosure::exact(alpha)).upper()};
}

}  // namespace sfumato
