#include "account/side.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "account/contour.h"
#include "account/conversion.h"
#include "account/general.h"
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
  const Part& part = sum.parts[0];
  if (sum.parts.size() > 1 || part.count > 1 || sum.mu_squared.upper() > 0) return std::nullopt;
  if (!part.below)
    return Engine{[law = part.law](const Enclosure& e) { return law->delta(e); }, "closed form"};
  return Engine{[above = part.law, below = part.below](const Enclosure& e) {
                  return Enclosure::hull(below->delta(e), above->delta(e));
                },
                "general"};
}

std::optional<Engine> lattice_engine(const OnLattice& moved, const Aim& aim, double gap) {
  auto contour = Contour::make(moved.sum, aim, gap, moved.lattice);
  if (!contour) return std::nullopt;
  return Engine{[contour = std::move(*contour), slack = moved.slack](const Enclosure& e) {
                  return Enclosure::hull(contour.delta(e - slack), contour.delta(e + slack));
                },
                "lattice"};
}

/// Laplace laws in cells on a lattice, above and below.
std::optional<Engine> cell_engine(const LossSum& sum, const Aim& aim, double gap) {
  const auto between = between_lattices(sum, step_for(sum, aim.c, gap));
  if (!between) return std::nullopt;
  const auto above = lattice_engine(between->above, aim, gap);
  const auto below = lattice_engine(between->below, aim, gap);
  if (!above || !below) return std::nullopt;
  return Engine{[high = above->curve, low = below->curve](const Enclosure& e) {
                  return Enclosure::hull(low(e), high(e));
                },
                "lattice"};
}

bool is_exact(const LossSum& sum) {
  return std::none_of(sum.parts.begin(), sum.parts.end(),
                      [](const Part& part) { return part.below; });
}

std::optional<Engine> contour_engine(const LossSum& sum, const Aim& aim, double gap) {
  auto contour = is_exact(sum) ? Contour::make(sum, aim, gap) : std::nullopt;
  if (!contour) return std::nullopt;
  return Engine{[contour = std::move(*contour)](const Enclosure& e) { return contour.delta(e); },
                "contour"};
}

std::optional<Engine> general_engine(const LossSum& sum, const Aim& aim, double gap) {
  auto general = General::make(sum, aim, gap);
  if (!general) return std::nullopt;
  return Engine{[general = std::move(*general)](const Enclosure& e) { return general.delta(e); },
                "general"};
}

/// The first engine that can; that nothing is known but that δ is a probability, if none can.
Engine engine(const Side& side, const Aim& aim, double gap) {
  if (auto formula = closed_form(side)) return *formula;
  const auto moved = is_exact(side.sum) ? on_lattice(side.sum) : std::nullopt;
  auto best = moved ? lattice_engine(*moved, aim, gap) : contour_engine(side.sum, aim, gap);
  if (!best) best = cell_engine(side.sum, aim, gap);
  if (!best) best = general_engine(side.sum, aim, gap);
  if (best) return *best;
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

namespace {

/// With infinite losses; nothing is left of what cannot exceed ε.
Enclosure total(const Side& side, const Enclosure& finite, const Enclosure& epsilon) {
  const Enclosure limit = max(-expm1(epsilon - most(side.sum)), Enclosure(0));
  const Enclosure all = exp(side.log_finite) * max(min(finite, limit), Enclosure(0));
  return min(all - expm1(side.log_finite), Enclosure(1));
}

Guarantee answer(Bounds bound, std::string_view method, double gap) {
  bound.lower = std::fmax(bound.lower, 0) + 0.0;  // and never -0
  return {bound, method, is_met(bound, gap)};
}

Side known_part(const Side& side) {
  return {side.sum, side.log_finite, Enclosure(0), {}};
}

Guarantee converted_epsilon(const Side& side, const Enclosure& delta, double gap) {
  const Guarantee known = epsilon_of(known_part(side), delta, gap);
  if (!(delta + expm1(side.log_finite)).certainly_above(Enclosure(0)))
    return {{known.bound.lower, kInfinity}, "conversion", false};
  const auto above = [&](double e) { return log(converted(side, Enclosure(e)) / delta).upper(); };
  const double upper = above(0) <= 0 ? 0 : crossing(above, 1, 1e-13).upper;
  return answer({std::fmin(known.bound.lower, upper), upper}, "conversion", gap);
}

}  // namespace

// By conversion above, and below by what is known to the full.
std::function<Guarantee(const Enclosure& epsilon)> delta_about(const Side& side, const Aim& aim,
                                                               double gap) {
  if (needs_conversion(side))
    return [side, gap, known = delta_about(known_part(side), aim, gap)](const Enclosure& epsilon) {
      const double upper = converted(side, epsilon).upper();
      const double lower = std::fmin(known(epsilon).bound.lower, upper);
      return answer({lower, upper}, "conversion", gap);
    };
  return [side, gap, best = engine(side, aim, gap)](const Enclosure& epsilon) {
    return answer(total(side, best.curve(epsilon), epsilon).bounds(), best.method, gap);
  };
}

Guarantee epsilon_of(const Side& side, const Enclosure& delta, double gap) {
  if (needs_conversion(side)) return converted_epsilon(side, delta, gap);
  const Enclosure target = (delta + expm1(side.log_finite)) * exp(-side.log_finite);
  const Bounds limit = most(side.sum).bounds();
  if (target.upper() < 0) return {{kInfinity, kInfinity}, "closed form", true};
  // Where all of δ may go to what is infinite, no loss is above the greatest one; if that is known.
  if (!(target.lower() > 0))
    return answer({target.upper() > 0 ? 0 : limit.lower, side.open ? kInfinity : limit.upper},
                  "closed form", gap);
  const Aim aim = aim_at_delta(side.sum, log(target).upper());
  const Engine best = engine(side, aim, gap);
  Bounds bound = inverse(best.curve, target, aim);
  bound.upper = std::fmin(bound.upper, limit.upper);
  return answer({std::fmin(bound.lower, bound.upper), bound.upper}, best.method, gap);
}

}  // namespace sfumato
