#include "table/packed_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

constexpr std::size_t kWithin = 15;  // bytes beside the last one
constexpr std::size_t kMostHexadecimal = 2 * kWithin;
constexpr std::size_t kMostLetters = 8 * kWithin / 6;

/// The last byte: a length on top of these, or in its two highest bits one of the forms of a UUID.
constexpr unsigned kHexadecimal = 32, kLetters = 64;
constexpr unsigned kPlainUuid = 2, kHyphenedUuid = 3;

constexpr std::uint8_t kNone = 64;

/// Hexadecimal digits come first, and have their value.
constexpr std::array<std::uint8_t, 256> codes() {
  constexpr std::string_view kAlphabet =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  std::array<std::uint8_t, 256> made{};
  made.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    made[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return made;
}

constexpr std::array<std::uint8_t, 256> kCodes = codes();

std::uint8_t code_of(char letter) noexcept {
  return kCodes[static_cast<unsigned char>(letter)];
}

/// The letters' codes one after another; none where one of them has more than `bits` bits.
std::optional<uint128> number_of(std::string_view letters, unsigned bits) noexcept {
  uint128 number = 0;
  for (const char letter : letters) {
    const std::uint8_t code = code_of(letter);
    if (code >> bits != 0) return std::nullopt;
    number = number << bits | code;
  }
  return number;
}

PackedId packed(uint128 number, unsigned last) noexcept {
  PackedId bytes;
  for (std::size_t i = 0; i < kWithin; ++i)
    bytes[i] = static_cast<unsigned char>(number >> (8 * i));
  bytes[kWithin] = static_cast<unsigned char>(last);
  return bytes;
}

/// The variant, of which two bits are fixed, has its place in the last byte: there they say which form it is.
std::optional<PackedId> pack_uuid(std::string_view digits, unsigned form) noexcept {
  constexpr std::size_t kVariant = 16;
  const auto before = number_of(digits.substr(0, kVariant), 4);
  const auto after = number_of(digits.substr(kVariant), 4);
  if (!before || !after || *after >> 62 != 2) return std::nullopt;
  const uint128 free = *before << 62 | (*after & ((uint128{1} << 62) - 1));
  return packed(free, static_cast<unsigned>(free >> (8 * kWithin)) | form << 6);
}

}  // namespace

std::optional<PackedId> pack_id(std::string_view id) noexcept {
  constexpr std::size_t kUuidDigits = 32, kUuidLetters = 36;
  if (id.size() <= kWithin) return std::nullopt;
  if (id.size() == kUuidDigits) return pack_uuid(id, kPlainUuid);
  if (id.size() == kUuidLetters) {
    std::array<char, kUuidDigits> digits{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < id.size(); ++i) {
      const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      if (hyphen != (id[i] == '-')) return std::nullopt;
      if (!hyphen) digits[count++] = id[i];
    }
    return pack_uuid({digits.data(), count}, kHyphenedUuid);
  }
  if (id.size() > kMostHexadecimal) return std::nullopt;
  const auto length = static_cast<unsigned>(id.size());
  if (const auto number = number_of(id, 4)) return packed(*number, kHexadecimal + length);
  if (id.size() > kMostLetters) return std::nullopt;
  const auto number = number_of(id, 6);
  if (!number) return std::nullopt;
  return packed(*number, kLetters + length);
}

}  // namespace sfumato
