// Spends a budget once.
#include "sfumato/ledger/ledger.h"

#include <cstdio>

int main() {
  using namespace sfumato;
  const char* const path = "consumer.ledger";
  for (const char* suffix : {"", "-wal", "-shm"}) std::remove((std::string(path) + suffix).c_str());
  Ledger ledger = Ledger::create(path, "owner").value();
  ledger.add_dataset("visits", ApproximateCost{1.0, 0.0}).value();
  const SpendRequest request{.dataset = "visits",
                             .version = "1",
                             .plan = "count",
                             .title = "count",
                             .cost = ApproximateCost{1.0, 0.0},
                             .again = true};
  const bool granted = ledger.spend(request).has_value();
  return granted && !ledger.spend(request) ? 0 : 1;
}
