#include "secagg/whole_steps.h"

#include <charconv>
#include <string>

namespace sfumato {
namespace {

constexpr int128 kFarthest = int128{1} << 52;
constexpr uint128 kMost = uint128{1} << 127;

struct Ratio {
  uint128 numerator, denominator;
};

/// value·10^exponent; false where that has no 127 bits.
bool multiply_by_tens(uint128& value, int exponent) {
  for (; exponent > 0; --exponent)
    if (__builtin_mul_overflow(value, uint128{10}, &value) || value >= kMost) return value == 0;
  return true;
}

/// numerator·10^exponent / denominator, both whole numbers.
std::optional<Ratio> ratio(uint128 numerator, uint128 denominator, int exponent) {
  const bool fits = exponent >= 0 ? multiply_by_tens(numerator, exponent)
                                  : multiply_by_tens(denominator, -exponent);
  if (!fits) return std::nullopt;
  return Ratio{numerator, denominator};
}

uint128 magnitude(const Decimal& value) {
  const int128 coefficient = value.coefficient();
  return static_cast<uint128>(coefficient < 0 ? -coefficient : coefficient);
}

uint128 quotient_up(const Ratio& ratio) {
  return ratio.numerator / ratio.denominator + (ratio.numerator % ratio.denominator != 0 ? 1 : 0);
}

}  // namespace

std::optional<std::int64_t> whole_steps(const Decimal& value, const Decimal& step) {
  const auto exact = ratio(magnitude(value), magnitude(step), value.exponent() - step.exponent());
  if (!exact || exact->numerator % exact->denominator != 0) return std::nullopt;
  const uint128 steps = exact->numerator / exact->denominator;
  if (steps > static_cast<uint128>(kFarthest)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(steps);
  return value.sign() < 0 ? -whole : whole;
}

std::optional<uint128> trillionths_up(uint128 count, const Decimal& scale) {
  const auto exact = ratio(count, magnitude(scale), 12 - scale.exponent());
  if (!exact) return std::nullopt;
  return quotient_up(*exact);
}

std::optional<std::int64_t> rounded_up(const Decimal& value) {
  const auto exact = ratio(magnitude(value), 1, value.exponent());
  if (!exact) return std::nullopt;
  const uint128 whole = quotient_up(*exact);
  if (whole >> 62 != 0) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

double nearest_double(const Decimal& value) {
  const std::string text = value.to_string();
  double nearest = 0;
  std::from_chars(text.data(), text.data() + text.size(), nearest);
  return nearest;
}

}  // namespace sfumato
