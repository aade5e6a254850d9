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
void laplace_lanes(D d, const GridRatio& ratio, const Loan<double>& loan, std::size_t i,
                   Doubts& doubts) {
  const auto word = hn::LoadU(WordsOf<D>(), loan.words + i);
  const auto x = hn::LoadU(d, loan.x + i);
  auto spread = hn::Zero(d), released = hn::Zero(d);
  const auto magnitude = hn::Mul(exponential(d, word, spread), hn::Set(d, ratio.ratio));
  const auto margin = hn::Mul(hn::Set(d, ratio.margin), spread);
  const auto certain =
      release_certain(d, ratio, x, with_sign(d, magnitude, word), margin, released);
  hn::StoreU(hn::IfThenElse(certain, released, x), d, loan.out + i);
  note(d, certain, i, doubts);
}

void laplace_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t i = 0;
  for (; i + lanes <= loan.count; i += lanes) laplace_lanes(wide, ratio, loan, i, doubts);
  for (; i < loan.count; ++i) laplace_lanes(one, ratio, loan, i, doubts);
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
