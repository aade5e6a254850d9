#include "sfumato/aggregate/quantile_tree_release.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "aggregate/tree_estimate.h"
#include "sfumato/aggregate/contribution.h"

namespace sfumato {
namespace {

/// How many times as wide noise is as on the level above. The rank of a place hangs on all levels, but what the lower ones
/// hold is often next to nothing, or next to even.
constexpr double kWider = 4.0 / 3;

/// Sums up to each cell.
std::vector<double> ranks_of(std::vector<double> cells) {
  std::partial_sum(cells.begin(), cells.end(), cells.begin());
  return cells;
}

TreeLevels levels_of(const QuantileTreeShape& shape, std::span<const AdditiveNoise> noises) {
  TreeLevels levels{static_cast<std::size_t>(shape.branching), {}};
  for (const AdditiveNoise& noise : noises)
    levels.variances.push_back(noise.standard_error() * noise.standard_error());
  return levels;
}

}  // namespace

std::int64_t NoisyQuantiles::quantile(double q) const noexcept {
  const auto lower = static_cast<std::uint64_t>(shape_.lower);
  const std::uint64_t most = static_cast<std::uint64_t>(shape_.upper) - lower;
  if (!(ranks_.back() > 0)) return static_cast<std::int64_t>(lower + most / 2);
  const double goal = std::clamp(q, 0.0, 1.0) * ranks_.back();
  const auto cell = std::min(std::ranges::lower_bound(ranks_, goal), ranks_.end() - 1);
  const double below = cell == ranks_.begin() ? 0 : *(cell - 1);
  const double share = *cell > below ? std::clamp((goal - below) / (*cell - below), 0.0, 1.0) : 0;
  const std::uint64_t width = shape_.cell_width();
  const auto within = static_cast<std::uint64_t>(share * static_cast<double>(width - 1));
  const std::uint64_t above = static_cast<std::uint64_t>(cell - ranks_.begin()) * width + within;
  return static_cast<std::int64_t>(lower + std::min(above, most));
}

Result<QuantileTreeRelease> QuantileTreeRelease::make(const QuantileTreeParams& params) {
  if (Status rows = check({.max_groups = 1, .max_rows = params.max_rows}); !rows)
    return std::move(rows).error();
  if (Status shape = check(params.shape); !shape) return std::move(shape).error();
  const auto l1 = L1Sensitivity::make(static_cast<double>(params.max_rows));
  if (!l1) return l1.error();
  const auto l2 = L2Sensitivity::make(static_cast<double>(params.max_rows));
  if (!l2) return l2.error();
  std::vector<JointPart> parts;
  for (int level = 0; level < params.shape.height; ++level)
    parts.push_back({.l1 = *l1, .l2 = *l2, .whole = true, .weight = std::pow(kWider, -level)});
  const auto joint =
      JointCalibration::make({.total = params.total, .parts = parts, .law = params.law});
  if (!joint) return joint.error();
  std::vector<AdditiveNoise> noises;
  for (const NoiseCost& cost : joint->parts()) {
    auto noise = AdditiveNoise::make({.cost = cost, .l1 = *l1, .l2 = *l2, .whole = true});
    if (!noise) return std::move(noise).error();
    noises.push_back(*std::move(noise));
  }
  return QuantileTreeRelease(params, std::move(noises), joint->cost());
}

Result<NoisyQuantiles> QuantileTreeRelease::release(Permit permit, const QuantileTree& tree,
                                                    BitSource& bits) const {
  return release_within(permit, tree, bits);
}

Result<NoisyQuantiles> QuantileTreeRelease::release_within(const Permit& /*whole*/,
                                                           const QuantileTree& tree,
                                                           BitSource& bits) const {
  if (!(tree.shape() == params_.shape))
    return Error{Errc::invalid_parameter, "shape", "must be the one that was planned for"};
  const TreeLevels levels = levels_of(params_.shape, noises_);
  const auto exact = counts_by_level(levels.branching, levels.height(), tree.counts());
  std::vector<std::vector<double>> noisy;
  for (std::size_t level = 0; level < exact.size(); ++level) {
    std::vector<double>& released = noisy.emplace_back();
    for (const std::int64_t count : exact[level])
      released.push_back(static_cast<double>(noises_[level].release(count, bits)));
  }
  return NoisyQuantiles(params_.shape,
                        ranks_of(consistent_cells(levels, std::move(noisy), share_plausibly)));
}

double QuantileTreeRelease::rank_standard_error(std::size_t cells, double q) const {
  return std::sqrt(rank_variance(levels_of(params_.shape, noises_), cells, q));
}

double QuantileTreeRelease::rank_standard_error(double q) const {
  const TreeLevels levels = levels_of(params_.shape, noises_);
  double most = 0;
  for (std::size_t cells = 0; cells <= params_.shape.cells(); ++cells)
    most = std::max(most, rank_variance(levels, cells, q));
  return std::sqrt(most);
}

}  // namespace sfumato
