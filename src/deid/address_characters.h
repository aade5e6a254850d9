#pragma once

#include <string_view>

#include "deid/digit_groups.h"

namespace sfumato {

constexpr bool is_ascii_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || is_ascii_letter(c);
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

/// Of RFC 5322: what a local part is made of, but for dots.
constexpr bool is_atom(char c) noexcept {
  return is_ascii_letter(c) || is_digit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// What of these, but for letters of two bytes, may stand at its ends.
constexpr bool is_local_end(char c) noexcept {
  return is_ascii_letter(c) || is_digit(c) || c == '_' || c == '+' || c == '-';
}

/// Whether a text is what may stand before the `@` of an address for mail, or behind it (see `is_email`).
bool is_mail_local(std::string_view text) noexcept;
bool is_mail_domain(std::string_view text) noexcept;

}  // namespace sfumato
