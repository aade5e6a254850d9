#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sfumato {

struct Character {
  std::uint32_t point;
  std::size_t bytes;  ///< 0 where the text does not begin with UTF-8
};

/// The first character of `text`, which is not empty; surrogates and overlong forms are none.
Character first_character(std::string_view text) noexcept;

struct CharacterRange {
  std::uint32_t first, last;
};

bool among(std::span<const CharacterRange> ranges, std::uint32_t point) noexcept;

/// `text` with all escaped that could steer a terminal or reorder what it shows: control characters,
/// marks of direction, bytes that are not UTF-8. Other text stays.
std::string printable(std::string_view text);

}  // namespace sfumato
