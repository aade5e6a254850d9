#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/discrete_laplace_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"
#include "noise/grid_lanes.h"

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

/// What the lanes take of laws.
template <class Column>
struct Wholes {
  Column ratio, margin, lowered;
};

template <class D, class Column>
HWY_INLINE void put(D d, const Wholes<Column>& laws, const Loan<std::int64_t>& loan, std::size_t i,
                    const Draws& draws, std::size_t at, Doubts& doubts) {
  const hn::RebindToSigned<D> whole;
  const auto margin = hn::Mul(laws.margin.at(d, i), hn::LoadU(d, draws.spread + at));
  auto floor = hn::Zero(d);
  const auto certain = nearest_certain(d, laws.lowered.at(d, i), hn::LoadU(d, draws.s + at),
                                       laws.ratio.at(d, i), margin, floor);
  const auto word = hn::BitCast(whole, hn::LoadU(WordsOf<D>(), loan.words + i));
  const auto negative = hn::Sub(hn::Zero(whole), hn::And(word, hn::Set(whole, 1)));
  const auto drawn = hn::Sub(hn::Xor(to_whole(d, floor), negative), negative);
  const auto x = hn::LoadU(whole, loan.x + i);
  const auto sum = saturated_sum(whole, x, drawn);
  hn::StoreU(hn::IfThenElse(hn::RebindMask(whole, certain), sum, x), whole, loan.out + i);
  note(d, certain, i, doubts);
}

/// `count` values from `first` on, a multiple of the lanes.
template <class D, class Column>
HWY_INLINE void release_block(D d, const Wholes<Column>& laws, const Loan<std::int64_t>& loan,
                              std::size_t first, std::size_t count, Draws& draws, Doubts& doubts) {
  draw_block(d, loan.words + first, count, draws);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d))
    put(d, laws, loan, first + at, draws, at, doubts);
}

template <class Column>
HWY_INLINE void release_loan(const Wholes<Column>& laws, const Loan<std::int64_t>& loan,
                             Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  Draws draws;
  const std::size_t whole = loan.count - loan.count % hn::Lanes(wide);
  for (std::size_t i = 0; i < whole; i += Draws::kMost)
    release_block(wide, laws, loan, i, std::min(Draws::kMost, whole - i), draws, doubts);
  release_block(hn::CappedTag<double, 1>(), laws, loan, whole, loan.count - whole, draws, doubts);
}

void discrete_laplace_loan(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                           Doubts& doubts) {
  release_loan(Wholes<Same>{{ratio.ratio}, {ratio.margin}, {lowered}}, loan, doubts);
}

void discrete_laplace_each(const WholeColumns& laws, const Loan<std::int64_t>& loan,
                           Doubts& doubts) {
  const Wholes<Each> columns{{laws.ratio.data()}, {laws.margin.data()}, {laws.lowered.data()}};
  release_loan(columns, loan, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(discrete_laplace_loan);
HWY_EXPORT(discrete_laplace_each);

void discrete_laplace_kernel(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                             Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(discrete_laplace_loan)(ratio, lowered, loan, doubts);
}

void discrete_laplace_kernel(const WholeColumns& laws, const Loan<std::int64_t>& loan,
                             Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(discrete_laplace_each)(laws, loan, doubts);
}

}  // namespace sfumato
#endif
