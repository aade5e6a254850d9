#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/laplace_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// The values from `i` on, one a lane.
template <class D>
void put(D d, const GridRatio& ratio, const Loan<double>& loan, std::size_t i, hn::Vec<D> value,
         hn::Vec<D> spread, hn::Vec<WordsOf<D>> word, Doubts& doubts) {
  const auto x = hn::LoadU(d, loan.x + i);
  const auto noise = with_sign(d, hn::Mul(value, hn::Set(d, ratio.ratio)), word);
  const auto margin = hn::Mul(hn::Set(d, ratio.margin), spread);
  auto released = hn::Zero(d);
  const auto certain = release_certain(d, ratio, x, noise, margin, released);
  hn::StoreU(hn::IfThenElse(certain, released, x), d, loan.out + i);
  note(d, certain, i, doubts);
}

/// Those from `i` on, and those from `next` on: the same, where there is but one left.
template <class D>
void laplace_lanes(D d, const GridRatio& ratio, const Loan<double>& loan, std::size_t i,
                   std::size_t next, Doubts& doubts) {
  const WordsOf<D> u;
  const auto word = hn::LoadU(u, loan.words + i), other = hn::LoadU(u, loan.words + next);
  auto value = hn::Zero(d), spread = value, other_value = value, other_spread = value;
  exponentials(d, word, other, value, other_value, spread, other_spread);
  put(d, ratio, loan, i, value, spread, word, doubts);
  if (next != i) put(d, ratio, loan, next, other_value, other_spread, other, doubts);
}

void laplace_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t i = 0;
  for (; i + 2 * lanes <= loan.count; i += 2 * lanes)
    laplace_lanes(wide, ratio, loan, i, i + lanes, doubts);
  for (; i + 1 < loan.count; i += 2) laplace_lanes(one, ratio, loan, i, i + 1, doubts);
  if (i < loan.count) laplace_lanes(one, ratio, loan, i, i, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(laplace_loan);

void laplace_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(laplace_loan)(ratio, loan, doubts);
}

}  // namespace sfumato
#endif
