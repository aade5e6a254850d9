#include <algorithm>
#include <iterator>

#include "deid/address_characters.h"
#include "deid/check_digits.h"
#include "deid/digit_groups.h"
#include "sfumato/deid/identifiers.h"

namespace sfumato {
namespace {

/// Numbers of an issuer: the first digits, as a range, and how many there are in all.
struct Issuer {
  unsigned low, high;
  std::uint8_t prefix;  // digits of the two
  std::uint8_t least, most;
};

constexpr Issuer kIssuers[] = {
    {4, 4, 1, 13, 13},           // Visa, before 2003
    {4, 4, 1, 16, 16},           // Visa
    {4, 4, 1, 19, 19},           // Visa
    {51, 55, 2, 16, 16},         // Mastercard
    {2221, 2720, 4, 16, 16},     // Mastercard, since 2017
    {34, 34, 2, 15, 15},         // American Express
    {37, 37, 2, 15, 15},         // American Express
    {6011, 6011, 4, 16, 19},     // Discover
    {644, 649, 3, 16, 19},       // Discover
    {65, 65, 2, 16, 19},         // Discover, RuPay
    {300, 305, 3, 14, 19},       // Diners Club
    {3095, 3095, 4, 14, 19},     // Diners Club
    {36, 36, 2, 14, 19},         // Diners Club
    {38, 39, 2, 14, 19},         // Diners Club
    {3528, 3589, 4, 16, 19},     // JCB
    {62, 62, 2, 16, 19},         // UnionPay
    {8100, 8171, 4, 16, 19},     // UnionPay
    {2200, 2204, 4, 16, 19},     // Mir
    {5018, 5018, 4, 12, 19},     // Maestro
    {5020, 5020, 4, 12, 19},     // Maestro
    {5038, 5038, 4, 12, 19},     // Maestro
    {5893, 5893, 4, 12, 19},     // Maestro
    {6304, 6304, 4, 12, 19},     // Maestro
    {6759, 6759, 4, 12, 19},     // Maestro
    {6761, 6763, 4, 12, 19},     // Maestro
    {508, 508, 3, 16, 16},       // RuPay
    {60, 60, 2, 16, 16},         // RuPay
    {817200, 829999, 6, 16, 16}  // RuPay
};

bool is_issued(const DigitGroups& number) {
  return std::ranges::any_of(kIssuers, [&](const Issuer& issuer) {
    const unsigned first = number.number(0, issuer.prefix);
    return first >= issuer.low && first <= issuer.high && number.count >= issuer.least &&
           number.count <= issuer.most;
  });
}

struct Country {
  char code[3];
  std::uint8_t length;
};

// By code.
constexpr Country kCountries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
    {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
    {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25},
    {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
    {"YE", 30}};

constexpr std::size_t kLongestIban = 34;

/// Without what stands between groups of four, spaces or hyphens, and with capital letters; empty where it is not so written.
std::string_view solid_iban(std::string_view text, char (&room)[kLongestIban]) {
  const char separator = text.size() > 4 && (text[4] == ' ' || text[4] == '-') ? text[4] : '\0';
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (separator && size > 0 && size % 4 == 0) {
      at += separator_size(text.substr(at), {&separator, 1});
      if (text[at - 1] != separator || at == text.size()) return {};
    }
    const char c = capital(text[at++]);
    if (size == kLongestIban || !(is_capital(c) || is_digit(c))) return {};
    room[size++] = c;
  }
  return {room, size};
}

/// How many characters the numbers of a country have; 0 where it has none.
std::size_t length_of(std::string_view code) {
  const auto* found = std::ranges::lower_bound(
      kCountries, code, {}, [](const Country& country) { return std::string_view(country.code); });
  return found != std::end(kCountries) && found->code == code ? found->length : 0;
}

}  // namespace

bool is_payment_card(std::string_view text) noexcept {
  if (text.size() < 12 || text.size() > 19 + 2 * 5) return false;
  const auto number = read_digit_groups(text, " -.");
  if (!number || number->count < 12 || number->count > 19) return false;
  if (number->sizes[0] < 4) return false;
  for (std::size_t i = 1; i + 1 < number->groups; ++i)
    if (number->sizes[i] < 3) return false;
  return is_issued(*number) && passes_luhn(number->all());
}

bool is_iban(std::string_view text) noexcept {
  if (text.size() < 15 || text.size() > kLongestIban + 2 * 8) return false;
  char room[kLongestIban];
  const std::string_view solid = solid_iban(text, room);
  if (solid.size() < 15 || solid.size() != length_of(solid.substr(0, 2))) return false;
  const std::string_view check = solid.substr(2, 2);
  if (!is_digit(check[0]) || !is_digit(check[1])) return false;
  // 97 less in the number is right as well, and is never given out.
  if (check == "00" || check == "01" || check == "99") return false;
  return modulo_97(solid.substr(0, 4), modulo_97(solid.substr(4))) == 1;
}

bool is_us_routing_number(std::string_view text) noexcept {
  if (text.size() != 9) return false;
  const auto number = read_digit_groups(text, "");
  if (!number || !passes_routing(number->all())) return false;
  const unsigned prefix = number->number(0, 2);
  return (prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) ||
          prefix == 80) &&
         number->number(0, 9) != 0;
}

}  // namespace sfumato
