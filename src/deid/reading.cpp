#include "deid/reading.h"

#include <algorithm>
#include <iterator>

#include "deid/address_characters.h"
#include "deid/characters.h"
#include "io/text_check.h"

namespace sfumato {
namespace {

/// The zeros of scripts that count by tens (Unicode 14, general category Nd).
constexpr std::uint32_t kZeros[] = {
    0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,  0x0BE6,  0x0C66,
    0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,  0x1810,
    0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,
    0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC,
    0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0};

bool is_space(std::uint32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_hyphen(std::uint32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63;
}

/// Default_Ignorable_Code_Point (Unicode 14), and the marks of annotations, U+FFF9 to U+FFFB.
constexpr CharacterRange kUnread[] = {
    {0xAD, 0xAD},       {0x34F, 0x34F},    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},  {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

bool is_unread(std::uint32_t c) {
  const auto* above = std::ranges::upper_bound(kUnread, c, {}, &CharacterRange::first);
  return above != std::begin(kUnread) && c <= above[-1].last;
}

/// Single quotation marks that stand for an apostrophe, and the letter that is one.
bool is_apostrophe(std::uint32_t c) {
  return c == 0x2018 || c == 0x2019 || c == 0x02BC;
}

/// What a character is read as; 0 where it is as it stands.
char read_as(std::uint32_t c) {
  if (c < 0x80) return c == '\t' ? ' ' : '\0';
  if (is_space(c)) return ' ';
  if (is_hyphen(c)) return '-';
  if (is_apostrophe(c)) return '\'';
  if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char>(c - 0xFF01 + '!');
  const auto* above = std::ranges::upper_bound(kZeros, c);
  if (above == std::begin(kZeros) || c - above[-1] > 9) return 0;
  return static_cast<char>('0' + (c - above[-1]));
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c == 0 ? 0x80 : c);
  return all < 0x80;
}

/// Capital letters of two bytes, each or each second, and how far their small ones are.
struct Capitals {
  std::uint32_t first, last, step;
  int distance;
};

constexpr Capitals kCapitals[] = {
    {0x0C0, 0x0D6, 1, 32}, {0x0D8, 0x0DE, 1, 32}, {0x100, 0x12E, 2, 1},    {0x132, 0x136, 2, 1},
    {0x139, 0x147, 2, 1},  {0x14A, 0x176, 2, 1},  {0x178, 0x178, 1, -121}, {0x179, 0x17D, 2, 1},
    {0x386, 0x386, 1, 38}, {0x388, 0x38A, 1, 37}, {0x38C, 0x38C, 1, 64},   {0x38E, 0x38F, 1, 63},
    {0x391, 0x3A1, 1, 32}, {0x3A3, 0x3AB, 1, 32}, {0x3C2, 0x3C2, 1, 1},    {0x400, 0x40F, 1, 80},
    {0x410, 0x42F, 1, 32}, {0x460, 0x480, 2, 1},  {0x48A, 0x4BE, 2, 1},    {0x4C0, 0x4C0, 1, 15},
    {0x4C1, 0x4CD, 2, 1},  {0x4D0, 0x52E, 2, 1}};

std::uint32_t small(std::uint32_t character) {
  const auto* above = std::ranges::upper_bound(kCapitals, character, {}, &Capitals::first);
  if (above == std::begin(kCapitals)) return character;
  const Capitals& some = above[-1];
  if (character > some.last || (character - some.first) % some.step != 0) return character;
  return static_cast<std::uint32_t>(static_cast<int>(character) + some.distance);
}

}  // namespace

bool Reading::read(std::string_view text) {
  places_.clear();
  characters_ = text;
  if (is_ascii(text)) {
    if (text.find('\t') == text.npos) return true;
    room_ = text;
    std::ranges::replace(room_, '\t', ' ');
    characters_ = room_;
    return true;
  }
  TextCheck check;
  if (!check.feed(text) || !check.complete()) return false;
  room_.clear();
  for (std::string_view rest = text; !rest.empty();) {
    const auto at = static_cast<std::uint32_t>(text.size() - rest.size());
    const std::string_view bytes = take_character(rest);
    const std::uint32_t character = decoded(bytes);
    if (is_unread(character)) continue;
    const char as = read_as(character);
    for (std::size_t i = 0; i < (as ? 1 : bytes.size()); ++i) {
      room_ += as ? as : bytes[i];
      places_.push_back(at + static_cast<std::uint32_t>(i));
    }
  }
  places_.push_back(static_cast<std::uint32_t>(text.size()));
  characters_ = room_;
  return true;
}

void fold_case(std::string& text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    const std::size_t size = letter_size(rest);
    if (size == 1 && text[i] <= 'Z') text[i] = static_cast<char>(text[i] - 'A' + 'a');
    if (size < 2) continue;
    const std::uint32_t letter = small(decoded(rest.substr(0, 2)));
    text[i] = static_cast<char>(0xC0 | letter >> 6);
    text[++i] = static_cast<char>(0x80 | (letter & 0x3F));
  }
}

}  // namespace sfumato
