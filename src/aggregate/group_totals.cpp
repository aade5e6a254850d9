#include "sfumato/aggregate/group_totals.h"

namespace sfumato {

GroupTotals::GroupTotals(std::span<const std::optional<Units>> origins) : columns_(origins.size()) {
  for (std::size_t column = 0; column < columns_; ++column)
    if (origins[column]) squared_.push_back({column, *origins[column]});
}

void GroupTotals::resize(std::size_t groups) {
  units_.resize(groups);
  rows_.resize(groups);
  totals_.resize(groups * columns_);
}

void GroupTotals::add_row(std::size_t group, std::span<const Units> values) noexcept {
  ++rows_[group];
  ColumnTotal* totals = totals_.data() + group * columns_;
  for (std::size_t i = 0; i < columns_; ++i) {
    if (values[i] == kNullUnits) continue;
    ++totals[i].count;
    totals[i].sum += values[i];
  }
  for (const auto& [column, origin] : squared_) {
    if (values[column] == kNullUnits) continue;
    const Units distance = values[column] - origin;
    totals[column].squares += distance * distance;
  }
}

void GroupTotals::add(const GroupTotals& other) noexcept {
  for (std::size_t i = 0; i < units_.size(); ++i) units_[i] += other.units_[i];
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i] += other.rows_[i];
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    totals_[i].count += other.totals_[i].count;
    totals_[i].sum += other.totals_[i].sum;
    totals_[i].squares += other.totals_[i].squares;
  }
}

GroupTotals GroupTotals::in_order(std::span<const std::size_t> order) const {
  GroupTotals sorted(columns_);
  sorted.squared_ = squared_;
  sorted.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.units_[i] = units_[order[i]];
    sorted.rows_[i] = rows_[order[i]];
    for (std::size_t c = 0; c < columns_; ++c)
      sorted.totals_[i * columns_ + c] = totals_[order[i] * columns_ + c];
  }
  return sorted;
}

}  // namespace sfumato
