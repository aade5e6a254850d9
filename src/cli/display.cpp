#include "cli/display.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>

namespace sfumato {
namespace {

constexpr double kWholeBelow = 9007199254740992.0;  // 2^53
constexpr double kPlainBelow = 1e15;  // larger numbers are shown as `shortest` has them
constexpr int kMostPlaces = 15;

double read(const std::string& text) {
  double x = 0;
  std::from_chars(text.data(), text.data() + text.size(), x);
  return x;
}

std::string fixed(double x, int places) {
  std::string text = fmt::format("{:.{}f}", x, places);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text.front() == '-' ? text.substr(1) : text;
}

struct Character {
  std::uint32_t point;
  std::size_t bytes;  ///< 0 where the text does not begin with UTF-8
};

/// How long a character of UTF-8 is, by its first byte; 0 where none begins so.
std::size_t length_from(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// The first character of `text`, which is not empty; surrogates and overlong forms are none.
Character first_character(std::string_view text) {
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

struct Range {
  std::uint32_t first, last;
};

constexpr Range kSteering[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},      // control characters
    {0x61c, 0x61c},   {0x200b, 0x200f},  // without width, and marks of direction
    {0x2028, 0x202e}, {0x2060, 0x206f},  // separators of lines, overrides of direction
    {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
};

/// What a terminal shows in two columns: East Asian wide and fullwidth characters, and pictures.
constexpr Range kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                           {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                           {0xff01, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                           {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

/// Marks on the character before.
constexpr Range kCombining[] = {
    {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};

bool among(std::span<const Range> ranges, std::uint32_t point) {
  return std::ranges::any_of(
      ranges, [point](Range range) { return point >= range.first && point <= range.last; });
}

std::string escaped(std::uint32_t point) {
  return point < 0x100 ? fmt::format("\\x{:02x}", point) : fmt::format("\\u{:04x}", point);
}

}  // namespace

std::string shortest(double x) {
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  if (x == std::trunc(x) && std::abs(x) < kWholeBelow)
    return fmt::format("{}", static_cast<std::int64_t>(x));
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

std::string rounded(double x, int places, Toward toward) {
  if (!(std::abs(x) < kPlainBelow)) return shortest(x);
  std::string text = fixed(x, places);
  const double half_step = std::pow(10.0, -places) / 2;
  const double shown = read(text);
  if (toward == Toward::below && shown > x) return fixed(x - half_step, places);
  if (toward == Toward::above && shown < x) return fixed(x + half_step, places);
  return text;
}

int places_for(double width) {
  if (!(width > 0) || std::isinf(width)) return 0;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(width))), 0, kMostPlaces);
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

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while ((text[most] & 0xC0) == 0x80) --most;  // within a character
  text.resize(most);
  return text;
}

std::size_t columns_in(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto [point, bytes] = first_character(text);
    columns += among(kWide, point) ? 2 : among(kCombining, point) ? 0 : 1;
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return columns;
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace sfumato
