#include "sfumato/secagg/joint_noise.h"

#include <algorithm>

#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/polya.h"
#include "sfumato/noise/skellam.h"

namespace sfumato {
namespace {

/// Beyond the ends of 64 bits it goes on from the other one, as sums do under any modulus.
std::int64_t wrapped(std::int64_t one, std::int64_t other) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(one) +
                                   static_cast<std::uint64_t>(other));
}

/// out[i] is one organisation's noise for one coordinate of the operation.
void draw(const QueryPlan& plan, const JointOperation& operation, std::span<std::int64_t> out,
          BitSource& bits) {
  const Scale scale = Scale::make(operation.noise).value();
  if (plan.terms().law == JointLaw::discrete_gaussian)
    return DiscreteGaussian::make(scale).value().fill(out, bits);
  if (plan.terms().law == JointLaw::skellam) return Skellam::make(scale).value().fill(out, bits);
  Polya::make(scale, static_cast<std::uint32_t>(plan.honest())).value().fill(out, bits);
}

}  // namespace

Result<NoisedVector> noised(JointPermit permit, const QueryPlan& plan,
                            std::span<const std::int64_t> contribution, BitSource& bits) {
  if (permit.plan != plan.hash())
    return Error{Errc::refused, "permit", "must be for this plan, is for another one"};
  const JointLattice& lattice = plan.lattice();
  if (contribution.size() != lattice.size())
    return Error{Errc::invalid_parameter, "contribution",
                 "must have " + std::to_string(lattice.size()) + " numbers"};
  Secret kept(contribution.size_bytes());
  const std::span<std::int64_t> numbers{reinterpret_cast<std::int64_t*>(kept.bytes().data()),
                                        contribution.size()};
  for (std::size_t i = 0; i < lattice.parts().size(); ++i) {
    const LatticePart& part = lattice.parts()[i];
    draw(plan, plan.terms().operations[i],
         numbers.subspan(part.first, part.per_group * lattice.groups()), bits);
  }
  std::ranges::transform(contribution, numbers, numbers.begin(), wrapped);
  return NoisedVector::made_elsewhere(std::move(permit), numbers);
}

}  // namespace sfumato
