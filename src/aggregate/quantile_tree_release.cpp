#include "sfumato/aggregate/quantile_tree_release.h"

#include <algorithm>
#include <cmath>

#include "aggregate/quantile_tree_noise.h"
#include "aggregate/rank_intervals.h"

namespace sfumato {
namespace {

/// How many times as wide noise is as on the level above. The rank of a place hangs on all levels, but what the lower ones
/// hold is often next to nothing, or next to even.
constexpr double kWider = 4.0 / 3;

/// A third of the excess kurtosis, by level. (Of discrete Laplace noise the excess is 3 + 1/variance.)
std::vector<double> weights_of(std::span<const AdditiveNoise> noises) {
  std::vector<double> weights;
  for (const AdditiveNoise& noise : noises) {
    const bool laplace = noise.mechanism() == "discrete_laplace";
    weights.push_back(laplace ? 1 + 1 / (3 * variance_of(noise)) : 0);
  }
  return weights;
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

QuantileTreeRelease::QuantileTreeRelease(const QuantileTreeParams& params,
                                         std::vector<AdditiveNoise> noises,
                                         const PrivacyTotal& cost)
    : params_(params),
      noises_(std::move(noises)),
      cost_(cost),
      intervals_(std::make_shared<RankIntervals>(levels_of(params_.shape, noises_),
                                                 weights_of(noises_), params_.confidence)) {}

Result<QuantileTreeRelease> QuantileTreeRelease::make(const QuantileTreeParams& params) {
  if (!(params.confidence > 0 && params.confidence < 1))
    return Error{Errc::invalid_parameter, "confidence", "must lie between 0 and 1"};
  if (Status shape = check(params.shape); !shape) return std::move(shape).error();
  std::vector<double> weights;
  for (int level = 0; level < params.shape.height; ++level)
    weights.push_back(std::pow(kWider, -level));
  auto made = count_noises(params.total, params.max_rows, params.law, weights);
  if (!made) return std::move(made).error();
  return QuantileTreeRelease(params, std::move(made->noises), made->cost);
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
  std::vector<std::vector<double>> noisy = noisy_counts(tree, noises_, bits);
  std::vector<double> linear = ranks_of(consistent_cells(levels, noisy, share_evenly));
  return NoisyQuantiles(params_.shape,
                        ranks_of(consistent_cells(levels, std::move(noisy), share_plausibly)),
                        std::move(linear));
}

QuantileInUnits QuantileTreeRelease::quantile(const NoisyQuantiles& released, double q) const {
  const double all = released.ranks().back();
  double inward = q;
  if (all > 0 && (q <= 0 || q >= 1)) {
    const double part = std::min(2 * intervals_->end_standard_error() / all, 0.1);
    inward = q <= 0 ? part : 1 - part;
  }
  const RankIntervals::Cells cells = intervals_->of(released.linear_ranks(), q);
  const auto lower = static_cast<std::uint64_t>(params_.shape.lower);
  const std::uint64_t most = static_cast<std::uint64_t>(params_.shape.upper) - lower;
  const std::uint64_t width = params_.shape.cell_width();
  const auto unit = [&](std::uint64_t above) {
    return static_cast<std::int64_t>(lower + std::min(above, most));
  };
  const std::int64_t value = released.quantile(inward);
  const std::int64_t low = unit(cells.first * width);
  const std::int64_t high = unit(cells.last * width + (width - 1));
  return {value, std::min(low, value), std::max(high, value)};
}

double QuantileTreeRelease::rank_standard_error(std::size_t cells, double q) const {
  return std::sqrt(rank_variance(levels_of(params_.shape, noises_), cells, q));
}

double QuantileTreeRelease::rank_standard_error(double q) const {
  return std::sqrt(greatest_rank_variance(levels_of(params_.shape, noises_), q));
}

}  // namespace sfumato
