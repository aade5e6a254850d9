#include "sfumato/base/decimal.h"

#include <algorithm>
#include <optional>

#include "base/real.h"

namespace sfumato {
namespace {

constexpr int kMaxDigits = 36;  // 10^37 and twice that fit an int128: sums of aligned parts, too
constexpr int kMaxExponent = 400;

constexpr int128 power_of_ten(int n) noexcept {
  int128 power = 1;
  while (n-- > 0) power *= 10;
  return power;
}

int128 magnitude_of(int128 x) noexcept {
  return x < 0 ? -x : x;
}

int digits_of(int128 x) noexcept {
  int digits = 0;
  for (x = magnitude_of(x); x != 0; x /= 10) ++digits;
  return digits;
}

std::string digits_text(int128 x) {
  std::string text;
  do text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(x % 10)));
  while ((x /= 10) != 0);
  return text;
}

Error bad(const char* message) {
  return Error{Errc::invalid_parameter, "decimal", message};
}

/// Reads from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  bool done() const noexcept { return text_.empty(); }

  bool accept(std::string_view any_of) noexcept {
    if (done() || any_of.find(text_.front()) == any_of.npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool accept_minus() noexcept {
    const bool minus = !done() && text_.front() == '-';
    accept("+-");
    return minus;
  }

  std::string_view digits() noexcept {
    const std::size_t count = std::min(text_.find_first_not_of("0123456789"), text_.size());
    const std::string_view found = text_.substr(0, count);
    text_.remove_prefix(count);
    return found;
  }

 private:
  std::string_view text_;
};

/// The whole number that digits write, or, beyond a million, some number beyond a million.
std::int64_t small_number(std::string_view digits) noexcept {
  std::int64_t number = 0;
  for (const char digit : digits)
    number = std::min<std::int64_t>(number * 10 + (digit - '0'), 1 << 30);
  return number;
}

struct Written {
  bool negative;
  std::string_view whole, fraction;
  std::int64_t exponent;
};

std::optional<Written> read(std::string_view text) noexcept {
  Reader reader(text);
  Written written{reader.accept_minus(), reader.digits(), {}, 0};
  if (written.whole.empty()) return std::nullopt;
  if (reader.accept(".") && (written.fraction = reader.digits()).empty()) return std::nullopt;
  if (reader.accept("eE")) {
    const bool minus = reader.accept_minus();
    const std::string_view digits = reader.digits();
    if (digits.empty()) return std::nullopt;
    written.exponent = minus ? -small_number(digits) : small_number(digits);
  }
  return reader.done() ? std::optional(written) : std::nullopt;
}

/// 10^400 has 929 bits, so that a product with a coefficient is exact.
constexpr mpfr_prec_t kExact = 1100;

/// Rounding twice in one direction, to 53 bits and then to what a small double holds, is rounding
/// once in that direction.
double rounded(int128 coefficient, int exponent, mpfr_rnd_t direction) noexcept {
  if (coefficient == 0) return 0;
  Real number(kExact), power(kExact), quotient(53);
  number.set(coefficient, direction);
  mpfr_ui_pow_ui(power, 10, static_cast<unsigned long>(std::abs(exponent)), direction);
  if (exponent >= 0)
    mpfr_mul(quotient, number, power, direction);
  else
    mpfr_div(quotient, number, power, direction);
  return mpfr_get_d(quotient, direction);
}

/// The digits with a point among or before them, or zeros after them.
std::string plain(const std::string& digits, int exponent) {
  if (exponent >= 0) return digits + std::string(static_cast<std::size_t>(exponent), '0');
  const auto places = static_cast<std::size_t>(-exponent);
  const std::size_t missing = places < digits.size() ? 0 : places + 1 - digits.size();
  std::string text = std::string(missing, '0') + digits;
  return text.insert(text.size() - places, 1, '.');
}

std::string scientific(const std::string& digits, int exponent) {
  std::string text = digits.substr(0, 1);
  if (digits.size() > 1) text += '.' + digits.substr(1);
  return text + 'e' + std::to_string(exponent + static_cast<int>(digits.size()) - 1);
}

}  // namespace

/// Strips trailing zeros, then sees whether what is left can be held.
Result<Decimal> Decimal::reduced(int128 coefficient, std::int64_t exponent) {
  if (coefficient == 0) return Decimal();
  for (; coefficient % 10 == 0; coefficient /= 10) ++exponent;
  if (digits_of(coefficient) > kMaxDigits) return bad("must have at most 36 significant digits");
  if (exponent < -kMaxExponent || exponent > kMaxExponent)
    return bad("must end between the places of 1e-400 and 1e400");
  return Decimal(coefficient, static_cast<int>(exponent));
}

Result<Decimal> Decimal::parse(std::string_view text) {
  const std::optional<Written> written = read(text);
  if (!written) return bad("must be a decimal number such as 0.1, -2 or 1e-6");

  std::string digits = std::string(written->whole) + std::string(written->fraction);
  std::int64_t exponent = written->exponent - static_cast<std::int64_t>(written->fraction.size());
  digits.erase(0, digits.find_first_not_of('0'));
  while (!digits.empty() && digits.back() == '0') digits.pop_back(), ++exponent;
  if (digits.size() > kMaxDigits) return bad("must have at most 36 significant digits");

  int128 coefficient = 0;
  for (const char digit : digits) coefficient = coefficient * 10 + (digit - '0');
  return reduced(written->negative ? -coefficient : coefficient, exponent);
}

double Decimal::to_double_up() const noexcept {
  return rounded(coefficient_, exponent_, MPFR_RNDU);
}
double Decimal::to_double_down() const noexcept {
  return rounded(coefficient_, exponent_, MPFR_RNDD);
}

Result<Decimal> Decimal::add(const Decimal& a, const Decimal& b) {
  if (a.sign() == 0 || b.sign() == 0) return a.sign() == 0 ? b : a;
  const Decimal& coarse = a.exponent_ >= b.exponent_ ? a : b;
  const Decimal& fine = a.exponent_ >= b.exponent_ ? b : a;

  // A coarse part of 38 digits or more would leave 37 at least: the last digit of `fine` stays.
  const int shift = coarse.exponent_ - fine.exponent_;
  if (digits_of(coarse.coefficient_) + shift > kMaxDigits + 1)
    return bad("must have at most 36 significant digits, and so must the sum");
  return reduced(coarse.coefficient_ * power_of_ten(shift) + fine.coefficient_, fine.exponent_);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
  if (a.sign() != b.sign() || a.sign() == 0) return a.sign() <=> b.sign();
  const int a_places = digits_of(a.coefficient_) + a.exponent_;
  const int b_places = digits_of(b.coefficient_) + b.exponent_;
  if (a_places != b_places) return a.sign() > 0 ? a_places <=> b_places : b_places <=> a_places;

  // Of one leading place: aligned, neither has more digits than the longer of the two.
  const int last = std::min(a.exponent_, b.exponent_);
  const int128 x = a.coefficient_ * power_of_ten(a.exponent_ - last);
  const int128 y = b.coefficient_ * power_of_ten(b.exponent_ - last);
  return x < y   ? std::strong_ordering::less
         : x > y ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

std::string Decimal::to_string() const {
  const std::string digits = digits_text(magnitude_of(coefficient_));
  const std::string whole = plain(digits, exponent_), power = scientific(digits, exponent_);
  return (sign() < 0 ? "-" : "") + (power.size() < whole.size() ? power : whole);
}

}  // namespace sfumato
