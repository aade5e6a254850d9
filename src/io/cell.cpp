#include "io/cell.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace sfumato {
namespace {

/// Whether a text has the looks of the shortest form of an int64: "+5", "05" and "-0" stay text.
bool may_be_shortest(std::string_view text) noexcept {
  if (text.empty() || text.size() > 20) return false;
  const std::string_view digits = text.substr(text[0] == '-' ? 1 : 0);
  if (digits.empty() || digits[0] < '0' || digits[0] > '9') return false;
  return digits[0] != '0' || text.size() == 1;
}

template <class T>
bool read_whole(std::string_view text, T& value, std::errc& why) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  why = error;
  return end == text.data() + text.size() && error != std::errc::invalid_argument;
}

/// Whether a decimal number that no double can hold is too large, rather than too small: it is
/// where its first digit that counts stands before the point once the exponent has moved it.
bool is_huge(std::string_view text) noexcept {
  std::int64_t place = 0;
  bool counted = false, past_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'e' || text[i] == 'E') {
      std::int64_t exponent = 0;
      std::errc why{};
      const bool plus = i + 1 < text.size() && text[i + 1] == '+';
      read_whole(text.substr(i + (plus ? 2 : 1)), exponent, why);
      // An exponent beyond int64 outweighs any number of digits.
      if (why == std::errc::result_out_of_range) return text[i + 1] != '-';
      return exponent > -place;
    }
    if (text[i] == '.') past_point = true;
    if (text[i] < '0' || text[i] > '9') continue;
    counted = counted || text[i] != '0';
    if (counted && !past_point) ++place;
    if (!counted && past_point) --place;
  }
  return place > 0;
}

template <class Real>
Key shortest(Real value, char* pen) noexcept {
  constexpr Real kBeyond = 9223372036854775808.0;  // 2^63, exact in both types
  if (value >= -kBeyond && value < kBeyond && std::trunc(value) == value)
    return {Key::Kind::integer, static_cast<std::int64_t>(value), {}};
  const auto end = std::to_chars(pen, pen + kRealText, value).ptr;
  return {Key::Kind::text, 0, {pen, static_cast<std::size_t>(end - pen)}};
}

}  // namespace

std::string_view without_blanks(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Key key_of_text(std::string_view text) noexcept {
  std::int64_t value = 0;
  std::errc why{};
  if (may_be_shortest(text) && read_whole(text, value, why) && why == std::errc{})
    return {Key::Kind::integer, value, {}};
  return {Key::Kind::text, 0, text};
}

Key key_of_real(double value, char* pen) noexcept {
  return shortest(value, pen);
}
Key key_of_real(float value, char* pen) noexcept {
  return shortest(value, pen);
}

Number number_of_text(std::string_view text) noexcept {
  text = without_blanks(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);

  std::int64_t integer = 0;
  std::errc why{};
  if (read_whole(text, integer, why) && why == std::errc{}) return number_of_integer(integer);

  double real = 0;
  if (!read_whole(text, real, why)) return {};
  if (why == std::errc::result_out_of_range) {
    real = is_huge(text) ? std::numeric_limits<double>::infinity() : 0.0;
    if (text[0] == '-') real = -real;
  }
  return number_of_real(real);
}

Number number_of_real(double value) noexcept {
  Number number;
  if (std::isnan(value)) return number;
  number.kind = Number::Kind::real;
  number.real = value;
  return number;
}

}  // namespace sfumato
