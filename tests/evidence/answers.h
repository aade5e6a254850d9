#pragma once

#include <cmath>
#include <limits>
#include <vector>

namespace sfumato {

/// What an adversary would choose to be told apart by time: zeros, middles of the grid, the sizes where
/// a double stops holding halves of it, the largest and the least numbers, and what is no number.
inline std::vector<double> answers_of_all_kinds(int grid) {
  using Double = std::numeric_limits<double>;
  const double g = std::ldexp(1.0, grid);
  return {0.0,
          -0.0,
          1.5,
          -123.456,
          0.5 * g,
          -1.5 * g,
          0x1p51 * g,
          0x1.fffffffffffffp51 * g,
          -0x1p52 * g,
          0x1p53 * g,
          0x1p199 * g,
          0x1p201 * g,
          1e300,
          -Double::max(),
          Double::denorm_min(),
          Double::infinity(),
          Double::quiet_NaN()};
}

}  // namespace sfumato
