#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "ledger/books.h"

namespace sfumato {

/// What a program was told before, and while, its disk or its server failed.
struct Told {
  std::map<std::string, std::string> published;  ///< by plan
  std::set<std::string> granted;
};

/// Asks for five plans of ε = 0.2, one of them twice, and goes on whatever fails.
inline void spend_all(Ledger& ledger, Told& told) {
  for (const std::string plan : {"a", "b", "a", "c", "d", "e"}) {
    Spent spent = ledger.spend(ask(plan, eps("0.2")));
    if (!spent) continue;
    told.granted.insert(plan);
    Result<StoredRelease> stored =
        is_reserved(spent) ? ledger.store(charge_of(std::move(spent)), "release of " + plan)
                           : std::get<StoredRelease>(*std::move(spent));
    if (!stored) continue;
    told.published[plan] = stored->bytes;
    (void)ledger.published(*stored);
  }
}

/// What was spent of 'visits', at each order where there are some.
inline std::string all_spent(Ledger& ledger) {
  const LedgerAccount whole = account(ledger, {.dataset = "visits"});
  std::string spent = LedgerCost{whole.cap.measure, whole.spent}.to_string();
  for (const RenyiFilter::Order& order : whole.orders)
    spent += "; " + order.alpha.to_string() + ": " + order.spent.to_string();
  return spent;
}

/// In the books that `spend_all` was run on, of which it could spend so much in all: ε = 1, or what that is
/// of a budget in Rényi divergences.
inline void expect_nothing_lost(const std::string& path, const Told& told, const std::string& fault,
                                const std::string& all = "ε = 1") {
  Result<Ledger> ledger = Ledger::open(path, "owner", at(1000));
  ASSERT_EQ(failure(ledger), "") << fault;
  ASSERT_EQ(failure(ledger->verify()), "") << fault;
  std::set<std::string> charged;
  ledger
      ->each_entry([&](const LedgerEntry& entry) {
        if (entry.kind != "charge") return;
        EXPECT_TRUE(charged.insert(entry.plan).second) << fault << ": charged twice";
      })
      .value();
  for (const std::string& plan : told.granted)
    EXPECT_EQ(charged.count(plan), 1u) << fault << ": the charge of " << plan << " is lost";
  for (const auto& [plan, bytes] : told.published)
    EXPECT_EQ(bytes_of(ledger->spend(ask(plan, eps("0.2")))), bytes) << fault;
  Told later;
  spend_all(*ledger, later);
  EXPECT_EQ(later.published.size(), 5u) << fault << ": the rest can't be had any more";
  EXPECT_EQ(all_spent(*ledger), all) << fault;
  EXPECT_EQ(failure(ledger->verify()), "") << fault;
}

}  // namespace sfumato
