#include "sfumato/deid/fraction.h"

#include <numeric>
#include <string>

#include "sfumato/base/decimal.h"

namespace sfumato {
namespace {

Error no_fraction() {
  return {Errc::invalid_parameter, "number",
          "must be a whole number, a decimal or a fraction such as 1/3, of at most twelve digits"};
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
    const Result<Decimal> above = Decimal::parse(text.substr(0, bar));
    const Result<Decimal> below = Decimal::parse(text.substr(bar + 1));
    if (!above || !below || above->exponent() != 0 || below->exponent() != 0 || above->sign() < 0 ||
        below->sign() <= 0 || above->coefficient() > int128{kMost} ||
        below->coefficient() > int128{kMost})
      return no_fraction();
    return make(static_cast<std::uint64_t>(above->coefficient()),
                static_cast<std::uint64_t>(below->coefficient()));
  }
  const Result<Decimal> number = Decimal::parse(text);
  if (!number || number->sign() < 0 || number->coefficient() > int128{kMost}) return no_fraction();
  auto numerator = static_cast<std::uint64_t>(number->coefficient());
  std::uint64_t denominator = 1;
  for (int i = number->exponent(); i > 0; --i)
    if ((numerator *= 10) > kMost) return no_fraction();
  for (int i = number->exponent(); i < 0; ++i)
    if ((denominator *= 10) > kMost) return no_fraction();
  return make(numerator, denominator);
}

std::uint64_t Fraction::floor_of(std::uint64_t n) const noexcept {
  return static_cast<std::uint64_t>(uint128{n} * numerator_ / denominator_);
}

}  // namespace sfumato
