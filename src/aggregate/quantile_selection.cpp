#include "sfumato/aggregate/quantile_selection.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "aggregate/gap_choice.h"
#include "aggregate/quantile_check.h"
#include "random/wipe.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr int kPlaceBits = 32;  // of a value's random place within its unit

/// Values as places: how far they are above the lower bound, and 32 random bits.
std::vector<uint128> places_of(std::span<const std::int64_t> values,
                               const QuantileSelectionParams& params, BitSource& bits) {
  std::vector<uint128> keys;
  keys.reserve(values.size());
  for (const std::int64_t value : values) {
    const std::int64_t inside = std::clamp(value, params.lower, params.upper);
    const std::uint64_t above =
        static_cast<std::uint64_t>(inside) - static_cast<std::uint64_t>(params.lower);
    keys.push_back(uint128{above} << kPlaceBits | bits.next() >> (64 - kPlaceBits));
  }
  return keys;
}

}  // namespace

Result<QuantileSelection> QuantileSelection::make(const QuantileSelectionParams& params) {
  if (Status rows = check({.max_groups = 1, .max_rows = params.max_rows}); !rows)
    return std::move(rows).error();
  if (params.lower >= params.upper)
    return Error{Errc::invalid_parameter, "clamp", "the lower bound must lie below the upper one"};
  if (Status asked = check_quantiles(params.quantiles); !asked) return std::move(asked).error();
  const auto levels = static_cast<int>(std::bit_width(params.quantiles.size()));
  const double each = div_down(params.epsilon.value(), levels);
  if (each > 0) return QuantileSelection(params, levels, each);
  return Error{Errc::unsupported, "epsilon",
               "must be so large that the share of each level is a positive double"};
}

/// So far that a place beyond the end weighs e^-10 of one at the target.
std::uint64_t QuantileSelection::inward(const Task& task) const noexcept {
  const double q = params_.quantiles[task.middle()];
  if (q > 0 && q < 1) return 0;
  return static_cast<std::uint64_t>(
      std::ceil(std::min(10 * 2 * static_cast<double>(params_.max_rows) / epsilon_, 0x1p62)));
}

std::uint64_t QuantileSelection::part(const Task& task) const noexcept {
  const double q = params_.quantiles[task.middle()];
  const double relative = (q - task.before) / (task.after - task.before);
  const double whole = static_cast<double>(Gaps::kWhole);
  return static_cast<std::uint64_t>(std::clamp(std::nearbyint(relative * whole), 0.0, whole));
}

std::vector<std::int64_t> QuantileSelection::release(Permit permit,
                                                     std::span<const std::int64_t> values,
                                                     BitSource& bits) const {
  return release_within(permit, values, bits);
}

std::vector<std::int64_t> QuantileSelection::release_within(const Permit& /*whole*/,
                                                            std::span<const std::int64_t> values,
                                                            BitSource& bits) const {
  std::vector<uint128> keys = places_of(values, params_, bits);
  const std::uint64_t width =
      static_cast<std::uint64_t>(params_.upper) - static_cast<std::uint64_t>(params_.lower);
  std::vector<uint128> chosen(params_.quantiles.size());
  const uint128 high = ((uint128{width} + 1) << kPlaceBits) - 1;
  select({0, chosen.size(), 0, 1}, keys, 0, high, chosen, bits);
  wipe(keys.data(), keys.size() * sizeof(uint128));

  std::vector<std::int64_t> released;
  for (const uint128 place : chosen)
    released.push_back(static_cast<std::int64_t>(static_cast<std::uint64_t>(params_.lower) +
                                                 static_cast<std::uint64_t>(place >> kPlaceBits)));
  return released;
}

void QuantileSelection::select(const Task& task, std::span<uint128> keys, uint128 low, uint128 high,
                               std::span<uint128> chosen, BitSource& bits) const {
  if (task.first == task.last) return;
  const Gaps gaps{keys, low, high, part(task), epsilon_, params_.max_rows, inward(task)};
  const std::size_t gap = choose_gap(gaps, bits);
  const uint128 place = gaps.begin(gap) + uniform_below(gaps.length(gap), bits);
  const std::size_t middle = task.middle();
  chosen[middle] = place;
  const double q = params_.quantiles[middle];
  select({task.first, middle, task.before, q}, keys.first(gap), low, place, chosen, bits);
  select({middle + 1, task.last, q, task.after}, keys.subspan(gap), place, high, chosen, bits);
}

double QuantileSelection::rank_error(std::size_t index, double share) const {
  if (index >= params_.quantiles.size()) return std::numeric_limits<double>::infinity();
  Task task{0, params_.quantiles.size(), 0, 1};
  double before = 0;
  double after = 0;
  for (;;) {
    const double relative = static_cast<double>(part(task)) / static_cast<double>(Gaps::kWhole);
    const double passed_on = (1 - relative) * before + relative * after;
    const double own = (1.5 - std::log(share)) * 2 * std::max(relative, 1 - relative) *
                           static_cast<double>(params_.max_rows) / epsilon_ +
                       static_cast<double>(inward(task));
    const std::size_t middle = task.middle();
    const double q = params_.quantiles[middle];
    if (index == middle) return own + passed_on;
    if (index < middle) {
      task = {task.first, middle, task.before, q};
      after = own + passed_on;
    } else {
      task = {middle + 1, task.last, q, task.after};
      before = own + passed_on;
    }
  }
}

}  // namespace sfumato
