#include "sfumato/aggregate/group_totals.h"

#include <algorithm>

namespace sfumato {
namespace {

constexpr std::uint32_t kNowhere = UINT32_MAX;

}  // namespace

PairTotal& PairTotal::operator+=(const PairTotal& other) noexcept {
  count += other.count;
  first += other.first;
  second += other.second;
  products += other.products;
  first_squares += other.first_squares;
  second_squares += other.second_squares;
  return *this;
}

GroupTotals::GroupTotals(std::vector<ColumnUse> uses, std::vector<PairUse> pairs)
    : columns_(uses.size()), pairs_(std::move(pairs)) {
  const auto plain = [](const ColumnUse& use) {
    return !use.squares && !use.values && !use.distinct && !use.bins;
  };
  if (std::ranges::all_of(uses, plain)) return;
  uses_ = std::move(uses);
  kept_.resize(columns_);
  seen_.resize(columns_);
  counted_.resize(columns_);
}

void GroupTotals::keep_each_once(std::vector<Seen>& seen) {
  std::ranges::sort(seen);
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
}

void GroupTotals::resize(std::size_t groups) {
  units_.resize(groups);
  rows_.resize(groups);
  totals_.resize(groups * columns_);
  pair_totals_.resize(groups * pairs_.size());
}

/// Where there is no room for one more, each is kept once first: so room grows with different ones alone.
void GroupTotals::see(std::vector<Seen>& seen, Seen one) {
  constexpr std::size_t kFew = 4096;
  if (seen.size() == seen.capacity() && seen.size() >= kFew) {
    keep_each_once(seen);
    if (seen.size() > seen.capacity() / 2) seen.reserve(2 * seen.capacity());
  }
  seen.push_back(one);
}

void GroupTotals::add_row(std::size_t group, std::span<const Units> values) {
  ++rows_[group];
  ColumnTotal* totals = totals_.data() + group * columns_;
  for (std::size_t i = 0; i < columns_; ++i) {
    if (values[i] == kNullUnits) continue;
    ++totals[i].count;
    totals[i].sum += values[i];
  }
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    if (values[i] == kNullUnits) continue;
    if (uses_[i].distinct) {
      see(seen_[i], {static_cast<std::uint32_t>(group), values[i]});
      continue;
    }
    const Units distance = values[i] - uses_[i].origin;
    if (uses_[i].squares) totals[i].squares += distance * distance;
    if (uses_[i].bins) ++counted_[i][place(group, static_cast<std::uint64_t>(distance))];
    if (uses_[i].values)
      kept_[i].push_back({static_cast<std::uint32_t>(group), static_cast<std::uint32_t>(distance)});
  }
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const PairUse& use = pairs_[i];
    if (values[use.first] == kNullUnits || values[use.second] == kNullUnits) continue;
    const Units first = values[use.first] - use.first_origin;
    const Units second = values[use.second] - use.second_origin;
    pair_totals_[group * pairs_.size() + i] +=
        {1, first, second, first * second, first * first, second * second};
  }
}

void GroupTotals::add(const GroupTotals& other) {
  for (std::size_t i = 0; i < units_.size(); ++i) units_[i] += other.units_[i];
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i] += other.rows_[i];
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    totals_[i].count += other.totals_[i].count;
    totals_[i].sum += other.totals_[i].sum;
    totals_[i].squares += other.totals_[i].squares;
  }
  for (std::size_t i = 0; i < pair_totals_.size(); ++i) pair_totals_[i] += other.pair_totals_[i];
  for (std::size_t c = 0; c < kept_.size(); ++c)
    kept_[c].insert(kept_[c].end(), other.kept_[c].begin(), other.kept_[c].end());
  for (std::size_t c = 0; c < seen_.size(); ++c)
    for (const Seen& one : other.seen_[c]) see(seen_[c], one);
  for (std::size_t c = 0; c < counted_.size(); ++c)
    for (const auto& [place, count] : other.counted_[c]) counted_[c][place] += count;
}

/// Of group g under places[g], unless that is nowhere.
std::vector<GroupTotals::Counts> GroupTotals::moved(const std::vector<Counts>& counted,
                                                    std::span<const std::uint32_t> places) {
  std::vector<Counts> made(counted.size());
  for (std::size_t c = 0; c < counted.size(); ++c)
    for (const auto& [from, count] : counted[c])
      if (const std::uint32_t group = places[from >> 32]; group != kNowhere)
        made[c][place(group, from & UINT32_MAX)] += count;
  return made;
}

