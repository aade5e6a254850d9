#include "cli/display.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

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

/// What a terminal shows in two columns: East Asian wide and fullwidth characters, and pictures.
constexpr CharacterRange kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                                    {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                                    {0xff01, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

/// Marks on the character before.
constexpr CharacterRange kCombining[] = {
    {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};

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
