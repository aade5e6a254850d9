#include "deid/candidate_places.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "deid/candidate_places.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cstring>

#ifndef SFUMATO_DEID_BLOCK
#define SFUMATO_DEID_BLOCK
namespace sfumato {

constexpr std::size_t kBlock = 64;

/// Of the bytes of a block, a bit each.
struct BlockMarks {
  std::uint64_t words, telling, signs;
};

}  // namespace sfumato
#endif

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Whether bytes lie within two.
template <class D>
auto within(D d, hn::Vec<D> bytes, char low, char high) {
  const auto first = static_cast<std::uint8_t>(low), last = static_cast<std::uint8_t>(high);
  const auto above = hn::Sub(bytes, hn::Set(d, first));
  return hn::Eq(hn::Min(above, hn::Set(d, static_cast<std::uint8_t>(last - first))), above);
}

template <class D>
void put(D d, hn::Mask<D> mask, std::size_t at, std::uint64_t& bits) {
  std::uint8_t bytes[8] = {};
  const std::size_t size = hn::StoreMaskBits(d, mask, bytes);
  for (std::size_t i = 0; i < size; ++i) bits |= std::uint64_t{bytes[i]} << (at + 8 * i);
}

BlockMarks block_marks(const std::uint8_t* block) {
  const hn::CappedTag<std::uint8_t, kBlock> d;
  const auto is = [d](auto bytes, char c) {
    return hn::Eq(bytes, hn::Set(d, static_cast<std::uint8_t>(c)));
  };
  BlockMarks marks = {};
  for (std::size_t i = 0; i < kBlock; i += hn::Lanes(d)) {
    const auto bytes = hn::LoadU(d, block + i);
    const auto small = hn::Or(bytes, hn::Set(d, std::uint8_t{0x20}));
    put(d, hn::Or(within(d, bytes, '0', '9'), within(d, small, 'a', 'z')), i, marks.words);
    put(d, hn::AndNot(is(bytes, ','), within(d, bytes, '(', ':')), i, marks.telling);
    put(d, hn::Or(is(bytes, '('), hn::Or(is(bytes, '+'), is(bytes, ':'))), i, marks.signs);
  }
  return marks;
}

void mark_blocks(std::string_view text, BlockMarks* blocks) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t whole = text.size() / kBlock;
  for (std::size_t i = 0; i < whole; ++i) blocks[i] = block_marks(bytes + i * kBlock);
  std::uint8_t rest[kBlock] = {};
  if (text.size() % kBlock == 0) return;
  std::memcpy(rest, bytes + whole * kBlock, text.size() % kBlock);
  blocks[whole] = block_marks(rest);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {

HWY_EXPORT(mark_blocks);

void mark_candidates(std::string_view text, std::vector<std::uint64_t>& marks) {
  thread_local std::vector<BlockMarks> blocks;
  const std::size_t count = (text.size() + kBlock - 1) / kBlock;
  blocks.assign(count + 1, {});
  HWY_DYNAMIC_DISPATCH(mark_blocks)(text, blocks.data());
  marks.resize(count);
  std::uint64_t word_before = 0;  // whether the last byte of the block before is of a word
  for (std::size_t i = 0; i < count; ++i) {
    const auto [words, telling, signs] = blocks[i];
    std::uint64_t soon = telling;  // it, or one of the four behind it
    for (unsigned k = 1; k < 5; ++k) soon |= telling >> k | blocks[i + 1].telling << (kBlock - k);
    marks[i] = signs | (words & ~(words << 1 | word_before) & soon);
    word_before = words >> (kBlock - 1);
  }
}

}  // namespace sfumato
#endif
