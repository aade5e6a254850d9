#pragma once

#include <cstdint>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// The width of a noise law, as an exact positive number: numerator / denominator · 2^exponent.
///
/// Both parts are odd and have no common factor, so that equal numbers are equal objects. The value
/// lies between 2^-1074 and the largest double.
class Scale {
 public:
  /// The double itself, exactly; refuses NaN, infinity, zero and negative numbers.
  static Result<Scale> make(double value);

  /// The decimal itself where numerator and denominator fit 64 bits (each decimal up to 1e19 of at
  /// most 19 significant digits and 27 places does); else the next wider number of 64 significant
  /// bits.
  static Result<Scale> make(const Decimal& value);

  static Result<Scale> ratio(std::uint64_t numerator, std::uint64_t denominator);

  std::uint64_t numerator() const noexcept { return numerator_; }
  std::uint64_t denominator() const noexcept { return denominator_; }
  int exponent() const noexcept { return exponent_; }

  double to_double_up() const noexcept;
  double to_double_down() const noexcept;

  friend bool operator==(const Scale&, const Scale&) = default;

 private:
  Scale(std::uint64_t numerator, std::uint64_t denominator, int exponent) noexcept;

  std::uint64_t numerator_;
  std::uint64_t denominator_;
  int exponent_;
};

}  // namespace sfumato
