#include "account/side.h"

#include <cmath>
#include <functional>

#include "account/contour.h"
#include "account/lattice.h"
#include "base/crossing.h"
#include "sfumato/privacy/gaussian_curve.h"

namespace sfumato {
namespace {

constexpr double kInfinity = HUGE_VAL;

/// An enclosure of δ(ε) of the finite part.
using Curve = std::function<Enclosure(const Enclosure&)>;

struct Engine {
  Curve curve;
  std::string_view method;
};

Enclosure hull(double lower, double upper) {
  return Enclosure::hull(Enclosure(lower), Enclosure(upper));
}

/// Of Gaussian noise with sensitivity 1: δ falls as σ rises.
Enclosure gaussian_curve(const Enclosure& mu_squared, const Enclosure& epsilon) {
  const Enclosure sigma = 1 / sqrt(mu_squared);
  const L2Sensitivity one = L2Sensitivity::make(1).value();
  return hull(gaussian_delta(epsilon.upper(), sigma.upper(), one).lower,
              gaussian_delta(epsilon.lower(), sigma.lower(), one).upper);
}

std::optional<Engine> closed_form(const Side& side) {
  const LossSum& sum = side.sum;
  if (sum.parts.empty() && sum.mu_squared.upper() > 0)
    return Engine{[mu = sum.mu_squared](const Enclosure& e) { return gaussian_curve(mu, e); },
                  "closed form"};
  if (sum.parts.empty())
    return Engine{[](const Enclosure&) { return Enclosure(0); }, "closed form"};
  if (sum.parts.size() > 1 || sum.parts[0].count > 1 || sum.mu_squared.upper() > 0)
    return std::nullopt;
  return Engine{[law = sum.parts[0].law](const Enclosure& e) { return law->delta(e); },
                "closed form"};
}

std::optional<Engine> lattice_engine(const OnLattice& moved, const Aim& aim, double gap) {
  auto contour = Contour::make(moved.sum, aim, gap, moved.lattice);
  if (!contour) return std::nullopt;
  return Engine{[contour = std::move(*contour), slack = moved.slack](const Enclosure& e) {
                  return Enclosure::hull(contour.delta(e - slack), contour.delta(e + slack));
                },
                "lattice"};
}

std::optional<Engine> engine(const Side& side, const Aim& aim, double gap) {
  if (const auto moved = on_lattice(side.sum)) return lattice_engine(*moved, aim, gap);
  auto contour = Contour::make(side.sum, aim, gap);
  if (!contour) return std::nullopt;
  return Engine{[contour = std::move(*contour)](const Enclosure& e) { return contour.delta(e); },
                "contour"};
}

/// Nothing is known but that δ is a probability.
Engine nothing() {
  return {[](const Enclosure&) { return hull(0, 1); }, "general"};
}

bool is_met(const Bounds& bound, double gap) {
  return bound.upper - bound.lower <= gap * bound.upper;
}

/// Newton's steps, as log δ falls with a slope of about -c where the saddle is c.
double near_root(const Curve& curve, const Enclosure& target, const Aim& aim) {
  double e = std::fmax(aim.epsilon, 1e-300);
  for (int i = 0; i < 4; ++i) {
    const double step = log(curve(Enclosure(e)) / target).upper() / aim.c;
    if (!(std::fabs(step) > 1e-14 * e && std::fabs(step) < e / 2)) break;
    e += step;
  }
  return e;
}

/// Both ends of ε: the upper one has δ <= target for certain, the lower one more than it.
Bounds inverse(const Curve& curve, const Enclosure& target, const Aim& aim) {
  const auto above = [&](double e) { return log(curve(Enclosure(e)) / target).upper(); };
  const auto below = [&](double e) { return log(curve(Enclosure(e)) / target).lower(); };
  if (target.certainly_at_least(curve(Enclosure(0)))) return {0, 0};
  const double upper = crossing(above, near_root(curve, target, aim), 1e-14).upper;
  const double lower = crossing(below, upper, 1e-14).lower;
  return {lower, upper};
}

}  // namespace

Guarantee delta_of(const Side& side, const Enclosure& epsilon, double gap) {
  std::optional<Engine> best = closed_form(side);
  if (!best) best = engine(side, aim_at_epsilon(side.sum, epsilon.upper()), gap);
  if (!best) best = nothing();
  const Enclosure finite = exp(side.log_finite);
  const Enclosure infinite = -expm1(side.log_finite);
  Bounds bound = min(infinite + finite * best->curve(epsilon), Enclosure(1)).bounds();
  bound.lower = std::fmax(bound.lower, 0) + 0.0;  // and never -0
  return {bound, best->method, is_met(bound, gap)};
}

Guarantee epsilon_of(const Side& side, const Enclosure& delta, double gap) {
  const Enclosure target = (delta + expm1(side.log_finite)) * exp(-side.log_finite);
  if (target.upper() < 0) return {{kInfinity, kInfinity}, "closed form", true};
  const Bounds most = sfumato::most(side.sum).bounds();
  if (!(target.lower() > 0))
    return {{target.upper() > 0 ? 0 : most.lower, most.upper}, "closed form", is_met(most, gap)};
  std::optional<Engine> best = closed_form(side);
  const Aim aim = aim_at_delta(side.sum, log(target).upper());
  if (!best) best = engine(side, aim, gap);
  if (!best) best = nothing();
  Bounds bound = inverse(best->curve, target, aim);
  bound.upper = std::fmin(bound.upper, most.upper);
  return {bound, best->method, is_met(bound, gap)};
}

bool certainly_within(const Side& side, const Enclosure& epsilon, double delta) {
  if (side.sum.parts.empty()) return false;
  const Aim aim = aim_at_epsilon(side.sum, epsilon.upper());
  const Enclosure t(aim.c);
  const Enclosure finite =
      exp(side.log_finite + log_bound(side.sum, aim.c) - t * epsilon) / (1 + t);
  return (finite - expm1(side.log_finite)).upper() <= delta;
}

}  // namespace sfumato
