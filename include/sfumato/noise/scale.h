#pragma once

#include <cstdint>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// The width of a noise law, as an exact positive number: numerator / denominator · 2^exponent.
///
/// Both parts are odd or one of them is 1 … 2^64 - 1; the value lies within 2^-1074 … 2^1024.
class Scale {
 public:
  /// The double itself, exactly; refuses NaN, infinity, zero and negative numbers.
  static Result<Scale> make(double value);

  /// The decimal itself where numerator and denominator fit 64 bits (each decimal of at most 19
  /// digits between 1e-19 and 1e19 does); else the next wider number of 64 significant bits.
  static Result<Scale> make(const Decimal& value);

  static Result<Scale> ratio(std::uint64_t numerator, std::uint64_t denominator);

  std::uint64_t numerator() const noexcept { return numerator_; }
  std::uint64_t denominator() const noexcept { return denominator_; }
  int exponent() const noexcept { return exponent_; }

  double to_double_up() const noexcept;
  double to_double_down() const noexcept;

  friend bool operator==(const Scale&, const Scale&) = default;

 private:
  Scale(std::uint64_t numerator, std::uint64_t denominator, int exponent) noexcept
      : numerator_(numerator), denominator_(denominator), exponent_(exponent) {}

  std::uint64_t numerator_;
  std::uint64_t denominator_;
  int exponent_;
};

}  // namespace sfumato
