#include "sfumato/account/joint_calibration.h"

#include <cmath>
#include <limits>

#include "account/composed_delta.h"
#include "account/proposal.h"
#include "base/crossing.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr double kRelative = 1e-10;  // how near to the least the scales come

using Params = JointCalibrationParams;

struct Costs {
  std::vector<NoiseCost> parts;
  std::optional<ApproximateTotal> choice;
  std::optional<Delta> threshold;
};

/// No loss is above what the types of ε and ρ hold: more noise than asked for keeps the guarantee.
Result<NoiseCost> cost_of(bool gaussian, double loss) {
  if (gaussian) {
    const Result<Rho> rho = Rho::make(std::fmin(mul_down(loss, loss) / 2, Rho::kMax));
    return rho ? Result<NoiseCost>(*rho) : Result<NoiseCost>(rho.error());
  }
  const Result<Epsilon> epsilon = Epsilon::make(std::fmin(loss, Epsilon::kMax));
  return epsilon ? Result<NoiseCost>(*epsilon) : Result<NoiseCost>(epsilon.error());
}

Result<Costs> costs_at(const Proposal& proposal, double unit) {
  Costs costs;
  for (const Answer& part : proposal.parts) {
    const Result<NoiseCost> cost = cost_of(part.gaussian, mul_down(part.loss, unit));
    if (!cost) return cost.error();
    costs.parts.push_back(*cost);
  }
  if (proposal.choice_delta == 0) return costs;
  const Result<Delta> delta = Delta::make(proposal.choice_delta);
  if (!delta) return delta.error();
  if (proposal.choice == 0) {
    costs.threshold = *delta;
    return costs;
  }
  const Result<Epsilon> epsilon =
      Epsilon::make(std::fmin(mul_down(proposal.choice, unit), Epsilon::kMax));
  if (!epsilon) return epsilon.error();
  costs.choice = ApproximateTotal{*epsilon, *delta};
  return costs;
}

/// The ρ of Gaussian noise that dominates a vector with Laplace noise of b = Δ₁/ε: coordinates that
/// move by x are |x|/b-private, and Σx² is at most Δ₂².
double folded_rho(const JointPart& part, Epsilon epsilon) {
  return dominating_rho(mul_up(epsilon.value(), div_up(part.l2.value(), part.l1.value())));
}

PlanLoss loss_of(const Params& params, const Costs& costs, bool folded) {
  PlanLoss loss{};
  for (std::size_t i = 0; i < costs.parts.size(); ++i) {
    const auto* epsilon = std::get_if<Epsilon>(&costs.parts[i]);
    if (!epsilon)
      loss.rho = add_up(loss.rho, std::get<Rho>(costs.parts[i]).value());
    else if (folded)
      loss.rho = add_up(loss.rho, folded_rho(params.parts[i], *epsilon));
    else
      loss.epsilon = add_up(loss.epsilon, epsilon->value());
  }
  if (costs.threshold) loss.choice_delta = costs.threshold->value();
  if (!costs.choice) return loss;
  loss.groups = params.choice->max_groups;
  loss.each_choice = div_up(costs.choice->epsilon.value(), static_cast<double>(loss.groups));
  loss.choice_delta = costs.choice->delta.value();
  return loss;
}

/// The unit at which the pure losses add up to the total.
double pure_unit(const ApproximateTotal& total, const Proposal& proposal) {
  double shares = proposal.choice;
  for (const Answer& part : proposal.parts) shares = add_up(shares, part.loss);
  return div_down(total.epsilon.value(), shares);
}

/// The greatest unit, to `relative`, at which `delta`, which falls as the unit does, is within the total.
template <class DeltaAt>
double greatest_unit(const Params& params, const ApproximateTotal& total, const Proposal& proposal,
                     double guess, double relative, DeltaAt delta_at) {
  const auto excess = [&](double inverse) {
    const Result<Costs> costs = costs_at(proposal, div_down(1, inverse));
    if (!costs) return -1.0;  // too small for a double: refused when it is asked for again
    const PlanLoss loss = loss_of(params, *costs, proposal.folded);
    return log(Enclosure(delta_at(total.epsilon.value(), loss)) / total.delta.value()).upper();
  };
  return div_down(1, crossing(excess, 1 / guess, relative).upper);
}

/// About where the unit is: no claim hangs on it.
double unit_near(const Params& params, const ApproximateTotal& total, const Proposal& proposal) {
  if (proposal.pure()) return pure_unit(total, proposal);
  const double even = total.epsilon.value() / shares_of(params);
  return greatest_unit(params, total, proposal, even, kRelative / 8, composed_delta_near);
}

/// The greatest unit that keeps the proposal within the total for certain.
double unit_of(const Params& params, const ApproximateTotal& total, const Proposal& proposal,
               double near) {
  if (proposal.pure()) return pure_unit(total, proposal);
  return greatest_unit(params, total, proposal, near, kRelative, composed_delta);
}

Error invalid(const char* where, const char* message) {
  return {Errc::invalid_parameter, where, message};
}

bool is_weight(double weight) {
  return weight > 0 && weight < std::numeric_limits<double>::infinity();
}

