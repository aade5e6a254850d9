#include "noise/uniform_kernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/uniform_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

template <class D>
void uniform_lanes(D d, const std::uint64_t* words, double* out, std::size_t at, Doubts& doubts) {
  const WordsOf<D> w;
  const hn::RebindToSigned<D> i;
  const auto word = hn::LoadU(w, words + at);
  const auto known = to_double(d, word, ~std::uint64_t{0}, 1);
  hn::StoreU(hn::Mul(known, hn::Set(d, 0x1p-64)), d, out + at);
  const auto above = hn::BitCast(i, hn::ShiftRight<kCertainPlaces>(word));
  note(d, hn::RebindMask(d, hn::Gt(above, hn::Zero(i))), at, doubts);
}

void uniform_loan(const std::uint64_t* words, double* out, std::size_t count, Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) uniform_lanes(wide, words, out, at, doubts);
  for (; at < count; ++at) uniform_lanes(one, words, out, at, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(uniform_loan);

void uniform_kernel(const std::uint64_t* words, double* out, std::size_t count,
                    Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(uniform_loan)(words, out, count, doubts);
}

}  // namespace sfumato
#endif
