#include "io/text_check.h"

#include <cstdint>
#include <cstring>

namespace sfumato {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kTops = 0x8080808080808080;

/// Eight bytes of which each lies in 0x01 … 0x7F: none has its top bit set, and none is zero.
bool is_plain(const char* bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return ((word | (word - kOnes)) & kTops) == 0;
}

}  // namespace

bool TextCheck::feed(std::string_view bytes) noexcept {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    if (pending_ == 0 && end - at >= 8 && is_plain(at)) {
      at += 8;
    } else if (!step(static_cast<unsigned char>(*at++))) {
      return false;
    }
  }
  return true;
}

bool TextCheck::step(unsigned char byte) noexcept {
  if (pending_ == 0) return lead(byte);
  if (byte < low_ || byte > high_) return false;
  low_ = 0x80, high_ = 0xBF;
  --pending_;
  return true;
}

/// The first byte of a character says how many follow and, at the edges, which the second may be
/// (Unicode standard, table 3-7).
bool TextCheck::lead(unsigned char byte) noexcept {
  if (byte < 0x80) return byte != 0;
  if (byte < 0xC2 || byte > 0xF4) return false;
  pending_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) low_ = 0xA0;
  if (byte == 0xED) high_ = 0x9F;
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;
  return true;
}

}  // namespace sfumato
