#include "sfumato/io/condition.h"

#include <algorithm>

#include "io/cell.h"
#include "io/number_order.h"
#include "io/verdict.h"

namespace sfumato {
namespace {

Order order_from(std::strong_ordering order) {
  return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
}

/// The definition that `Filter` is compared with.
struct PlainOrder {
  std::string_view cell;

  Order operator()(const Decimal& number) const { return order_of_text(cell, number); }
  Order operator()(const Instant& instant) const {
    const std::optional<Instant> time = Instant::parse(without_blanks(cell));
    return time ? order_from(*time <=> instant) : Order::unknown;
  }
  Order operator()(const std::string& text) const { return order_from(cell <=> text); }
};

}  // namespace

bool Condition::holds(std::optional<std::string_view> cell) const {
  if (!cell) return kind == Kind::null;
  return verdict(kind, values.size(),
                 [&](std::size_t i) { return std::visit(PlainOrder{*cell}, values[i]); });
}

}  // namespace sfumato
