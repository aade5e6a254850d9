#include "sfumato/account/composition.h"

#include <cmath>
#include <optional>

#include "account/formula.h"
#include "account/losses.h"
#include "account/parameter.h"

namespace sfumato {

/// A formula where there is one, else the losses.
struct Composition::Engine {
  std::optional<Formula> formula;
  std::optional<Losses> losses;
  double gap;

  Result<Guarantee> by_formula(const Result<Bounds>& bound) const {
    if (!bound) return bound.error();
    const bool met = bound->upper - bound->lower <= gap * bound->upper;
    return Guarantee{*bound, formula->exact() ? "closed form" : "conversion", met};
  }
};

namespace {

/// The middle, then those of both halves, and so on: each engine serves both sides of where it stands.
std::vector<std::size_t> halving(std::size_t count) {
  std::vector<std::size_t> order;
  std::vector<std::pair<std::size_t, std::size_t>> ranges{{0, count}};
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto [begin, end] = ranges[i];
    if (begin == end) continue;
    const std::size_t middle = begin + (end - begin) / 2;
    order.push_back(middle);
    ranges.emplace_back(begin, middle);
    ranges.emplace_back(middle + 1, end);
  }
  return order;
}

/// The only answer.
Result<Guarantee> front(const Result<std::vector<Guarantee>>& answers) {
  if (!answers) return answers.error();
  return answers->front();
}

/// Each argument's answer, in the order in which they were given.
template <class Ask>
Result<std::vector<Guarantee>> each(std::span<const Exact> arguments, Ask ask) {
  std::vector<Guarantee> answers(arguments.size());
  for (const std::size_t i : halving(arguments.size())) {
    const Result<Guarantee> answer = ask(arguments[i]);
    if (!answer) return answer.error();
    answers[i] = *answer;
  }
  return answers;
}

}  // namespace

Result<Composition> Composition::make(const CompositionParams& params) {
  if (params.group_size < 1)
    return Error{Errc::invalid_parameter, "group_size", "must be at least 1"};
  if (!(params.gap > 0 && params.gap < 1))
    return Error{Errc::invalid_parameter, "gap", "must lie between 0 and 1"};
  if (params.group_size == 1) {
    Result<Formula> formula = Formula::make(params.events, params.relation);
    if (formula)
      return Composition(
          std::make_shared<const Engine>(Engine{*std::move(formula), {}, params.gap}));
    if (formula.error().code != Errc::unsupported) return std::move(formula).error();
  }
  Result<Losses> losses = Losses::make(params);
  if (!losses) return std::move(losses).error();
  return Composition(std::make_shared<const Engine>(Engine{{}, *std::move(losses), params.gap}));
}

Result<Guarantee> Composition::delta(const Exact& epsilon) const {
  return front(deltas(std::span(&epsilon, 1)));
}

Result<std::vector<Guarantee>> Composition::deltas(std::span<const Exact> epsilons) const {
  if (engine_->formula)
    return each(epsilons, [&](const Exact& epsilon) {
      return engine_->by_formula(engine_->formula->delta(epsilon));
    });
  LossesCurve curve(*engine_->losses, engine_->gap);
  return each(epsilons, [&](const Exact& epsilon) -> Result<Guarantee> {
    if (const Status sound = check_not_negative("epsilon", epsilon); !sound) return sound.error();
    return curve.delta(Enclosure::exact(epsilon));
  });
}

Result<Guarantee> Composition::epsilon(const Exact& delta) const {
  if (const Status sound = check_probability("delta", delta); !sound) return sound.error();
  if (engine_->formula) return engine_->by_formula(engine_->formula->epsilon(delta));
  const Guarantee answer = engine_->losses->epsilon(delta);
  if (std::isfinite(answer.bound.upper)) return answer;
  return Error{Errc::refused, "delta", "must be so large that a finite epsilon reaches it"};
}

Result<Guarantee> Composition::type_two_error(const Exact& alpha) const {
  return front(type_two_errors(std::span(&alpha, 1)));
}

Result<std::vector<Guarantee>> Composition::type_two_errors(std::span<const Exact> alphas) const {
  if (engine_->formula)
    return each(alphas, [&](const Exact& alpha) {
      return engine_->by_formula(engine_->formula->type_two_error(alpha));
    });
  LossesCurve curve(*engine_->losses, engine_->gap);
  return each(alphas, [&](const Exact& alpha) -> Result<Guarantee> {
    if (const Status sound = check_probability("alpha", alpha); !sound) return sound.error();
    return curve.type_two_error(alpha);
  });
}

}  // namespace sfumato
