#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aggregate/block_cipher.h"
#include "deid/ff1_definition.h"
#include "deid/modulus.h"

namespace sfumato {

/// FF1 of many texts of one length, whose halves are numbers of 64 bits: a round for all of them at
/// a time.
class Ff1Lockstep {
 public:
  /// Whether radix^⌈length / 2⌉ is below 2^64.
  static bool fits(unsigned radix, std::size_t length) noexcept;

  /// `length` fits.
  Ff1Lockstep(const BlockCipher& cipher, unsigned radix, std::string_view tweak,
              std::size_t length);

  /// `numerals` are texts of the length, one after another.
  void encrypt(const BlockCipher& cipher, Numerals numerals);
  void decrypt(const BlockCipher& cipher, Numerals numerals);

 private:
  static constexpr std::size_t kTogether = 256;

  struct Half {
    std::size_t length;
    Modulus modulus;  // radix^length
    std::array<std::uint64_t, kTogether> numbers{};
  };

  template <bool forward>
  void run(const BlockCipher& cipher, Numerals numerals);
  template <bool forward>
  void turn(const BlockCipher& cipher, unsigned round, std::size_t texts);
  template <bool forward>
  static void add_narrow(Half& half, std::span<const Block> blocks) noexcept;
  template <bool forward>
  static void add_wide(Half& half, std::span<const Block> blocks) noexcept;
  std::uint64_t number_of(const std::uint8_t* numerals, std::size_t count) const noexcept;
  void write(std::uint64_t number, std::uint8_t* numerals, std::size_t count) const noexcept;

  unsigned radix_;
  bool wide_ = false;         // a round adds a number of 12 bytes, not 8
  unsigned round_shift_ = 0;  // where the number of a round stands before that of a half
  Block last_;  // what the last block of every round is XORed to: the chain over all before it
  std::array<Half, 2> halves_;
  std::array<Block, kTogether> blocks_{};
  std::uint64_t pair_;             // radix²
  std::uint64_t pair_reciprocal_;  // ⌊(2^64 - 1) / radix²⌋
  std::vector<std::array<std::uint8_t, 2>> pairs_;
};

}  // namespace sfumato
