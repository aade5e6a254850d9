#include "deid/mac_chain.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "deid/big_endian.h"

namespace sfumato {
namespace {

constexpr std::size_t kBlock = sizeof(Block);
constexpr std::size_t kTogether = 256;

}  // namespace

Block doubled(const Block& block) noexcept {
  const std::uint64_t high = big_endian(block.high), low = big_endian(block.low);
  return {big_endian(high << 1 | low >> 63), big_endian(low << 1 ^ (high >> 63) * 0x87)};
}

// Two loads of one size, of the first and the last bytes, meet in the middle; a call of memcpy with a
// size that varies takes longer than the cipher.
Block filled_up(std::string_view bytes) noexcept {
  const char* const data = bytes.data();
  const std::size_t size = bytes.size();
  const auto load = [data](auto word, std::size_t at) {
    std::memcpy(&word, data + at, sizeof word);
    return std::uint64_t{word};
  };
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
  if (size >= 8) {
    const std::uint64_t last = load(std::uint64_t{}, size - 8);
    return {load(std::uint64_t{}, 0), size == 8 ? 0 : last >> 8 * (16 - size)};
  }
  if (size >= 4)
    return {load(std::uint32_t{}, 0) | load(std::uint32_t{}, size - 4) << 8 * (size - 4), 0};
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) word |= load(std::uint8_t{}, i) << 8 * i;
  return {word, 0};
}

Block padded(std::string_view bytes) noexcept {
  Block block = filled_up(bytes);
  const std::uint64_t one = std::uint64_t{0x80} << 8 * (bytes.size() % 8);
  (bytes.size() < 8 ? block.high : block.low) |= one;
  return block;
}

Result<MacChain> MacChain::make(std::span<const unsigned char> key) {
  auto cipher = BlockCipher::of(key);
  if (!cipher) return cipher.error();
  Block zero;
  cipher->encrypt({&zero, 1});
  const Block whole = doubled(zero);
  return MacChain(*std::move(cipher), whole, doubled(whole));
}

/// Of a text what is XORed to the chain at `place`, which is within it, or 0.
Block MacChain::part(std::string_view text, std::size_t place) const noexcept {
  const std::size_t rest = text.size() - place;
  if (rest > kBlock) return block_at(text.data() + place);
  if (rest == kBlock) return block_at(text.data() + place) ^ whole_;
  return padded(text.substr(place)) ^ partial_;
}

void MacChain::side_by_side(std::span<const std::string_view> texts, std::span<Block> tags) const {
  std::array<Block, kTogether> chains{};
  std::array<std::uint32_t, kTogether> whose;
  std::size_t active = texts.size();
  for (std::uint32_t i = 0; i < active; ++i) whose[i] = i;
  for (std::size_t place = 0; active > 0; place += kBlock) {
    for (std::size_t i = 0; i < active; ++i) chains[i] = chains[i] ^ part(texts[whose[i]], place);
    cipher_.encrypt(std::span(chains).first(active));
    std::size_t longer = 0;
    for (std::size_t i = 0; i < active; ++i) {
      if (texts[whose[i]].size() <= place + kBlock) {
        tags[whose[i]] = chains[i];
        continue;
      }
      chains[longer] = chains[i];
      whose[longer++] = whose[i];
    }
    active = longer;
  }
}

void MacChain::tags(std::span<const std::string_view> texts, std::span<Block> tags) const {
  while (!texts.empty()) {
    const std::size_t some = std::min(kTogether, texts.size());
    side_by_side(texts.first(some), tags.first(some));
    texts = texts.subspan(some);
    tags = tags.subspan(some);
  }
}

void MacChain::tag_blocks(std::span<Block> texts) const {
  for (Block& text : texts) text = text ^ whole_;
  cipher_.encrypt(texts);
}

Block MacChain::tag(std::string_view text) const {
  Block block;
  tags({&text, 1}, {&block, 1});
  return block;
}

}  // namespace sfumato
