#include "sfumato/deid/fraction.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "sfumato/base/decimal.h"

namespace sfumato {
namespace {

Error no_fraction() {
  return {Errc::invalid_parameter, "number",
          "must be a whole number, a decimal or a fraction such as 1/3, of at most twelve digits"};
}

/// The number times ten to so many, where that is whole and small enough.
std::optional<std::uint64_t> whole_of(const Decimal& number, int tens = 0) {
  const int zeros = number.exponent() + tens;
  if (number.sign() < 0 || zeros < 0 || number.coefficient() > int128{Fraction::kMost})
    return std::nullopt;
  auto whole = static_cast<std::uint64_t>(number.coefficient());
  for (int i = 0; i < zeros && whole <= Fraction::kMost; ++i) whole *= 10;
  if (whole > Fraction::kMost) return std::nullopt;
  return whole;
}

std::optional<std::uint64_t> whole_of(std::string_view text) {
  const Result<Decimal> number = Decimal::parse(text);
  if (!number) return std::nullopt;
  return whole_of(*number);
}

}  // namespace

Result<Fraction> Fraction::make(std::uint64_t numerator, std::uint64_t denominator) {
  if (denominator == 0) return no_fraction();
  const std::uint64_t shared = std::gcd(numerator, denominator);
  if (numerator / shared > kMost || denominator / shared > kMost) return no_fraction();
  return Fraction(numerator / shared, denominator / shared);
}

Result<Fraction> Fraction::parse(std::string_view text) {
  const std::size_t bar = text.find('/');
  if (bar != std::string_view::npos) {
    const auto above = whole_of(text.substr(0, bar));
    const auto below = whole_of(text.substr(bar + 1));
    if (!above || !below) return no_fraction();
    return make(*above, *below);
  }
  const Result<Decimal> number = Decimal::parse(text);
  if (!number) return no_fraction();
  const int places = std::max(-number->exponent(), 0);
  const auto numerator = whole_of(*number, places);
  const auto denominator = whole_of(Decimal::parse("1").value(), places);
  if (!numerator || !denominator) return no_fraction();
  return make(*numerator, *denominator);
}

std::uint64_t Fraction::floor_of(std::uint64_t n) const noexcept {
  return static_cast<std::uint64_t>(uint128{n} * numerator_ / denominator_);
}

}  // namespace sfumato
