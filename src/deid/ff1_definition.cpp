#include "deid/ff1_definition.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace sfumato {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr unsigned kRounds = 10;

/// The number whose digits in base `radix` are `numerals`, as `size` bytes, the highest first.
Bytes bytes_of(std::span<const std::uint8_t> numerals, unsigned radix, std::size_t size) {
  Bytes bytes(size);
  for (unsigned carry : numerals)
    for (std::size_t i = size; i-- > 0; carry >>= 8) {
      carry += bytes[i] * radix;
      bytes[i] = static_cast<unsigned char>(carry);
    }
  return bytes;
}

/// Its digits in base `radix`, the lowest so many of them.
std::vector<std::uint8_t> numerals_of(const Bytes& bytes, unsigned radix, std::size_t count) {
  std::vector<std::uint8_t> numerals(count);
  for (unsigned carry : bytes)
    for (std::size_t i = count; i-- > 0; carry /= radix) {
      carry += numerals[i] * 256u;
      numerals[i] = static_cast<std::uint8_t>(carry % radix);
    }
  return numerals;
}

/// Adds modulo radix^m, m = the number of numerals.
void add(Numerals to, std::span<const std::uint8_t> what, unsigned radix) {
  for (unsigned carry = 0, i = static_cast<unsigned>(to.size()); i-- > 0; carry /= radix) {
    carry += to[i] + unsigned{what[i]};
    to[i] = static_cast<std::uint8_t>(carry % radix);
  }
}

void subtract(Numerals from, std::span<const std::uint8_t> what, unsigned radix) {
  for (unsigned borrow = 0, i = static_cast<unsigned>(from.size()); i-- > 0;) {
    const unsigned less = what[i] + borrow;
    borrow = from[i] < less;
    from[i] = static_cast<std::uint8_t>(from[i] + borrow * radix - less);
  }
}

Block encrypted(const BlockCipher& cipher, Block block) {
  cipher.encrypt({&block, 1});
  return block;
}

Block block_at(const Bytes& bytes, std::size_t place) {
  Block block;
  std::memcpy(&block, bytes.data() + place, sizeof block);
  return block;
}

/// PRF: the last block of CBC with an initial vector of zeros.
Block chained(const BlockCipher& cipher, const Bytes& bytes) {
  Block last;
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(Block))
    last = encrypted(cipher, last ^ block_at(bytes, i));
  return last;
}

/// The text of one call, and what its rounds need.
struct Feistel {
  Feistel(const BlockCipher& aes, unsigned base, std::string_view with, Numerals text)
      : cipher(aes),
        radix(base),
        shape(base, text.size()),
        tweak(with),
        halves{text.first(shape.left), text.subspan(shape.left)} {}

  /// y mod radix^m of round i, m numerals (steps 6i to 6v): `from` is the half that stays.
  std::vector<std::uint8_t> round_number(unsigned i, std::span<const std::uint8_t> from) const {
    const auto first = shape.first_block(tweak.size());
    Bytes input(first.begin(), first.end());
    input.insert(input.end(), tweak.begin(), tweak.end());
    while ((input.size() + shape.half_bytes + 1) % sizeof(Block) != 0) input.push_back(0);
    input.push_back(static_cast<unsigned char>(i));
    const Bytes half = bytes_of(from, radix, shape.half_bytes);
    input.insert(input.end(), half.begin(), half.end());

    const Block r = chained(cipher, input);
    Bytes stream;
    for (unsigned char j = 0; stream.size() < shape.round_bytes; ++j) {
      Bytes counter(sizeof(Block));
      counter.back() = j;
      const Block block = j == 0 ? r : encrypted(cipher, r ^ block_at(counter, 0));
      const auto* const bytes = reinterpret_cast<const unsigned char*>(&block);
      stream.insert(stream.end(), bytes, bytes + sizeof block);
    }
    stream.resize(shape.round_bytes);
    return numerals_of(stream, radix, halves[i % 2].size());
  }

  const BlockCipher& cipher;
  unsigned radix;
  Ff1Shape shape;
  std::string_view tweak;
  Numerals halves[2];  // A and B: instead of being exchanged they take turns
};

}  // namespace

Ff1Shape::Ff1Shape(unsigned base, std::size_t length)
    : radix(base), left(length / 2), right(length - left) {
  // ⌈v·log2 radix⌉ is the number of bits of radix^v - 1, whose digits are all radix - 1.
  const std::vector<std::uint8_t> highest(right, static_cast<std::uint8_t>(radix - 1));
  const Bytes bytes = bytes_of(highest, radix, right);
  const auto first = std::ranges::find_if(bytes, [](unsigned char byte) { return byte != 0; });
  half_bytes = static_cast<std::size_t>(bytes.end() - first);
  round_bytes = 4 * ((half_bytes + 3) / 4) + 4;
}

std::array<unsigned char, 16> Ff1Shape::first_block(std::size_t tweak_size) const {
  const std::size_t length = left + right;
  const auto byte = [](std::size_t value, unsigned shift) {
    return static_cast<unsigned char>(value >> shift);
  };
  return {1,
          2,
          1,
          0,
          byte(radix, 8),
          byte(radix, 0),
          kRounds,
          byte(left, 0),
          byte(length, 24),
          byte(length, 16),
          byte(length, 8),
          byte(length, 0),
          byte(tweak_size, 24),
          byte(tweak_size, 16),
          byte(tweak_size, 8),
          byte(tweak_size, 0)};
}

void ff1_encrypt(const BlockCipher& cipher, unsigned radix, std::string_view tweak, Numerals text) {
  const Feistel feistel(cipher, radix, tweak, text);
  for (unsigned i = 0; i < kRounds; ++i)
    add(feistel.halves[i % 2], feistel.round_number(i, feistel.halves[(i + 1) % 2]), radix);
}

void ff1_decrypt(const BlockCipher& cipher, unsigned radix, std::string_view tweak, Numerals text) {
  const Feistel feistel(cipher, radix, tweak, text);
  for (unsigned i = kRounds; i-- > 0;)
    subtract(feistel.halves[i % 2], feistel.round_number(i, feistel.halves[(i + 1) % 2]), radix);
}

}  // namespace sfumato
