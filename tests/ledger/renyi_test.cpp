// Datasets that count Rényi divergences.
#include <cmath>
#include <random>

#include "ledger/chain.h"
#include "ledger/members.h"
#include "ledger/renyi_books.h"
#include "ledger/shelf.h"
#include "sfumato/account/renyi.h"

namespace sfumato {
namespace {

using Kind = AccountName::Kind;

const AccountName kVisits{.dataset = "visits"};
const AccountName kAda{"visits", Kind::analyst, "ada"};
const AccountName kStudy{"visits", Kind::project, "study"};

/// A release with these divergences at the orders 16 and 64.
SpendRequest ask_of(std::string plan, const Exact& at_16, const Exact& at_64,
                    const Exact& delta = 0.0) {
  SpendRequest request = ask(std::move(plan), eps("0"));
  request.loss =
      ReleaseLoss{.parts = {{.loss = RdpLoss{{{16.0, at_16}, {64.0, at_64}}}}}, .delta = delta};
  return request;
}

const RenyiFilterParams kTwoOrders = renyi({16.0, 64.0}, 2.0, exact("2e-5"));

std::vector<std::string> spent_at(Ledger& ledger, const AccountName& name) {
  std::vector<std::string> spent;
  for (const RenyiFilter::Order& order : account(ledger, name).orders)
    spent.push_back(order.spent.to_string());
  return spent;
}

class RenyiLedger : public OnEachStore {};

INSTANTIATE_TEST_SUITE_P(Stores, RenyiLedger, testing::ValuesIn(kStores), name_of_store);

TEST_P(RenyiLedger, CapsEachOrderAsAFilterOfHalfOfDeltaDoes) {
  Ledger ledger = books(path("l"), renyi({2.0, 16.0, 64.0}, 2.0, exact("2e-5")));
  const LedgerAccount whole = account(ledger, kVisits);
  ASSERT_EQ(whole.orders.size(), 3u);
  // In double by Python: epsilon - log(1 - 1/a) + (log(1e-5 / 3) + log(a)) / (a - 1)
  EXPECT_FALSE(whole.orders[0].usable) << "its cap would be -9.2";
  EXPECT_NEAR(whole.orders[1].cap.value().to_double_up(), 1.4086085857110007, 1e-11);
  EXPECT_NEAR(whole.orders[2].cap.value().to_double_up(), 1.8815792352176843, 1e-11);
  EXPECT_EQ(whole.orders[2].alpha, exact("64"));
  EXPECT_EQ(whole.cap.to_string(), "ε = 2, δ = 2e-5");
  EXPECT_EQ(whole.delta_cap().to_string(), "1e-5");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(RenyiLedger, TenChargesAreTenTimesOneAtEachOrderToTheLastUnit) {
  Ledger ledger = books(path("l"), kTwoOrders);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(is_reserved(ledger.spend(ask_of(std::to_string(i), 0.125, 0.15625, 1e-9))));
  EXPECT_EQ(spent_at(ledger, kVisits), (std::vector<std::string>{"1.25", "1.5625"}));
  // The caps are 1.4356… and 1.8880…: two more fit order 64 alone, the third none.
  EXPECT_TRUE(is_reserved(ledger.spend(ask_of("10", 0.125, 0.15625))));
  EXPECT_TRUE(is_reserved(ledger.spend(ask_of("11", 0.125, 0.15625))));
  EXPECT_FALSE(ledger.spend(ask_of("12", 0.125, 0.15625)));
  EXPECT_EQ(spent_at(ledger, kVisits), (std::vector<std::string>{"1.5", "1.875"}));
  EXPECT_TRUE(is_reserved(ledger.spend(ask_of("13", 0.0, 0.0)))) << "what costs nothing passes";
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(RenyiLedger, ARefusalNamesTheOrderThatLacksLeastAndWhatTookMost) {
  Ledger ledger = books(path("l"), kTwoOrders);
  ASSERT_TRUE(is_reserved(ledger.spend(ask_of("a", 0.25, 0.5, exact("1e-9")))));
  ASSERT_TRUE(is_reserved(ledger.spend(ask_of("b", 0.5, 1.0))));
  const std::string cap = account(ledger, kVisits).orders[0].cap.to_string(),
                    left = (account(ledger, kVisits).orders[0].cap - *LossAmount::at_most(0.75))
                               .to_string();
  EXPECT_EQ(bytes_of(ledger.spend(ask_of("c", 0.75, 1.5))),
            "dataset 'visits': has too little at each order, the least at 16: 0.75 is asked, and " +
                left + " of " + cap +
                " is left, since 0.75 was spent; most of it went to charge 3 (Rényi 0.5: a title), "
                "charge 2 (Rényi 0.25, δ = 1e-9: a title)");
}

TEST_P(RenyiLedger, AReleasesOwnDeltaHasHalfOfDelta) {
  Ledger ledger = books(path("l"), kTwoOrders);
  EXPECT_TRUE(is_reserved(ledger.spend(ask_of("a", 0.0, 0.0, exact("4e-6")))));
  EXPECT_TRUE(is_reserved(ledger.spend(ask_of("b", 0.0, 0.0, exact("6e-6")))));
  EXPECT_EQ(bytes_of(ledger.spend(ask_of("c", 0.0, 0.0, exact("1e-30")))),
            "dataset 'visits': has too little δ: 1e-30 is asked, and 0 of 1e-5 is left, since 1e-5 "
            "was spent; most of it went to charge 3 (Rényi 0, δ = 6e-6: a title), charge 2 "
            "(Rényi 0, δ = 4e-6: a title)");
}

TEST_P(RenyiLedger, GoesOnWhileOneOrderAllowsItHoweverFarOthersAreBeyond) {
  Ledger ledger = books(path("l"), kTwoOrders);
  for (int i = 0; i < 14; ++i)
    ASSERT_TRUE(is_reserved(ledger.spend(ask_of(std::to_string(i), 0.1, 1e9)))) << i;
  EXPECT_EQ(spent_at(ledger, kVisits)[1], "2e6") << "it stays at what is beyond all caps";
  EXPECT_FALSE(ledger.spend(ask_of("x", 0.1, 0.1)));
  EXPECT_EQ(failure(ledger.verify()), "");
}

/// Random releases of a query's kind.
ReleaseLoss random_loss(std::mt19937_64& random) {
  const auto number = [&](double most) {
    return most * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  ReleaseLoss loss{.parts = {}, .delta = random() % 3 == 0 ? number(3e-7) : 0.0};
  for (int part = 0; part <= static_cast<int>(random() % 3); ++part) switch (random() % 3) {
      case 0:
        loss.parts.push_back({.loss = ZcdpLoss{number(0.004)}});
        break;
      case 1:
        loss.parts.push_back({.loss = PureLoss{number(0.1)}, .count = 1 + part});
        break;
      default:
        loss.parts.push_back({.loss = GaussianLoss{.sigma = 15 + number(30)}});
    }
  return loss;
}

TEST_P(RenyiLedger, GrantsWhatTheFilterOfTheAccountantGrants) {
  const std::vector<Exact> orders = {4.0, 12.0, 24.0, 96.0};
  for (unsigned seed = 0; seed < 3; ++seed) {
    const std::string name = "l" + std::to_string(seed);
    Ledger ledger = books(path(name), renyi(orders, 1.0, exact("1e-5")));
    RenyiFilter filter =
        RenyiFilter::make({.orders = orders, .epsilon = 1.0, .delta = exact("5e-6")}).value();
    ApproximateFilter odds =
        ApproximateFilter::make({.epsilon = 0.0, .delta = exact("5e-6")}).value();
    std::mt19937_64 random(seed);
    int granted = 0, refused = 0;
    for (int i = 0; i < times(60, 400); ++i) {
      const ReleaseLoss loss = random_loss(random);
      std::vector<Exact> costs;
      for (const Exact& order : orders)
        costs.emplace_back(renyi_divergence(loss.parts, order).value().upper);
      RenyiFilter after = filter;
      ApproximateFilter odds_after = odds;
      const bool passes = after.charge(costs).has_value() &&
                          odds_after.charge({.epsilon = 0.0, .delta = loss.delta}).has_value();
      if (passes) filter = after, odds = odds_after;
      SpendRequest request = ask(std::to_string(i), eps("0"));
      request.loss = loss;
      ASSERT_EQ(is_reserved(ledger.spend(request)), passes) << seed << ' ' << i;
      (passes ? granted : refused) += 1;
    }
    EXPECT_GT(granted, 10);
    EXPECT_GT(refused, 3);
    const LedgerAccount whole = account(ledger, kVisits);
    for (std::size_t i = 0; i < orders.size(); ++i) {
      EXPECT_EQ(whole.orders[i].cap, filter.orders()[i].cap);
      EXPECT_EQ(whole.orders[i].spent, filter.orders()[i].spent);
      EXPECT_EQ(whole.orders[i].usable, filter.orders()[i].usable);
    }
    EXPECT_EQ(whole.spent.delta, odds.spent().delta);
    EXPECT_EQ(failure(ledger.verify()), "");
  }
}

TEST_P(RenyiLedger, WhatIsSpentWhenAllIsSpentConvertsToNoMoreThanTheCap) {
  for (const char* epsilon : {"0.5", "3", "12"}) {
    const std::string name = std::string("l") + epsilon[0];
    const RenyiFilterParams cap =
        renyi(usual_orders(std::stod(epsilon), 5e-7), exact(epsilon), exact("1e-6"));
    Ledger ledger = books(path(name), cap);
    const StatedCost cost = zcdp(epsilon[0] == '0' ? "0.0007" : "0.01");
    int granted = 0;
    while (is_reserved(ledger.spend(ask(std::to_string(granted), cost)))) ++granted;
    EXPECT_GT(granted, 2) << epsilon;
    SpendRequest rest = ask("rest", eps("0"));
    rest.loss =
        ReleaseLoss{.parts = {}, .delta = account(ledger, kVisits).left().amount.delta.value()};
    ASSERT_TRUE(is_reserved(ledger.spend(rest)));
    const RunningLoss running = ledger.running(kVisits, exact("1e-6")).value();
    EXPECT_LE(running.epsilon, std::stod(epsilon));
    EXPECT_GT(running.epsilon, 0.5 * std::stod(epsilon));
    EXPECT_GT(running.added, running.epsilon);
  }
}

TEST_P(RenyiLedger, TellsWhatTheSumsConvertTo) {
  Ledger ledger = books(path("l"), renyi({4.0, 8.0, 16.0}, 3.0, exact("1e-6")));
  EXPECT_EQ(ledger.running(kVisits, exact("1e-6")).value().epsilon, 0);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(is_reserved(ledger.spend(ask(std::to_string(i), zcdp("0.01")))));
  // Of mpmath, the least over 4, 8, 16 of αρ + log(1 - 1/α) - (log δ + log α)/(α - 1): at ρ = 0.1 and
  // δ = 1e-6, and ten times at ρ = 0.01 and δ = 1e-7.
  constexpr double kTogether = 2.271656267910728, kAdded = 9.851619407769981;
  const RunningLoss running = ledger.running(kVisits, exact("1e-6")).value();
  EXPECT_NEAR(running.epsilon, kTogether, 1e-9);
  EXPECT_NEAR(running.added, kAdded, 1e-8);
  EXPECT_EQ(ledger.running(kVisits, 0.0).value().epsilon, INFINITY);
}

TEST_P(RenyiLedger, TakesTotalsInEpsilonAndInRhoAsWhatTheyAllow) {
  Ledger ledger = books(path("l"), kTwoOrders);
  ASSERT_TRUE(is_reserved(ledger.spend(ask("a", zcdp("0.0078125", "1e-7")))));
  EXPECT_EQ(spent_at(ledger, kVisits), (std::vector<std::string>{"0.125", "0.5"}));
  EXPECT_EQ(account(ledger, kVisits).spent.delta.to_string(), "1e-7");
  ASSERT_TRUE(is_reserved(ledger.spend(ask("b", eps("0.5", "1e-7")))));
  // By Python, of a response that is true with odds of e^0.5 at the orders 16 and 64.
  EXPECT_NEAR(std::stod(spent_at(ledger, kVisits)[0]) - 0.125, 0.468394880090601, 1e-10);
  EXPECT_NEAR(std::stod(spent_at(ledger, kVisits)[1]) - 0.5, 0.4924749685050778, 1e-10);
}

TEST_P(RenyiLedger, APlanIsAnotherAtAnotherLoss) {
  Ledger ledger = books(path("l"), kTwoOrders);
  EXPECT_EQ(release(ledger, ask_of("count", 0.125, 0.25), "first"), "first");
  EXPECT_EQ(release(ledger, ask_of("count", 0.125, 0.25), "second"), "first");
  EXPECT_EQ(release(ledger, ask_of("count", 0.125, 0.5), "third"), "third");
  EXPECT_EQ(spent_at(ledger, kVisits), (std::vector<std::string>{"0.25", "0.75"}));
}

TEST_P(RenyiLedger, BudgetsWithinDrawOnTheDatasetEachByAnOrderOfItsOwn) {
  Ledger ledger = books(path("l"), kTwoOrders);
  ledger.grant({.account = kStudy, .cap = eps("1.5", "1e-5")}).value();
  ledger.grant({.account = kAda, .cap = eps("0.5", "4e-6"), .project = "study"}).value();
  const LedgerAccount small = account(ledger, kAda);
  EXPECT_FALSE(small.orders[0].usable) << "ε = 0.5 is too little for order 16";
  EXPECT_TRUE(small.orders[1].usable);
  EXPECT_EQ(small.delta_cap().to_string(), "2e-6");
  Ledger ada = Ledger::open(path("l"), "ada").value();
  ASSERT_TRUE(is_reserved(ada.spend(ask_of("a", 0.125, 0.1875))));
  for (const AccountName& one : {kAda, kStudy, kVisits})
    EXPECT_EQ(spent_at(ledger, one), (std::vector<std::string>{"0.125", "0.1875"}));
  // The owner closes order 64 of the dataset, which goes on at 16; ada and the project do not notice.
  ASSERT_TRUE(is_reserved(ledger.spend(ask_of("b", 0.125, 10.0))));
  ASSERT_TRUE(is_reserved(ada.spend(ask_of("c", 0.125, 0.125))));
  EXPECT_EQ(bytes_of(ada.spend(ask_of("d", 0.125, 0.25)))
                .find("analyst 'ada' of 'visits': has too little at each order, the least at 64"),
            0u);
  EXPECT_EQ(spent_at(ledger, kVisits)[0], "0.375") << "all budgets are charged, or none";
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(RenyiLedger, ACapIsChangedWhileAnOrderStillHolds) {
  Ledger ledger = books(path("l"), kTwoOrders);
  ledger.grant({.account = kAda, .cap = eps("1", "1e-5")}).value();
  Ledger ada = Ledger::open(path("l"), "ada").value();
  ASSERT_TRUE(is_reserved(ada.spend(ask_of("a", 0.25, 0.5))));
  EXPECT_EQ(
      failure(ledger.grant({.account = kAda, .cap = eps("0.5", "1e-5")})),
      "analyst 'ada' of 'visits': has spent more than that allows at any order: its cap can't "
      "be so low");
  ledger.grant({.account = kAda, .cap = eps("0.75", "2e-6")}).value();
  EXPECT_FALSE(ada.spend(ask_of("b", 0.25, 0.25)));
  ledger.grant({.account = kAda, .cap = eps("1.5", "1e-5")}).value();
  EXPECT_TRUE(is_reserved(ada.spend(ask_of("b", 0.25, 0.25))));
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = zcdp("1")})),
            "dataset 'visits': counts renyi, so that a budget must say epsilon and delta");
  EXPECT_EQ(failure(ledger.grant({.account = kAda, .cap = eps("0.01", "1e-9")})),
            "orders: must hold a higher one: at none of these is any release within epsilon and "
            "delta");
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(RenyiLedger, FreezingAndExpiryHoldAsElsewhere) {
  Ledger ledger = books(path("l"), kTwoOrders);
  ledger.grant({.account = kAda, .cap = eps("1", "1e-5"), .until = 2000}).value();
  Ledger late = Ledger::open(path("l"), "ada", at(2000)).value();
  EXPECT_FALSE(late.spend(ask_of("a", 0.0, 0.0)));
  ledger.freeze(kVisits).value();
  EXPECT_FALSE(ledger.spend(ask_of("a", 0.0, 0.0)));
  EXPECT_EQ(failure(ledger.verify()), "");
}

TEST_P(RenyiLedger, RefusesWhatIsNoCapAndNoCost) {
  Ledger ledger = Ledger::create(path("l"), "owner", at(1000)).value();
  const auto refused = [&](std::vector<Exact> orders, const char* epsilon, const char* delta) {
    return failure(
        ledger.add_dataset("visits", renyi(std::move(orders), exact(epsilon), exact(delta))));
  };
  EXPECT_EQ(refused({}, "1", "1e-6"), "orders: must be one at least");
  EXPECT_EQ(refused({1.0, 2.0}, "1", "1e-6"), "orders: must lie above 1, and not above 2^20");
  EXPECT_EQ(refused({2e6}, "1", "1e-6"), "orders: must lie above 1, and not above 2^20");
  EXPECT_EQ(refused({64.0, 16.0}, "1", "1e-6"), "orders: must rise");
  EXPECT_EQ(refused({exact("16.0000000000001")}, "1", "1e-6"),
            "orders: must have at most 12 decimal places");
  EXPECT_EQ(refused({2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0}, "1", "1e-6"),
            "orders: must be at most 8");
  EXPECT_EQ(refused({2.0}, "0.1", "1e-6"),
            "orders: must hold a higher one: at none of these is any release within epsilon and "
            "delta");
  EXPECT_EQ(refused({16.0}, "0", "1e-6"), "epsilon: must lie in (0, 2^20]");
  EXPECT_EQ(refused({16.0}, "1", "0"), "delta: must lie in (0, 1): no order gives a bound for 0");
  EXPECT_EQ(refused({16.0}, "1", "1e-30"),
            "delta: must lie in (0, 1): no order gives a bound for 0");
  EXPECT_EQ(refused({16.0, 64.0}, "1", "1e-5"), "");
  EXPECT_FALSE(ledger.spend(ask_of("a", -0.5, 0.0)));
  EXPECT_FALSE(ledger.spend(ask_of("a", std::nan(""), 0.0)));
  EXPECT_FALSE(ledger.spend(ask_of("a", 0.0, 0.0, -1e-7)));
  EXPECT_FALSE(ledger.spend(ask_of("a", 0.0, 0.0, 1.0)));
  EXPECT_EQ(ledger.running(kVisits, 1e-6).value().epsilon, 0);
}

TEST_P(RenyiLedger, PartsAreNotAskedForWhereEpsilonOrRhoIsCounted) {
  Ledger ledger = books(path("l"), zcdp("1"));
  SpendRequest request = ask("a", zcdp("0.25"));
  request.loss = ReleaseLoss{.parts = {{.loss = PureLoss{100.0}}}, .delta = 0.5};
  EXPECT_TRUE(is_reserved(ledger.spend(request)));
  EXPECT_EQ(spent_of(ledger, kVisits), "ρ = 0.25");
}

TEST_P(RenyiLedger, TheLogHoldsTheOrdersAndWhatEachChargeCosts) {
  Ledger ledger = books(path("l"), kTwoOrders);
  ASSERT_TRUE(is_reserved(ledger.spend(ask_of("a", 0.25, 0.5))));
  std::vector<LedgerEntry> log;
  ledger.each_entry([&](const LedgerEntry& entry) { log.push_back(entry); }).value();
  const auto units = [](double x) { return *LossAmount::at_most(x); };
  EXPECT_EQ(log[1].words, "renyi");
  EXPECT_EQ(log[1].curve, (std::vector{units(16), units(64)}));
  EXPECT_EQ(log[1].amount.loss.to_string(), "2");
  EXPECT_EQ(log[1].amount.delta.to_string(), "2e-5");
  EXPECT_EQ(log[2].curve, (std::vector{units(0.25), units(0.5)}));
  EXPECT_EQ(log[2].amount.loss, LossAmount());
}

TEST_P(RenyiLedger, IsSignedAsAnyOther) {
  const std::string ledger = path("l");
  Ledger owner = Ledger::create(ledger, "owner", signer(kOwnersKey), at(1000)).value();
  owner.add_dataset("visits", kTwoOrders).value();
  owner.appoint("ada", Role::analyst, public_key(kAdasKey)).value();
  owner.grant({.account = kAda, .cap = eps("1", "1e-5")}).value();
  Ledger ada = Ledger::open(ledger, signer(kAdasKey), at(1010)).value();
  EXPECT_EQ(release(ada, ask_of("a", 0.25, 0.5, exact("1e-7")), "bytes"), "bytes");
  EXPECT_EQ(spent_at(owner, kVisits), (std::vector<std::string>{"0.25", "0.5"}));
  EXPECT_EQ(failure(owner.verify()), "");
}

// ---- what a hand at the tables can do

class RenyiTables : public RenyiLedger {
 protected:
  void SetUp() override {
    OnEachStore::SetUp();
    if (IsSkipped()) return;
    Ledger ledger = books(path("whole"), kTwoOrders);
    ledger.grant({.account = kAda, .cap = eps("1", "1e-5")}).value();
    Ledger ada = Ledger::open(path("whole"), "ada", at(1000)).value();
    EXPECT_EQ(release(ada, ask_of("a", 0.25, 0.5, exact("1e-7")), "bytes"), "bytes");
  }

  std::string found_after(const std::string& sql) {
    shelf_->copy("whole", "l");
    shelf_->tamper("l", sql);
    Result<Ledger> ledger = Ledger::open(path("l"), "owner", at(1000));
    return ledger ? failure(ledger->verify()) : failure(ledger);
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, RenyiTables, testing::ValuesIn(kStores), name_of_store);

TEST_P(RenyiTables, AnOrderThatTheLogDoesNotMakeIsFound) {
  EXPECT_EQ(found_after("UPDATE account SET frozen = frozen"), "");
  const std::string named =
      said("l") + ": the budget of dataset 'visits' is not what the log makes of it";
  for (const char* change :
       {"spent_0 = spent_0 - 1", "spent_1 = 0", "spent_1 = spent_1 + 1", "spent_2 = 1",
        "spent_7 = 5", "cap_0 = cap_0 + 1", "cap_1 = cap_1 - 1", "cap_2 = 0", "cap_7 = -2",
        "delta_cap = delta_cap * 2", "measure = 0", "measure = 1"})
    EXPECT_EQ(found_after(std::string("UPDATE account SET ") + change + " WHERE kind = 0"), named)
        << change;
  // 16 and 64 in units of 10^-12 are 0e8d4a510000 and 3a3529440000.
  const std::string right = "00000e8d4a51000000003a3529440000";
  for (const std::string& orders : {right, std::string(), right + "00", right.substr(16),
                                    std::string("00000e8d4a51000100003a3529440000")})
    EXPECT_EQ(
        found_after("UPDATE account SET orders = " + shelf_->blob(orders) + " WHERE kind = 0"),
        orders == right ? "" : named)
        << orders;
}

TEST_P(RenyiTables, AnyChangedByteOfACurveNamesItsEntry) {
  const auto rows = shelf_->cells("whole", "SELECT number, " + shelf_->digits_of("curve", true) +
                                               " FROM chain WHERE length(curve) > 0");
  ASSERT_EQ(rows.size(), 4u) << "the dataset's, and the charge's";
  for (std::size_t row = 0; row < rows.size(); row += 2) {
    const std::string named = said("l") + ": entry " + rows[row] + " is not as it was written";
    for (std::size_t digit = 0; digit < rows[row + 1].size(); digit += 2) {
      std::string changed = rows[row + 1];
      changed[digit + 1] = changed[digit + 1] == '0' ? '1' : '0';
      EXPECT_EQ(found_after("UPDATE chain SET curve = " + shelf_->blob(changed) +
                            " WHERE number = " + rows[row])
                    .find(named),
                0u);
    }
    for (const std::string& other : {rows[row + 1] + "00", rows[row + 1].substr(2), std::string()})
      EXPECT_EQ(found_after("UPDATE chain SET curve = " + shelf_->blob(other) +
                            " WHERE number = " + rows[row])
                    .find(named),
                0u);
  }
}

TEST_P(RenyiTables, NoStatementOverspendsAllOrdersOfABudget) {
  const auto checks = [&](const std::string& sql) {
    const auto store = open_store(path("whole")).value();
    const auto transaction = Transaction::write(*store);
    return store->execute(sql).has_value();
  };
  EXPECT_FALSE(checks("UPDATE account SET spent_0 = cap_0 + 1, spent_1 = cap_1 + 1"));
  EXPECT_FALSE(
      checks("UPDATE account SET spent_0 = 2000000000000000000,"
             " spent_1 = 2000000000000000000"));
  EXPECT_FALSE(checks("UPDATE account SET spent_0 = -1"));
  EXPECT_FALSE(checks("UPDATE account SET delta = delta_cap + 1"));
  EXPECT_TRUE(checks("UPDATE account SET spent_0 = cap_0 + 1")) << "which verify finds";
}

}  // namespace
}  // namespace sfumato
