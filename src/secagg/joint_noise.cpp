#include "sfumato/secagg/joint_noise.h"

#include <span>

#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/polya.h"

namespace sfumato {

std::vector<std::int64_t> noised(Permit permit, const QueryPlan& plan,
                                 std::vector<std::int64_t> contribution, BitSource& bits) {
  [[maybe_unused]] const Permit used = std::move(permit);
  const JointLattice& lattice = plan.lattice();
  for (std::size_t i = 0; i < lattice.parts().size(); ++i) {
    const LatticePart& part = lattice.parts()[i];
    const auto coordinates =
        std::span(contribution).subspan(part.first, part.per_group * lattice.groups());
    const Scale scale = Scale::make(plan.terms().operations[i].noise).value();
    if (plan.terms().law == JointLaw::polya) {
      const Polya law = Polya::make(scale, static_cast<std::uint32_t>(plan.honest())).value();
      for (std::int64_t& number : coordinates) number = law.release(number, bits);
    } else {
      DiscreteGaussian::make(scale).value().release(coordinates, coordinates, bits);
    }
  }
  return contribution;
}

}  // namespace sfumato
