#include "secagg/joint_cost.h"

#include <algorithm>

#include "account/shared_noise.h"
#include "secagg/whole_steps.h"
#include "sfumato/account/composition.h"

namespace sfumato {
namespace {

constexpr uint128 kFarthestMove = uint128{1} << 62;

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

/// ρ of one operation whose coordinates have so many parts of σ each.
double gaussian_rho(const LatticePart& part, std::size_t groups, const Decimal& sigma,
                    std::size_t parts) {
  const auto whole = [](uint128 number) {
    return Enclosure::whole(static_cast<std::int64_t>(std::min(number, kFarthestMove)));
  };
  const LatticeSensitivity& moves = part.sensitivity;
  const uint128 moving = std::min<uint128>(part.per_group * groups, moves.l1);
  const Enclosure root =
      gaussian_sum_root(Enclosure::decimal(sigma), static_cast<std::int64_t>(parts),
                        whole(moves.l1), sqrt(whole(moves.l2_squared)), whole(moving));
  return power(root, 2).scaled(-1).upper();
}

Result<LossAmount> gaussian_epsilon(const PlanTerms& terms, const JointLattice& lattice,
                                    std::size_t parts) {
  CompositionParams params;
  for (std::size_t i = 0; i < terms.operations.size(); ++i) {
    const LatticePart& part = lattice.parts()[i];
    if (part.sensitivity.l1 >= kFarthestMove || part.sensitivity.l2_squared >= kFarthestMove)
      return Error{Errc::invalid_parameter, std::string(name_of(terms.operations[i].answer)),
                   "must move by less than 2^62 units, squares added up: take larger steps"};
    params.events.push_back(
        {.loss = ZcdpLoss{gaussian_rho(part, lattice.groups(), terms.operations[i].noise, parts)}});
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
  return gaussian_epsilon(terms, lattice, parts);
}

}  // namespace sfumato
