#include "sfumato/aggregate/group_release.h"

namespace sfumato {
namespace {

template <class Sums>
GroupAnswer::Column column_of(const Sums& sums, const ColumnWish& wish,
                              const AdditiveNoise& noise) {
  GroupAnswer::Column made;
  if (wish.mean) made.mean = estimate_mean(sums, wish.grid, noise);
  if (wish.sum) made.sum = estimate_sum(sums, wish.grid, noise);
  if (wish.count) made.count = estimate_count(sums, wish.grid, noise);
  return made;
}

Estimate estimate_quantile(const QuantileInUnits& released, const ValueGrid& grid) {
  const double value = grid.value_above_lower(released.value);
  if (!released.has_interval()) return estimate_alone(value);
  return {value, grid.value_above_lower(released.low), grid.value_above_lower(released.high)};
}

std::vector<Estimate> counts_of(const std::vector<std::int64_t>& exact, const AdditiveNoise& noise,
                                BitSource& bits) {
  std::vector<Estimate> made;
  for (const std::int64_t count : exact)
    made.push_back(estimate_count(noise.release(count, bits), noise));
  return made;
}

}  // namespace

/// What is released from, secret, and what it is paid by.
struct GroupRelease::Exact {
  const Permit& permit;
  const GroupTotals& totals;
  std::vector<std::optional<GroupedValues>> values;  // of columns with quantiles
  std::vector<std::vector<std::int64_t>> distinct;   // by group, of columns where that is asked
};

std::vector<std::optional<GroupAnswer>> GroupRelease::release(Permit permit,
                                                              const GroupTotals& totals,
                                                              BitSource& bits) const {
  return answers(permit, totals, std::vector<bool>(totals.groups()), bits);
}

std::vector<std::optional<GroupAnswer>> GroupRelease::answers(const Permit& permit,
                                                              const GroupTotals& totals,
                                                              const std::vector<bool>& told,
                                                              BitSource& bits) const {
  Exact exact{permit, totals, {}, std::vector<std::vector<std::int64_t>>(quantiles_.size())};
  for (std::size_t column = 0; column < quantiles_.size(); ++column) {
    auto& values = exact.values.emplace_back();
    if (quantiles_[column]) values = totals.values(column);
    if (params_.columns[column].distinct) exact.distinct[column] = totals.distinct(column);
  }
  std::vector<std::optional<GroupAnswer>> answers(totals.groups());
  for (std::size_t group = 0; group < totals.groups(); ++group)
    answers[group] = shown(exact, group, told[group], bits);
  return answers;
}

/// `told` says that a group is known to be there by others that are shown: it need not pass, and its count of
/// units has its whole law.
std::optional<GroupAnswer> GroupRelease::shown(const Exact& exact, std::size_t group, bool told,
                                               BitSource& bits) const {
  const std::int64_t units = exact.totals.units(group);
  if (threshold_ && !told) {
    if (units == 0) return std::nullopt;
    const std::int64_t released = units_->release(units, bits);
    if (!threshold_->passes(released)) return std::nullopt;
    GroupAnswer made = answer(exact, group, bits);
    made.units = threshold_->estimate(released, *units_);
    return made;
  }
  if (selection_ && !told && !selection_->keep(units, bits)) return std::nullopt;
  GroupAnswer made = answer(exact, group, bits);
  if (units_) made.units = estimate_count(units_->release(units, bits), *units_);
  return made;
}

GroupAnswer GroupRelease::answer(const Exact& exact, std::size_t group, BitSource& bits) const {
  GroupAnswer made;
  if (count_) made.count = estimate_count(count_->release(exact.totals.rows(group), bits), *count_);
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    made.columns.push_back(answer(exact.totals.column(group, column), column, bits));
    if (const std::size_t bins = params_.columns[column].bins; bins > 0)
      made.columns[column].bins =
          counts_of(exact.totals.bins(group, column, bins), *columns_[column], bits);
    if (params_.columns[column].distinct)
      made.columns[column].distinct = estimate_count(
          columns_[column]->release(exact.distinct[column][group], bits), *columns_[column]);
    if (!quantiles_[column]) continue;
    const std::span<const std::uint32_t> distances = exact.values[column]->of(group);
    const std::vector<std::int64_t> values(distances.begin(), distances.end());
    for (const QuantileInUnits& released :
         quantiles_[column]->release_within(exact.permit, values, bits))
      made.columns[column].quantiles.push_back(
          estimate_quantile(released, params_.columns[column].grid));
  }
  for (std::size_t pair = 0; pair < pairs_.size(); ++pair)
    made.pairs.push_back(answer(exact.totals.pair(group, pair), pair, bits));
  return made;
}

GroupAnswer::Pair GroupRelease::answer(const PairTotal& total, std::size_t pair,
                                       BitSource& bits) const {
  const PairSums sums = pairs_[pair].release(total, bits);
  GroupAnswer::Pair made;
  if (params_.pairs[pair].covariance) made.covariance = pairs_[pair].covariance(sums);
  if (params_.pairs[pair].correlation) made.correlation = pairs_[pair].correlation(sums);
  return made;
}

GroupAnswer::Column GroupRelease::answer(const ColumnTotal& total, std::size_t column,
                                         BitSource& bits) const {
  const ColumnWish& wish = params_.columns[column];
  if (wish.sums() == 0) return {};
  const AdditiveNoise& noise = *columns_[column];
  if (wish.sums() == 1) {
    GroupAnswer::Column made;
    if (wish.count) made.count = estimate_count(noise.release(total.count, bits), noise);
    if (wish.sum)
      made.sum = estimate_sum(noise.release(Dyadic{total.sum, wish.grid.exponent()}, bits), noise);
    return made;
  }
  if (wish.sums() == 2) {
    const double above = noise.release(wish.grid.above_lower(total.count, total.sum), bits);
    const double below = noise.release(wish.grid.below_upper(total.count, total.sum), bits);
    return column_of(Halves{above, below}, wish, noise);
  }
  const auto exact = wish.grid.square_parts(total.count, total.sum, total.squares);
  const Thirds thirds{noise.release(exact[0], bits), noise.release(exact[1], bits),
                      noise.release(exact[2], bits)};
  GroupAnswer::Column made = column_of(thirds, wish, noise);
  const Estimate variance = estimate_variance(thirds, wish.grid, noise);
  if (wish.variance) made.variance = variance;
  if (wish.deviation) made.deviation = estimate_deviation(variance);
  return made;
}

}  // namespace sfumato
