#include "sfumato/noise/laplace.h"

#include <algorithm>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/kernels.h"
#include "noise/rounding.h"

namespace sfumato {
namespace {

Noise by_doubles(const GridRatio& ratio, std::uint64_t word) noexcept {
  const Exponential z = exponential(word);
  return {with_sign(z.value, word), ratio.ratio, ratio.margin * z.spread};
}

/// By whole numbers, or by MPFR: odds below 2^-12, or 2^-70.
double settled(const GridRatio& ratio, const Dyadic& x, LazyWord word, BitSource& bits) noexcept {
  if (const uint128 k = first_127_bits(word, bits); k != 0) {
    const GridPoint point = grid_point(x, ratio.grid);
    const auto m = floor_certain(ratio, point.fraction, fixed_minus_log(k), (word.bits & 1) != 0);
    if (m) return assembled(point, *m, ratio.grid);
  }
  return laplace_by_definition(ratio.scale, ratio.grid, x, word, bits);
}

}  // namespace

Result<Laplace> Laplace::make(Scale scale, std::optional<int> grid) {
  const int exponent = grid.value_or(GridRatio::default_grid(scale));
  if (exponent < GridRatio::kLeastGrid || exponent > GridRatio::kGreatestGrid)
    return Error{Errc::invalid_parameter, "grid", "must lie within -1074 … 1000"};
  return Laplace(GridRatio::make(scale, exponent));
}

double Laplace::release(double x, BitSource& bits) const noexcept {
  const LazyWord word = bits.lazy();
  double released = 0;
  if (laplace_single(ratio_, x, word.bits, released)) return released;
  return settled(ratio_, Dyadic::from_double(x), word, bits);
}

double Laplace::release(const Dyadic& x, BitSource& bits) const noexcept {
  const LazyWord word = bits.lazy();
  const Release release =
      release_certain(ratio_, grid_point(x, ratio_.grid), by_doubles(ratio_, word.bits));
  return release.certain ? release.value : settled(ratio_, x, word, bits);
}

void Laplace::release(std::span<const double> x, std::span<double> out,
                      BitSource& bits) const noexcept {
  Doubts doubts;
  for (std::size_t begin = 0; begin < x.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, x.size() - begin);
    const Words words = bits.take(count);
    double* const released = out.data() + begin;
    laplace_kernel(ratio_, {x.data() + begin, released, count, words.data()}, doubts);
    for (const std::size_t i : doubts.indices())
      released[i] = settled(ratio_, Dyadic::from_double(released[i]), words.lazy(i), bits);
  }
}

void Laplace::release(std::span<const Laplace> laws, std::span<const double> x,
                      std::span<double> out, BitSource& bits) noexcept {
  GridColumns grids;
  Doubts doubts;
  for (std::size_t begin = 0; begin < x.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, x.size() - begin);
    const Laplace* const law = laws.data() + begin;
    for (std::size_t i = 0; i < count; ++i) grids.set(i, law[i].ratio_);
    const Words words = bits.take(count);
    double* const released = out.data() + begin;
    laplace_kernel(grids, {x.data() + begin, released, count, words.data()}, doubts);
    for (const std::size_t i : doubts.indices())
      released[i] = settled(law[i].ratio_, Dyadic::from_double(released[i]), words.lazy(i), bits);
  }
}

}  // namespace sfumato
