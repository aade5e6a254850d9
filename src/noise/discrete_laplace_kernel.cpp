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

/// What all values of a law have in common.
struct Whole {
  double scale;
  double margin;
  double lowered;
};

/// The values from `i` on, one a lane.
template <class D>
void put(D d, const Whole& law, const Loan<std::int64_t>& loan, std::size_t i, hn::Vec<D> value,
         hn::Vec<D> spread, hn::Vec<WordsOf<D>> word, Doubts& doubts) {
  const hn::RebindToSigned<D> whole;
  const auto x = hn::LoadU(whole, loan.x + i);
  const auto magnitude = hn::Mul(value, hn::Set(d, law.scale));
  const auto margin = hn::Mul(hn::Set(d, law.margin), spread);
  auto floor = hn::Zero(d);
  const auto certain = nearest_certain(d, hn::Set(d, law.lowered), magnitude, margin, floor);

  const auto lowest = hn::BitCast(whole, hn::And(word, hn::Set(WordsOf<D>(), 1)));
  const auto negative = hn::Sub(hn::Zero(whole), lowest);
  const auto noise = hn::Sub(hn::Xor(to_whole(d, floor), negative), negative);
  const auto sum = saturated_sum(whole, x, noise);
  hn::StoreU(hn::IfThenElse(hn::RebindMask(whole, certain), sum, x), whole, loan.out + i);
  note(d, certain, i, doubts);
}

/// Those from `i` on, and those from `next` on: the same, where there is but one left.
template <class D>
void discrete_laplace_lanes(D d, const Whole& law, const Loan<std::int64_t>& loan, std::size_t i,
                            std::size_t next, Doubts& doubts) {
  const WordsOf<D> u;
  const auto word = hn::LoadU(u, loan.words + i), other = hn::LoadU(u, loan.words + next);
  auto value = hn::Zero(d), spread = value, other_value = value, other_spread = value;
  exponentials(d, word, other, value, other_value, spread, other_spread);
  put(d, law, loan, i, value, spread, word, doubts);
  if (next != i) put(d, law, loan, next, other_value, other_spread, other, doubts);
}

void discrete_laplace_loan(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                           Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const Whole law{ratio.ratio, ratio.margin, lowered};
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t i = 0;
  for (; i + 2 * lanes <= loan.count; i += 2 * lanes)
    discrete_laplace_lanes(wide, law, loan, i, i + lanes, doubts);
  for (; i + 1 < loan.count; i += 2) discrete_laplace_lanes(one, law, loan, i, i + 1, doubts);
  if (i < loan.count) discrete_laplace_lanes(one, law, loan, i, i, doubts);
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
