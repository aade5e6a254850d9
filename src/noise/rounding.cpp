#include "noise/rounding.h"

#include <cstdint>

#include "noise/wide.h"

namespace sfumato {
namespace {

constexpr int kTamest = 2000;
constexpr int kGreatestExponent = 99;  // leaves 20 places below the point

struct Cut {
  int128 floor;
  bool inexact;
};

/// floor(x / 2^shift), and whether something was cut off.
Cut cut_off(int128 x, int shift) noexcept {
  const int128 floor = x >> std::min(shift, 127);
  return {floor,
          shift > 127 ? x != 0 : static_cast<int128>(static_cast<uint128>(floor) << shift) != x};
}

uint128 magnitude_of(int128 x) noexcept {
  const auto bits = static_cast<uint128>(x);
  return x < 0 ? 0 - bits : bits;
}

}  // namespace

Dyadic tame(const Dyadic& x) noexcept {
  return {x.units, std::min(x.exponent, kTamest)};
}

GridPoint grid_point(const Dyadic& x, int grid) noexcept {
  constexpr uint128 kHalf = uint128{1} << 127;
  const Dyadic answer = tame(x);
  const std::int64_t places = std::int64_t{grid} - answer.exponent;
  if (answer.units == 0) return {0, 0, kHalf};
  if (places <= 0) return {answer.units, static_cast<int>(-places), kHalf};

  const auto shift = static_cast<int>(std::min<std::int64_t>(places, 127));
  const auto deep = static_cast<int>(std::clamp<std::int64_t>(places - 128, 0, 127));
  const int128 floor = places > 127 ? (answer.units < 0 ? -1 : 0) : answer.units >> shift;
  const uint128 rest = places > 127 ? static_cast<uint128>(answer.units >> deep)
                                    : static_cast<uint128>(answer.units) << (128 - shift);
  return {floor + (rest >= kHalf ? 1 : 0), 0, rest + kHalf};
}

// The sum is cut off to 126 bits where it has more, and its last bit set where that lost something: to
// round the result to 53 bits is then to round the sum.
double assembled(const GridPoint& point, int128 m, int grid) noexcept {
  const int width = bit_width(magnitude_of(point.whole));
  const int cut = std::max(0, width + point.exponent - 125);
  const Cut noise = cut_off(m, std::min(cut, point.exponent));
  if (cut <= point.exponent) {
    const int128 sum = (point.whole << (point.exponent - cut)) + noise.floor;
    return Dyadic{sum | (noise.inexact ? 1 : 0), grid + cut}.to_double();
  }
  const int rest = cut - point.exponent;  // at most 3: of the whole part, too, something is cut off
  const Cut low = cut_off((point.whole & 7) + noise.floor, rest);
  const int128 sum = (point.whole >> 3 << (3 - rest)) + low.floor;
  return Dyadic{sum | (noise.inexact || low.inexact ? 1 : 0), grid + cut}.to_double();
}

Release release_certain(const GridRatio& grid, const GridPoint& point,
                        const Noise& noise) noexcept {
  const double fraction = static_cast<double>(point.fraction) * 0x1p-128;
  const Nearest nearest = nearest_certain(fraction - 0.5, noise);
  if (!nearest.certain) return {0, false};
  return {assembled(point, static_cast<int128>(nearest.whole), grid.grid), true};
}

// The product and the mantissa are each cut off by less than a unit, and the shift by less than one.
std::optional<Scaled> scaled(const GridRatio& grid, const FixedInterval& magnitude) noexcept {
  if (grid.exponent > kGreatestExponent) return std::nullopt;
  const int shift = std::clamp(-grid.exponent, 0, 127);
  const uint128 lower = multiply_high(magnitude.lower, grid.mantissa) >> shift;
  const uint128 upper = multiply_high(magnitude.upper, grid.mantissa) >> shift;
  return Scaled{static_cast<int128>(lower), static_cast<int128>(upper) + 2};
}

std::optional<int128> floor_certain(const GridRatio& grid, uint128 fraction,
                                    const FixedInterval& magnitude, bool negative) noexcept {
  const std::optional<Scaled> noise = scaled(grid, magnitude);
  if (!noise) return std::nullopt;
  const int point = places(grid);
  const auto offset = static_cast<int128>(fraction >> (128 - point));
  const int128 low = negative ? offset - noise->upper : offset + noise->lower;
  const int128 high = 1 + (negative ? offset - noise->lower : offset + noise->upper);
  const int128 floor = low >> point;
  return floor == high >> point ? std::optional(floor) : std::nullopt;
}

}  // namespace sfumato
