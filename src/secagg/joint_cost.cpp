#include "secagg/joint_cost.h"

#include <algorithm>
#include <vector>

#include "secagg/whole_steps.h"
#include "sfumato/account/composition.h"
#include "sfumato/account/noise_share.h"
#include "sfumato/account/renyi.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr uint128 kFarthestMove = uint128{1} << 53;

/// Pure ε of Pólya noise: L1/s, rounded up to 10^-12. More parts than h cost no more.
LossAmount polya_epsilon(const LatticePart& part, const Decimal& noise) {
  const auto epsilon = trillionths_up(part.sensitivity.l1, noise);
  const auto amount = epsilon ? LossAmount::of_units(*epsilon) : LossAmount::most();
  return amount ? *amount : LossAmount::most();
}

LossAmount pure_epsilon(const PlanTerms& terms, const JointLattice& lattice) {
  LossAmount cost;
  for (std::size_t i = 0; i < terms.operations.size(); ++i)
    cost = cost + polya_epsilon(lattice.parts()[i], terms.operations[i].noise);
  return cost;
}

/// What is proved of a vector with so many parts; of one coordinate what is proved of two, of which one stays, so that
/// no plan takes long to be looked at.
Result<Loss> loss_of(const PlanTerms& terms, const JointOperation& op, const LatticePart& part,
                     std::size_t groups, std::size_t parts) {
  if (terms.law == JointLaw::polya)
    return Loss(PureLoss{Exact(polya_epsilon(part, op.noise).value())});
  const LatticeSensitivity& moves = part.sensitivity;
  if (moves.l1 > kFarthestMove || moves.l2_squared > kFarthestMove)
    return Error{Errc::invalid_parameter, std::string(name_of(op.answer)),
                 "must move by at most 2^53 units, squares added up: take larger steps"};
  const auto law = terms.law == JointLaw::skellam ? ShareLaw::skellam : ShareLaw::discrete_gaussian;
  return loss_of_shares(
      {.law = law, .scale = op.noise.to_double_down(), .needed = static_cast<std::int64_t>(parts)},
      static_cast<std::int64_t>(parts),
      {.l1 = static_cast<std::int64_t>(moves.l1),
       .l2 = sqrt_up(static_cast<double>(moves.l2_squared)),
       .coordinates =
           static_cast<std::int64_t>(std::max<std::size_t>(2, part.per_group * groups))});
}

/// Where ε at the plan's δ lies, or ρ.
Result<Bounds> composed(const PlanTerms& terms, std::vector<Event> events) {
  if (terms.measure == JointMeasure::rho) return concentrated_rho(events);
  const auto composition = Composition::make({.events = std::move(events)});
  if (!composition) return composition.error();
  const auto epsilon = composition->epsilon(Exact(terms.delta));
  if (!epsilon) return epsilon.error();
  return epsilon->bound;
}

}  // namespace

Result<LossAmount> joint_cost(const PlanTerms& terms, const JointLattice& lattice,
                              std::size_t parts) {
  if (terms.law == JointLaw::polya && terms.measure == JointMeasure::epsilon)
    return pure_epsilon(terms, lattice);
  std::vector<Event> events;
  for (std::size_t i = 0; i < terms.operations.size(); ++i) {
    auto loss = loss_of(terms, terms.operations[i], lattice.parts()[i], lattice.groups(), parts);
    if (!loss) return std::move(loss).error();
    events.push_back({.loss = *std::move(loss)});
  }
  const auto bounds = composed(terms, std::move(events));
  if (!bounds) return bounds.error();
  auto amount = LossAmount::at_least(bounds->upper);
  return amount ? *amount : LossAmount::most();
}

}  // namespace sfumato