Status check(const Params& params) {
  if (params.parts.empty()) return invalid("parts", "must hold at least one answer");
  for (const JointPart& part : params.parts)
    if (!is_weight(part.weight)) return invalid("weight", "must be positive and finite");
  if (params.choice && !is_weight(params.choice->weight))
    return invalid("weight", "must be positive and finite");
  if (params.choice && params.choice->max_groups < 1)
    return invalid("max_groups", "must be at least 1");
  const double delta = std::visit([](const auto& t) { return t.delta.value(); }, params.total);
  if (params.choice && params.threshold)
    return invalid("threshold", "takes the place of a choice: ask for one of the two");
  if ((params.choice || params.threshold) && !(delta > 0))
    return invalid("delta", "must be above 0 to choose which groups to show; or list the groups");
  const bool approximate = std::holds_alternative<ApproximateTotal>(params.total);
  if (approximate && params.law == NoiseLaw::gaussian && !(delta > 0))
    return invalid("delta", "must be above 0 for Gaussian noise, which never is purely private");
  return ok();
}

/// The proposal whose worst part gains most over an even split, and its unit.
struct Best {
  Proposal proposal;
  double unit;
};

Best best_of(const Params& params, const ApproximateTotal& total, const std::vector<Answer>& even) {
  Best best{};
  double least = std::numeric_limits<double>::infinity();
  bool none =
      true;  // of whole answers an even split's error may be 0: all are infinitely worse then
  for (Proposal& proposal : proposals(params, total, even)) {
    const double unit = unit_near(params, total, proposal);
    const double worst = worst_of(params, total, even, proposal, unit);
    if (!none && !(worst < least)) continue;
    if (worst < least) least = worst;
    none = false;
    best = {std::move(proposal), unit};
  }
  best.unit = unit_of(params, total, best.proposal, best.unit);
  return best;
}

/// What these costs, composed, need of δ: computed anew, whatever the search said.
double delta_of(const Params& params, const ApproximateTotal& total, const Proposal& proposal,
                const Costs& costs) {
  if (proposal.pure()) return proposal.choice_delta;
  const PlanLoss loss = loss_of(params, costs, proposal.folded);
  return composed_delta(total.epsilon.value(), loss).upper();
}

/// √(2ρ), which buys Laplace noise with Δ₂/b = √(2ρ): coordinates that move by x are |x|/b-private,
/// hence (x/b)²/2-zCDP, and Σx² is at most Δ₂².
Result<NoiseCost> concentrated_cost(const JointPart& part, NoiseLaw law, double rho) {
  const auto all_of_it = [rho]() -> Result<NoiseCost> {
    const Result<Rho> made = Rho::make(rho);
    return made ? Result<NoiseCost>(*made) : Result<NoiseCost>(made.error());
  };
  if (!part.noise) return all_of_it();
  const double mu = sqrt_down(mul_down(2, rho));
  const Answer gaussian{true, mu};
  const Answer laplace{false, mul_down(mu, div_down(part.l1.value(), part.l2.value()))};
  const bool better = standard_error(part, gaussian) < standard_error(part, laplace);
  if (law == NoiseLaw::gaussian || (law == NoiseLaw::automatic && better)) return all_of_it();
  return cost_of(false, laplace.loss);
}

}  // namespace

Result<JointCalibration> JointCalibration::make(const JointCalibrationParams& params) {
  if (Status sound = check(params); !sound) return std::move(sound).error();
  if (const auto* total = std::get_if<ConcentratedTotal>(&params.total))
    return concentrated(params, *total);
  return approximate(params, std::get<ApproximateTotal>(params.total));
}

Result<JointCalibration> JointCalibration::approximate(const JointCalibrationParams& params,
                                                       const ApproximateTotal& total) {
  const Best best = best_of(params, total, even_split(params, total));
  Result<Costs> costs = costs_at(best.proposal, best.unit);
  if (!costs) return std::move(costs).error();
  const Result<Delta> claimed = Delta::make(delta_of(params, total, best.proposal, *costs));
  if (!claimed || !(*claimed <= total.delta))
    return Error{Errc::unsupported, "delta", "must be so large that some noise keeps within it"};
  return JointCalibration(std::move(costs->parts), costs->choice, costs->threshold,
                          ApproximateTotal{total.epsilon, *claimed});
}

// Each has ρ·w²/Σw², so that deviations are in proportion to 1/w.
Result<JointCalibration> JointCalibration::concentrated(const JointCalibrationParams& params,
                                                        const ConcentratedTotal& total) {
  double squares = params.choice ? mul_up(params.choice->weight, params.choice->weight) : 0;
  for (const JointPart& part : params.parts)
    squares = add_up(squares, mul_up(part.weight, part.weight));
  const auto share = [&](double weight) {
    return div_down(mul_down(total.rho.value(), mul_down(weight, weight)), squares);
  };
  std::vector<NoiseCost> parts;
  for (const JointPart& part : params.parts) {
    const Result<NoiseCost> cost = concentrated_cost(part, params.law, share(part.weight));
    if (!cost) return cost.error();
    parts.push_back(*cost);
  }
  if (params.threshold) return JointCalibration(std::move(parts), {}, total.delta, total);
  if (!params.choice)
    return JointCalibration(std::move(parts), {}, {}, ConcentratedTotal{total.rho, 0.0_delta});
  // Each decision is ε₁²/2-zCDP but for its δ, and those that one unit has a part in add up to ρ.
  const double groups = static_cast<double>(params.choice->max_groups);
  const double both = mul_down(mul_down(2, share(params.choice->weight)), groups);
  const Result<Epsilon> epsilon = Epsilon::make(std::fmin(sqrt_down(both), Epsilon::kMax));
  if (!epsilon) return epsilon.error();
  return JointCalibration(std::move(parts), ApproximateTotal{*epsilon, total.delta}, {}, total);
}

}  // namespace sfumato