GroupTotals GroupTotals::in_order(std::span<const std::size_t> order) const {
  GroupTotals sorted(columns_);
  sorted.uses_ = uses_;
  sorted.kept_ = kept_;
  sorted.seen_ = seen_;
  sorted.pairs_ = pairs_;
  sorted.resize(order.size());
  std::vector<std::uint32_t> places(groups(), kNowhere);
  for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = static_cast<std::uint32_t>(i);
  for (std::vector<Kept>& column : sorted.kept_) {
    for (Kept& value : column) value.group = places[value.group];
    std::erase_if(column, [](const Kept& value) { return value.group == kNowhere; });
  }
  for (std::vector<Seen>& column : sorted.seen_) {
    for (Seen& value : column) value.group = places[value.group];
    std::erase_if(column, [](const Seen& value) { return value.group == kNowhere; });
  }
  sorted.counted_ = moved(counted_, places);
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.units_[i] = units_[order[i]];
    sorted.rows_[i] = rows_[order[i]];
    for (std::size_t c = 0; c < columns_; ++c)
      sorted.totals_[i * columns_ + c] = totals_[order[i] * columns_ + c];
    for (std::size_t p = 0; p < pairs_.size(); ++p)
      sorted.pair_totals_[i * pairs_.size() + p] = pair(order[i], p);
  }
  return sorted;
}

std::vector<std::int64_t> GroupTotals::distinct(std::size_t column) const {
  std::vector<Seen> seen = seen_[column];
  keep_each_once(seen);
  std::vector<std::int64_t> counts(groups());
  for (const Seen& value : seen) ++counts[value.group];
  return counts;
}

std::vector<std::int64_t> GroupTotals::bins(std::size_t group, std::size_t column,
                                            std::size_t bins) const {
  const Counts& counted = counted_[column];
  std::vector<std::int64_t> counts(bins);
  for (std::size_t bin = 0; bin < bins; ++bin)
    if (const auto found = counted.find(place(group, bin)); found != counted.end())
      counts[bin] = found->second;
  return counts;
}

std::vector<std::int64_t> GroupTotals::all_bins(std::size_t column, std::size_t bins) const {
  std::vector<std::int64_t> counts(bins);
  for (const auto& [place, count] : counted_[column])
    if (const std::uint64_t bin = place & UINT32_MAX; bin < bins) counts[bin] += count;
  return counts;
}

// By counting: of each group how many, then where the next of it goes.
GroupedValues GroupTotals::values(std::size_t column) const {
  std::vector<std::size_t> next(groups());
  std::size_t sum = 0;
  for (std::size_t group = 0; group < next.size(); ++group)
    next[group] =
        std::exchange(sum, sum + static_cast<std::size_t>(this->column(group, column).count));
  std::vector<std::uint32_t> distances(sum);
  for (const Kept& value : kept_[column]) distances[next[value.group]++] = value.distance;
  return {std::move(next), std::move(distances)};
}

GroupTotals GroupTotals::gathered(std::span<const std::uint32_t> within,
                                  std::span<const std::int64_t> units) const {
  GroupTotals coarser(columns_);
  coarser.pairs_ = pairs_;
  coarser.resize(units.size());
  coarser.uses_ = uses_;
  coarser.kept_ = kept_;
  coarser.seen_ = seen_;
  coarser.counted_ = moved(counted_, within);
  for (std::vector<Kept>& column : coarser.kept_)
    for (Kept& value : column) value.group = within[value.group];
  for (std::vector<Seen>& column : coarser.seen_)
    for (Seen& value : column) value.group = within[value.group];
  coarser.units_.assign(units.begin(), units.end());
  for (std::size_t group = 0; group < groups(); ++group) {
    const std::size_t into = within[group];
    coarser.rows_[into] += rows_[group];
    for (std::size_t c = 0; c < columns_; ++c) {
      ColumnTotal& total = coarser.totals_[into * columns_ + c];
      total.count += totals_[group * columns_ + c].count;
      total.sum += totals_[group * columns_ + c].sum;
      total.squares += totals_[group * columns_ + c].squares;
    }
    for (std::size_t p = 0; p < pairs_.size(); ++p)
      coarser.pair_totals_[into * pairs_.size() + p] += pair(group, p);
  }
  return coarser;
}

}  // namespace sfumato
