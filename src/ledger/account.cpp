#include "sfumato/ledger/account.h"

#include <algorithm>

namespace sfumato {
namespace {

double share_left(const RenyiFilter::Order& order) {
  if (!order.usable || order.spent > order.cap) return -1;
  const auto cap = static_cast<double>(order.cap.units());
  return cap > 0 ? static_cast<double>((order.cap - order.spent).units()) / cap : 0;
}

}  // namespace

std::string_view name_of(Role role) noexcept {
  switch (role) {
    case Role::owner:
      return "owner";
    case Role::analyst:
      return "analyst";
    case Role::auditor:
      return "auditor";
  }
  return "";
}

std::string AccountName::to_string() const {
  const std::string of_dataset = "'" + dataset + "'";
  if (kind == Kind::dataset) return "dataset " + of_dataset;
  return (kind == Kind::project ? "project '" : "analyst '") + name + "' of " + of_dataset;
}

DeltaAmount LedgerAccount::delta_cap() const noexcept {
  return cap.measure == LossMeasure::renyi ? half_of(cap.amount.delta) : cap.amount.delta;
}

LedgerCost LedgerAccount::left() const noexcept {
  return {cap.measure, {cap.amount.loss - spent.loss, delta_cap() - spent.delta}};
}

const RenyiFilter::Order* LedgerAccount::best_order() const noexcept {
  const auto best = std::ranges::max_element(orders, {}, share_left);
  return best == orders.end() ? nullptr : &*best;
}

}  // namespace sfumato
