#include "sfumato/aggregate/quantile_release.h"

#include <algorithm>
#include <bit>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// What bins err relative to what is stated, next to a selection: theirs leaves out the shape within a bin, its is an
/// upper bound. Measured at the numbers of quantiles where both err alike (docs/measured/aggregates.md).
constexpr double kBinsOverSelection = 1.7;

QuantileInUnits without_interval(std::int64_t value) {
  return {value, 1, 0};
}

/// An ε at which a selection of so many quantiles is within the total: under ρ, ε²/(8·levels) <= ρ.
Result<Epsilon> selection_epsilon(const PrivacyTotal& total, std::size_t quantiles) {
  if (const auto* approximate = std::get_if<ApproximateTotal>(&total)) return approximate->epsilon;
  const double rho = std::get<ConcentratedTotal>(total).rho.value();
  const auto levels = static_cast<double>(std::bit_width(quantiles));
  return Epsilon::make(std::min(sqrt_down(mul_down(8 * levels, rho)), Epsilon::kMax));
}

}  // namespace

Result<QuantileRelease> QuantileRelease::make(const QuantileReleaseParams& params) {
  if (!(params.share > 0 && params.share <= 1))
    return Error{Errc::invalid_parameter, "share", "must lie above 0 and be at most 1"};
  const Result<Epsilon> epsilon = selection_epsilon(params.total, params.quantiles.size());
  if (!epsilon) return epsilon.error();
  auto selection = QuantileSelection::make({.epsilon = *epsilon,
                                            .max_rows = params.max_rows,
                                            .lower = params.lower,
                                            .upper = params.upper,
                                            .quantiles = params.quantiles});
  if (!selection) return std::move(selection).error();
  if (params.intervals) {
    auto tree = QuantileTreeRelease::make({.total = params.total,
                                           .max_rows = params.max_rows,
                                           .shape = {.lower = params.lower, .upper = params.upper},
                                           .confidence = *params.intervals});
    if (!tree) return std::move(tree).error();
    return QuantileRelease(params, *std::move(tree));
  }
  QuantileRelease by_selection(params, *std::move(selection));
  if (params.quantiles.front() == 0 || params.quantiles.back() == 1) return by_selection;
  auto bins = EquiDepthRelease::make({.total = params.total,
                                      .max_rows = params.max_rows,
                                      .lower = params.lower,
                                      .upper = params.upper});
  if (!bins) return by_selection;
  QuantileRelease by_bins(params, *std::move(bins));
  // Less than half a rank is as good as none, and bins have cells.
  const double of_selection = by_selection.worst_rank_error();
  if (!(of_selection > 0.5)) return by_selection;
  return kBinsOverSelection * by_bins.worst_rank_error() < of_selection ? by_bins : by_selection;
}

std::vector<QuantileInUnits> QuantileRelease::release(Permit permit,
                                                      std::span<const std::int64_t> values,
                                                      BitSource& bits) const {
  return release_within(permit, values, bits);
}

std::vector<QuantileInUnits> QuantileRelease::release_within(const Permit& whole,
                                                             std::span<const std::int64_t> values,
                                                             BitSource& bits) const {
  std::vector<QuantileInUnits> released;
  if (const auto* selection = std::get_if<QuantileSelection>(&mechanism_)) {
    for (const std::int64_t value : selection->release_within(whole, values, bits))
      released.push_back(without_interval(value));
    return released;
  }
  const auto tree_of = [&](const QuantileTreeShape& shape) {
    QuantileTree tree = QuantileTree::make(shape).value();
    tree.add(values);
    return tree;
  };
  if (const auto* bins = std::get_if<EquiDepthRelease>(&mechanism_)) {
    const NoisyQuantiles noisy = bins->release_within(whole, tree_of(bins->shape()), bits).value();
    for (const double q : params_.quantiles)
      released.push_back(without_interval(noisy.quantile(q)));
    return released;
  }
  const auto& tree = std::get<QuantileTreeRelease>(mechanism_);
  const NoisyQuantiles noisy =
      tree.release_within(whole, tree_of(tree.params().shape), bits).value();
  for (const double q : params_.quantiles) released.push_back(tree.quantile(noisy, q));
  return released;
}

/// Of the ends by a tree: they are read two standard errors inward.
double QuantileRelease::rank_error(std::size_t index) const {
  if (const auto* selection = std::get_if<QuantileSelection>(&mechanism_))
    return selection->rank_error(index, params_.share);
  const double q = params_.quantiles[index];
  if (const auto* bins = std::get_if<EquiDepthRelease>(&mechanism_))
    return bins->rank_standard_error(q);
  const double one = std::get<QuantileTreeRelease>(mechanism_).rank_standard_error(q);
  return q > 0 && q < 1 ? one : 3 * one;
}

double QuantileRelease::worst_rank_error() const {
  const std::size_t last = params_.quantiles.size() - 1;
  double most = std::max(rank_error(0), rank_error(last));
  const bool selected = std::holds_alternative<QuantileSelection>(mechanism_);
  for (std::size_t i = 1; i < last && selected; ++i) most = std::max(most, rank_error(i));
  return most;
}

std::string_view QuantileRelease::mechanism() const noexcept {
  if (std::holds_alternative<QuantileTreeRelease>(mechanism_)) return "tree";
  return by_bins() ? "equi-depth" : "exponential";
}

PrivacyTotal QuantileRelease::cost() const noexcept {
  if (const auto* bins = std::get_if<EquiDepthRelease>(&mechanism_)) return bins->cost();
  if (const auto* tree = std::get_if<QuantileTreeRelease>(&mechanism_)) return tree->cost();
  if (std::holds_alternative<ConcentratedTotal>(params_.total))
    return ConcentratedTotal{std::get<ConcentratedTotal>(params_.total).rho, 0.0_delta};
  return ApproximateTotal{std::get<ApproximateTotal>(params_.total).epsilon, 0.0_delta};
}

}  // namespace sfumato
