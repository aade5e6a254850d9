#include "cli/budget_view.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sfumato {
namespace {

TEST(BarOf, IsFullOnlyWhereNothingWasSpent) {
  EXPECT_EQ(bar_of(10, 10), "████████████████████");
  EXPECT_EQ(bar_of(999'999, 1'000'000), "███████████████████░");
  EXPECT_EQ(bar_of(5, 10), "██████████░░░░░░░░░░");
  EXPECT_EQ(bar_of(1, 21), "░░░░░░░░░░░░░░░░░░░░");
  EXPECT_EQ(bar_of(0, 10), "░░░░░░░░░░░░░░░░░░░░");
  EXPECT_EQ(bar_of(0, 0), "░░░░░░░░░░░░░░░░░░░░");
}

TEST(BarOf, TakesTheLargestAmounts) {
  uint128 most = 1;
  for (int i = 0; i < 36; ++i) most *= 10;
  EXPECT_EQ(bar_of(most, most), bar_of(1, 1));
}

TEST(DateOf, LeavesOutAnHourThatIsZero) {
  EXPECT_EQ(date_of(1'801'353'600), "2027-01-31");  // date -u -d 2027-01-31 +%s
  EXPECT_EQ(date_of(1'801'353'601), "2027-01-31T00:00:01Z");
}

TEST(MinuteOf, StaysWithinTheYearsThatACalendarHas) {
  EXPECT_EQ(minute_of(1'801'353'659), "2027-01-31 00:00");
  EXPECT_EQ(minute_of(-1), "1970-01-01 00:00");
  EXPECT_EQ(minute_of(kForever - 1), "9999-12-31 23:59");
}

TEST(BriefAmount, HasSixDigitsAndErrsToTheSafeSide) {
  const LossAmount long_one = LossAmount::at_most(Exact::parse("250.112499999781").value()).value();
  EXPECT_EQ(brief_amount(long_one, Toward::below), "250.112");
  EXPECT_EQ(brief_amount(long_one, Toward::above), "250.113");
  const DeltaAmount tiny = DeltaAmount::at_least(1e-9).value();
  EXPECT_EQ(brief_amount(tiny, Toward::below), "1e-9");
  EXPECT_EQ(brief_amount(tiny, Toward::above), "1.00001e-9");
  EXPECT_EQ(brief_amount(LossAmount(), Toward::above), "0");
  EXPECT_EQ(brief_amount(LossAmount::most(), Toward::above), LossAmount::most().to_string());
}

LedgerAccount example() {
  return {.name = {"visits", AccountName::Kind::analyst, "ada"},
          .project = "heart",
          .cap = LedgerCost::allowed(ConcentratedCost{0.5, 0.0}).value(),
          .spent = {LossAmount::at_least(0.25).value(), {}},
          .frozen = true,
          .until = 1'801'353'600};
}

TEST(AccountsTable, TellsWhatIsLeftAndWhatIsInTheWay) {
  EXPECT_EQ(accounts_table({{example()}}),
            "budget         left\n"
            "  analyst ada  ██████████░░░░░░░░░░  ρ 0.25 of 0.5    in project heart, frozen, until "
            "2027-01-31\n"
            "This ledger has no keys: names are taken on trust.\n");
}

TEST(AccountsTable, TellsWhatRhoIsAsAnEpsilon) {
  const std::string table = accounts_table({{example(), RunningLoss{1.23401, 4}, "1e-6"}});
  EXPECT_NE(table.find("until 2027-01-31, so far ε 1.2341 at δ 1e-6 together, 4.0000 if each "
                       "release's own were added\n"),
            table.npos)
      << table;
  EXPECT_EQ(told({INFINITY, INFINITY}, "1e-9"), "no ε at δ 1e-9");
}

TEST(AccountsJson, TellsWhatRhoIsAsAnEpsilon) {
  EXPECT_NE(
      accounts_json({{example(), RunningLoss{1.5, INFINITY}, "1e-6"}})
          .find("\"running\": {\n        \"epsilon\": 1.5,\n        \"added_epsilon\": \"inf\",\n"
                "        \"delta\": \"1e-6\"\n      }"),
      std::string::npos);
}

TEST(AccountsJson, KeepsAmountsAsExactTexts) {
  EXPECT_EQ(accounts_json({{example()}}), R"({
  "budgets": [
    {
      "dataset": "visits",
      "analyst": "ada",
      "project": "heart",
      "cap": {
        "rho": "0.5",
        "delta": "0"
      },
      "spent": {
        "rho": "0.25",
        "delta": "0"
      },
      "left": {
        "rho": "0.25",
        "delta": "0"
      },
      "frozen": true,
      "until": "2027-01-31"
    }
  ]
}
)");
}

TEST(EntryJson, IsOneLineWhateverAPlanHolds) {
  LedgerEntry entry;
  entry.number = 3;
  entry.time = 1'801'353'600;
  entry.kind = "charge";
  entry.actor = "ada";
  entry.plan = "a\n\"b\"\xff";
  EXPECT_EQ(entry_json(entry),
            R"({"number":3,"time":"2027-01-31T00:00:00Z","kind":"charge","actor":"ada",)"
            R"("loss":"0","delta":"0","attempt":0,"plan":"a\n\"b\")"
            "\xEF\xBF\xBD"
            R"(","hash":")" +
                std::string(64, '0') + R"("})");
}

TEST(ReleaseJson, IsHexadecimal) {
  EXPECT_EQ(release_json({7, std::string("\0\xff", 2)}), R"({"charge":7,"release":"00ff"})");
}

LedgerAccount in_divergences() {
  const auto amount = [](double x) { return LossAmount::at_most(x).value(); };
  return {.name = {.dataset = "visits"},
          .project = {},
          .cap = {LossMeasure::renyi,
                  {amount(2), DeltaAmount::at_most(Exact::parse("2e-5").value()).value()},
                  {amount(4), amount(16), amount(64)}},
          .spent = {},
          .orders = {{4.0, {}, amount(9), false},
                     {16.0, amount(1.5), amount(1.25), true},
                     {64.0, amount(2), amount(1), true}}};
}

TEST(AccountsTable, TellsOfDivergencesThatOrderOfWhichTheLargestShareIsLeft) {
  EXPECT_EQ(accounts_table({{in_divergences(), RunningLoss{1.25, 2.5}, "2e-5"}}),
            "budget  left\n"
            "visits  ██████████░░░░░░░░░░  order 64: 1 of 2  δ 1e-5 of 1e-5  within ε 2 at δ 2e-5, "
            "so far ε 1.2500 at δ 2e-5 together, 2.5000 if each release's own were added\n"
            "This ledger has no keys: names are taken on trust.\n");
  LedgerAccount gone = in_divergences();
  for (auto& order : gone.orders) order.spent = most_divergence();
  EXPECT_NE(accounts_table({{gone}}).find("░░░░░░░░░░░░░░░░░░░░"), std::string::npos);
}

TEST(AccountsJson, TellsOfDivergencesEachOrder) {
  const std::string json = accounts_json({{in_divergences()}});
  EXPECT_NE(json.find(R"("cap": {
        "epsilon": "2",
        "delta": "2e-5"
      })"),
            json.npos)
      << json;
  EXPECT_NE(json.find(R"(          "order": "4",
          "cap": null,
          "spent": "9",
          "left": null)"),
            json.npos)
      << json;
  EXPECT_NE(json.find(R"(          "order": "16",
          "cap": "1.5",
          "spent": "1.25",
          "left": "0.25")"),
            json.npos)
      << json;
}

TEST(ShownLoss, OfAChargeIsThatOfTheDatasetsBestOrder) {
  const auto amount = [](double x) { return LossAmount::at_most(x).value(); };
  const LedgerCost cost{LossMeasure::renyi, {}, {amount(0.5), amount(0.25), amount(0.125)}};
  EXPECT_EQ(shown_loss(cost, in_divergences()).to_string(), "0.125");
  EXPECT_EQ(shown_loss(LedgerCost{LossMeasure::renyi, {}, {amount(0.5)}}, in_divergences()),
            LossAmount());
  EXPECT_EQ(shown_loss(LedgerCost{LossMeasure::rho, {amount(0.5), {}}}, example()).to_string(),
            "0.5");
}

}  // namespace
}  // namespace sfumato
