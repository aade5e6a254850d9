#pragma once

#include <cstdint>
#include <optional>

#include "sfumato/base/decimal.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

/// value / step where that is a whole number within ±2^52. The step is positive.
std::optional<std::int64_t> whole_steps(const Decimal& value, const Decimal& step);

/// 10^12·count / scale, rounded up to a whole number, for a positive scale; none where that has no 127 bits.
std::optional<uint128> trillionths_up(uint128 count, const Decimal& scale);

/// The least whole number that is not below a positive decimal; none where that has no 62 bits.
std::optional<std::int64_t> rounded_up(const Decimal& value);

/// The double nearest to it.
double nearest_double(const Decimal& value);

}  // namespace sfumato
