#include "sfumato/aggregate/group_totals.h"

namespace sfumato {

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
}

}  // namespace sfumato
