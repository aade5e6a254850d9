#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "ledger/view.h"
#include "sfumato/account/odometer.h"
#include "sfumato/account/renyi.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// How many charges cost the same.
struct Charges {
  LossAmount loss;
  std::vector<LossAmount> curve;
  std::int64_t count;
};

/// The charges of each account, and of all that draw on it.
using ChargesOf = std::map<std::int64_t, std::vector<Charges>>;

Result<ChargesOf> all_charges(Store& store) {
  std::map<std::int64_t, std::int64_t> parents;
  const Status accounts =
      store.each("SELECT id, parent FROM account WHERE parent IS NOT NULL", {},
                 [&](const Row& row) { parents[row.integer(0)] = row.integer(1); });
  if (!accounts) return accounts.error();
  ChargesOf all;
  const Status read = store.each(
      "SELECT charge.account, chain.loss, chain.curve, count(*) FROM charge"
      " JOIN chain USING (number) GROUP BY charge.account, chain.loss, chain.curve",
      {}, [&](const Row& row) {
        const auto loss = LossAmount::of_units(static_cast<uint128>(row.integer(1)));
        const Charges some{loss ? *loss : LossAmount::most(), curve_from(row.bytes(2)),
                           row.integer(3)};
        std::int64_t account = row.integer(0);
        for (int step = 0; step < 3; ++step) {  // an analyst's, a project's, the dataset's
          all[account].push_back(some);
          const auto parent = parents.find(account);
          if (parent == parents.end()) break;
          account = parent->second;
        }
      });
  if (!read) return read.error();
  return all;
}

/// The ε of Σρ at δ; infinity where there is none.
double epsilon_of(LossAmount rho, const Exact& delta) {
  if (rho == LossAmount()) return 0;
  const ConcentratedCost cost{rho.value()};
  auto filter = ConcentratedFilter::make(cost);
  if (!filter || !filter->charge(cost)) return kInfinity;
  return running_epsilon(*filter, delta);
}

/// The same of divergences at these orders, but for those that are beyond all caps.
double epsilon_of(const std::vector<RenyiFilter::Order>& orders,
                  const std::vector<LossAmount>& divergences, const Exact& delta) {
  std::vector<RdpPoint> points;
  bool any = false;
  for (std::size_t i = 0; i < orders.size() && i < divergences.size(); ++i) {
    any = any || divergences[i] > LossAmount();
    if (divergences[i] < most_divergence())
      points.push_back({orders[i].alpha, divergences[i].value()});
  }
  if (!any) return 0;
  const Result<Bounds> epsilon = renyi_epsilon(points, delta);
  return epsilon ? epsilon->upper : kInfinity;
}

/// All together at what of δ the releases leave, and each by itself at an equal share of that.
template <class Together, class Each>
RunningLoss converted(const LedgerAccount& account, const std::vector<Charges>& charges,
                      DeltaAmount delta, Together together, Each each) {
  if (account.spent.delta >= delta) return {kInfinity, kInfinity};
  const Decimal left = (delta - account.spent.delta).value();
  std::int64_t count = 0;
  for (const Charges& some : charges) count += some.count;
  const double share = count == 0 ? 0 : div_down(left.to_double_down(), static_cast<double>(count));
  double added = 0;
  for (const Charges& some : charges)
    added = add_up(added, mul_up(static_cast<double>(some.count), each(some, share)));
  return {together(left), added};
}

RunningLoss running_of(const LedgerAccount& account, const std::vector<Charges>& charges,
                       DeltaAmount delta) {
  switch (account.cap.measure) {
    case LossMeasure::epsilon: {
      const bool holds = account.spent.delta <= delta;
      const double sum = holds ? account.spent.loss.value().to_double_up() : kInfinity;
      return {sum, sum};
    }
    case LossMeasure::rho:
      return converted(
          account, charges, delta,
          [&](const Exact& left) { return epsilon_of(account.spent.loss, left); },
          [](const Charges& some, double share) { return epsilon_of(some.loss, share); });
    case LossMeasure::renyi: {
      const auto& orders = account.orders;
      std::vector<LossAmount> spent;
      for (const RenyiFilter::Order& order : orders) spent.push_back(order.spent);
      return converted(
          account, charges, delta,
          [&](const Exact& left) { return epsilon_of(orders, spent, left); },
          [&](const Charges& some, double share) { return epsilon_of(orders, some.curve, share); });
    }
  }
  return {kInfinity, kInfinity};
}

Result<DeltaAmount> allowed_delta(const Exact& delta) {
  const auto allowed = DeltaAmount::at_most(delta);
  if (!allowed) return Error{allowed.error().code, "delta", allowed.error().message};
  if (delta.upper() >= 1) return Error{Errc::invalid_parameter, "delta", "must be below 1"};
  return allowed;
}

}  // namespace

Result<std::vector<RunningLoss>> Ledger::running(std::span<const RunningQuestion> questions) {
  for (const RunningQuestion& question : questions)
    if (const auto delta = allowed_delta(question.delta); !delta) return delta.error();
  if (Status asked = ask_to_see(*state_, "show", 0, false); !asked) return std::move(asked).error();
  const Result<Transaction> reading = Transaction::read(*state_->store);
  if (!reading) return reading.error();
  const Result<Role> role = role_of_reader(*state_, false);
  if (!role) return role.error();
  const auto seen = visible_accounts(*state_, *role);
  if (!seen) return seen.error();
  auto charges = all_charges(*state_->store);
  if (!charges) return std::move(charges).error();

  std::map<AccountName, const StoredAccount*> by_name;
  for (const StoredAccount& one : *seen) by_name.emplace(one.account.name, &one);
  std::vector<RunningLoss> told;
  for (const RunningQuestion& question : questions) {
    const auto found = by_name.find(question.account);
    if (found == by_name.end())
      return Error{Errc::invalid_parameter, question.account.to_string(),
                   "has no budget in this ledger"};
    const StoredAccount& one = *found->second;
    told.push_back(running_of(one.account, (*charges)[one.id], *allowed_delta(question.delta)));
  }
  return told;
}

Result<RunningLoss> Ledger::running(const AccountName& account, const Exact& delta) {
  const RunningQuestion question{account, delta};
  const auto told = running({&question, 1});
  if (!told) return told.error();
  return told->front();
}

}  // namespace sfumato
