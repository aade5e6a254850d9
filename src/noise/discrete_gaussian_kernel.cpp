#include "noise/gaussian_attempts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/discrete_gaussian_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// x + y, or the nearer end of int64: a sum that overflows has neither sign.
template <class I>
hn::Vec<I> saturated(I i, hn::Vec<I> x, hn::Vec<I> y) {
  const auto sum = hn::Add(x, y);
  const auto overflow = hn::And(hn::Xor(x, sum), hn::Xor(y, sum));
  const auto end = hn::Xor(hn::BroadcastSignBit(x), hn::Set(i, hwy::HighestValue<std::int64_t>()));
  return hn::IfThenElse(hn::MaskFromVec(hn::BroadcastSignBit(overflow)), end, sum);
}

/// A whole number below 2^32 as a double, exactly.
template <class D>
hn::Vec<D> small_to_double(D d, hn::Vec<WordsOf<D>> x) {
  const auto bits = hn::Or(x, hn::Set(WordsOf<D>(), 0x4330000000000000));
  return hn::Sub(hn::BitCast(d, bits), hn::Set(d, 0x1p52));
}

/// `BlockTable::find` for u >= kLeast; smaller ones are not certain.
template <class D>
hn::Mask<D> find(D d, const BlockTable& table, hn::Vec<WordsOf<D>> u, hn::Vec<WordsOf<D>>& block) {
  const WordsOf<D> w;
  const hn::RebindToSigned<D> i;
  const auto least = hn::Set(d, BlockTable::kLeast);
  const auto value = small_to_double(d, u);
  const auto bits = hn::BitCast(w, hn::Max(value, least));
  const auto bucket =
      hn::Sub(hn::ShiftRight<BlockTable::kDropped>(bits), hn::Set(w, BlockTable::kFirst));
  const auto entry = hn::GatherIndex(w, table.entries(), hn::BitCast(i, bucket));
  const auto threshold = small_to_double(d, hn::ShiftRight<32>(entry));
  const auto below = hn::VecFromMask(d, hn::Lt(value, threshold));  // minus one, as a whole number
  block = hn::Sub(hn::And(entry, hn::Set(w, 0xFFFFFFFF)), hn::BitCast(w, below));
  return hn::And(hn::Ne(value, threshold), hn::Ge(value, least));
}

template <class D>
void store_signed(D, hn::Vec<WordsOf<D>> word, hn::Vec<WordsOf<D>> magnitude, std::int64_t* noise) {
  const WordsOf<D> w;
  const hn::RebindToSigned<D> i;
  const auto negative = hn::Sub(hn::Zero(w), hn::And(word, hn::Set(w, 1)));
  hn::StoreU(hn::BitCast(i, hn::Sub(hn::Xor(magnitude, negative), negative)), i, noise);
}

/// Blocks that are single numbers: no attempt is rejected.
template <class D>
void single_numbers(D d, const BlockTable& table, const std::uint64_t* words, std::size_t at,
                    std::int64_t* noise, Doubts& doubts) {
  const WordsOf<D> w;
  const auto word = hn::LoadU(w, words + at);
  auto block = hn::Zero(w);
  const auto certain = find(d, table, hn::ShiftRight<32>(word), block);
  store_signed(d, word, block, noise + at);
  note(d, certain, at, doubts);
}

/// `acceptance_odds` against the 31 bits of V.
template <class D>
hn::Mask<D> accepted(D d, double half_square, hn::Vec<D> block, hn::Vec<D> t,
                     hn::Vec<WordsOf<D>> word) {
  const WordsOf<D> w;
  const auto one = hn::Set(d, 1);
  const auto reach = hn::Add(hn::Add(block, block), t);
  const auto a = hn::Mul(hn::Set(d, half_square), hn::Mul(t, reach));
  const auto third = hn::Mul(a, hn::Set(d, 1.0 / 12));
  const auto inner = hn::Sub(one, hn::Mul(a, hn::Sub(hn::Set(d, 0.5), third)));
  const auto odds = hn::Sub(one, hn::Mul(a, inner));
  const auto margin = hn::Add(hn::Mul(hn::Mul(a, a), third), hn::Set(d, 0x1p-31));

  const auto known = hn::Or(hn::And(word, hn::Set(w, 0xFFFFFFFF)), hn::Set(w, 1));
  const auto v = hn::Mul(small_to_double(d, known), hn::Set(d, 0x1p-32));
  return hn::Gt(hn::Sub(odds, v), margin);
}

