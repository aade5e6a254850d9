#include "sfumato/aggregate/vector_sum.h"

namespace sfumato {

void VectorSum::add(std::span<const double> vector) noexcept {
  clip_.units(vector, row_);
  for (std::size_t i = 0; i < row_.size(); ++i) sums_[i] += row_[i];
}

void VectorSum::add_rows(std::span<const double> rows) noexcept {
  const std::size_t dimension = clip_.dimension();
  for (std::size_t at = 0; at + dimension <= rows.size(); at += dimension)
    add(rows.subspan(at, dimension));
}

Status VectorSum::merge(const VectorSum& other) {
  if (!(clip_ == other.clip_))
    return Error{Errc::invalid_parameter, "vector sum",
                 "must have the norm, bound and dimension of the sum that it is merged into"};
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
  return ok();
}

}  // namespace sfumato
