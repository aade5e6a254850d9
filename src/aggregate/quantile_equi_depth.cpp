#include "sfumato/aggregate/quantile_equi_depth.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "aggregate/equi_depth_bins.h"
#include "aggregate/quantile_tree_noise.h"

namespace sfumato {
namespace {

constexpr std::size_t kGroups = 10;  // at most, of at most as many bins each
constexpr std::array<double, 6> kWeights = {1, 1, 1, 1, 3, 3};
constexpr std::size_t kTreeLevels = 4;  // of them; then groups, then bins
constexpr double kLeastDepth = 5;       // of a bin, in deviations of its noise

std::vector<double> with_noise(std::span<const std::int64_t> counts, const AdditiveNoise& noise,
                               BitSource& bits) {
  std::vector<double> released;
  for (const std::int64_t count : counts)
    released.push_back(static_cast<double>(noise.release(count, bits)));
  return released;
}

}  // namespace

Result<EquiDepthRelease> EquiDepthRelease::make(const EquiDepthParams& params) {
  if (Status shape = check(QuantileTreeShape{params.lower, params.upper}); !shape)
    return std::move(shape).error();
  auto made = count_noises(params.total, params.max_rows, params.law, kWeights);
  if (!made) return std::move(made).error();
  return EquiDepthRelease(params, std::move(made->noises), made->cost);
}

Result<NoisyQuantiles> EquiDepthRelease::release(Permit permit, const QuantileTree& tree,
                                                 BitSource& bits) const {
  return release_within(permit, tree, bits);
}

Result<NoisyQuantiles> EquiDepthRelease::release_within(const Permit& /*whole*/,
                                                        const QuantileTree& tree,
                                                        BitSource& bits) const {
  if (!(tree.shape() == shape()))
    return Error{Errc::invalid_parameter, "shape", "must be the one that was planned for"};
  const auto of_tree = std::span(noises_).first<kTreeLevels>();
  const AdditiveNoise& of_groups = noises_[kTreeLevels];
  const AdditiveNoise& of_bins = noises_[kTreeLevels + 1];
  std::vector<double> cells = consistent_cells(levels_of(shape(), of_tree),
                                               noisy_counts(tree, of_tree, bits), share_plausibly);

  const std::vector<std::size_t> ends =
      equi_depth_ends(cells, kGroups * kGroups, kLeastDepth * of_bins.standard_error());
  const std::vector<std::size_t> groups = even_groups(ends.size());
  std::vector<std::size_t> group_ends;
  for (const std::size_t first : std::span(groups).subspan(1))
    group_ends.push_back(ends[first - 1]);
  std::vector<double> noisy_groups =
      with_noise(counts_between(tree.counts(), group_ends), of_groups, bits);
  std::vector<double> noisy_bins = with_noise(counts_between(tree.counts(), ends), of_bins, bits);
  spread_bins(cells, ends,
              consistent_bins(groups, std::move(noisy_groups), variance_of(of_groups),
                              std::move(noisy_bins), variance_of(of_bins)));
  return NoisyQuantiles(shape(), ranks_of(std::move(cells)));
}

double EquiDepthRelease::rank_standard_error(double q) const {
  const TreeLevels levels{
      kGroups, {variance_of(noises_[kTreeLevels]), variance_of(noises_[kTreeLevels + 1])}};
  return std::sqrt(greatest_rank_variance(levels, q));
}

}  // namespace sfumato
