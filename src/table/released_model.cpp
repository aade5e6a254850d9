#include "table/released_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace sfumato {
namespace {

using Kind = Aggregate::Kind;
constexpr std::size_t kBins = SizeBins::kBins;

double sum_of(const std::vector<double>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

}  // namespace

std::size_t SizeBins::of(std::int64_t number) noexcept {
  if (number <= 8) return static_cast<std::size_t>(std::max<std::int64_t>(number, 1) - 1);
  const auto above = static_cast<std::uint64_t>(number - 1);  // 8 … 15 have 9 … 16
  const auto power = static_cast<std::size_t>(std::bit_width(above));
  const std::size_t half = above >> (power - 2) & 1;
  return std::min(8 + 2 * (power - 4) + half, kBins - 1);
}

double SizeBins::least(std::size_t bin) noexcept {
  if (bin < 8) return static_cast<double>(bin + 1);
  const double power = std::ldexp(1.0, static_cast<int>((bin - 8) / 2 + 3));
  return (bin % 2 == 0 ? power : 1.5 * power) + 1;
}

double SizeBins::greatest(std::size_t bin) noexcept {
  return bin < 8 ? static_cast<double>(bin + 1) : least(bin + 1) - 1;
}

std::size_t ValueBins::of(double value) noexcept {
  const double magnitude = std::fabs(value);
  if (!(magnitude >= 0x1p-32)) return kSide;
  std::size_t place = kSide;
  if (magnitude < 0x1p62) {
    int exponent = 0;
    const double half = std::frexp(magnitude, &exponent);  // half in [1/2, 1)
    place = static_cast<std::size_t>(4 * (exponent + 31) + static_cast<int>(8 * half) - 3);
  }
  return value < 0 ? kSide - place : kSide + place;
}

double ValueBins::lower(std::size_t bin) noexcept {
  if (bin < kSide) return -upper(2 * kSide - bin);
  if (bin == kSide) return 0;
  const std::size_t place = bin - kSide - 1;
  return std::ldexp(1 + static_cast<double>(place % 4) / 4, static_cast<int>(place / 4) - 32);
}

double ValueBins::upper(std::size_t bin) noexcept {
  if (bin < kSide) return -lower(2 * kSide - bin);
  return bin == kSide ? 0 : lower(bin + 1);
}

ReleasedModel::ReleasedModel(std::vector<std::string> columns, TuningCounts counts)
    : columns_(std::move(columns)), counts_(std::move(counts)), values_(columns_.size()) {
  if (!(sum_of(counts_.rows_in_group) > 0)) counts_.rows_in_group[0] = 1;  // too few to tell: one
  units_ = sum_of(counts_.rows_in_group);
  spread_groups();
  for (std::size_t whole = 0; whole < kBins; ++whole)
    for (std::size_t part = 0; part < kBins; ++part) {
      rows_ += counts_.rows_in_group[whole * kBins + part] * SizeBins::middle(whole);
      pairs_ += counts_.groups[whole * kBins + part] * SizeBins::middle(part);
    }
  for (const double size : counts_.group_sizes) shares_.push_back(std::max(size, 0.0) / units_);
}

/// Units by whose rows no groups were counted, as their number was taken for noise, have rows^p of them: the power is that of
/// the units of most rows by which some were, or 1/2.
void ReleasedModel::spread_groups() {
  double power = 0.5;
  for (std::size_t whole = 0; whole < kBins; ++whole) {
    const auto row = counts_.groups.begin() + static_cast<std::ptrdiff_t>(whole * kBins);
    double all = 0, groups = 0, units = 0;
    for (std::size_t part = 0; part < kBins; ++part) {
      all += row[static_cast<std::ptrdiff_t>(part)];
      groups += row[static_cast<std::ptrdiff_t>(part)] * SizeBins::middle(part);
      units += counts_.rows_in_group[whole * kBins + part];
    }
    if (all > 0) {
      if (whole > 0) power = std::log(groups / all) / std::log(SizeBins::middle(whole));
    } else if (units > 0) {
      const double likely = std::round(std::pow(SizeBins::middle(whole), power));
      row[static_cast<std::ptrdiff_t>(SizeBins::of(static_cast<std::int64_t>(likely)))] = units;
    }
  }
}

ReleasedModel::Kept ReleasedModel::kept_at(const ContributionBounds& bounds) const {
  Kept kept;
  const auto most_groups = static_cast<double>(bounds.max_groups);
  const auto most_rows = static_cast<double>(bounds.max_rows);
  for (std::size_t whole = 0; whole < kBins; ++whole) {
    double all = 0, odds = 0, spread = 0;
    for (std::size_t part = 0; part < kBins; ++part) {
      const double count = counts_.groups[whole * kBins + part];
      const double groups = SizeBins::middle(part);
      const double odd = std::min(1.0, most_groups / groups);
      all += count;
      odds += count * odd;
      spread += count * odd * (1 - odd);
      kept.groups += count * groups * odd;
      kept.groups_variance += count * groups * odd * (1 - odd);
    }
    if (all == 0) continue;  // nor are there units by rows
    odds /= all;
    spread /= all;
    for (std::size_t part = 0; part < kBins; ++part) {
      const double count = counts_.rows_in_group[whole * kBins + part];
      if (count == 0) continue;
      const double rows = SizeBins::middle(part);
      const double some = std::min(rows, most_rows);
      const double blocks = count * std::max(1.0, SizeBins::middle(whole) / rows);
      kept.rows += blocks * some * odds;
      kept.between += blocks * some * some * spread;
      kept.halves += blocks * some * some / rows * spread;
      if (rows > 1) kept.within += blocks * odds * some * (1 - some / rows);
    }
  }
  return kept;
}

ReleasedModel::Values ReleasedModel::values_of(std::size_t column, double lower,
                                               double upper) const {
  Values values;
  const std::vector<double>& counts = counts_.values[column];
  const double all = sum_of(counts);
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    const double value = (ValueBins::lower(bin) + ValueBins::upper(bin)) / 2;
    const double within = std::clamp(value, lower, upper);
    values.mean += counts[bin] * value;
    values.clamped += counts[bin] * within;
    values.squares += counts[bin] * within * within;
  }
  values.share = std::min(1.0, all / units_);
  if (all > 0) values.mean /= all, values.clamped /= all, values.squares /= all;
  return values;
}

