#include "account/losses.h"

#include <algorithm>
#include <cmath>

#include "account/event_law.h"
#include "account/trade_off.h"

namespace sfumato {
namespace {

bool is_symmetric(const std::vector<Event>& events) {
  return std::all_of(events.begin(), events.end(), [](const Event& event) {
    return !std::holds_alternative<PoissonSampling>(event.sampling);
  });
}

Side side_of(const CompositionParams& params, Direction direction, Reading reading) {
  Side side;
  for (const Event& event : params.events)
    add_event(event, direction, reading, params.group_size, side);
  return side;
}

std::vector<Side> sides_of(const CompositionParams& params, Reading reading) {
  std::vector<Side> all{side_of(params, Direction::removed, reading)};
  if (!is_symmetric(params.events)) all.push_back(side_of(params, Direction::added, reading));
  return all;
}

bool has_bounded_range(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(), [](const Event& event) {
    return std::holds_alternative<BoundedRangeLoss>(event.loss);
  });
}

/// The truth is at most what either reading says, and at least what the least one does.
Guarantee tightest(const Guarantee& pure, const Guarantee& concentrated, const Guarantee& least) {
  Guarantee best = concentrated.bound.upper < pure.bound.upper ? concentrated : pure;
  best.bound.lower = std::fmin(least.bound.lower, best.bound.upper);
  best.met = best.bound.lower == best.bound.upper;
  return best;
}

/// The greater of two truths lies between the greater of their lower and that of their upper bounds.
Guarantee larger(const Guarantee& a, const Guarantee& b) {
  const Guarantee& worse = a.bound.upper < b.bound.upper ? b : a;
  return {{std::fmax(a.bound.lower, b.bound.lower), worse.bound.upper}, worse.method, worse.met};
}

/// `ask` answers for a side; `spared` knows without asking that a side costs no more than an answer's lower end.
template <class Sides, class Ask, class Spared>
Guarantee largest(Sides& sides, Ask ask, Spared spared) {
  Guarantee answer = ask(sides.front());
  for (std::size_t i = 1; i < sides.size(); ++i)
    if (!spared(sides[i], answer.bound.lower)) answer = larger(answer, ask(sides[i]));
  return answer;
}

template <class Readings, class Ask>
Guarantee of_readings(Readings& readings, Ask ask) {
  if (readings.size() == 1) return ask(readings[0]);
  return tightest(ask(readings[0]), ask(readings[1]), ask(readings[2]));
}

}  // namespace

Result<Losses> Losses::make(const CompositionParams& params) {
  for (const Event& event : params.events)
    if (const Status sound = check_composable(event, params.relation, params.group_size); !sound)
      return sound.error();
  Losses losses;
  losses.gap_ = params.gap;
  losses.readings_.push_back(sides_of(params, Reading::pure));
  if (has_bounded_range(params.events)) {
    losses.readings_.push_back(sides_of(params, Reading::concentrated));
    losses.readings_.push_back(sides_of(params, Reading::least));
  }
  return losses;
}

Guarantee Losses::epsilon(const Exact& delta) const {
  const Enclosure at = Enclosure::exact(delta);
  return of_readings(readings_, [&](const std::vector<Side>& sides) {
    return largest(
        sides, [&](const Side& side) { return epsilon_of(side, at, gap_); },
        [&](const Side& side, double lower) {
          return std::isfinite(lower) &&
                 SideCurve(side, gap_).certainly_within(Enclosure(lower), at.lower());
        });
  });
}

Enclosure Losses::infinite() const {
  Enclosure most(0);
  for (const Side& side : readings_[0]) most = max(most, -expm1(side.log_finite));
  return most;
}

LossesCurve::LossesCurve(const Losses& losses, double gap) : losses_(&losses), gap_(gap) {
  for (const std::vector<Side>& sides : losses.readings_) {
    std::vector<SideCurve> curves;
    for (const Side& side : sides) curves.emplace_back(side, gap);
    readings_.push_back(std::move(curves));
  }
}

Guarantee LossesCurve::delta(const Enclosure& epsilon) {
  return of_readings(readings_, [&](std::vector<SideCurve>& sides) {
    return largest(
        sides, [&](SideCurve& side) { return side.delta(epsilon); },
        [&](SideCurve& side, double lower) { return side.certainly_within(epsilon, lower); });
  });
}

Guarantee LossesCurve::trade_off_about(const Exact& alpha, double guess, double gap) {
  const DeltaCurve curve{[&](const Enclosure& epsilon) {
    const Bounds bound = delta(epsilon).bound;
    return Enclosure::hull(Enclosure(bound.lower), Enclosure(bound.upper));
  }};
  return {trade_off(curve, alpha, guess, gap), delta(Enclosure(std::fabs(guess))).method, false};
}

LossesCurve& LossesCurve::closer() {
  if (!closer_) closer_ = std::make_unique<LossesCurve>(*losses_, gap_ / 256);
  return *closer_;
}

// Where δ is large beside f, f's bounds are the wider by as much: then δ is asked anew, more closely, of a
// contour, which costs little more then. Of cells it would cost a hundredfold.
Guarantee LossesCurve::type_two_error(const Exact& alpha) {
  if (alpha.sign() == 0) return {(1 - losses_->infinite()).bounds(), "closed form", true};
  if (alpha.lower() >= 1) return {{0, 0}, "closed form", true};
  const auto met = [&](const Bounds& bound) {
    return bound.upper - bound.lower <= gap_ * bound.upper;
  };
  const SideCurve& first = readings_[0].front();
  const double guess = trade_off_near([&](double e) { return first.near(e); }, alpha.upper());
  Guarantee answer = trade_off_about(alpha, guess, gap_);
  const bool cheap = answer.method == "contour" || answer.method == "closed form";
  for (LossesCurve* curve = this; cheap && !met(answer.bound) && curve->gap_ > 1e-12;) {
    curve = &curve->closer();
    const Bounds more = curve->trade_off_about(alpha, guess, gap_).bound;
    answer.bound = {std::fmax(answer.bound.lower, more.lower),
                    std::fmin(answer.bound.upper, more.upper)};
  }
  answer.met = met(answer.bound);
  return answer;
}

}  // namespace sfumato
