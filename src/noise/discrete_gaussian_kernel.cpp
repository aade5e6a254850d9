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
  const auto held = hn::Max(small_to_double(d, u), hn::Set(d, BlockTable::kLeast));
  const auto bucket = hn::Sub(hn::ShiftRight<BlockTable::kDropped>(hn::BitCast(w, held)),
                              hn::Set(w, BlockTable::kFirst));
  const auto entry = hn::GatherIndex(w, table.entries(), hn::BitCast(i, bucket));
  const auto threshold = hn::BitCast(i, hn::ShiftRight<32>(entry));
  const auto value = hn::BitCast(i, u);
  const auto below = hn::VecFromMask(i, hn::Gt(threshold, value));  // minus one
  block = hn::Sub(hn::And(entry, hn::Set(w, 0xFFFFFFFF)), hn::BitCast(w, below));
  const auto searched = hn::Gt(hn::Set(i, BlockTable::kLeast), value);
  return hn::RebindMask(d, hn::Not(hn::Or(hn::Eq(value, threshold), searched)));
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

/// Whether V < 1 - a for certain, all in units of 2^-32: then V < e^-a. t is no less
/// than the share of the block that lies below the number.
template <class D>
hn::Mask<D> accepted(D d, double half_square, hn::Vec<D> block, hn::Vec<D> t,
                     hn::Vec<WordsOf<D>> word) {
  const auto a =
      hn::Mul(hn::Mul(hn::Set(d, half_square * 0x1p32), t), hn::Add(hn::Add(block, block), t));
  const auto v = small_to_double(d, hn::And(word, hn::Set(WordsOf<D>(), 0xFFFFFFFF)));
  return hn::Lt(hn::Add(v, a), hn::Set(d, 0x1p32 - 4));
}

/// Blocks of 2^shift numbers. What V < 1 - a does not accept is not certain; nor is a magnitude that
/// int64 does not hold, or zero: it has one sign only.
template <class D>
void whole_blocks(D d, const BlockTable& table, const std::uint64_t* words, std::size_t at,
                  std::int64_t* noise, Doubts& doubts) {
  const WordsOf<D> w;
  const hn::RebindToSigned<D> i;
  const int shift = table.shift();
  auto word = hn::Zero(w), rest = word, block = word;
  hn::LoadInterleaved2(w, words + 2 * at, word, rest);
  const auto found = find(d, table, hn::ShiftRight<32>(word), block);
  const auto first = small_to_double(d, block);
  const auto above = hn::Add(small_to_double(d, hn::ShiftRight<32>(rest)), hn::Set(d, 1));
  const auto t = hn::Mul(above, hn::Set(d, 0x1p-32));
  const auto fits =
      hn::Lt(first, hn::Set(d, static_cast<double>(std::uint64_t{1} << (63 - shift))));
  const auto taken = hn::And(fits, accepted(d, table.half_square(), first, t, word));

  const auto magnitude =
      hn::Add(hn::ShiftLeftSame(block, shift), hn::ShiftRightSame(rest, 64 - shift));
  store_signed(d, word, magnitude, noise + at);
  const auto zero = hn::RebindMask(d, hn::Eq(hn::BitCast(i, magnitude), hn::Zero(i)));
  note(d, hn::AndNot(zero, hn::And(found, taken)), at, doubts);
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