/// Blocks of 2^shift numbers. A magnitude that int64 does not hold is not certain, nor is zero: it has
/// one sign only.
template <class D>
void whole_blocks(D d, const BlockTable& table, const std::uint64_t* words, std::size_t at,
                  std::int64_t* noise, Doubts& doubts) {
  const WordsOf<D> w;
  const hn::RebindToSigned<D> i;
  auto word = hn::Zero(w), rest = word, block = word;
  hn::LoadInterleaved2(w, words + 2 * at, word, rest);
  const auto found = find(d, table, hn::ShiftRight<32>(word), block);
  const auto whole_block = small_to_double(d, block);

  const int shift = table.shift();
  const auto part = hn::And(rest, hn::Set(w, ~std::uint64_t{0} << (64 - shift)));
  const auto t = hn::Mul(to_double(d, part), hn::Set(d, 0x1p-64));
  const auto fits =
      hn::Lt(whole_block, hn::Set(d, static_cast<double>(std::uint64_t{1} << (63 - shift))));
  const auto taken = accepted(d, table.half_square(), whole_block, t, word);

  const auto magnitude =
      hn::Add(hn::ShiftLeftSame(block, shift), hn::ShiftRightSame(part, 64 - shift));
  const auto zero = hn::Eq(hn::BitCast(i, magnitude), hn::Zero(i));
  store_signed(d, word, magnitude, noise + at);
  const auto certain = hn::And(hn::And(found, fits), taken);
  note(d, hn::AndNot(hn::RebindMask(d, zero), certain), at, doubts);
}

void discrete_gaussian_loan(const BlockTable& table, const std::uint64_t* words,
                            std::size_t attempts, std::int64_t* noise, Doubts& doubts) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  const bool single = table.shift() == 0;
  std::size_t at = 0;
  for (; single && at + lanes <= attempts; at += lanes)
    single_numbers(wide, table, words, at, noise, doubts);
  for (; single && at < attempts; ++at) single_numbers(one, table, words, at, noise, doubts);
  for (; at + lanes <= attempts; at += lanes) whole_blocks(wide, table, words, at, noise, doubts);
  for (; at < attempts; ++at) whole_blocks(one, table, words, at, noise, doubts);
}

template <class I>
void saturated_at(I i, const std::int64_t* x, const std::int64_t* noise, std::int64_t* out) {
  hn::StoreU(saturated(i, hn::LoadU(i, x), hn::LoadU(i, noise)), i, out);
}

void saturated_run(const std::int64_t* x, const std::int64_t* noise, std::int64_t* out,
                   std::size_t count) {
  const hn::ScalableTag<std::int64_t> wide;
  const hn::CappedTag<std::int64_t, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) saturated_at(wide, x + at, noise + at, out + at);
  for (; at < count; ++at) saturated_at(one, x + at, noise + at, out + at);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(discrete_gaussian_loan);
HWY_EXPORT(saturated_run);

void discrete_gaussian_kernel(const BlockTable& table, const std::uint64_t* words,
                              std::size_t attempts, std::int64_t* noise, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(discrete_gaussian_loan)(table, words, attempts, noise, doubts);
}

void saturated_sums(const std::int64_t* x, const std::int64_t* noise, std::int64_t* out,
                    std::size_t count) noexcept {
  HWY_DYNAMIC_DISPATCH(saturated_run)(x, noise, out, count);
}

}  // namespace sfumato
#endif
