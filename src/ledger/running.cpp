#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "ledger/session.h"
#include "sfumato/account/odometer.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// How many charges had one loss.
struct Charges {
  LossAmount loss;
  std::int64_t count;
};

Result<std::vector<Charges>> charges_below(Store& store, std::int64_t account) {
  std::vector<Charges> found;
  const Status read = store.each(
      "WITH RECURSIVE below(id) AS (VALUES ($1) UNION ALL"
      " SELECT account.id FROM account JOIN below ON account.parent = below.id)"
      "SELECT chain.loss, count(*) FROM charge JOIN chain USING (number)"
      " WHERE charge.account IN (SELECT id FROM below) GROUP BY chain.loss",
      {account}, [&](const Row& row) {
        const auto loss = LossAmount::of_units(static_cast<uint128>(row.integer(0)));
        found.push_back({loss ? *loss : LossAmount::most(), row.integer(1)});
      });
  if (!read) return read.error();
  return found;
}

/// The ε of Σρ at δ; infinity where there is none.
double epsilon_of(LossAmount rho, const Exact& delta) {
  if (rho == LossAmount()) return 0;
  const ConcentratedCost cost{rho.value()};
  auto filter = ConcentratedFilter::make(cost);
  if (!filter || !filter->charge(cost)) return kInfinity;
  return running_epsilon(*filter, delta);
}

RunningLoss concentrated(const LedgerAccount& account, const std::vector<Charges>& charges,
                         DeltaAmount delta) {
  if (account.spent.delta >= delta) return {kInfinity, kInfinity};
  const DeltaAmount left = delta - account.spent.delta;
  std::int64_t count = 0;
  for (const Charges& some : charges) count += some.count;
  const double share =
      count == 0 ? 0 : div_down(left.value().to_double_down(), static_cast<double>(count));
  double added = 0;
  for (const Charges& some : charges)
    added = add_up(added, mul_up(static_cast<double>(some.count), epsilon_of(some.loss, share)));
  return {epsilon_of(account.spent.loss, left.value()), added};
}

RunningLoss approximate(const LedgerAccount& account, DeltaAmount delta) {
  const bool holds = account.spent.delta <= delta;
  const double sum = holds ? account.spent.loss.value().to_double_up() : kInfinity;
  return {sum, sum};
}

}  // namespace

Result<RunningLoss> Ledger::running(const AccountName& account, const Exact& delta) {
  const auto allowed = DeltaAmount::at_most(delta);
  if (!allowed) return Error{allowed.error().code, "delta", allowed.error().message};
  if (delta.upper() >= 1) return Error{Errc::invalid_parameter, "delta", "must be below 1"};
  const auto seen = accounts();
  if (!seen) return seen.error();
  if (std::ranges::find(*seen, account, &LedgerAccount::name) == seen->end())
    return Error{Errc::invalid_parameter, account.to_string(), "has no budget in this ledger"};

  Store& store = *state_->store;
  const Result<Transaction> reading = Transaction::read(store);
  if (!reading) return reading.error();
  const auto stored = find_account(store, account);
  if (!stored) return stored.error();
  const LedgerAccount& spent = (*stored)->account;
  if (spent.cap.measure == LossMeasure::epsilon) return approximate(spent, *allowed);
  const auto charges = charges_below(store, (*stored)->id);
  if (!charges) return charges.error();
  return concentrated(spent, *charges, *allowed);
}

}  // namespace sfumato
