#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ledger/books.h"

namespace sfumato {

inline RenyiFilterParams renyi(std::vector<Exact> orders, const Exact& epsilon,
                               const Exact& delta) {
  return {std::move(orders), epsilon, delta};
}

/// How often `cost` fits one order at least of a filter that nothing was spent of.
inline uint128 fits(const RenyiFilterParams& params, const StatedCost& cost) {
  const Result<LedgerCost> cap = LedgerCost::allowed(params);
  if (!cap) return 0;
  const Exact epsilon = std::get<ApproximateCost>(cost).epsilon;
  const LedgerCost each =
      LedgerCost::charged(ReleaseLoss{.parts = {{.loss = PureLoss{epsilon}}}}, cap->curve).value();
  const auto caps = caps_of(cap->amount, cap->curve).value();
  uint128 most = 0;
  for (std::size_t i = 0; i < caps.size(); ++i)
    if (caps[i].usable) most = std::max(most, caps[i].cap.units() / each.curve[i].units());
  return most;
}

/// What lets exactly so many charges of a pure `cost` pass, found by bisection over ε.
inline RenyiFilterParams renyi_for(const StatedCost& cost, unsigned count) {
  double least = 0.01, most = 100;
  for (int step = 0; step < 100; ++step) {
    const double middle = (least + most) / 2;
    const RenyiFilterParams params = renyi({16.0, 64.0, 256.0}, middle, exact("1e-6"));
    if (fits(params, cost) == count) return params;
    (fits(params, cost) < count ? least : most) = middle;
  }
  ADD_FAILURE() << "no cap fits " << count;
  return renyi({16.0}, 1.0, 0.5);
}

/// A ledger of one dataset, 'visits', that counts Rényi divergences.
inline Ledger books(const std::string& path, const RenyiFilterParams& cap) {
  Ledger ledger = Ledger::create(path, "owner", at(1000)).value();
  ledger.add_dataset("visits", cap).value();
  return ledger;
}

}  // namespace sfumato
