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
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> to_whole(D d, hn::Vec<D> x) {
  const hn::RebindToSigned<D> i;
  const auto bits = hn::BitCast(i, hn::Add(x, hn::Set(d, 0x1p52)));
  return hn::And(bits, hn::Set(i, (std::int64_t{1} << 52) - 1));
}

/// x + y, or the nearer end of int64: a sum that overflows has neither sign.
template <class I>
HWY_INLINE hn::Vec<I> saturated_sum(I i, hn::Vec<I> x, hn::Vec<I> y) {
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

template <class D>
HWY_INLINE void put(D d, const Whole& law, const Loan<std::int64_t>& loan, std::size_t i,
                    const Draws& draws, std::size_t at, Doubts& doubts) {
  const hn::RebindToSigned<D> whole;
  auto floor = hn::Zero(d);
  const auto certain =
      nearest_certain(d, hn::Set(d, law.lowered), hn::LoadU(d, draws.s + at), hn::Set(d, law.scale),
                      hn::LoadU(d, draws.margin + at), floor);
  const auto word = hn::BitCast(whole, hn::LoadU(WordsOf<D>(), loan.words + i));
  const auto negative = hn::Sub(hn::Zero(whole), hn::And(word, hn::Set(whole, 1)));
  const auto drawn = hn::Sub(hn::Xor(to_whole(d, floor), negative), negative);
  const auto x = hn::LoadU(whole, loan.x + i);
  const auto sum = saturated_sum(whole, x, drawn);
  hn::StoreU(hn::IfThenElse(hn::RebindMask(whole, certain), sum, x), whole, loan.out + i);
  note(d, certain, i, doubts);
}

/// `count` values from `first` on, a multiple of the lanes.
template <class D>
HWY_INLINE void release_block(D d, const Whole& law, const Loan<std::int64_t>& loan,
                              std::size_t first, std::size_t count, Draws& draws, Doubts& doubts) {
  draw_block(d, loan.words + first, count, law.margin, draws);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d))
    put(d, law, loan, first + at, draws, at, doubts);
}

void discrete_laplace_loan(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                           Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const Whole law{ratio.ratio, ratio.margin, lowered};
  Draws draws;
  const std::size_t whole = loan.count - loan.count % hn::Lanes(wide);
  for (std::size_t i = 0; i < whole; i += Draws::kMost)
    release_block(wide, law, loan, i, std::min(Draws::kMost, whole - i), draws, doubts);
  release_block(hn::CappedTag<double, 1>(), law, loan, whole, loan.count - whole, draws, doubts);
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
