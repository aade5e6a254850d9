#include "sfumato/account/composition.h"

#include <algorithm>
#include <cmath>

#include "account/event_law.h"
#include "account/parameter.h"
#include "account/side.h"

namespace sfumato {

/// For each reading of bounded range, one side where both directions have the same law, else two. Without
/// such releases there is one reading.
struct Composition::Sides {
  std::vector<std::vector<Side>> readings;
  double gap;
};

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
template <class Ask, class Spared>
Guarantee largest(const std::vector<Side>& sides, Ask ask, Spared spared) {
  Guarantee answer = ask(sides.front());
  for (std::size_t i = 1; i < sides.size(); ++i)
    if (!spared(sides[i], answer.bound.lower)) answer = larger(answer, ask(sides[i]));
  return answer;
}

template <class Ask>
Guarantee of_readings(const std::vector<std::vector<Side>>& readings, Ask ask) {
  if (readings.size() == 1) return ask(readings[0]);
  return tightest(ask(readings[0]), ask(readings[1]), ask(readings[2]));
}

}  // namespace

Result<Composition> Composition::make(CompositionParams params) {
  if (params.group_size < 1)
    return Error{Errc::invalid_parameter, "group_size", "must be at least 1"};
  if (!(params.gap > 0 && params.gap < 1))
    return Error{Errc::invalid_parameter, "gap", "must lie between 0 and 1"};
  for (const Event& event : params.events)
    if (const Status sound = check_event(event, params.relation, params.group_size); !sound)
      return sound.error();
  auto sides = std::make_shared<Sides>();
  sides->gap = params.gap;
  sides->readings.push_back(sides_of(params, Reading::pure));
  if (has_bounded_range(params.events)) {
    sides->readings.push_back(sides_of(params, Reading::concentrated));
    sides->readings.push_back(sides_of(params, Reading::least));
  }
  return Composition(std::move(sides));
}

Result<Guarantee> Composition::delta(const Exact& epsilon) const {
  if (const Status sound = check_not_negative("epsilon", epsilon); !sound) return sound.error();
  const Enclosure at = Enclosure::exact(epsilon);
  return of_readings(sides_->readings, [&](const std::vector<Side>& sides) {
    return largest(
        sides, [&](const Side& side) { return delta_of(side, at, sides_->gap); },
        [&](const Side& side, double lower) { return certainly_within(side, at, lower); });
  });
}

Result<Guarantee> Composition::epsilon(const Exact& delta) const {
  if (const Status sound = check_probability("delta", delta); !sound) return sound.error();
  const Enclosure at = Enclosure::exact(delta);
  const Guarantee answer = of_readings(sides_->readings, [&](const std::vector<Side>& sides) {
    return largest(
        sides, [&](const Side& side) { return epsilon_of(side, at, sides_->gap); },
        [&](const Side& side, double lower) {
          return std::isfinite(lower) && certainly_within(side, Enclosure(lower), at.lower());
        });
  });
  if (std::isfinite(answer.bound.upper)) return answer;
  return Error{Errc::refused, "delta", "must be so large that a finite epsilon reaches it"};
}

}  // namespace sfumato
