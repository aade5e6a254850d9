#include "sfumato/noise/scale.h"

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "base/real.h"

namespace sfumato {
namespace {

constexpr int kMostFives = 27;  // 5^27 < 2^64 < 5^28

Error bad(const char* message) {
  return Error{Errc::invalid_parameter, "scale", message};
}

/// The odd number m of x = m · 2^twos, which adds to `exponent`.
std::uint64_t odd_part(std::uint64_t x, int step, int& exponent) noexcept {
  const int twos = std::countr_zero(x);
  exponent += step * twos;
  return x >> twos;
}

uint128 power_of_five(int n) noexcept {
  uint128 power = 1;
  while (n-- > 0) power *= 5;
  return power;
}

struct Ratio {
  std::uint64_t numerator;
  std::uint64_t denominator;
  int exponent;
};

/// coefficient · 10^exponent, exactly, where both parts fit once common fives and all twos are out.
std::optional<Ratio> exact(uint128 numerator, int exponent) noexcept {
  int twos = exponent, fives = exponent;
  for (; numerator % 2 == 0; numerator /= 2) ++twos;
  for (; numerator % 5 == 0 && fives < 0; numerator /= 5) ++fives;
  if (std::abs(fives) > kMostFives || numerator >> 64 != 0) return std::nullopt;

  const uint128 power = power_of_five(std::abs(fives));
  if (fives > 0) numerator *= power;
  if (numerator >> 64 != 0) return std::nullopt;
  return Ratio{static_cast<std::uint64_t>(numerator),
               fives < 0 ? static_cast<std::uint64_t>(power) : 1, twos};
}

/// coefficient · 10^exponent to 64 bits, up; 1100 bits hold 10^400 and 128 bits more.
Ratio next_wider(int128 coefficient, int exponent) noexcept {
  Real number(128), power(1100), wider(64);
  number.set(coefficient, MPFR_RNDU);
  mpfr_ui_pow_ui(power, 10, static_cast<unsigned long>(std::abs(exponent)), MPFR_RNDU);
  if (exponent >= 0)
    mpfr_mul(wider, number, power, MPFR_RNDU);
  else
    mpfr_div(wider, number, power, MPFR_RNDU);

  const auto least = static_cast<int>(mpfr_get_exp(wider)) - 64;
  mpfr_mul_2si(wider, wider, -least, MPFR_RNDU);
  return {mpfr_get_uj(wider, MPFR_RNDU), 1, least};
}

double rounded(const Scale& scale, mpfr_rnd_t direction) noexcept {
  Real number(64), denominator(64), quotient(53);
  mpfr_set_uj(number, scale.numerator(), direction);
  mpfr_set_uj(denominator, scale.denominator(), direction);
  mpfr_div(quotient, number, denominator, direction);
  mpfr_mul_2si(quotient, quotient, scale.exponent(), direction);
  return mpfr_get_d(quotient, direction);
}

}  // namespace

Scale::Scale(std::uint64_t numerator, std::uint64_t denominator, int exponent) noexcept
    : exponent_(exponent) {
  const std::uint64_t common = std::gcd(numerator, denominator);
  numerator_ = odd_part(numerator / common, 1, exponent_);
  denominator_ = odd_part(denominator / common, -1, exponent_);
}

Result<Scale> Scale::make(double value) {
  if (!(value > 0) || std::isinf(value)) return bad("must be a positive finite number");
  const Dyadic exactly = Dyadic::from_double(value);
  return Scale(static_cast<std::uint64_t>(exactly.units), 1, exactly.exponent);
}

Result<Scale> Scale::make(const Decimal& value) {
  if (value.sign() <= 0) return bad("must be a positive finite number");
  if (value.to_double_down() == 0 || std::isinf(value.to_double_up()))
    return bad("must lie between 2^-1074 and the largest double");
  const auto ratio = exact(static_cast<uint128>(value.coefficient()), value.exponent());
  const Ratio parts = ratio ? *ratio : next_wider(value.coefficient(), value.exponent());
  return Scale(parts.numerator, parts.denominator, parts.exponent);
}

Result<Scale> Scale::ratio(std::uint64_t numerator, std::uint64_t denominator) {
  if (numerator == 0 || denominator == 0)
    return bad("must be a ratio of two whole numbers of which neither is zero");
  return Scale(numerator, denominator, 0);
}

double Scale::to_double_up() const noexcept {
  return rounded(*this, MPFR_RNDU);
}
double Scale::to_double_down() const noexcept {
  return rounded(*this, MPFR_RNDD);
}

}  // namespace sfumato
