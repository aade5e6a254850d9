#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/laplace_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// The value at `i`, or as many as there are lanes, whose draw is done.
template <class D>
HWY_INLINE void put(D d, const Grid& grid, const Loan<double>& loan, std::size_t i,
                    const Draws& draws, std::size_t at, Doubts& doubts) {
  const auto word = hn::LoadU(WordsOf<D>(), loan.words + i);
  const auto noise = with_sign<0>(d, hn::LoadU(d, draws.s + at), word);
  auto released = hn::Zero(d);
  const auto certain =
      release_certain(d, grid, hn::LoadU(d, loan.x + i), noise, hn::Set(d, grid.ratio),
                      hn::LoadU(d, draws.margin + at), released);
  hn::StoreU(released, d, loan.out + i);
  note(d, certain, i, doubts);
}

/// `count` values from `first` on, a multiple of the lanes.
template <class D>
HWY_INLINE void release_block(D d, const Grid& grid, const Loan<double>& loan, std::size_t first,
                              std::size_t count, Draws& draws, Doubts& doubts) {
  draw_block(d, loan.words + first, count, grid.margin, draws);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d))
    put(d, grid, loan, first + at, draws, at, doubts);
}

void laplace_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const Grid grid(ratio);
  Draws draws;
  const std::size_t whole = loan.count - loan.count % hn::Lanes(wide);
  for (std::size_t i = 0; i < whole; i += Draws::kMost)
    release_block(wide, grid, loan, i, std::min(Draws::kMost, whole - i), draws, doubts);
  release_block(hn::CappedTag<double, 1>(), grid, loan, whole, loan.count - whole, draws, doubts);
}

bool laplace_one(const GridRatio& ratio, double x, std::uint64_t word, double& released) {
  const hn::CappedTag<double, 1> d;
  const auto lane = hn::Set(WordsOf<decltype(d)>(), word);
  auto margin = hn::Zero(d), value = margin;
  const auto noise = with_sign<0>(d, exponential(d, lane, ratio.margin, margin), lane);
  const auto certain =
      release_certain(d, Grid(ratio), hn::Set(d, x), noise, hn::Set(d, ratio.ratio), margin, value);
  released = hn::GetLane(value);
  return hn::AllTrue(d, certain);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(laplace_loan);
HWY_EXPORT(laplace_one);

void laplace_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(laplace_loan)(ratio, loan, doubts);
}

bool laplace_single(const GridRatio& ratio, double x, std::uint64_t word,
                    double& released) noexcept {
  return HWY_DYNAMIC_DISPATCH(laplace_one)(ratio, x, word, released);
}

}  // namespace sfumato
#endif
