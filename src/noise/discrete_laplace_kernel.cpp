#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/discrete_laplace_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// A whole number in 0 … 2^52 - 1 of a double: its bits in the fraction of 2^52.
template <class D>
hn::Vec<hn::RebindToSigned<D>> to_whole(D d, hn::Vec<D> x) {
  const hn::RebindToSigned<D> i;
  const auto bits = hn::BitCast(i, hn::Add(x, hn::Set(d, 0x1p52)));
  return hn::And(bits, hn::Set(i, (std::int64_t{1} << 52) - 1));
}

/// x + y, or the nearer end of int64: a sum that overflows has neither sign.
template <class I>
hn::Vec<I> saturated_sum(I i, hn::Vec<I> x, hn::Vec<I> y) {
  const auto sum = hn::Add(x, y);
  const auto overflow = hn::And(hn::Xor(x, sum), hn::Xor(y, sum));
  const auto end = hn::Xor(hn::BroadcastSignBit(x), hn::Set(i, hwy::HighestValue<std::int64_t>()));
  return hn::IfThenElse(hn::MaskFromVec(hn::BroadcastSignBit(overflow)), end, sum);
}

/// The values from `i` on, one a lane.
template <class D>
void discrete_laplace_lanes(D d, const GridRatio& ratio, double lowered,
                            const Loan<std::int64_t>& loan, std::size_t i, Doubts& doubts) {
  const hn::RebindToSigned<D> whole;
  const auto word = hn::LoadU(WordsOf<D>(), loan.words + i);
  const auto x = hn::LoadU(whole, loan.x + i);
  auto spread = hn::Zero(d), floor = hn::Zero(d);
  const auto magnitude = hn::Mul(exponential(d, word, spread), hn::Set(d, ratio.ratio));
  const auto margin = hn::Mul(hn::Set(d, ratio.margin), spread);
  const auto certain = nearest_certain(d, hn::Set(d, lowered), magnitude, margin, floor);

  const auto lowest = hn::BitCast(whole, hn::And(word, hn::Set(WordsOf<D>(), 1)));
  const auto negative = hn::Sub(hn::Zero(whole), lowest);
  const auto noise = hn::Sub(hn::Xor(to_whole(d, floor), negative), negative);
  const auto sum = saturated_sum(whole, x, noise);
  hn::StoreU(hn::IfThenElse(hn::RebindMask(whole, certain), sum, x), whole, loan.out + i);
  note(d, certain, i, doubts);
}

void discrete_laplace_loan(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                           Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t i = 0;
  for (; i + lanes <= loan.count; i += lanes)
    discrete_laplace_lanes(wide, ratio, lowered, loan, i, doubts);
  for (; i < loan.count; ++i) discrete_laplace_lanes(one, ratio, lowered, loan, i, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(discrete_laplace_loan);

void discrete_laplace_kernel(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                             Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(discrete_laplace_loan)(ratio, lowered, loan, doubts);
}

}  // namespace sfumato
#endif
