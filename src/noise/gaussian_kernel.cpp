#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/gaussian_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// `atanh_tail` of z, and the series of `direction` in y: three chains of sums, taken in turns.
template <class D>
void three_series(D d, hn::Vec<D> z, hn::Vec<D> y, hn::Vec<D>& tail, hn::Vec<D>& even,
                  hn::Vec<D>& odd) {
  tail = horner(d, hn::Set(d, 1.0 / 19), z, 1.0 / 17);
  odd = horner(d, hn::Set(d, 1.0 / 355687428096000), y, -1.0 / 1307674368000);
  even = hn::Set(d, 1.0 / 20922789888000);
  const auto step = [&](double of_tail, double of_odd, double of_even) HWY_ATTR {
    tail = horner(d, tail, z, of_tail);
    odd = horner(d, odd, y, of_odd);
    even = horner(d, even, y, of_even);
  };
  step(1.0 / 15, 1.0 / 6227020800, -1.0 / 87178291200);
  step(1.0 / 13, -1.0 / 39916800, 1.0 / 479001600);
  step(1.0 / 11, 1.0 / 362880, -1.0 / 3628800);
  step(1.0 / 9, -1.0 / 5040, 1.0 / 40320);
  step(1.0 / 7, 1.0 / 120, -1.0 / 720);
  step(1.0 / 5, -1.0 / 6, 1.0 / 24);
  tail = hn::Mul(horner(d, tail, z, 1.0 / 3), z);
}

/// Both values of a pair in units of the grid, and their margin.
template <class D>
void pair_lanes(D d, const GridRatio& ratio, hn::Vec<WordsOf<D>> radius, hn::Vec<WordsOf<D>> angle,
                hn::Vec<D>& first, hn::Vec<D>& second, hn::Vec<D>& margin) {
  const WordsOf<D> u;
  auto spread = hn::Zero(d), exponent = spread, tail = spread, even = spread, odd = spread;
  const auto s = reduced(d, uniform(d, radius, spread), exponent);
  const auto known = hn::Or(hn::AndNot(hn::Set(u, 7), angle), hn::Set(u, 4));
  const auto v = hn::Mul(to_double(d, known), hn::Set(d, 0x1p-64));
  const auto x = hn::Mul(v, hn::Set(d, 0x1.921fb54442d18p-1));
  const auto y = hn::Mul(x, x);
  three_series(d, hn::Mul(s, s), y, tail, even, odd);

  const auto squared = minus_log(d, s, tail, exponent);
  const auto root = hn::Sqrt(hn::Mul(hn::Set(d, 2), squared));
  const auto growing = hn::Mul(inverse_of_binade(d, root), hn::Set(d, 0x1p-9));
  margin = hn::Mul(hn::Set(d, ratio.margin), hn::Max(spread, growing));

  const auto parabola = hn::Sub(hn::Set(d, 1), hn::Mul(hn::Set(d, 0.5), y));
  const auto cosine = hn::Add(parabola, hn::Mul(hn::Mul(y, y), even));
  const auto sine = hn::Add(x, hn::Mul(x, hn::Mul(y, odd)));
  const auto upright = hn::RebindMask(d, hn::Eq(hn::And(angle, hn::Set(u, 4)), hn::Zero(u)));
  const auto reach = hn::Mul(root, hn::Set(d, ratio.ratio));
  first = with_sign(d, hn::Mul(reach, hn::IfThenElse(upright, cosine, sine)), angle);
  second =
      with_sign(d, hn::Mul(reach, hn::IfThenElse(upright, sine, cosine)), hn::ShiftRight<1>(angle));
}

/// As many values from `i` on as there are lanes.
template <class D>
void put(D d, const GridRatio& ratio, const Loan<double>& loan, std::size_t i, hn::Vec<D> noise,
         hn::Vec<D> margin, Doubts& doubts) {
  const auto x = hn::LoadU(d, loan.x + i);
  auto released = hn::Zero(d);
  const auto certain = release_certain(d, ratio, x, noise, margin, released);
  hn::StoreU(hn::IfThenElse(certain, released, x), d, loan.out + i);
  note(d, certain, i, doubts);
}

#if HWY_TARGET != HWY_SCALAR
/// Twice as many values as there are lanes. Words and values alternate in memory, in lanes they lie
/// apart: blocks of two lanes are taken apart and put together by the same interleaving.
template <class D>
void gaussian_lanes(D d, const GridRatio& ratio, const Loan<double>& loan, std::size_t i,
                    Doubts& doubts) {
  const WordsOf<D> u;
  const std::size_t lanes = hn::Lanes(d);
  const auto low = hn::LoadU(u, loan.words + i), high = hn::LoadU(u, loan.words + i + lanes);
  auto first = hn::Zero(d), second = hn::Zero(d), margin = hn::Zero(d);
  pair_lanes(d, ratio, hn::InterleaveLower(u, low, high), hn::InterleaveUpper(u, low, high), first,
             second, margin);
  put(d, ratio, loan, i, hn::InterleaveLower(d, first, second),
      hn::InterleaveLower(d, margin, margin), doubts);
  put(d, ratio, loan, i + lanes, hn::InterleaveUpper(d, first, second),
      hn::InterleaveUpper(d, margin, margin), doubts);
}
#endif

/// One pair, whose second value may be missing.
void gaussian_pair(const GridRatio& ratio, const Loan<double>& loan, std::size_t i,
                   Doubts& doubts) {
  const hn::CappedTag<double, 1> d;
  const WordsOf<decltype(d)> u;
  auto first = hn::Zero(d), second = hn::Zero(d), margin = hn::Zero(d);
  pair_lanes(d, ratio, hn::LoadU(u, loan.words + i), hn::LoadU(u, loan.words + i + 1), first,
             second, margin);
  put(d, ratio, loan, i, first, margin, doubts);
  if (i + 1 < loan.count) put(d, ratio, loan, i + 1, second, margin, doubts);
}

void gaussian_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<double> wide;
  const std::size_t values = 2 * hn::Lanes(wide);
  for (; i + values <= loan.count; i += values) gaussian_lanes(wide, ratio, loan, i, doubts);
#endif
  for (; i < loan.count; i += 2) gaussian_pair(ratio, loan, i, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(gaussian_loan);

void gaussian_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(gaussian_loan)(ratio, loan, doubts);
}

}  // namespace sfumato
#endif
