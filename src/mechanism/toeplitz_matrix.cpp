#include "mechanism/toeplitz_matrix.h"

#include <algorithm>
#include <cmath>

#include "mechanism/saturated.h"

namespace sfumato {
namespace {

constexpr int kPlaces = 100;  // of f in fixed point: off by less than k·2^-100 in the end
constexpr int kDropped = kPlaces - ToeplitzMatrix::kBits;

}  // namespace

ToeplitzMatrix::ToeplitzMatrix(std::int64_t horizon) {
  const auto size = static_cast<std::size_t>(horizon);
  coefficients_.reserve(size);
  inverse_.reserve(size);
  uint128 f = uint128{1} << kPlaces;
  for (std::size_t k = 0; k < size; ++k) {
    if (k > 0) f -= f / (2 * k);
    const uint128 rounded = (f + (uint128{1} << (kDropped - 1))) >> kDropped;
    coefficients_.push_back(static_cast<std::uint64_t>(rounded));
    const uint128 twice = 2 * f - (rounded << kDropped);
    inverse_.push_back(Dyadic{static_cast<int128>(twice), -kPlaces}.to_double());
  }
}

// Column s of C is the coefficients, s steps down. Two columns have the greater product the earlier they
// begin and the nearer they lie; so no set of columns adds up to a longer vector than the first ones.
uint128 ToeplitzMatrix::squared_move(std::int64_t max_steps) const noexcept {
  const auto width = static_cast<std::size_t>(max_steps);
  uint128 squared = 0;
  std::uint64_t window = 0;
  for (std::size_t row = 0; row < coefficients_.size(); ++row) {
    window += coefficients_[row];
    if (row >= width) window -= coefficients_[row - width];
    squared += uint128{window} * window;
  }
  return squared;
}

int128 ToeplitzSums::add(int128 total, const ToeplitzMatrix& matrix) {
  constexpr int128 kMost = int128{1} << 93;
  totals_.push_back(std::clamp(total, -kMost, kMost));
  const std::vector<std::uint64_t>& m = matrix.coefficients();
  int128 sum = 0;
  for (std::size_t k = 0; k < totals_.size(); ++k)
    sum = add_saturated(sum, totals_[totals_.size() - 1 - k] * static_cast<int128>(m[k]));
  return sum;
}

}  // namespace sfumato
