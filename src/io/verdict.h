#pragma once

#include <cstddef>

#include "io/number_order.h"
#include "sfumato/io/condition.h"

namespace sfumato {

/// Whether a comparison is true of a cell that is not NULL and lies to value i as `order(i)` says.
template <class OrderTo>
bool verdict(Condition::Kind kind, std::size_t values, OrderTo order) {
  using Kind = Condition::Kind;
  switch (kind) {
    case Kind::null:
      return false;
    case Kind::not_null:
      return true;
    case Kind::equal:
      return order(0) == Order::equal;
    case Kind::less:
      return order(0) == Order::less;
    case Kind::greater:
      return order(0) == Order::greater;
    case Kind::at_most:
      return order(0) == Order::less || order(0) == Order::equal;
    case Kind::at_least:
      return order(0) == Order::greater || order(0) == Order::equal;
    case Kind::in:
      for (std::size_t i = 0; i < values; ++i)
        if (order(i) == Order::equal) return true;
      return false;
    case Kind::unequal:
    case Kind::not_in:
      for (std::size_t i = 0; i < values; ++i)
        if (const Order found = order(i); found == Order::equal || found == Order::unknown)
          return false;
      return true;
  }
  return false;
}

}  // namespace sfumato
