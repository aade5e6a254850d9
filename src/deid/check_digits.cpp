#include "deid/check_digits.h"

namespace sfumato {
namespace {

constexpr unsigned kTravelWeights[] = {7, 3, 1}, kRoutingWeights[] = {3, 7, 1};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits by what they are, capital letters from 10 on, anything else 0.
unsigned value_of(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  return c >= 'A' && c <= 'Z' ? static_cast<unsigned>(c - 'A') + 10 : 0;
}

}  // namespace

bool passes_luhn(std::span<const std::uint8_t> digits) noexcept {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice)
    sum += twice ? digits[i] * 2u - (digits[i] > 4 ? 9u : 0u) : digits[i];
  return sum % 10 == 0;
}

unsigned modulo_97(std::string_view text, unsigned so_far) noexcept {
  for (const char c : text) so_far = (so_far * (is_digit(c) ? 10 : 100) + value_of(c)) % 97;
  return so_far;
}

char mod_11_2_of(std::span<const std::uint8_t> digits) noexcept {
  unsigned rest = 0;
  for (const std::uint8_t digit : digits) rest = (rest + digit) * 2 % 11;
  const unsigned check = (12 - rest) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

bool passes_routing(std::span<const std::uint8_t> digits) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += digits[i] * kRoutingWeights[i % 3];
  return sum % 10 == 0;
}

unsigned travel_document_check(std::string_view field, std::size_t place) noexcept {
  unsigned sum = 0;
  for (const char c : field) sum += value_of(c) * kTravelWeights[place++ % 3];
  return sum % 10;
}

}  // namespace sfumato
