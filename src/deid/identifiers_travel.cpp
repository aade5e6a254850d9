#include <algorithm>
#include <array>
#include <optional>

#include "deid/address_characters.h"
#include "deid/check_digits.h"
#include "sfumato/deid/identifiers.h"

// Machine-readable zones. Places are counted from 0 here, and from 1 in ICAO Doc 9303.

namespace sfumato {
namespace {

bool is_letters(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_capital(c) || c == '<'; });
}

bool is_printed(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_capital(c) || is_digit(c) || c == '<'; });
}

/// Unknown parts of a date are fillers.
bool is_date_field(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '<'; });
}

bool is_sex(char c) {
  return c == 'M' || c == 'F' || c == 'X' || c == '<';
}

bool checks(std::string_view field, char check) {
  return is_digit(check) && travel_document_check(field) == static_cast<unsigned>(check - '0');
}

/// A number and its check digit; of a number that is longer than nine the check digit's place is a filler, and
/// the rest stands at the head of the optional field, its check digit last.
bool number_checks(std::string_view number, char check, std::string_view optional) {
  if (check != '<') return checks(number, check);
  const std::size_t size = optional.find('<');
  if (size == optional.npos || size < 2) return false;
  const unsigned first = travel_document_check(number);
  const unsigned rest = travel_document_check(optional.substr(0, size - 1), number.size());
  const char last = optional[size - 1];
  return is_digit(last) && (first + rest) % 10 == static_cast<unsigned>(last - '0');
}

/// The check digit over all fields that have one, put together.
bool all_check(std::initializer_list<std::string_view> fields, char check) {
  unsigned sum = 0;
  std::size_t place = 0;
  for (const std::string_view field : fields) {
    sum += travel_document_check(field, place);
    place += field.size();
  }
  return is_digit(check) && sum % 10 == static_cast<unsigned>(check - '0');
}

bool is_td1(const std::array<std::string_view, 3>& lines) {
  const auto [first, second, names] = lines;
  return std::string_view("ACI").find(first[0]) != std::string_view::npos &&
         is_letters(first.substr(1, 4)) &&
         number_checks(first.substr(5, 9), first[14], first.substr(15)) &&
         is_date_field(second.substr(0, 6)) && checks(second.substr(0, 6), second[6]) &&
         is_sex(second[7]) && is_date_field(second.substr(8, 6)) &&
         checks(second.substr(8, 6), second[14]) && is_letters(second.substr(15, 3)) &&
         all_check(
             {first.substr(5), second.substr(0, 7), second.substr(8, 7), second.substr(18, 11)},
             second[29]) &&
         is_letters(names) && is_capital(names[0]);
}

/// What TD2 and TD3 share: issuer and names, then number, nationality, birth, sex and expiry.
bool is_two_lines(std::string_view first, std::string_view second, std::string_view optional) {
  return is_letters(first.substr(1)) && is_capital(first[5]) &&
         number_checks(second.substr(0, 9), second[9], optional) &&
         is_letters(second.substr(10, 3)) && is_date_field(second.substr(13, 6)) &&
         checks(second.substr(13, 6), second[19]) && is_sex(second[20]) &&
         is_date_field(second.substr(21, 6)) && checks(second.substr(21, 6), second[27]) &&
         all_check(
             {second.substr(0, 10), second.substr(13, 7), second.substr(21, second.size() - 22)},
             second.back());
}

bool is_td2(std::string_view first, std::string_view second) {
  return std::string_view("ACIP").find(first[0]) != std::string_view::npos &&
         is_two_lines(first, second, second.substr(28, 7));
}

bool is_td3(std::string_view first, std::string_view second) {
  const std::string_view personal = second.substr(28, 14);
  // An empty personal number may go without its check digit.
  const bool empty = personal.find_first_not_of('<') == personal.npos && second[42] == '<';
  return first[0] == 'P' && second[9] != '<' && is_two_lines(first, second, personal) &&
         (empty || checks(personal, second[42]));
}

/// Lines of one length, and what lies between them.
template <std::size_t n>
std::optional<std::array<std::string_view, n>> read_lines(std::string_view text, std::size_t size) {
  std::array<std::string_view, n> lines;
  for (std::size_t i = 0; i < n; ++i) {
    if (text.size() < size) return std::nullopt;
    lines[i] = text.substr(0, size);
    if (!is_printed(lines[i])) return std::nullopt;
    text.remove_prefix(size);
    if (i + 1 == n) break;
    const std::size_t between = std::min(text.find_first_not_of(" \r\n"), text.size());
    if (between < 1 || between > 4) return std::nullopt;
    text.remove_prefix(between);
  }
  if (!text.empty()) return std::nullopt;
  return lines;
}

}  // namespace

bool is_machine_readable_zone(std::string_view text) noexcept {
  if (text.find('<') == text.npos) return false;
  if (const auto td3 = read_lines<2>(text, 44)) return is_td3((*td3)[0], (*td3)[1]);
  if (const auto td2 = read_lines<2>(text, 36)) return is_td2((*td2)[0], (*td2)[1]);
  const auto td1 = read_lines<3>(text, 30);
  return td1 && is_td1(*td1);
}

}  // namespace sfumato
