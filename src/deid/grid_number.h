#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "sfumato/base/decimal.h"

namespace sfumato {

/// `number` in whole units of 10^exponent, rounded down; none where that is beyond ±10^30.
std::optional<int128> units_below(const Decimal& number, int exponent);

/// The exponent of the finest of some numbers, and at most 0: all are whole in its units.
int finest(std::initializer_list<Decimal> numbers);

/// units · 10^exponent in plain digits, with -exponent of them after the point. `exponent` is at most 0.
std::string plain_digits(int128 units, int exponent);

/// A number in plain digits: 5000 rather than 5e3. It lies within 10^15 and has at most 15 decimals.
std::string plain_text(const Decimal& number);

/// a / b, rounded down. b is positive.
int128 floor_quotient(int128 a, int128 b);

}  // namespace sfumato
