#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/printable.h"
#include "deid/digit_groups.h"

namespace sfumato {

constexpr bool is_ascii_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_capital(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

/// Of a letter the capital one; anything else as it is.
constexpr char capital(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr bool is_hexadecimal(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

inline constexpr auto kAlphanumeric = [] {
  std::array<bool, 256> is = {};
  for (std::size_t c = 0; c < 128; ++c)
    is[c] = is_digit(static_cast<char>(c)) || is_ascii_letter(static_cast<char>(c));
  return is;
}();

constexpr bool is_alphanumeric(char c) noexcept {
  return kAlphanumeric[static_cast<unsigned char>(c)];
}

/// The character that some bytes, which are one in UTF-8, are.
constexpr std::uint32_t decoded(std::string_view bytes) noexcept {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return lead;
  std::uint32_t character = lead & (0x7Fu >> bytes.size());
  for (const char byte : bytes.substr(1))
    character = character << 6 | (static_cast<unsigned char>(byte) & 0x3Fu);
  return character;
}

/// Of the letter that a text begins with, of A-Z, a-z or U+00C0 to U+053F (Latin, Greek, Cyrillic) in UTF-8:
/// how many bytes it has; 0 where there is none.
constexpr std::size_t letter_size(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (is_ascii_letter(text[0])) return 1;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0xC3 || lead > 0xD4 || text.size() < 2) return 0;
  const auto next = static_cast<unsigned char>(text[1]);
  const bool sign = lead == 0xC3 && (next == 0x97 || next == 0xB7);  // × and ÷
  return (next & 0xC0) == 0x80 && !sign ? 2 : 0;
}

/// The same of letters of addresses for mail (RFC 6531): those, and of Latin and Greek with more accents (U+1E00 to U+1FFF),
/// of Armenian to Sinhala (U+0540 to U+0DFF) and of Georgian.
constexpr std::size_t mail_letter_size(std::string_view text) noexcept {
  const std::size_t size = letter_size(text);
  if (size > 0 || text.size() < 2) return size;
  const auto lead = static_cast<unsigned char>(text[0]), next = static_cast<unsigned char>(text[1]);
  if (lead >= 0xD5 && lead <= 0xDF) {
    const std::uint32_t letter = decoded(text.substr(0, 2));
    // Signs and punctuation of Armenian, Hebrew, Arabic and Syriac.
    const bool mark = letter == 0x589 || letter == 0x58A || letter == 0x5BE || letter == 0x5C3 ||
                      letter == 0x60C || letter == 0x61B || letter == 0x61F || letter == 0x6D4 ||
                      (letter >= 0x66A && letter <= 0x66D) || (letter >= 0x700 && letter <= 0x70D);
    return mark ? 0 : 2;
  }
  if (text.size() < 3) return 0;
  const auto last = static_cast<unsigned char>(text[2]);
  const bool danda = lead == 0xE0 && next == 0xA5 && (last == 0xA4 || last == 0xA5);
  const bool letter = (lead == 0xE0 && next >= 0xA0 && next <= 0xB7 && !danda) ||
                      (lead == 0xE1 && (next >= 0xB8 || next == 0x83)) ||
                      (lead == 0xE1 && next == 0x82 && last >= 0xA0);
  return letter ? 3 : 0;
}

/// The same of letters of scripts that are written without spaces, or whose endings touch what stands before: Thai, Lao, Tibetan,
/// Burmese, Ethiopic, Khmer, Mongolian, Chinese, Japanese, Yi and Korean.
constexpr std::size_t unspaced_letter_size(std::string_view text) noexcept {
  constexpr CharacterRange kLetters[] = {
      {0x0E01, 0x0E3A}, {0x0E40, 0x0E4E},  {0x0E81, 0x0ECD}, {0x0EDC, 0x0EDF}, {0x0F40, 0x0FBC},
      {0x1000, 0x1049}, {0x1050, 0x109D},  {0x1100, 0x11FF}, {0x1200, 0x135F}, {0x1380, 0x138F},
      {0x1780, 0x17D3}, {0x1820, 0x18AA},  {0x3005, 0x3007}, {0x3041, 0x309F}, {0x30A1, 0x30FA},
      {0x30FC, 0x30FF}, {0x3105, 0x312F},  {0x3131, 0x318E}, {0x31A0, 0x31BF}, {0x31F0, 0x31FF},
      {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},  {0xA000, 0xA48C}, {0xA960, 0xA97C}, {0xAC00, 0xD7FB},
      {0xF900, 0xFAFF}, {0x20000, 0x3FFFD}};
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 0;
  if (size == 0 || text.size() < size) return 0;
  for (const char c : text.substr(1, size - 1))
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) return 0;
  const std::uint32_t letter = decoded(text.substr(0, size));
  for (const CharacterRange& span : kLetters)
    if (letter >= span.first && letter <= span.last) return size;
  return 0;
}

/// The same of either.
constexpr std::size_t address_letter_size(std::string_view text) noexcept {
  return std::max(mail_letter_size(text), unspaced_letter_size(text));
}

/// Of RFC 5322: what a local part is made of, but for dots.
constexpr bool is_atom(char c) noexcept {
  return is_ascii_letter(c) || is_digit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// What of these, but for letters beyond ASCII, may stand at its ends.
constexpr bool is_local_end(char c) noexcept {
  return is_ascii_letter(c) || is_digit(c) || c == '_' || c == '+' || c == '-';
}

/// Whether a text is what may stand before the `@` of an address for mail, or behind it (see `is_email`).
bool is_mail_local(std::string_view text) noexcept;
bool is_mail_domain(std::string_view text) noexcept;

}  // namespace sfumato
