#include "sfumato/aggregate/quantile_tree_release.h"

#include <algorithm>
#include <cmath>

#include "aggregate/tree_estimate.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

TreeLevels levels_of(const QuantileTreeShape& shape) noexcept {
  return {static_cast<std::size_t>(shape.branching), shape.height};
}

/// Sums up to each cell, made to rise from zero on.
std::vector<double> ranks_of(std::vector<double> cells) {
  double sum = 0;
  for (double& cell : cells) cell = sum += cell;
  make_isotonic(cells);
  for (double& rank : cells) rank = std::max(rank, 0.0);
  return cells;
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
  const auto rows = static_cast<double>(params.max_rows);
  const auto l1 = L1Sensitivity::make(rows * params.shape.height);
  if (!l1) return l1.error();
  const auto l2 = L2Sensitivity::make(mul_up(rows, sqrt_up(params.shape.height)));
  if (!l2) return l2.error();
  const auto joint =
      JointCalibration::make({.total = params.total,
                              .parts = {JointPart{.l1 = *l1, .l2 = *l2, .whole = true}},
                              .law = params.law});
  if (!joint) return joint.error();
  auto noise =
      AdditiveNoise::make({.cost = joint->parts()[0], .l1 = *l1, .l2 = *l2, .whole = true});
  if (!noise) return std::move(noise).error();
  return QuantileTreeRelease(params, *std::move(noise), joint->cost());
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
  const TreeLevels levels = levels_of(params_.shape);
  std::vector<std::vector<double>> noisy;
  for (const std::vector<std::int64_t>& level : counts_by_level(levels, tree.counts())) {
    std::vector<double>& released = noisy.emplace_back();
    for (const std::int64_t count : level)
      released.push_back(static_cast<double>(noise_.release(count, bits)));
  }
  const double least =
      2 * std::sqrt(static_cast<double>(params_.shape.branching)) * noise_.standard_error();
  return NoisyQuantiles(params_.shape, ranks_of(consistent_cells(levels, std::move(noisy), least)));
}

double QuantileTreeRelease::rank_standard_error(std::size_t cells, double q) const {
  return noise_.standard_error() * std::sqrt(rank_variance(levels_of(params_.shape), cells, q));
}

double QuantileTreeRelease::rank_standard_error(double q) const {
  double most = 0;
  for (std::size_t cells = 0; cells <= params_.shape.cells(); ++cells)
    most = std::max(most, rank_variance(levels_of(params_.shape), cells, q));
  return noise_.standard_error() * std::sqrt(most);
}

}  // namespace sfumato
