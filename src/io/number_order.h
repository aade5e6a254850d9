#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "sfumato/base/decimal.h"

namespace sfumato {

/// How a cell lies to a constant; unknown where the cell is nothing of that kind.
enum class Order : std::int8_t { less, equal, greater, unknown };

/// How the number that `text` writes lies to `constant`: exactly, however many digits it has.
/// Unknown where it writes none (as `number_of_text` says), or NaN.
Order order_of_text(std::string_view text, const Decimal& constant);

/// The same for all values of a machine type at once, since canonical forms grow with the values:
/// where the first value stands that is not less, and whether it is equal.
template <class Value>
struct Cut {
  Value at = std::numeric_limits<Value>::max();
  bool equal = false;
  bool beyond = false;  ///< no value of the type is large enough

  static Cut make(const Decimal& constant);

  Order order(Value value) const noexcept {
    if (value != value) return Order::unknown;
    if (beyond || value < at) return Order::less;
    return value == at && equal ? Order::equal : Order::greater;
  }
};

/// A constant that numbers written as text are compared with, exactly: most of them by way of the
/// nearest double, and only what is as near as the constant itself digit by digit.
class NumberCut {
 public:
  explicit NumberCut(const Decimal& constant)
      : constant_(constant),
        whole_(Cut<std::int64_t>::make(constant)),
        below_(constant.to_double_down()),
        above_(constant.to_double_up()) {}

  Order order(std::string_view text) const;

 private:
  Decimal constant_;
  Cut<std::int64_t> whole_;
  double below_, above_;
};

}  // namespace sfumato
