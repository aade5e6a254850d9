#include "aggregate/quantile_tree_noise.h"

#include <algorithm>
#include <numeric>

#include "sfumato/aggregate/contribution.h"

namespace sfumato {

Result<CountNoises> count_noises(const PrivacyTotal& total, std::int64_t max_rows, NoiseLaw law,
                                 std::span<const double> weights) {
  if (Status rows = check({.max_groups = 1, .max_rows = max_rows}); !rows)
    return std::move(rows).error();
  const auto l1 = L1Sensitivity::make(static_cast<double>(max_rows));
  if (!l1) return l1.error();
  const auto l2 = L2Sensitivity::make(static_cast<double>(max_rows));
  if (!l2) return l2.error();
  std::vector<JointPart> parts;
  for (const double weight : weights)
    parts.push_back({.l1 = *l1, .l2 = *l2, .whole = true, .weight = weight});
  const auto joint = JointCalibration::make({.total = total, .parts = parts, .law = law});
  if (!joint) return joint.error();
  CountNoises made{{}, joint->cost()};
  for (const NoiseCost& cost : joint->parts()) {
    auto noise = AdditiveNoise::make({.cost = cost, .l1 = *l1, .l2 = *l2, .whole = true});
    if (!noise) return std::move(noise).error();
    made.noises.push_back(*std::move(noise));
  }
  return made;
}

double variance_of(const AdditiveNoise& noise) {
  return std::max(noise.standard_error() * noise.standard_error(), 0x1p-40);
}

TreeLevels levels_of(const QuantileTreeShape& shape, std::span<const AdditiveNoise> noises) {
  TreeLevels levels{static_cast<std::size_t>(shape.branching), {}};
  for (const AdditiveNoise& noise : noises) levels.variances.push_back(variance_of(noise));
  return levels;
}

std::vector<std::vector<double>> noisy_counts(const QuantileTree& tree,
                                              std::span<const AdditiveNoise> noises,
                                              BitSource& bits) {
  const auto branching = static_cast<std::size_t>(tree.shape().branching);
  const auto exact = counts_by_level(branching, noises.size(), tree.counts());
  std::vector<std::vector<double>> noisy;
  for (std::size_t level = 0; level < exact.size(); ++level) {
    std::vector<double>& released = noisy.emplace_back();
    for (const std::int64_t count : exact[level])
      released.push_back(static_cast<double>(noises[level].release(count, bits)));
  }
  return noisy;
}

std::vector<double> ranks_of(std::vector<double> cells) {
  std::partial_sum(cells.begin(), cells.end(), cells.begin());
  return cells;
}

}  // namespace sfumato
