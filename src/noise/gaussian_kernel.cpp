#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/gaussian_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"
#include "noise/grid_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// Draws of pairs: `s` becomes the radius, which either part is multiplied by.
struct PairDraws : Draws {
  ~PairDraws() { wipe(first, sizeof first), wipe(second, sizeof second); }

  HWY_ALIGN double first[kMost];
  HWY_ALIGN double second[kMost];
};

/// From -ln U to the radius, and the spread that grows where it is short.
template <class D>
HWY_INLINE hn::Vec<D> radius_of(D d, hn::Vec<D> minus_ln, hn::Vec<D>& spread) {
  const auto root = hn::Sqrt(hn::Add(minus_ln, minus_ln));
  spread = hn::Max(spread, hn::Mul(inverse_of_binade(d, root), hn::Set(d, 0x1p-8)));
  return root;
}

template <class D>
HWY_INLINE void parts(D d, hn::Vec<WordsOf<D>> angle, hn::Vec<D>& first, hn::Vec<D>& second) {
  const auto v = to_double(d, angle, ~std::uint64_t{7}, 4);  // V·2^64
  const auto x = hn::Mul(v, hn::Set(d, kQuarter * 0x1p-64));
  const auto y = hn::Mul(x, x);
  const auto parabola = hn::MulAdd(hn::Set(d, -0.5), y, hn::Set(d, 1));
  const auto cosine = hn::MulAdd(polynomial(d, kCosine, y), hn::Mul(y, y), parabola);
  const auto sine = hn::MulAdd(polynomial(d, kSine, y), hn::Mul(x, y), x);
  const WordsOf<D> u;
  const auto upright = hn::RebindMask(d, hn::Eq(hn::And(angle, hn::Set(u, 4)), hn::Zero(u)));
  first = with_sign<0>(d, hn::IfThenElse(upright, cosine, sine), angle);
  second = with_sign<1>(d, hn::IfThenElse(upright, sine, cosine), angle);
}

/// The draw that was begun, to its end but for the angle.
template <class D>
HWY_INLINE void radius_at(D d, PairDraws& draws, std::size_t at) {
  auto spread = hn::LoadU(d, draws.spread + at);
  hn::StoreU(radius_of(d, minus_log(d, draws, at), spread), d, draws.s + at);
  hn::StoreU(spread, d, draws.spread + at);
}

template <class D>
HWY_INLINE void parts_at(D d, hn::Vec<WordsOf<D>> angle, PairDraws& draws, std::size_t at) {
  auto first = hn::Zero(d), second = first;
  parts(d, angle, first, second);
  hn::StoreU(first, d, draws.first + at);
  hn::StoreU(second, d, draws.second + at);
}

/// One of both values of pairs, each by its own grid.
template <class D>
HWY_INLINE hn::Mask<D> put_part(D d, hn::Vec<D> ratio, hn::Vec<D> unit, hn::Vec<D> per_unit,
                                hn::Vec<D> margin, hn::Vec<D> x, hn::Vec<D> radius, hn::Vec<D> part,
                                hn::Vec<D> spread, hn::Vec<D>& released) {
  return release_certain(d, unit, per_unit, x, hn::Mul(radius, ratio), part,
                         hn::Mul(margin, spread), released);
}

#if HWY_TARGET != HWY_SCALAR
/// Notes the lanes that are not certain, by where their values lie in memory.
template <class D>
void note_pairs(D d, hn::Mask<D> first, hn::Mask<D> second, std::size_t begin, Doubts& doubts) {
  if (HWY_LIKELY(hn::AllTrue(d, hn::And(first, second)))) return;
  const auto one = hn::Set(d, 1);
  const auto a = hn::IfThenElseZero(first, one), b = hn::IfThenElseZero(second, one);
  note(d, hn::Eq(hn::InterleaveLower(d, a, b), one), begin, doubts);
  note(d, hn::Eq(hn::InterleaveUpper(d, a, b), one), begin + hn::Lanes(d), doubts);
}

/// Every other number of twice as many from `i` on as there are lanes. Values alternate in memory, in
/// lanes they lie apart: blocks of two lanes are taken apart and put together by the same interleaving.
template <class D, class Column>
HWY_INLINE hn::Vec<D> even(D d, const Column& column, std::size_t i) {
  return hn::InterleaveLower(d, column.at(d, i), column.at(d, i + hn::Lanes(d)));
}
template <class D, class Column>
HWY_INLINE hn::Vec<D> odd(D d, const Column& column, std::size_t i) {
  return hn::InterleaveUpper(d, column.at(d, i), column.at(d, i + hn::Lanes(d)));
}

