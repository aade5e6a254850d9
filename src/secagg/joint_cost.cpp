#include "secagg/joint_cost.h"

#include <algorithm>

#include "secagg/whole_steps.h"
#include "sfumato/account/composition.h"
#include "sfumato/account/noise_share.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr uint128 kFarthestMove = uint128{1} << 53;

/// Pure: Σ L1/s, each rounded up to 10^-12. More parts than h cost no more.
LossAmount polya_epsilon(const PlanTerms& terms, const JointLattice& lattice) {
  LossAmount cost;
  for (std::size_t i = 0; i < terms.operations.size(); ++i) {
    const auto part = trillionths_up(lattice.parts()[i].sensitivity.l1, terms.operations[i].noise);
    auto amount = part ? LossAmount::of_units(*part) : Result<LossAmount>(LossAmount::most());
    cost = cost + (amount ? *amount : LossAmount::most());
  }
  return cost;
}

/// What is proved of a vector with so many parts; of one coordinate what is proved of two, of which one stays, so that
/// no plan takes long to be looked at.
Result<Loss> loss_of(const PlanTerms& terms, const JointOperation& op, const LatticePart& part,
                     std::size_t groups, std::size_t parts) {
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

Result<LossAmount> composed_epsilon(const PlanTerms& terms, const JointLattice& lattice,
                                    std::size_t parts) {
  CompositionParams params;
  for (std::size_t i = 0; i < terms.operations.size(); ++i) {
    auto loss = loss_of(terms, terms.operations[i], lattice.parts()[i], lattice.groups(), parts);
    if (!loss) return std::move(loss).error();
    params.events.push_back({.loss = *std::move(loss)});
  }
  const auto composition = Composition::make(params);
  if (!composition) return composition.error();
  const auto epsilon = composition->epsilon(Exact(terms.delta));
  if (!epsilon) return epsilon.error();
  auto amount = LossAmount::at_least(epsilon->bound.upper);
  return amount ? *amount : LossAmount::most();
}

}  // namespace

Result<LossAmount> joint_epsilon(const PlanTerms& terms, const JointLattice& lattice,
                                 std::size_t parts) {
  if (terms.law == JointLaw::polya) return polya_epsilon(terms, lattice);
  return composed_epsilon(terms, lattice, parts);
}

}  // namespace sfumato
