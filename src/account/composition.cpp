#include "sfumato/account/composition.h"

#include <algorithm>
#include <cmath>

#include "account/event_law.h"
#include "account/parameter.h"
#include "account/side.h"

namespace sfumato {

/// One side, where both directions have the same law.
struct Composition::Sides {
  std::vector<Side> all;
  double gap;
};

namespace {

bool is_symmetric(const std::vector<Event>& events) {
  return std::all_of(events.begin(), events.end(), [](const Event& event) {
    return std::holds_alternative<NoSampling>(event.sampling);
  });
}

Side side_of(const CompositionParams& params, Direction direction) {
  Side side;
  for (const Event& event : params.events) add_event(event, direction, params.group_size, side);
  return side;
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
  sides->all.push_back(side_of(params, Direction::removed));
  if (!is_symmetric(params.events)) sides->all.push_back(side_of(params, Direction::added));
  return Composition(std::move(sides));
}

Result<Guarantee> Composition::delta(const Exact& epsilon) const {
  if (const Status sound = check_not_negative("epsilon", epsilon); !sound) return sound.error();
  const Enclosure at = Enclosure::exact(epsilon);
  return largest(
      sides_->all, [&](const Side& side) { return delta_of(side, at, sides_->gap); },
      [&](const Side& side, double lower) { return certainly_within(side, at, lower); });
}

Result<Guarantee> Composition::epsilon(const Exact& delta) const {
  if (const Status sound = check_probability("delta", delta); !sound) return sound.error();
  const Enclosure at = Enclosure::exact(delta);
  const Guarantee answer = largest(
      sides_->all, [&](const Side& side) { return epsilon_of(side, at, sides_->gap); },
      [&](const Side& side, double lower) {
        return std::isfinite(lower) && certainly_within(side, Enclosure(lower), at.lower());
      });
  if (!std::isinf(answer.bound.lower)) return answer;
  return Error{Errc::refused, "delta", "must be so large that a finite epsilon reaches it"};
}

}  // namespace sfumato
