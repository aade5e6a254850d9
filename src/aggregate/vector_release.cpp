#include "sfumato/aggregate/vector_release.h"

#include "sfumato/aggregate/contribution.h"

namespace sfumato {

Result<VectorRelease> VectorRelease::make(const VectorReleaseParams& params) {
  if (Status rows = check({.max_groups = 1, .max_rows = params.max_rows}); !rows)
    return std::move(rows).error();
  if (!(params.confidence > 0 && params.confidence < 1))
    return Error{Errc::invalid_parameter, "confidence", "must lie between 0 and 1"};
  const auto l1 = L1Sensitivity::make(params.clip.l1_up(params.max_rows));
  if (!l1) return l1.error();
  const auto l2 = L2Sensitivity::make(params.clip.l2_up(params.max_rows));
  if (!l2) return l2.error();
  const auto joint =
      JointCalibration::make({.total = params.total,
                              .parts = {JointPart{.l1 = *l1, .l2 = *l2, .whole = false}},
                              .law = params.law});
  if (!joint) return joint.error();
  auto noise = AdditiveNoise::make({.cost = joint->parts()[0],
                                    .l1 = *l1,
                                    .l2 = *l2,
                                    .whole = false,
                                    .confidence = params.confidence});
  if (!noise) return std::move(noise).error();
  return VectorRelease(params, *std::move(noise), joint->cost());
}

std::vector<double> VectorRelease::release([[maybe_unused]] Permit permit,
                                           std::span<const int128> sums, BitSource& bits) const {
  std::vector<double> released;
  released.reserve(params_.clip.dimension());
  for (std::size_t i = 0; i < params_.clip.dimension(); ++i)
    released.push_back(noise_.release(Dyadic{sums[i], params_.clip.exponent()}, bits));
  return released;
}

}  // namespace sfumato
