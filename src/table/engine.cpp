#include "table/engine.h"

#include <utility>

namespace sfumato {
namespace {

Units units_of(const Number& number, const ValueGrid& grid) {
  if (number.kind == Number::Kind::integer) return grid.units(number.integer);
  return number.kind == Number::Kind::real ? grid.units(number.real) : kNullUnits;
}

}  // namespace

Engine::Engine(Layout layout, Bounding bounding)
    : layout_(std::move(layout)),
      bounding_(std::move(bounding)),
      row_totals_(layout_.grids.size()),
      values_(layout_.grids.size()) {}

Result<Engine> Engine::make(Layout layout, ContributionBounds bounds, BitSource& bits) {
  Result<Bounding> bounding = Bounding::make(bounds, layout.grids.size(), bits);
  if (!bounding) return std::move(bounding).error();
  return Engine(std::move(layout), *std::move(bounding));
}

std::optional<std::uint32_t> Engine::group_of(const Batch& batch, std::size_t row) {
  bytes_.clear();
  for (std::size_t i = 0; i < layout_.group_columns; ++i)
    append_canonical(batch.keys[i][row], bytes_);
  if (layout_.listed) return bounding_.groups().find(bytes_);
  return bounding_.groups().intern(bytes_);
}

void Engine::read_values(const Batch& batch, std::size_t row) {
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i] = units_of(batch.numbers[i][row], layout_.grids[i]);
}

void Engine::add(const Batch& batch, BitSource& bits) {
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const std::optional<std::uint32_t> group = group_of(batch, row);
    if (!group) continue;
    read_values(batch, row);
    if (layout_.unit) {
      bytes_.clear();
      append_canonical(batch.keys[*layout_.unit][row], bytes_);
      bounding_.add(bytes_, *group, values_, bits);
    } else {
      if (*group >= row_totals_.groups()) row_totals_.resize(*group + 1);
      row_totals_.add_unit(*group);
      row_totals_.add_row(*group, values_);
    }
  }
}

GroupTotals Engine::totals() const {
  if (layout_.unit) return bounding_.totals();
  GroupTotals totals = row_totals_;
  totals.resize(bounding_.groups().size());
  return totals;
}

GroupKey Engine::key(std::size_t group) const {
  return read_canonical(bounding_.groups()[static_cast<std::uint32_t>(group)]);
}

}  // namespace sfumato
