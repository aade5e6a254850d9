#include "sfumato/aggregate/quantile_tree.h"

#include <algorithm>

namespace sfumato {
namespace {

constexpr std::size_t kMostCells = 1 << 20;

std::uint64_t distance(std::int64_t low, std::int64_t high) noexcept {
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
}

}  // namespace

std::size_t QuantileTreeShape::cells() const noexcept {
  std::size_t all = 1;
  for (int level = 0; level < height && all <= kMostCells; ++level)
    all *= static_cast<std::size_t>(branching);
  return all;
}

std::uint64_t QuantileTreeShape::cell_width() const noexcept {
  return distance(lower, upper) / cells() + 1;
}

Status check(const QuantileTreeShape& shape) {
  if (shape.lower >= shape.upper)
    return Error{Errc::invalid_parameter, "clamp", "the lower bound must lie below the upper one"};
  if (shape.branching < 2 || shape.branching > 1024)
    return Error{Errc::invalid_parameter, "branching", "must lie between 2 and 1024"};
  if (shape.height < 1 || shape.cells() > kMostCells)
    return Error{Errc::invalid_parameter, "height",
                 "must be at least 1, and branching^height at most 2^20"};
  return ok();
}

Result<QuantileTree> QuantileTree::make(const QuantileTreeShape& shape) {
  if (Status checked = check(shape); !checked) return std::move(checked).error();
  return QuantileTree(shape);
}

void QuantileTree::add(std::span<const std::int64_t> values) noexcept {
  const std::uint64_t width = shape_.cell_width();
  for (const std::int64_t value : values) {
    const std::int64_t inside = std::clamp(value, shape_.lower, shape_.upper);
    ++counts_[distance(shape_.lower, inside) / width];
  }
}

Status QuantileTree::merge(const QuantileTree& other) {
  if (!(shape_ == other.shape_))
    return Error{Errc::invalid_parameter, "quantile tree",
                 "must have the shape of the tree that it is merged into"};
  for (std::size_t cell = 0; cell < counts_.size(); ++cell) counts_[cell] += other.counts_[cell];
  return ok();
}

}  // namespace sfumato