void ReleasedModel::clamp(const std::vector<Clamp>& clamps) {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const auto clamp = std::ranges::find(clamps, columns_[column], &Clamp::column);
    values_[column] = clamp == clamps.end() ? values_of(column, 0, 1)
                                            : values_of(column, clamp->lower, clamp->upper);
  }
}

double ReleasedModel::error_of(const Query& query, std::size_t item,
                               const AggregateError& noise) const {
  const Aggregate& aggregate = query.select[item];
  const Kept kept = kept_at(query.bounds);
  const auto place = std::ranges::find(columns_, aggregate.column);
  const Values values = place == columns_.end()
                            ? Values{1, 1, 1, 1}
                            : values_[static_cast<std::size_t>(place - columns_.begin())];
  // Of all groups together: the answer, what it is on average, and its variance.
  double exact = rows_ * values.share, mean = kept.rows * values.share;
  double variance =
      values.share * values.share * kept.between + values.share * (1 - values.share) * kept.within;
  if (aggregate.kind == Kind::units) {
    exact = pairs_, mean = kept.groups, variance = kept.groups_variance;
  } else if (aggregate.kind == Kind::sum) {
    const double each = values.share * values.clamped;
    exact *= values.mean;
    mean *= values.clamped;
    variance = each * each * kept.between +
               std::max(0.0, values.share * values.squares - each * each) * kept.within;
  }
  double wrong = 0, all = 0;
  for (const double share : shares_) {
    if (aggregate.kind == Kind::mean) {
      const double rows = share * kept.rows * values.share;
      if (!(rows > 0)) continue;
      const double bias = values.clamped - values.mean;
      const double spread =
          share * values.share * values.variance() * (kept.halves + kept.within) / (rows * rows);
      const auto clamp = std::ranges::find(query.clamps, aggregate.column, &Clamp::column);
      const double of_noise =
          std::min(*noise.standard_error_times_count / rows, clamp->upper - clamp->lower);
      wrong += bias * bias + spread + of_noise * of_noise;
      all += values.mean * values.mean;
    } else {
      const double bias = share * (mean - exact);
      wrong += bias * bias + share * variance + *noise.standard_error * *noise.standard_error;
      all += share * exact * share * exact;
    }
  }
  return all > 0 ? std::sqrt(wrong / all) : std::sqrt(wrong);
}

namespace {

double clamp_at(double edge) {
  return std::clamp(two_digits(edge), -kMostClamp, kMostClamp);
}

}  // namespace

std::vector<Clamp> ReleasedModel::clamps_for(std::size_t column) const {
  const std::vector<double>& counts = counts_.values[column];
  const double all = sum_of(counts);
  const auto bin_at = [&](double share) {
    double below = 0;
    std::size_t last = 0;
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
      if (counts[bin] > 0) last = bin;
      below += counts[bin];
      if (counts[bin] > 0 && below >= share * all) return bin;
    }
    return last;
  };
  return clamps_by_share(columns_[column], [&](double share) -> ValueBounds {
    if (!(all > 0)) return {0, 0};
    return {clamp_at(std::min(0.0, ValueBins::lower(bin_at(1 - share)))),
            clamp_at(std::max(0.0, ValueBins::upper(bin_at(share))))};
  });
}

std::int64_t ReleasedModel::most_groups() const {
  std::size_t most = 0;
  for (std::size_t cell = 0; cell < counts_.groups.size(); ++cell)
    if (counts_.groups[cell] > 0) most = std::max(most, cell % kBins);
  return static_cast<std::int64_t>(SizeBins::greatest(most));
}

std::int64_t ReleasedModel::most_rows() const {
  std::size_t most = 0;
  for (std::size_t cell = 0; cell < counts_.rows_in_group.size(); ++cell)
    if (counts_.rows_in_group[cell] > 0) most = std::max(most, cell % kBins);
  return static_cast<std::int64_t>(SizeBins::greatest(most));
}

}  // namespace sfumato
