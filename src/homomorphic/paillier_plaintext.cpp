#include "sfumato/homomorphic/paillier_plaintext.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "random/wipe.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

/// a where a < b, else b, by no branch.
std::int64_t lesser(std::int64_t a, std::int64_t b) noexcept {
  const auto mask = static_cast<std::int64_t>((int128{a} - b) >> 64);
  return (a & mask) | (b & ~mask);
}

std::int64_t cut(std::int64_t value, std::int64_t bound) noexcept {
  // -(value + 1) is ~value: not even the least number has an opposite that is too large.
  return ~lesser(~lesser(value, bound), bound - 1);
}

}  // namespace

PaillierPlaintext::PaillierPlaintext(std::int64_t number)
    : words_{static_cast<std::uint64_t>(number)} {}

PaillierPlaintext::PaillierPlaintext(std::vector<std::uint64_t> words) : words_(std::move(words)) {
  if (words_.empty()) words_.push_back(0);
}

PaillierPlaintext& PaillierPlaintext::operator=(PaillierPlaintext&& other) noexcept {
  std::swap(words_, other.words_);
  return *this;
}

PaillierPlaintext::~PaillierPlaintext() {
  wipe(words_.data(), words_.size() * sizeof(std::uint64_t));
}

std::optional<std::int64_t> PaillierPlaintext::number() const noexcept {
  const auto low = static_cast<std::int64_t>(words_.front());
  const std::uint64_t sign = static_cast<std::uint64_t>(low >> 63);
  for (const std::uint64_t word : std::span(words_).subspan(1))
    if (word != sign) return std::nullopt;
  return low;
}

// The 64 highest bits of the magnitude, the lowest of them set where any below it is: rounded once, to 53.
double PaillierPlaintext::times_two_to(int exponent) const noexcept {
  const bool negative = words_.back() >> 63 != 0;
  std::vector<std::uint64_t> magnitude(words_);
  std::uint64_t carry = negative ? 1 : 0;
  for (std::uint64_t& word : magnitude) {
    word = (negative ? ~word : word) + carry;
    carry = carry != 0 && word == 0 ? 1 : 0;
  }
  std::size_t top = magnitude.size();
  while (top > 1 && magnitude[top - 1] == 0) --top;
  std::uint64_t high = magnitude[top - 1];
  const int shift = std::countl_zero(high);
  bool rest = false;
  if (top > 1) {
    const std::uint64_t next = magnitude[top - 2];
    if (shift != 0) high = high << shift | next >> (64 - shift);
    rest = (next << shift) != 0;
    for (std::size_t i = 0; i + 2 < top; ++i) rest = rest || magnitude[i] != 0;
    exponent += static_cast<int>(64 * (top - 1)) - shift;
  }
  wipe(magnitude.data(), magnitude.size() * sizeof(std::uint64_t));
  const double value = std::ldexp(static_cast<double>(high | (rest ? 1 : 0)), exponent);
  return negative ? -value : value;
}

Result<PaillierPacking> PaillierPacking::make(const PackingTerms& terms) {
  if (terms.key_bits < 2048)
    return Error{Errc::invalid_parameter, "key bits", "must be 2,048 at least"};
  constexpr std::int64_t kMost = std::int64_t{1} << 61;
  if (terms.bound < 1 || terms.addends < 1 || terms.bound >= kMost ||
      terms.addends >= static_cast<std::uint64_t>(kMost) ||
      int128{terms.bound} * static_cast<std::int64_t>(terms.addends) >= kMost)
    return Error{Errc::invalid_parameter, "bound times addends", "must be from 1 to 2^61 - 1"};
  PaillierPacking packing;
  packing.bound_ = terms.bound;
  packing.most_ = terms.bound * static_cast<std::int64_t>(terms.addends);
  packing.width_ =
      static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(packing.most_))) + 1;
  packing.capacity_ = (terms.key_bits - 3) / packing.width_;  // sums below 2^(bits - 3) < n/3
  packing.words_ = (packing.capacity_ * packing.width_ + 1 + 63) / 64;
  return packing;
}

// Digits of the two's complement, from the least significant on: a negative value borrows from the next.
Result<PaillierPlaintext> PaillierPacking::pack(std::span<const std::int64_t> values) const {
  if (values.size() > capacity_)
    return Error{Errc::invalid_parameter, "values",
                 "must be at most " + std::to_string(capacity_) + " in one plaintext"};
  std::vector<std::uint64_t> words(words_);
  const std::uint64_t digit_mask = (std::uint64_t{1} << width_) - 1;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < capacity_; ++i) {
    const std::int64_t value = (i < values.size() ? cut(values[i], bound_) : 0) + borrow;
    borrow = value >> 63;
    const std::uint64_t digit = static_cast<std::uint64_t>(value) & digit_mask;
    const std::size_t at = i * width_;
    words[at / 64] |= digit << at % 64;
    if (at % 64 + width_ > 64) words[at / 64 + 1] |= digit >> (64 - at % 64);
  }
  const std::size_t end = capacity_ * width_;
  const auto sign = static_cast<std::uint64_t>(borrow);
  words[end / 64] |= sign << end % 64;
  for (std::size_t i = end / 64 + 1; i < words.size(); ++i) words[i] = sign;
  return PaillierPlaintext(std::move(words));
}

Result<std::vector<std::int64_t>> PaillierPacking::unpack(const PaillierPlaintext& sum) const {
  const auto words = sum.words();
  const auto sign = words.back() >> 63 != 0 ? ~std::uint64_t{0} : 0;
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : sign; };
  const auto bits_at = [&](std::size_t at) {
    const std::uint64_t low = word(at / 64) >> at % 64;
    return at % 64 == 0 ? low : low | word(at / 64 + 1) << (64 - at % 64);
  };
  const Error wrong{Errc::refused, "plaintext",
                    "must be a sum of no more addends of this layout than it has room for"};
  std::vector<std::int64_t> values;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < capacity_; ++i) {
    const auto unsigned_digit = bits_at(i * width_) << (64 - width_);
    const std::int64_t value =
        (static_cast<std::int64_t>(unsigned_digit) >> (64 - width_)) + borrow;
    borrow = static_cast<std::int64_t>(unsigned_digit >> 63);
    if (value > most_ || value < -most_) return wrong;
    values.push_back(value);
  }
  // What is left above has to be the borrow's opposite.
  const std::uint64_t left = borrow != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t at = capacity_ * width_; at < 64 * words.size(); at += 64)
    if (bits_at(at) != left) return wrong;
  return values;
}

}  // namespace sfumato
