#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/base/dyadic.h"

namespace sfumato {

/// The square root of the matrix of prefix sums, as exact numbers: lower triangular, and the same down each
/// diagonal.
///
///     f_0 = 1     f_k = f_(k-1)·(2k-1) / 2k        C = Toeplitz(m_k / 2^32)     m_k = f_k·2^32, rounded
///
/// f never rises, hence neither does m: the sensitivity hangs on that alone.
class ToeplitzMatrix {
 public:
  static constexpr int kBits = 32;

  explicit ToeplitzMatrix(std::int64_t horizon);

  /// m_0, m_1, …
  const std::vector<std::uint64_t>& coefficients() const noexcept { return coefficients_; }

  /// 2·f_k - m_k / 2^32: what undoes C, see the proof. Each is off by less than 2^-53 of it.
  const std::vector<double>& inverse() const noexcept { return inverse_; }

  /// The most that `max_steps` totals, moved by 1 each, move C·totals, in the square of the L2 norm and in units
  /// of 2^-64: exact, and reached by the first steps.
  uint128 squared_move(std::int64_t max_steps) const noexcept;

 private:
  std::vector<std::uint64_t> coefficients_;
  std::vector<double> inverse_;
};

/// The rows of C·totals, one a step, in units of 2^-32 of a total: exact, but that a total beyond ±2^93 and a
/// sum beyond int128 stay at that end.
class ToeplitzSums {
 public:
  ToeplitzSums() = default;
  explicit ToeplitzSums(std::int64_t horizon) {
    totals_.reserve(static_cast<std::size_t>(horizon));
  }

  int128 add(int128 total, const ToeplitzMatrix& matrix);

  std::int64_t steps() const noexcept { return static_cast<std::int64_t>(totals_.size()); }

 private:
  std::vector<int128> totals_;
};

}  // namespace sfumato
