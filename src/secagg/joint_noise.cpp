#include "sfumato/secagg/joint_noise.h"

#include "sfumato/noise/polya.h"

namespace sfumato {

std::vector<std::int64_t> noised(Permit permit, const QueryPlan& plan,
                                 std::vector<std::int64_t> contribution, BitSource& bits) {
  [[maybe_unused]] const Permit used = std::move(permit);
  const JointLattice& lattice = plan.lattice();
  for (std::size_t i = 0; i < lattice.parts().size(); ++i) {
    const LatticePart& part = lattice.parts()[i];
    const Scale scale = Scale::make(plan.terms().operations[i].noise).value();
    const Polya law = Polya::make(scale, static_cast<std::uint32_t>(plan.honest())).value();
    const std::size_t end = part.first + part.per_group * lattice.groups();
    for (std::size_t k = part.first; k < end; ++k)
      contribution[k] = law.release(contribution[k], bits);
  }
  return contribution;
}

}  // namespace sfumato
