#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/laplace_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"
#include "noise/grid_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// The value at `i`, or as many as there are lanes, whose draw is done.
template <class D, class Column>
HWY_INLINE void put(D d, const Grids<Column>& grids, const Loan<double>& loan, std::size_t i,
                    const Draws& draws, std::size_t at, Doubts& doubts) {
  const auto word = hn::LoadU(WordsOf<D>(), loan.words + i);
  const auto noise = with_sign<0>(d, hn::LoadU(d, draws.s + at), word);
  const auto margin = hn::Mul(grids.margin.at(d, i), hn::LoadU(d, draws.spread + at));
  const auto x = hn::LoadU(d, loan.x + i);
  auto released = hn::Zero(d);
  const auto certain = release_certain(d, grids.unit.at(d, i), grids.per_unit.at(d, i), x, noise,
                                       grids.ratio.at(d, i), margin, released);
  hn::StoreU(released, d, loan.out + i);
  note(d, certain, i, doubts);
}

/// `count` values from `first` on, a multiple of the lanes.
template <class D, class Column>
HWY_INLINE void release_block(D d, const Grids<Column>& grids, const Loan<double>& loan,
                              std::size_t first, std::size_t count, Draws& draws, Doubts& doubts) {
  draw_block(d, loan.words + first, count, draws);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d))
    put(d, grids, loan, first + at, draws, at, doubts);
}

template <class Column>
HWY_INLINE void release_loan(const Grids<Column>& grids, const Loan<double>& loan, Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  Draws draws;
  const std::size_t whole = loan.count - loan.count % hn::Lanes(wide);
  for (std::size_t i = 0; i < whole; i += Draws::kMost)
    release_block(wide, grids, loan, i, std::min(Draws::kMost, whole - i), draws, doubts);
  release_block(hn::CappedTag<double, 1>(), grids, loan, whole, loan.count - whole, draws, doubts);
}

void laplace_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  release_loan(grids_of(ratio), loan, doubts);
}

void laplace_each(const GridColumns& grids, const Loan<double>& loan, Doubts& doubts) {
  release_loan(grids_of(grids), loan, doubts);
}

bool laplace_one(const GridRatio& ratio, double x, std::uint64_t word, double& released) {
  const hn::CappedTag<double, 1> d;
  const auto lane = hn::Set(WordsOf<decltype(d)>(), word);
  auto spread = hn::Zero(d), value = spread;
  const auto noise = with_sign<0>(d, exponential(d, lane, spread), lane);
  const auto margin = hn::Mul(hn::Set(d, ratio.margin), spread);
  const auto certain =
      release_certain(d, hn::Set(d, ratio.unit), hn::Set(d, ratio.per_unit), hn::Set(d, x), noise,
                      hn::Set(d, ratio.ratio), margin, value);
  released = hn::GetLane(value);
  return hn::AllTrue(d, certain);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(laplace_loan);
HWY_EXPORT(laplace_each);
HWY_EXPORT(laplace_one);

void laplace_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(laplace_loan)(ratio, loan, doubts);
}

void laplace_kernel(const GridColumns& grids, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(laplace_each)(grids, loan, doubts);
}

bool laplace_single(const GridRatio& ratio, double x, std::uint64_t word,
                    double& released) noexcept {
  return HWY_DYNAMIC_DISPATCH(laplace_one)(ratio, x, word, released);
}

}  // namespace sfumato
#endif
