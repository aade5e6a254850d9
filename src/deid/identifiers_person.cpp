#include <algorithm>

#include "deid/check_digits.h"
#include "deid/digit_groups.h"
#include "sfumato/deid/identifiers.h"

namespace sfumato {
namespace {

constexpr std::uint8_t kProvinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                       35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                       53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};

bool is_date(unsigned year, unsigned month, unsigned day) {
  constexpr std::uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= kDays[month - 1] + (leap && month == 2 ? 1u : 0u);
}

/// Third digits that are in use, by the second: bit k for k.
constexpr unsigned kSegments[] = {0,
                                  0,
                                  0,
                                  0b1111111111,   // 13
                                  0b1111110011,   // 14 without 2 and 3
                                  0b1111101111,   // 15 without 4
                                  0b0011100100,   // 162, 165, 166, 167
                                  0b0111111111,   // 17 without 9
                                  0b1111111111,   // 18
                                  0b1111101111};  // 19 without 4

/// What stands behind the code of China, where one stands before.
std::string_view national(std::string_view text) {
  for (const std::string_view code : {"+86", "0086", "86"}) {
    if (!text.starts_with(code) || text.size() < code.size() + 11) continue;
    text.remove_prefix(code.size());
    text.remove_prefix(separator_size(text, " -"));
    return text;
  }
  return text;
}

/// Takes a country code's `+` or 00 off.
bool take_international(std::string_view& text) {
  if (text.starts_with('+'))
    text.remove_prefix(1);
  else if (text.starts_with("00"))
    text.remove_prefix(2);
  else
    return false;
  return true;
}

/// The digits of a telephone number, where the marks between them stand as they may.
struct Dialled {
  std::uint8_t digits[16];
  std::uint8_t sizes[16];  // of the groups
  std::size_t count = 0, groups = 0;
  bool any_parentheses = false;
};

constexpr std::string_view kMarks = " -./";

/// Takes `(digits)` off, but for `(0)`, which counts as no digit of the number.
bool take_parentheses(std::string_view& text, Dialled& out) {
  const std::size_t end = text.find(')');
  if (out.any_parentheses || end == text.npos || end < 2) return false;
  const std::string_view inner = text.substr(1, end - 1);
  if (!std::ranges::all_of(inner, is_digit)) return false;
  out.any_parentheses = true;
  text.remove_prefix(end + 1);
  if (inner == "0" && out.count > 0) return true;
  if (out.count + inner.size() > 15) return false;
  for (const char c : inner) out.digits[out.count++] = static_cast<std::uint8_t>(c - '0');
  out.sizes[out.groups++] = static_cast<std::uint8_t>(inner.size());
  return true;
}

/// Between two groups stands a mark, a parenthesis, or a mark beside a parenthesis.
bool read_dialled(std::string_view text, Dialled& out) {
  bool fresh = true, marked = true;
  while (!text.empty()) {
    const char c = text.front();
    if (is_digit(c)) {
      if (out.count == 15) return false;
      if (fresh) out.sizes[out.groups++] = 0;
      ++out.sizes[out.groups - 1];
      out.digits[out.count++] = static_cast<std::uint8_t>(c - '0');
      fresh = marked = false;
      text.remove_prefix(1);
    } else if (c == '(') {
      if (!take_parentheses(text, out)) return false;
      fresh = true, marked = false;
    } else {
      if (marked || kMarks.find(c) == kMarks.npos) return false;
      fresh = marked = true;
      text.remove_prefix(text.starts_with(" - ") ? 3 : separator_size(text, kMarks));
    }
  }
  return !fresh;  // what ends with a mark or a parenthesis is none
}

/// Takes `(+49)` or `(0049)` off, and a mark behind it.
bool take_country(std::string_view& text, Dialled& out) {
  text.remove_prefix(1);
  if (!take_international(text)) return false;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    if (out.count == 3) return false;
    out.digits[out.count++] = static_cast<std::uint8_t>(text.front() - '0');
  }
  if (out.count == 0 || !text.starts_with(')')) return false;
  out.sizes[out.groups++] = static_cast<std::uint8_t>(out.count);
  text.remove_prefix(1);
  text.remove_prefix(separator_size(text, kMarks));
  return true;
}

/// NXX NXX XXXX, where no NXX is N11.
bool is_north_american(const std::uint8_t* digits) {
  return digits[0] >= 2 && digits[3] >= 2 && !(digits[1] == 1 && digits[2] == 1) &&
         !(digits[4] == 1 && digits[5] == 1);
}

/// (NXX) NXX-XXXX, NXX-NXX-XXXX and so on, after 1 or without.
bool is_national_north_american(std::string_view text) {
  if (text.size() < 12 || text.size() > 20) return false;
  if (text.starts_with('1'))
    if (const std::size_t mark = separator_size(text.substr(1), " -."); mark > 0)
      text.remove_prefix(1 + mark);
  Dialled number;
  constexpr std::uint8_t kSizes[] = {3, 3, 4};
  return read_dialled(text, number) &&
         std::ranges::equal(std::span(number.sizes, number.groups), kSizes) &&
         text.find('/') == text.npos && text.find('(', 1) == text.npos &&
         is_north_american(number.digits);
}

}  // namespace

bool is_us_ssn(std::string_view text) noexcept {
  if (text.size() < 9 || text.size() > 13) return false;
  const auto number = read_digit_groups(text, " -");
  if (!number || number->count != 9 || !(number->groups == 1 || number->sized({3, 2, 4})))
    return false;
  const unsigned area = number->number(0, 3);
  return area != 0 && area != 666 && area < 900 && number->number(3, 2) != 0 &&
         number->number(5, 4) != 0;
}

bool is_chinese_resident_id(std::string_view text) noexcept {
  if (text.size() != 18) return false;
  const auto number = read_digit_groups(text.substr(0, 17), "");
  if (!number) return false;
  if (!std::ranges::binary_search(kProvinces, static_cast<std::uint8_t>(number->number(0, 2))))
    return false;
  const unsigned year = number->number(6, 4);
  if (year < 1800 || year > 2099) return false;
  if (!is_date(year, number->number(10, 2), number->number(12, 2))) return false;
  const char check = text[17] == 'x' ? 'X' : text[17];
  return number->number(14, 3) > 0 && check == mod_11_2_of(number->all());
}

bool is_chinese_mobile(std::string_view text) noexcept {
  if (text.size() < 11 || text.size() > 21) return false;
  const auto number = read_digit_groups(national(text), " -");
  if (!number || number->count != 11 || !(number->groups == 1 || number->sized({3, 4, 4})))
    return false;
  return number->digits[0] == 1 && (kSegments[number->digits[1]] >> number->digits[2] & 1) == 1;
}

bool is_phone_number(std::string_view text) noexcept {
  if (text.size() < 8 || text.size() > 40) return false;
  Dialled number;
  if (text.starts_with("(+") || text.starts_with("(00")) {
    if (!take_country(text, number)) return false;
  } else if (!take_international(text)) {
    return is_national_north_american(text);
  } else if (text.empty() || !is_digit(text.front())) {
    return false;
  }
  if (!read_dialled(text, number)) return false;
  if (number.count < 7 || number.digits[0] == 0) return false;
  if (number.digits[0] != 1) return true;
  return number.count == 11 && is_north_american(number.digits + 1);
}

}  // namespace sfumato
