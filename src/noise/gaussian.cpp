#include "sfumato/noise/gaussian.h"

#include <algorithm>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/kernels.h"
#include "noise/rounding.h"

namespace sfumato {
namespace {

/// The first value of a pair.
Noise first_of(const GridRatio& ratio, std::uint64_t radius_word,
               std::uint64_t angle_word) noexcept {
  const Exponential distance = radius(radius_word);
  const Direction to = on_octant(angle_word);
  const double reach = distance.value * ratio.ratio;
  const double part = (angle_word & 4) != 0 ? to.sine : to.cosine;
  return {reach, with_sign(part, angle_word), ratio.margin * distance.spread};
}

/// By whole numbers, or by MPFR: odds below 2^-12, or 2^-70.
double settled(const GridRatio& ratio, const Dyadic& x, const LazyPair& pair, bool second,
               BitSource& bits) noexcept {
  const uint128 v =
      static_cast<uint128>(pair.angle.bits >> 3) << 64 | bits.extension(pair.angle.address, 1);
  if (const uint128 k = first_127_bits(pair.radius, bits); k != 0) {
    const FixedDirection to = fixed_direction(v);
    const bool swapped = (pair.angle.bits & 4) != 0;
    const FixedInterval magnitude = fixed_product(fixed_root_of_twice(fixed_minus_log(k)),
                                                  swapped != second ? to.sine : to.cosine);
    const GridPoint point = grid_point(x, ratio.grid);
    const bool negative = (pair.angle.bits & (second ? 2 : 1)) != 0;
    const auto m = floor_certain(ratio, point.fraction, magnitude, negative);
    if (m) return assembled(point, *m, ratio.grid);
  }
  return gaussian_by_definition(ratio.scale, ratio.grid, x, pair, second, bits);
}

}  // namespace

Result<Gaussian> Gaussian::make(Scale sigma, std::optional<int> grid) {
  const int exponent = grid.value_or(GridRatio::default_grid(sigma));
  if (exponent < GridRatio::kLeastGrid || exponent > GridRatio::kGreatestGrid)
    return Error{Errc::invalid_parameter, "grid", "must lie within -1074 … 1000"};
  return Gaussian(GridRatio::make(sigma, exponent));
}

double Gaussian::release(double x, BitSource& bits) const noexcept {
  const auto [radius, angle] = bits.lazy_pair();
  double released = 0;
  if (gaussian_single(ratio_, x, radius.bits, angle.bits, released)) return released;
  return settled(ratio_, Dyadic::from_double(x), {radius, angle}, false, bits);
}

double Gaussian::release(const Dyadic& x, BitSource& bits) const noexcept {
  const auto [radius, angle] = bits.lazy_pair();
  const Release release = release_certain(ratio_, grid_point(x, ratio_.grid),
                                          first_of(ratio_, radius.bits, angle.bits));
  return release.certain ? release.value : settled(ratio_, x, {radius, angle}, false, bits);
}

void Gaussian::release(std::span<const double> x, std::span<double> out,
                       BitSource& bits) const noexcept {
  Doubts doubts;
  for (std::size_t begin = 0; begin < x.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, x.size() - begin);
    const Words words = bits.take(count + count % 2);
    double* const released = out.data() + begin;
    gaussian_kernel(ratio_, {x.data() + begin, released, count, words.data()}, doubts);
    for (const std::size_t i : doubts.indices()) {
      const LazyPair pair{words.lazy(i - i % 2), words.lazy(i | 1)};
      released[i] = settled(ratio_, Dyadic::from_double(released[i]), pair, i % 2 == 1, bits);
    }
  }
}

void Gaussian::release(std::span<const Gaussian> laws, std::span<const double> x,
                       std::span<double> out, BitSource& bits) noexcept {
  GridColumns grids;
  Doubts doubts;
  for (std::size_t begin = 0; begin < x.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, x.size() - begin);
    const Gaussian* const law = laws.data() + begin;
    for (std::size_t i = 0; i < count; ++i) grids.set(i, law[i].ratio_);
    const Words words = bits.take(count + count % 2);
    double* const released = out.data() + begin;
    gaussian_kernel(grids, {x.data() + begin, released, count, words.data()}, doubts);
    for (const std::size_t i : doubts.indices()) {
      const LazyPair pair{words.lazy(i - i % 2), words.lazy(i | 1)};
      const Dyadic answer = Dyadic::from_double(released[i]);
      released[i] = settled(law[i].ratio_, answer, pair, i % 2 == 1, bits);
    }
  }
}

}  // namespace sfumato
