#include "base/printable.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sfumato {
namespace {

/// How long a character of UTF-8 is, by its first byte; 0 where none begins so.
std::size_t length_from(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

constexpr CharacterRange kSteering[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},      // control characters
    {0x61c, 0x61c},   {0x200b, 0x200f},  // without width, and marks of direction
    {0x2028, 0x202e}, {0x2060, 0x206f},  // separators of lines, overrides of direction
    {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
};

std::string escaped(std::uint32_t point) {
  char text[16];
  std::snprintf(text, sizeof text, point < 0x100 ? "\\x%02x" : "\\u%04x", unsigned{point});
  return text;
}

}  // namespace

Character first_character(std::string_view text) noexcept {
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = length_from(lead);
  if (bytes == 1) return {lead, 1};
  if (bytes == 0 || bytes > text.size()) return {lead, 0};
  std::uint32_t point = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next >> 6 != 2) return {lead, 0};
    point = point << 6 | (next & 0x3f);
  }
  const bool surrogate = point >= 0xd800 && point < 0xe000;
  if (surrogate || point < kLeast[bytes] || point > 0x10ffff) return {lead, 0};
  return {point, bytes};
}

bool among(std::span<const CharacterRange> ranges, std::uint32_t point) noexcept {
  return std::ranges::any_of(ranges, [point](CharacterRange range) {
    return point >= range.first && point <= range.last;
  });
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto [point, bytes] = first_character(text);
    if (bytes == 0 || among(kSteering, point))
      shown += escaped(point);
    else
      shown += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return shown;
}

}  // namespace sfumato
