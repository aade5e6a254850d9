#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aggregate/block_cipher.h"

namespace sfumato {

/// What FF1 derives from radix and length alone (NIST SP 800-38G, algorithm 7, steps 1, 3, 4, 5).
struct Ff1Shape {
  Ff1Shape(unsigned radix, std::size_t length);

  /// P: what the first block of every round holds.
  std::array<unsigned char, 16> first_block(std::size_t tweak_size) const;

  unsigned radix;
  std::size_t left;         ///< u: numerals of the first half
  std::size_t right;        ///< v: of the second
  std::size_t half_bytes;   ///< b: of the number that a half is
  std::size_t round_bytes;  ///< d: of the number that a round adds
};

using Numerals = std::span<std::uint8_t>;

/// FF1 as the standard writes it, for any length from 2 up: what the fast path is compared with, and
/// what longer texts take.
///
/// Origin  NIST SP 800-38G (2016), algorithms 7 and 8
void ff1_encrypt(const BlockCipher& cipher, unsigned radix, std::string_view tweak, Numerals text);
void ff1_decrypt(const BlockCipher& cipher, unsigned radix, std::string_view tweak, Numerals text);

}  // namespace sfumato
