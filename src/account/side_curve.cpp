#include "account/side_curve.h"

#include <algorithm>
#include <cmath>

#include "account/conversion.h"

namespace sfumato {
namespace {

double width_of(const Bounds& bound) {
  return bound.upper > 0 ? (bound.upper - bound.lower) / bound.upper : 0;
}

/// How many deviations of the tilted sum lie between an aim and an ε.
double distance(const Aim& aim, double epsilon) {
  return std::fabs(epsilon - aim.epsilon) * aim.wide;
}

}  // namespace

const SideCurve::Engine* SideCurve::nearest(double epsilon) const {
  const auto least = std::ranges::min_element(
      engines_, {}, [&](const Engine& engine) { return std::fabs(epsilon - engine.aim.epsilon); });
  return least == engines_.end() ? nullptr : &*least;
}

const SideCurve::Engine& SideCurve::set_up(double epsilon) {
  const Aim aim = aim_at_epsilon(side_->sum, epsilon);
  engines_.push_back({aim, 0, delta_about(*side_, aim, gap_)});
  Engine& engine = engines_.back();
  engine.width = width_of(engine.delta(Enclosure(epsilon)).bound);
  return engine;
}

// Where an engine cannot meet the gap at its aim, one that is set up not far from it cannot either.
Guarantee SideCurve::delta(const Enclosure& epsilon) {
  const double at = epsilon.upper();
  const Engine* known = nearest(at);
  if (!known) return set_up(at).delta(epsilon);
  const Guarantee answer = known->delta(epsilon);
  const bool as_good = distance(known->aim, at) < 3 && known->width < 0.5 &&
                       width_of(answer.bound) <= 4 * known->width;
  if (answer.met || as_good) return answer;
  const Guarantee fresh = set_up(at).delta(epsilon);
  return width_of(fresh.bound) <= width_of(answer.bound) ? fresh : answer;
}

bool SideCurve::certainly_within(const Enclosure& epsilon, double delta) {
  if (side_->sum.parts.empty() || needs_conversion(*side_)) return false;
  const auto shows = [&](const Chernoff& known) {
    const Enclosure t(known.aim.c);
    const Enclosure finite = exp(side_->log_finite + known.log_bound - t * epsilon) / (1 + t);
    return (finite - expm1(side_->log_finite)).upper() <= delta;
  };
  const auto near = [&](const Chernoff& known) { return distance(known.aim, epsilon.upper()) < 1; };
  if (std::ranges::any_of(bounds_, shows)) return true;
  if (std::ranges::any_of(bounds_, near)) return false;
  const Aim aim = aim_at_epsilon(side_->sum, epsilon.upper());
  bounds_.push_back({aim, log_bound(side_->sum, aim.c)});
  return shows(bounds_.back());
}

double SideCurve::near(double epsilon) const {
  const double finite = std::exp(side_->log_finite.upper());
  return 1 - finite + finite * std::exp(aim_at_epsilon(side_->sum, epsilon).log_delta);
}

}  // namespace sfumato
