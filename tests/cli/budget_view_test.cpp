#include "cli/budget_view.h"

#include <gtest/gtest.h>

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

LedgerAccount example() {
  return {.name = {"visits", AccountName::Kind::analyst, "ada"},
          .project = "heart",
          .cap = LedgerCost::allowed(ConcentratedCost{0.5, 0.0}).value(),
          .spent = {LossAmount::at_least(0.25).value(), {}},
          .frozen = true,
          .until = 1'801'353'600};
}

TEST(AccountsTable, TellsWhatIsLeftAndWhatIsInTheWay) {
  EXPECT_EQ(accounts_table({example()}),
            "budget         left\n"
            "  analyst ada  ██████████░░░░░░░░░░  ρ 0.25 of 0.5    in project heart, frozen, until "
            "2027-01-31\n"
            "This ledger has no keys: names are taken on trust.\n");
}

TEST(AccountsJson, KeepsAmountsAsExactTexts) {
  EXPECT_EQ(accounts_json({example()}), R"({
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

}  // namespace
}  // namespace sfumato
