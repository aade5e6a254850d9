#include "deid/grid_number.h"

#include <algorithm>

namespace sfumato {
namespace {

constexpr int128 kBound = int128{1'000'000'000'000'000} * 1'000'000'000'000'000;

}  // namespace

int128 floor_quotient(int128 a, int128 b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::optional<int128> units_below(const Decimal& number, int exponent) {
  int128 units = number.coefficient();
  for (int i = number.exponent(); i > exponent && units != 0; --i) {
    if (units > kBound || units < -kBound) return std::nullopt;
    units *= 10;
  }
  // 0 and -1 stay what they are however far it goes.
  for (int i = number.exponent(); i < exponent && units != 0 && units != -1; ++i)
    units = floor_quotient(units, 10);
  if (units > kBound || units < -kBound) return std::nullopt;
  return units;
}

int finest(std::initializer_list<Decimal> numbers) {
  int least = 0;
  for (const Decimal& number : numbers) least = std::min(least, number.exponent());
  return least;
}

std::string plain_digits(int128 units, int exponent) {
  std::string digits;
  const bool negative = units < 0;
  for (int128 rest = negative ? -units : units; rest != 0 || std::ssize(digits) <= -exponent;
       rest /= 10)
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  if (negative) digits += '-';
  std::ranges::reverse(digits);
  if (exponent < 0) digits.insert(digits.end() + exponent, '.');
  return digits;
}

std::string plain_text(const Decimal& number) {
  const int exponent = finest({number});
  return plain_digits(units_below(number, exponent).value_or(0), exponent);
}

}  // namespace sfumato
