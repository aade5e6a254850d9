#include "secagg/row_values.h"

#include <algorithm>
#include <cmath>

#include "secagg/whole_steps.h"

namespace sfumato {
namespace {

double real(const Number& cell) {
  return cell.kind == Number::Kind::integer ? static_cast<double>(cell.integer) : cell.real;
}

}  // namespace

RowValues::RowValues(const JointOperation& operation, const LatticePart& part)
    : answer_(operation.answer), part_(part), columns_(operation.columns.size()) {
  if (operation.step.sign() > 0) step_ = nearest_double(operation.step);
  if (answer_ == JointAnswer::histogram) {
    std::vector<double> edges;
    for (const Decimal& edge : operation.edges) edges.push_back(nearest_double(edge));
    edges_ = BinEdges::make(std::move(edges)).value();
  }
  if (answer_ == JointAnswer::vector_sum) {
    clip_ = VectorClip::make(ClipNorm::l2, static_cast<double>(part.width), columns_).value();
    row_.resize(columns_);
  }
}

ColumnUse RowValues::use() const noexcept {
  ColumnUse use;
  use.squares = answer_ == JointAnswer::variance;
  use.bins = answer_ == JointAnswer::histogram;
  return use;
}

void RowValues::take(std::span<const Number> cells, std::span<Units> out) {
  if (answer_ == JointAnswer::vector_sum) return clip(cells, out);
  for (std::size_t i = 0; i < columns_; ++i)
    out[i] = answer_ == JointAnswer::histogram ? bin(cells[i]) : steps(cells[i]);
}

Units RowValues::steps(const Number& cell) const {
  if (cell.kind == Number::Kind::null) return kNullUnits;
  const auto lowest = static_cast<double>(part_.lowest);
  const double inside =
      std::clamp(real(cell) / step_, lowest, lowest + static_cast<double>(part_.width));
  return static_cast<std::int64_t>(std::nearbyint(inside)) - part_.lowest;
}

Units RowValues::bin(const Number& cell) const {
  if (cell.kind == Number::Kind::null) return kNullUnits;
  return cell.kind == Number::Kind::integer ? edges_->bin_of(cell.integer)
                                            : edges_->bin_of(cell.real);
}

// Clipped on a fine grid, and then cut towards zero to whole steps, which makes no vector longer.
void RowValues::clip(std::span<const Number> cells, std::span<Units> out) {
  for (std::size_t i = 0; i < columns_; ++i)
    row_[i] = cells[i].kind == Number::Kind::null ? 0 : real(cells[i]) / step_;
  clip_->units(row_, out);
  const std::int64_t fine = std::int64_t{1} << -clip_->exponent();
  for (Units& units : out) units /= fine;
}

void RowValues::coordinates(std::int64_t rows, std::span<const ColumnTotal> totals,
                            std::span<const std::int64_t> bins, std::span<int128> out) const {
  const int128 w = part_.width;
  switch (answer_) {
    case JointAnswer::count:
      out[0] = rows;
      return;
    case JointAnswer::sum:
      out[0] = totals[0].sum + int128{part_.lowest} * totals[0].count;
      return;
    case JointAnswer::mean:
      out[0] = totals[0].sum;
      out[1] = w * totals[0].count - totals[0].sum;
      return;
    case JointAnswer::variance:
      out[0] = totals[0].squares;
      out[1] = 2 * (w * totals[0].sum - totals[0].squares);
      out[2] = w * w * totals[0].count - 2 * w * totals[0].sum + totals[0].squares;
      return;
    case JointAnswer::histogram:
      std::ranges::copy(bins, out.begin());
      return;
    case JointAnswer::vector_sum:
      for (std::size_t i = 0; i < columns_; ++i) out[i] = totals[i].sum;
  }
}

}  // namespace sfumato
