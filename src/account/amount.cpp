#include "sfumato/account/amount.h"

#include <bit>
#include <cmath>
#include <optional>
#include <utility>

namespace sfumato {
namespace {

enum class Toward { below, above };

constexpr uint128 power(unsigned base, int exponent) noexcept {
  uint128 result = 1;
  while (exponent-- > 0) result *= base;
  return result;
}

constexpr uint128 kMost =
    power(10, 36);  // a Decimal holds each amount, and two add up within 128 bits

/// units · 10^shift; nothing where that is more than kMost.
std::optional<uint128> times_power_of_ten(uint128 units, int shift, Toward toward) noexcept {
  for (; shift > 0 && units != 0; --shift) {
    if (units > kMost / 10) return std::nullopt;
    units *= 10;
  }
  bool rest = false;
  for (; shift < 0 && units != 0; ++shift) {
    rest |= units % 10 != 0;
    units /= 10;
  }
  return units + (rest && toward == Toward::above ? 1 : 0);
}

int bits_of(uint128 x) noexcept {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  const auto low = static_cast<std::uint64_t>(x);
  return static_cast<int>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(low));
}

/// units · 2^shift; nothing where that is more than 128 bits hold.
std::optional<uint128> times_power_of_two(uint128 units, int shift, Toward toward) noexcept {
  if (units == 0) return units;
  if (shift >= 0) {
    if (bits_of(units) + shift > 128) return std::nullopt;
    return units << shift;
  }
  const bool gone = shift <= -128;
  const uint128 kept = gone ? 0 : units >> -shift;
  const bool rest = gone || kept << -shift != units;
  return kept + (rest && toward == Toward::above ? 1 : 0);
}

std::optional<uint128> units_of(const Decimal& value, int places, Toward toward) noexcept {
  return times_power_of_ten(static_cast<uint128>(value.coefficient()), value.exponent() + places,
                            toward);
}

/// m · 2^e is m · 5^places · 2^(e + places) units: 53 bits and 70 at most, no more than 128.
std::optional<uint128> units_of(double value, int places, Toward toward) noexcept {
  int exponent = 0;
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::frexp(value, &exponent), 53));
  return times_power_of_two(mantissa * power(5, places), exponent - 53 + places, toward);
}

/// In units of 10^-places.
Result<uint128> rounded(const Exact& value, int places, Toward toward) {
  const auto bad = [](const char* message) {
    return Error{Errc::invalid_parameter, "amount", message};
  };
  if (!value.is_finite()) return bad("must be a finite number");
  if (value.sign() < 0) return bad("must not be negative");
  const std::optional<uint128> units = std::visit(
      [&](const auto& number) { return units_of(number, places, toward); }, value.value());
  if (!units || *units > kMost)
    return bad(places == 12 ? "must be at most 1e24" : "must be at most 1e6");
  return *units;
}

}  // namespace

template <int kPlaces>
Result<Amount<kPlaces>> Amount<kPlaces>::at_least(const Exact& value) {
  const Result<uint128> units = rounded(value, kPlaces, Toward::above);
  if (!units) return units.error();
  return Amount(*units);
}

template <int kPlaces>
Result<Amount<kPlaces>> Amount<kPlaces>::at_most(const Exact& value) {
  const Result<uint128> units = rounded(value, kPlaces, Toward::below);
  if (!units) return units.error();
  return Amount(*units);
}

template <int kPlaces>
Result<Amount<kPlaces>> Amount<kPlaces>::of_units(uint128 units) {
  if (units > kMost) return Error{Errc::invalid_parameter, "amount", "must be at most 10^36 units"};
  return Amount(units);
}

template <int kPlaces>
Amount<kPlaces> Amount<kPlaces>::most() {
  return Amount(kMost);
}

template <int kPlaces>
Decimal Amount<kPlaces>::value() const {
  std::string digits;
  for (uint128 rest = units_; rest != 0; rest /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  return Decimal::parse("0" + digits + "e-" + std::to_string(kPlaces)).value();
}

template class Amount<12>;
template class Amount<30>;

}  // namespace sfumato
