#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// A number that is known exactly: a double, or a decimal that no double may hold.
///
/// A caller's 0.1 is the double that it is; a 0.1 that was read from a text is one tenth. Neither is
/// rounded before arithmetic that says in which direction.
class Exact {
 public:
  Exact(double value) noexcept : value_(value) {}          ///< the double itself
  Exact(const Decimal& value) noexcept : value_(value) {}  ///< the decimal itself

  static Result<Exact> parse(std::string_view text);  ///< a decimal, as `Decimal::parse` reads it

  double lower() const noexcept;  ///< the greatest double that is not above it
  double upper() const noexcept;  ///< the least double that is not below it

  bool is_finite() const noexcept;  ///< neither an infinity nor NaN
  int sign() const noexcept;        ///< -1, 0 or 1; NaN has sign 0

  /// The double or the decimal, whichever it is.
  const std::variant<double, Decimal>& value() const noexcept { return value_; }

  std::string to_string() const;  ///< shortest text that reads back as the same number

  /// Of the same form and value: the double 0.5 and the decimal 0.5 differ.
  friend bool operator==(const Exact&, const Exact&) = default;

 private:
  std::variant<double, Decimal> value_;
};

}  // namespace sfumato
