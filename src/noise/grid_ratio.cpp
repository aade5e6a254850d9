#include "sfumato/noise/grid_ratio.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sfumato {
namespace {

constexpr int kLeastInvertible = -1022;  // 2^1022 is a double, and so is 2^-1022 without a denormal

struct Normal {
  uint128 mantissa;
  int exponent;
};

/// x / y = [mantissa, mantissa + 1) · 2^(exponent - 127), by long division with x / y in [1, 2).
Normal quotient(std::uint64_t x, std::uint64_t y) noexcept {
  const int x_shift = std::countl_zero(x), y_shift = std::countl_zero(y);
  const std::uint64_t divisor = y << y_shift;
  uint128 rest = x << x_shift;
  const bool below = rest < divisor;
  if (below) rest <<= 1;

  uint128 mantissa = 0;
  for (int i = 0; i < 128; ++i) {
    const bool fits = rest >= divisor;
    mantissa = mantissa << 1 | (fits ? 1 : 0);
    rest = (fits ? rest - divisor : rest) << 1;
  }
  return {mantissa, y_shift - x_shift - (below ? 1 : 0)};
}

}  // namespace

GridRatio GridRatio::make(const Scale& scale, int grid) noexcept {
  const Normal normal = quotient(scale.numerator(), scale.denominator());
  const int exponent = normal.exponent + scale.exponent() - grid;
  const double ratio = std::ldexp(static_cast<double>(normal.mantissa), exponent - 127);
  const bool invertible = grid >= kLeastInvertible;
  return {.scale = scale,
          .grid = grid,
          .mantissa = normal.mantissa,
          .exponent = exponent,
          .ratio = ratio,
          .unit = std::ldexp(1.0, grid),
          .per_unit = invertible ? std::ldexp(1.0, -grid) : 0,
          .margin = invertible ? ratio * 0x7p-48 + 0x1p-48 : 1};
}

int GridRatio::default_grid(const Scale& scale) noexcept {
  const Normal normal = quotient(scale.numerator(), scale.denominator());
  return std::clamp(normal.exponent + scale.exponent() - 31, kLeastGrid, kGreatestGrid);
}

}  // namespace sfumato
