#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sfumato {

/// How many bytes the character has that begins here. `text`, which is UTF-8, is not empty.
inline std::size_t character_size(std::string_view text) noexcept {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

/// How many characters a UTF-8 text has.
inline std::size_t characters_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

/// Takes the first character off a text that is not empty.
inline std::string_view take_character(std::string_view& text) noexcept {
  const std::string_view first = text.substr(0, character_size(text));
  text.remove_prefix(first.size());
  return first;
}

}  // namespace sfumato
