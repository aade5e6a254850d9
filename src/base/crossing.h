#pragma once

#include <functional>

#include "sfumato/base/directed.h"

namespace sfumato {

/// Where a falling function of a positive number comes down to zero.
///
/// `f` answers an upper bound of the function's value. The result has f(upper) <= 0, or an infinite
/// upper where no double has; and f(lower) > 0, or lower = 0; and upper - lower <= relative · upper,
/// unless they are neighbours. Only f's sign is relied on: its size merely steers. A guess that is
/// right to `relative` / 2 costs two or three evaluations.
///
/// Origin  Dowell, Jarratt: A modified regula falsi method, BIT 11(2), 1971 (the Illinois rule)
Bounds crossing(const std::function<double(double)>& f, double guess, double relative);

}  // namespace sfumato