/// Twice as many values from `i` on as there are lanes.
template <class D, class Column>
HWY_INLINE void put(D d, const Grids<Column>& grids, const Loan<double>& loan, std::size_t i,
                    const PairDraws& draws, std::size_t at, Doubts& doubts) {
  const Each x{loan.x};
  const auto radius = hn::LoadU(d, draws.s + at), spread = hn::LoadU(d, draws.spread + at);
  const auto first = hn::LoadU(d, draws.first + at), second = hn::LoadU(d, draws.second + at);
  auto one = hn::Zero(d), other = one;
  const auto one_certain =
      put_part(d, even(d, grids.ratio, i), even(d, grids.unit, i), even(d, grids.per_unit, i),
               even(d, grids.margin, i), even(d, x, i), radius, first, spread, one);
  const auto other_certain =
      put_part(d, odd(d, grids.ratio, i), odd(d, grids.unit, i), odd(d, grids.per_unit, i),
               odd(d, grids.margin, i), odd(d, x, i), radius, second, spread, other);
  hn::StoreU(hn::InterleaveLower(d, one, other), d, loan.out + i);
  hn::StoreU(hn::InterleaveUpper(d, one, other), d, loan.out + i + hn::Lanes(d));
  note_pairs(d, one_certain, other_certain, i, doubts);
}

/// `pairs` from the value `first` on, a multiple of the lanes.
template <class D, class Column>
HWY_INLINE void release_block(D d, const Grids<Column>& grids, const Loan<double>& loan,
                              std::size_t first, std::size_t pairs, PairDraws& draws,
                              Doubts& doubts) {
  const WordsOf<D> u;
  const std::size_t lanes = hn::Lanes(d);
  const std::uint64_t* const low = loan.words + first;
  const std::uint64_t* const high = low + lanes;
  for (std::size_t at = 0; at < pairs; at += lanes) {
    const auto a = hn::LoadU(u, low + 2 * at), b = hn::LoadU(u, high + 2 * at);
    begin(d, hn::InterleaveLower(u, a, b), draws, at);
  }
  for (std::size_t at = 0; at < pairs; at += lanes) radius_at(d, draws, at);
  for (std::size_t at = 0; at < pairs; at += lanes) {
    const auto a = hn::LoadU(u, low + 2 * at), b = hn::LoadU(u, high + 2 * at);
    parts_at(d, hn::InterleaveUpper(u, a, b), draws, at);
  }
  for (std::size_t at = 0; at < pairs; at += lanes)
    put(d, grids, loan, first + 2 * at, draws, at, doubts);
}
#endif

/// One pair, whose second value may be missing.
template <class Column>
HWY_INLINE void release_pair(const Grids<Column>& grids, const Loan<double>& loan, std::size_t i,
                             Doubts& doubts) {
  const hn::CappedTag<double, 1> d;
  const WordsOf<decltype(d)> u;
  auto spread = hn::Zero(d), first = spread, second = spread, released = spread;
  const auto radius = radius_of(d, exponential(d, hn::LoadU(u, loan.words + i), spread), spread);
  parts(d, hn::LoadU(u, loan.words + i + 1), first, second);
  for (std::size_t j = i; j < std::min(i + 2, loan.count); ++j) {
    const auto certain =
        put_part(d, grids.ratio.at(d, j), grids.unit.at(d, j), grids.per_unit.at(d, j),
                 grids.margin.at(d, j), hn::LoadU(d, loan.x + j), radius, j == i ? first : second,
                 spread, released);
    hn::StoreU(released, d, loan.out + j);
    note(d, certain, j, doubts);
  }
}

bool gaussian_one(const GridRatio& ratio, double x, std::uint64_t radius_word, std::uint64_t angle,
                  double& released) {
  const hn::CappedTag<double, 1> d;
  const WordsOf<decltype(d)> u;
  auto spread = hn::Zero(d), first = spread, second = spread, value = spread;
  const auto radius = radius_of(d, exponential(d, hn::Set(u, radius_word), spread), spread);
  parts(d, hn::Set(u, angle), first, second);
  const auto certain =
      put_part(d, hn::Set(d, ratio.ratio), hn::Set(d, ratio.unit), hn::Set(d, ratio.per_unit),
               hn::Set(d, ratio.margin), hn::Set(d, x), radius, first, spread, value);
  released = hn::GetLane(value);
  return hn::AllTrue(d, certain);
}

template <class Column>
HWY_INLINE void release_loan(const Grids<Column>& grids, const Loan<double>& loan, Doubts& doubts) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<double> wide;
  const std::size_t pairs = loan.count / 2 - loan.count / 2 % hn::Lanes(wide);
  PairDraws draws;
  for (; i < 2 * pairs; i += 2 * Draws::kMost)
    release_block(wide, grids, loan, i, std::min(Draws::kMost, pairs - i / 2), draws, doubts);
  i = 2 * pairs;
#endif
  for (; i < loan.count; i += 2) release_pair(grids, loan, i, doubts);
}

void gaussian_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  release_loan(grids_of(ratio), loan, doubts);
}

void gaussian_each(const GridColumns& grids, const Loan<double>& loan, Doubts& doubts) {
  release_loan(grids_of(grids), loan, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(gaussian_loan);
HWY_EXPORT(gaussian_each);
HWY_EXPORT(gaussian_one);

void gaussian_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(gaussian_loan)(ratio, loan, doubts);
}

void gaussian_kernel(const GridColumns& grids, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(gaussian_each)(grids, loan, doubts);
}

bool gaussian_single(const GridRatio& ratio, double x, std::uint64_t radius, std::uint64_t angle,
                     double& released) noexcept {
  return HWY_DYNAMIC_DISPATCH(gaussian_one)(ratio, x, radius, angle, released);
}

}  // namespace sfumato
#endif
