#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "aggregate/block_cipher.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// x · 2 in the field of 2^128 elements that CMAC and SIV take (RFC 4493, section 2.3).
Block doubled(const Block& block) noexcept;

/// The first 16 bytes.
inline Block block_at(const char* bytes) noexcept {
  Block block;
  std::memcpy(&block, bytes, sizeof block);
  return block;
}

/// Bytes that are no full block, and zeros.
Block filled_up(std::string_view bytes) noexcept;

/// Bytes that are no full block, a one bit, and zeros.
Block padded(std::string_view bytes) noexcept;

/// AES-CMAC, for many texts side by side.
class MacChain {
 public:
  static Result<MacChain> make(std::span<const unsigned char> key);

  MacChain copy() const { return {cipher_.copy(), whole_, partial_}; }

  Block tag(std::string_view text) const;

  /// As many of both.
  void tags(std::span<const std::string_view> texts, std::span<Block> tags) const;

  /// The same of texts that are one block each: a block becomes its tag.
  void tag_blocks(std::span<Block> texts) const;

 private:
  MacChain(BlockCipher cipher, const Block& whole, const Block& partial) noexcept
      : cipher_(std::move(cipher)), whole_(whole), partial_(partial) {}

  Block part(std::string_view text, std::size_t place) const noexcept;
  void side_by_side(std::span<const std::string_view> texts, std::span<Block> tags) const;

  BlockCipher cipher_;
  Block whole_;    // what a last block is XORed with: K1 where it is full,
  Block partial_;  // K2 where it is not
};

}  // namespace sfumato
