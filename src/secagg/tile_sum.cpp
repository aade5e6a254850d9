#include "secagg/tile_sum.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "secagg/tile_sum.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
hn::Vec<D> widened(D d, const std::uint32_t* words) {
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<std::uint32_t, D>(), words));
}

template <class D>
hn::Vec<D> widened(D d, const std::uint64_t* words) {
  return hn::LoadU(d, words);
}

template <class D, class Word>
void step(D d, const Word* words, std::uint64_t flip, std::uint64_t* sum) {
  const auto flips = hn::Set(d, flip);
  const auto term = hn::Sub(hn::Xor(widened(d, words), flips), flips);
  hn::StoreU(hn::Add(hn::LoadU(d, sum), term), d, sum);
}

/// `flip` is 0, or all ones: minus x is x with all bits flipped, and one more.
template <class Word>
void add_all(const Word* words, std::uint64_t flip, std::uint64_t* sum, std::size_t count) {
  const hn::ScalableTag<std::uint64_t> wide;
  const hn::CappedTag<std::uint64_t, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) step(wide, words + i, flip, sum + i);
  for (; i < count; ++i) step(one, words + i, flip, sum + i);
}

void add_words_of_32(const std::uint32_t* words, std::uint64_t flip, std::uint64_t* sum,
                     std::size_t count) {
  add_all(words, flip, sum, count);
}

void add_words_of_64(const std::uint64_t* words, std::uint64_t flip, std::uint64_t* sum,
                     std::size_t count) {
  add_all(words, flip, sum, count);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {

HWY_EXPORT(add_words_of_32);
HWY_EXPORT(add_words_of_64);

namespace {

std::uint64_t flip_of(Mask::Sign sign) noexcept {
  return sign == Mask::Sign::add ? 0 : ~std::uint64_t{0};
}

}  // namespace

void add_words(const std::uint32_t* words, Mask::Sign sign, std::span<std::uint64_t> sum) noexcept {
  HWY_DYNAMIC_DISPATCH(add_words_of_32)(words, flip_of(sign), sum.data(), sum.size());
}

void add_words(const std::uint64_t* words, Mask::Sign sign, std::span<std::uint64_t> sum) noexcept {
  HWY_DYNAMIC_DISPATCH(add_words_of_64)(words, flip_of(sign), sum.data(), sum.size());
}

}  // namespace sfumato
#endif
