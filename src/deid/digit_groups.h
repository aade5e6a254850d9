#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sfumato {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Decimal digits in groups, one separator between two groups, the same everywhere; a space may be two.
struct DigitGroups {
  static constexpr std::size_t kMost = 24;

  std::array<std::uint8_t, kMost> digits;
  std::array<std::uint8_t, kMost> sizes;  ///< of the groups
  std::size_t count = 0, groups = 0;

  std::span<const std::uint8_t> all() const { return {digits.data(), count}; }

  /// The number that the digits from `first` on are.
  unsigned number(std::size_t first, std::size_t size) const {
    unsigned value = 0;
    for (std::size_t i = first; i < first + size; ++i) value = value * 10 + digits[i];
    return value;
  }

  /// Whether the groups have these sizes.
  bool sized(std::initializer_list<std::uint8_t> wanted) const {
    return std::equal(wanted.begin(), wanted.end(), sizes.begin(), sizes.begin() + groups);
  }
};

/// How many bytes the separator has that a text begins with: one of some, or two spaces.
constexpr std::size_t separator_size(std::string_view text, std::string_view separators) noexcept {
  if (text.empty() || separators.find(text[0]) == separators.npos) return 0;
  return text.starts_with("  ") ? 2 : 1;
}

/// None where there is anything else, where a separator stands at an end or differs, or where there are more
/// than `kMost` digits.
inline std::optional<DigitGroups> read_digit_groups(std::string_view text,
                                                    std::string_view separators) noexcept {
  DigitGroups read;
  char separator = 0;
  bool fresh = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_digit(c)) {
      if (read.count == DigitGroups::kMost) return std::nullopt;
      if (fresh) read.sizes[read.groups++] = 0;
      ++read.sizes[read.groups - 1];
      read.digits[read.count++] = static_cast<std::uint8_t>(c - '0');
      fresh = false;
      ++at;
      continue;
    }
    const std::size_t size = separator_size(text.substr(at), separators);
    if (fresh || size == 0 || (separator && c != separator)) return std::nullopt;
    separator = c;
    fresh = true;
    at += size;
  }
  if (fresh) return std::nullopt;
  return read;
}

}  // namespace sfumato
