#include "deid/ff1_lockstep.h"

#include <algorithm>
#include <cstring>

#include "deid/big_endian.h"

namespace sfumato {
namespace {

constexpr unsigned kRounds = 10;

std::uint64_t power(unsigned radix, std::size_t exponent) noexcept {
  std::uint64_t product = 1;
  for (; exponent > 0; --exponent) product *= radix;
  return product;
}

/// The chain over the first block and those of the tweak: all that is the same in every round. The
/// last block has the round's number and that of a half, which fit, since a half has 8 bytes at most.
Block chain_of_tweak(const BlockCipher& cipher, const Ff1Shape& shape, std::string_view tweak) {
  constexpr std::size_t kBlock = sizeof(Block);
  const auto first = shape.first_block(tweak.size());
  std::vector<unsigned char> input(first.begin(), first.end());
  input.insert(input.end(), tweak.begin(), tweak.end());
  while ((input.size() + shape.half_bytes + 1) % kBlock != 0) input.push_back(0);
  input.resize(input.size() + shape.half_bytes + 1);

  Block chain;
  for (std::size_t i = 0; i < input.size(); i += kBlock) {
    Block block;
    std::memcpy(&block, input.data() + i, kBlock);
    chain = chain ^ block;
    if (i + kBlock < input.size()) cipher.encrypt({&chain, 1});
  }
  return chain;
}

}  // namespace

bool Ff1Lockstep::fits(unsigned radix, std::size_t length) noexcept {
  std::uint64_t largest = UINT64_MAX;
  for (std::size_t i = 0; i < length - length / 2; ++i) largest /= radix;
  return largest > 0;
}

Ff1Lockstep::Ff1Lockstep(const BlockCipher& cipher, unsigned radix, std::string_view tweak,
                         std::size_t length)
    : radix_(radix),
      halves_{Half{length / 2, Modulus(power(radix, length / 2))},
              Half{length - length / 2, Modulus(power(radix, length - length / 2))}},
      pair_(std::uint64_t{radix} * radix),
      pair_reciprocal_(UINT64_MAX / pair_),
      pairs_(pair_) {
  const Ff1Shape shape(radix, length);
  wide_ = shape.round_bytes > 8;
  last_ = chain_of_tweak(cipher, shape, tweak);
  // The round's number stands before the half's, in the lower word but where that has 8 bytes.
  round_shift_ = 8 * static_cast<unsigned>(shape.half_bytes);
  for (unsigned i = 0; i < pairs_.size(); ++i)
    pairs_[i] = {static_cast<std::uint8_t>(i / radix), static_cast<std::uint8_t>(i % radix)};
}

std::uint64_t Ff1Lockstep::number_of(const std::uint8_t* numerals,
                                     std::size_t count) const noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) number = number * radix_ + numerals[i];
  return number;
}

// Two numerals at a time; the estimate of a quotient is at most one too small.
void Ff1Lockstep::write(std::uint64_t number, std::uint8_t* numerals,
                        std::size_t count) const noexcept {
  for (; count >= 2; count -= 2) {
    std::uint64_t quotient = high_product(number, pair_reciprocal_);
    std::uint64_t rest = number - quotient * pair_;
    if (rest >= pair_) ++quotient, rest -= pair_;
    std::memcpy(numerals + count - 2, pairs_[rest].data(), 2);
    number = quotient;
  }
  if (count == 1) numerals[0] = static_cast<std::uint8_t>(number);
}

/// y is what the block says, y1 · 2^64 + y0. Where that is 64 bits, radix^m is at most 2^32.
template <bool forward>
void Ff1Lockstep::add_narrow(Half& half, std::span<const Block> blocks) noexcept {
  const std::uint64_t m = half.modulus.divisor(), reciprocal = UINT64_MAX / m;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::uint64_t y = big_endian(blocks[i].high);
    const std::uint64_t rest = y - high_product(y, reciprocal) * m;  // below 2m
    std::uint64_t sum = half.numbers[i] + (forward ? rest : 2 * m - rest);
    sum = sum >= 2 * m ? sum - 2 * m : sum;
    half.numbers[i] = sum >= m ? sum - m : sum;
  }
}

template <bool forward>
void Ff1Lockstep::add_wide(Half& half, std::span<const Block> blocks) noexcept {
  const Modulus modulus = half.modulus;
  const std::uint64_t m = modulus.divisor();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::uint64_t first = big_endian(blocks[i].high);
    const std::uint64_t y1 = m > UINT32_MAX ? first >> 32 : modulus.of(0, first >> 32);
    const std::uint64_t y = modulus.of(y1, first << 32 | big_endian(blocks[i].low) >> 32);
    const std::uint64_t less = forward ? m - y : y;  // what is taken away, modulo radix^m
    const std::uint64_t number = half.numbers[i];
    half.numbers[i] = number - less + (number >= less ? 0 : m);
  }
}

template <bool forward>
void Ff1Lockstep::turn(const BlockCipher& cipher, unsigned round, std::size_t texts) {
  const Half& other = halves_[(round + 1) % 2];
  Block last = last_;
  if (round_shift_ < 64)
    last.low ^= big_endian(std::uint64_t{round} << round_shift_);
  else
    last.high ^= big_endian(round);
  for (std::size_t i = 0; i < texts; ++i)
    blocks_[i] = {last.high, last.low ^ big_endian(other.numbers[i])};
  const std::span<Block> blocks = std::span(blocks_).first(texts);
  cipher.encrypt(blocks);
  Half& changed = halves_[round % 2];
  wide_ ? add_wide<forward>(changed, blocks) : add_narrow<forward>(changed, blocks);
}

template <bool forward>
void Ff1Lockstep::run(const BlockCipher& cipher, Numerals numerals) {
  auto& [left, right] = halves_;
  const std::size_t length = left.length + right.length;
  while (!numerals.empty()) {
    const std::size_t texts = std::min(kTogether, numerals.size() / length);
    for (std::size_t i = 0; i < texts; ++i) {
      const std::uint8_t* const text = numerals.data() + i * length;
      left.numbers[i] = number_of(text, left.length);
      right.numbers[i] = number_of(text + left.length, right.length);
    }
    for (unsigned i = 0; i < kRounds; ++i)
      turn<forward>(cipher, forward ? i : kRounds - 1 - i, texts);
    for (std::size_t i = 0; i < texts; ++i) {
      std::uint8_t* const text = numerals.data() + i * length;
      write(left.numbers[i], text, left.length);
      write(right.numbers[i], text + left.length, right.length);
    }
    numerals = numerals.subspan(texts * length);
  }
}

void Ff1Lockstep::encrypt(const BlockCipher& cipher, Numerals numerals) {
  run<true>(cipher, numerals);
}

void Ff1Lockstep::decrypt(const BlockCipher& cipher, Numerals numerals) {
  run<false>(cipher, numerals);
}

}  // namespace sfumato
