#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sfumato/base/dyadic.h"

namespace sfumato {

/// A number modulo the prime p = 2^256 - 2^224 + 2^192 + 2^96 - 1 of P-256, as its product with 2^256, least
/// significant word first. For points that everybody may see: OpenSSL's own would be called a thousand times
/// as often as it gives points.
class FieldElement {
 public:
  constexpr FieldElement() = default;

  /// Of 32 bytes, most significant first, below p.
  static FieldElement of(std::span<const unsigned char, 32> bytes) noexcept {
    FieldElement plain;
    for (std::size_t i = 0; i < 32; ++i)
      plain.words_[3 - i / 8] |= std::uint64_t{bytes[i]} << (56 - 8 * (i % 8));
    return plain * kSquare;
  }
  static FieldElement one() noexcept { return kOne; }

  /// What `of` reads.
  constexpr std::array<unsigned char, 32> bytes() const noexcept {
    FieldElement unit;
    unit.words_[0] = 1;
    const FieldElement plain = *this * unit;
    std::array<unsigned char, 32> bytes{};
    for (std::size_t i = 0; i < 32; ++i)
      bytes[i] = static_cast<unsigned char>(plain.words_[3 - i / 8] >> (56 - 8 * (i % 8)));
    return bytes;
  }

  constexpr std::uint64_t word(std::size_t i) const noexcept { return words_[i]; }
  constexpr bool is_zero() const noexcept { return *this == FieldElement(); }

  friend constexpr bool operator==(const FieldElement&, const FieldElement&) = default;

  friend constexpr FieldElement operator+(const FieldElement& a, const FieldElement& b) noexcept {
    FieldElement sum;
    uint128 carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += uint128{a.words_[i]} + b.words_[i];
      sum.words_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return reduced(sum, static_cast<std::uint64_t>(carry));
  }

  friend constexpr FieldElement operator-(const FieldElement& a, const FieldElement& b) noexcept {
    FieldElement difference;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const uint128 word = uint128{a.words_[i]} - b.words_[i] - borrow;
      difference.words_[i] = static_cast<std::uint64_t>(word);
      borrow = static_cast<std::uint64_t>(word >> 64) & 1;
    }
    uint128 carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += uint128{difference.words_[i]} + (kPrime[i] & (0 - borrow));
      difference.words_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return difference;
  }

  /// a·b / 2^256 of the words.
  friend constexpr FieldElement operator*(const FieldElement& a, const FieldElement& b) noexcept {
    std::array<std::uint64_t, 5> sum{};
    add_product(sum, b.words_, a.words_[0]);
    add_product(sum, b.words_, a.words_[1]);
    add_product(sum, b.words_, a.words_[2]);
    add_product(sum, b.words_, a.words_[3]);
    FieldElement product;
    product.words_ = {sum[0], sum[1], sum[2], sum[3]};
    return reduced(product, sum[4]);
  }

  /// 0 for 0: by Fermat, x^(p-2).
  FieldElement inverse() const noexcept {
    FieldElement power = one();
    for (std::size_t bit = 256; bit-- > 0;) {
      power = power * power;
      const std::uint64_t word = bit < 64 ? kPrime[0] - 2 : kPrime[bit / 64];
      if ((word >> bit % 64 & 1) != 0) power = power * *this;
    }
    return power;
  }

 private:
  using Words = std::array<std::uint64_t, 4>;
  static constexpr Words kPrime{0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};

  /// Into a word: what is given and the carry. The carry that comes of it.
  static constexpr std::uint64_t add_into(std::uint64_t& word, uint128 given,
                                          std::uint64_t carry) noexcept {
    const uint128 sum = given + word + carry;
    word = static_cast<std::uint64_t>(sum);
    return static_cast<std::uint64_t>(sum >> 64);
  }

  /// (sum + factor·words + m·p) / 2^64, where m makes the lowest word 0: that is the lowest word itself, since
  /// p is -1 modulo 2^64. And m·p = m·(2^96 + 2^192·p₃) - m, where p₃ is the highest word of p. Written out,
  /// as compilers leave loops of four as they are.
  static constexpr void add_product(std::array<std::uint64_t, 5>& sum, const Words& words,
                                    std::uint64_t factor) noexcept {
    std::uint64_t lowest = sum[0], a = sum[1], b = sum[2], c = sum[3], d = sum[4], e = 0;
    std::uint64_t carry = add_into(lowest, uint128{words[0]} * factor, 0);
    carry = add_into(a, uint128{words[1]} * factor, carry);
    carry = add_into(b, uint128{words[2]} * factor, carry);
    carry = add_into(c, uint128{words[3]} * factor, carry);
    e = add_into(d, 0, carry);
    carry = add_into(a, lowest << 32, 0);
    carry = add_into(b, lowest >> 32, carry);
    carry = add_into(c, uint128{kPrime[3]} * lowest, carry);
    e += add_into(d, 0, carry);
    sum = {a, b, c, d, e};
  }

  /// What is below 2p, with its 257th bit, below p.
  static constexpr FieldElement reduced(const FieldElement& whole, std::uint64_t above) noexcept {
    FieldElement less;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const uint128 word = uint128{whole.words_[i]} - kPrime[i] - borrow;
      less.words_[i] = static_cast<std::uint64_t>(word);
      borrow = static_cast<std::uint64_t>(word >> 64) & 1;
    }
    return above >= borrow ? less : whole;
  }

  /// 2^exponent modulo p as it is.
  static constexpr FieldElement two_to(unsigned exponent) noexcept {
    FieldElement power;
    power.words_[0] = 1;
    for (unsigned i = 0; i < exponent; ++i) power = power + power;
    return power;
  }

  static const FieldElement kOne, kSquare;  // 2^256, and what multiplies a number by it

  Words words_{};
};

inline constexpr FieldElement FieldElement::kOne = FieldElement::two_to(256);
inline constexpr FieldElement FieldElement::kSquare = FieldElement::two_to(512);

/// Puts each one's inverse in its place, by one inversion for all: none may be 0. `before` has room for as
/// many.
inline void invert_all(std::span<FieldElement> elements, std::span<FieldElement> before) noexcept {
  FieldElement product = FieldElement::one();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    before[i] = product;
    product = product * elements[i];
  }
  FieldElement rest = product.inverse();
  for (std::size_t i = elements.size(); i-- > 0;) {
    const FieldElement inverse = rest * before[i];
    rest = rest * elements[i];
    elements[i] = inverse;
  }
}

}  // namespace sfumato
