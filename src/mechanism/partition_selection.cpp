#include "sfumato/mechanism/partition_selection.h"

#include <algorithm>

#include "mechanism/truncated_geometric.h"

namespace sfumato {
namespace {

constexpr std::size_t kMostRows = 4096;

/// δ₁ = 1 - (1 - δ)^(1/groups), rounded down; δ itself for one group.
double delta_per_group(double delta, std::int64_t groups) {
  if (groups == 1) return delta;
  return (-expm1(log1p(-Enclosure(delta)) / Enclosure::whole(groups))).lower();
}

/// ε₁ = ε / groups, rounded down.
double epsilon_per_group(double epsilon, std::int64_t groups) {
  return (Enclosure(epsilon) / Enclosure::whole(groups)).lower();
}

}  // namespace

PartitionSelection::PartitionSelection(const PartitionSelectionParams& params, double epsilon,
                                       double delta)
    : cost_{params.epsilon, params.delta},
      max_groups_(params.max_groups),
      epsilon_(epsilon),
      delta_(delta) {
  const Enclosure growth = exp(Enclosure(epsilon_));
  Enclosure kept(0);
  while (!settled_ && table_.size() < kMostRows) {
    kept = next_keep_probability(growth, delta_, kept);
    const Enclosure scaled = kept.scaled(64);
    table_.push_back({scaled.floor_lower_unsigned(), scaled.below_upper_unsigned()});
    settled_ = table_.back().keep_below == UINT64_MAX;  // and π only rises
  }
}

Result<PartitionSelection> PartitionSelection::make(const PartitionSelectionParams& params) {
  if (params.max_groups < 1)
    return Error{Errc::invalid_parameter, "max_groups", "must be at least 1"};
  const double delta = params.delta.value();
  if (!(delta > 0 && delta < 1))
    return Error{Errc::invalid_parameter, "delta",
                 "must be above 0 to choose which groups to show, or no group would ever be shown"};
  const double each_epsilon = epsilon_per_group(params.epsilon.value(), params.max_groups);
  const double each_delta = delta_per_group(delta, params.max_groups);
  if (each_epsilon > 0 && each_delta > 0)
    return PartitionSelection(params, each_epsilon, each_delta);
  return Error{Errc::unsupported, "max_groups",
               "must be so small that the share of each group is a positive double"};
}

PartitionSelection::Threshold PartitionSelection::threshold(std::int64_t units) const {
  const auto row = static_cast<std::size_t>(units) - 1;
  if (row < table_.size()) return table_[row];
  if (settled_) return table_.back();
  const Enclosure scaled = sfumato::keep_probability(epsilon_, delta_, units).scaled(64);
  return {scaled.floor_lower_unsigned(), scaled.below_upper_unsigned()};
}

bool PartitionSelection::keep(std::int64_t units, BitSource& bits) const noexcept {
  const LazyWord first =
      bits.lazy();  // taken for every group, so that the stream tells nothing of it
  if (units <= 0) return false;
  const Threshold known = threshold(units);
  if (first.bits < known.keep_below) return true;
  if (first.bits > known.drop_above) return false;
  return refined(units, first, bits);
}

/// The words of U so far say that it lies in [u, u + 2^-64·words]. Each word halves what is open 64
/// times, while π is known to as many bits and 64 more; equal ends are a null set.
bool PartitionSelection::refined(std::int64_t units, LazyWord first, BitSource& bits) const {
  Enclosure u = Enclosure::ratio(first.bits, 1).scaled(-64);
  for (std::uint32_t level = 1;; ++level) {
    const int precision = std::max(Enclosure::kBits, 64 * static_cast<int>(level + 3));
    const long place = -64L * (static_cast<long>(level) + 1);
    u = u + Enclosure::ratio(bits.extension(first.address, level), 1, precision).scaled(place);
    const Enclosure kept = sfumato::keep_probability(Enclosure(epsilon_, precision),
                                                     Enclosure(delta_, precision), units);
    if (kept.certainly_at_least(u + Enclosure(1, precision).scaled(place))) return true;
    if (u.certainly_at_least(kept)) return false;
  }
}

Bounds PartitionSelection::keep_probability(std::int64_t units) const {
  if (units <= 0) return {0, 0};
  return sfumato::keep_probability(epsilon_, delta_, units).bounds();
}

}  // namespace sfumato
