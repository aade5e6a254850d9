#include "cli/budget_page.h"

#include <gtest/gtest.h>

#include "cli/payment.h"
#include "cli/released_table.h"

namespace sfumato {
namespace {

constexpr std::int64_t kNow = 1'796'040'000;  // date -u -d '2026-11-30 12:00' +%s
const std::string kHostile = "<script>alert('\"')</script>&";

LedgerEntry entry(std::int64_t number, const char* kind, const std::string& dataset = {}) {
  LedgerEntry one;
  one.number = number;
  one.time = kNow - 1000 + number;
  one.kind = kind;
  one.actor = "ada";
  one.dataset = dataset;
  return one;
}

LedgerEntry charge(std::int64_t number, const std::string& dataset = "visits") {
  LedgerEntry one = entry(number, "charge", dataset);
  one.account = "analyst ada";
  one.amount.loss = LossAmount::at_least(Exact::parse("0.25").value()).value();
  one.words = "count by region";
  return one;
}

LedgerAccount account(const AccountName& name, const char* cap, const char* spent) {
  const auto amount = [](const char* text) {
    return ApproximateCost{Exact::parse(text).value(), 0.0};
  };
  return {.name = name,
          .project = {},
          .cap = LedgerCost::allowed(amount(cap)).value(),
          .spent = LedgerCost::charged(amount(spent)).value().amount};
}

BudgetPage page(const std::vector<LedgerEntry>& entries) {
  BudgetPage made{
      .name = "clinic.ledger",
      .made = kNow,
      .head = {static_cast<std::int64_t>(entries.size()) - 1, {}},
      .story = {},
      .accounts = {{account({.dataset = "visits"}, "1", "0.5")},
                   {account({"visits", AccountName::Kind::analyst, "ada"}, "0.5", "0.5")}}};
  for (const LedgerEntry& one : entries) made.story.take(one);
  return made;
}

LedgerEntry of_charge(LedgerEntry one, std::int64_t number) {
  one.about = number;
  return one;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
  return found;
}

TEST(LedgerStory, TellsHowFarEachReleaseCame) {
  const LedgerStory story =
      page({entry(0, "create"), entry(1, "dataset", "visits"), charge(2), charge(3),
            of_charge(entry(4, "store"), 2), charge(5), of_charge(entry(6, "store"), 5),
            of_charge(entry(7, "publish"), 5)})
          .story;
  using Step = ChargeStory::Step;
  ASSERT_EQ(story.charges.size(), 3u);
  EXPECT_EQ(story.charges[0].step, Step::stored);
  EXPECT_EQ(story.charges[1].step, Step::reserved);
  EXPECT_EQ(story.charges[2].step, Step::published);
  EXPECT_EQ(story.begin, kNow - 1000);
  EXPECT_EQ(story.datasets.at("visits").since, kNow - 999);
}

TEST(LedgerStory, KnowsInWhichMeasureADatasetCounts) {
  LedgerEntry dataset = entry(1, "dataset", "visits");
  dataset.words = "rho";
  const LedgerStory story = page({entry(0, "create"), dataset, charge(2)}).story;
  EXPECT_EQ(story.charges.front().cost.to_string(), "ρ = 0.25");
}

TEST(BudgetPage, TellsReleasesBudgetsRefusalsAndTheHead) {
  LedgerEntry refusal = entry(4, "refuse", "visits");
  refusal.actor = "mallory";
  refusal.words = "may not spend";
  const std::string html = html_of(
      page({entry(0, "create"), entry(1, "dataset", "visits"), charge(2), charge(3), refusal}));
  EXPECT_TRUE(holds(html, "<title>Privacy budgets of clinic.ledger</title>"));
  EXPECT_TRUE(
      holds(html, "as of <span class=\"nowrap\">2026-11-30 12:00</span> UTC, after 5 entries"));
  EXPECT_TRUE(holds(html, "4:" + std::string(64, '0')));
  EXPECT_TRUE(holds(html, "count by region<br><small>charge 3</small>"));
  EXPECT_TRUE(holds(html, "<td role=\"cell\">mallory</td>"));
  EXPECT_TRUE(holds(html, "may not spend<br><small>entry 4"));
  EXPECT_TRUE(holds(html, "ada <small>2 releases</small>"));
  EXPECT_TRUE(holds(html, "aria-label=\"ε: 50 % left\""));
  EXPECT_TRUE(holds(html, "class=\"axis low\">ε")) << "ada has nothing left";
}

TEST(BudgetPage, TellsWhoOpenedTokens) {
  LedgerEntry opened = entry(2, "reidentify");
  opened.actor = "ada";
  opened.version = "00112233445566ff";
  opened.words = "patient, <card>";
  opened.about = 3;
  const std::string html =
      html_of(page({entry(0, "create"), entry(1, "dataset", "visits"), opened}));
  EXPECT_TRUE(holds(html, "<h2>Opened tokens</h2>"));
  EXPECT_TRUE(holds(html,
                    "patient, &lt;card&gt;<br><small>entry 2, by the keys of ring "
                    "00112233445566ff</small></td><td role=\"cell\">3 rows</td>"));
  EXPECT_FALSE(holds(html_of(page({entry(0, "create")})), "Opened tokens"));
}

TEST(BudgetPage, TakesAllWordsOfTheLedgerAsText) {
  LedgerEntry dataset = entry(1, "dataset", kHostile);
  LedgerEntry hostile = charge(2, kHostile);
  hostile.actor = hostile.words = hostile.version = kHostile;
  hostile.account = "analyst " + kHostile;
  LedgerEntry refusal = entry(3, "refuse", kHostile);
  refusal.actor = refusal.words = refusal.account = kHostile;
  BudgetPage made = page({entry(0, "create"), dataset, hostile, refusal});
  made.name = kHostile;
  made.accounts = {{account({.dataset = kHostile}, "1", "0.25")},
                   {account({kHostile, AccountName::Kind::project, kHostile}, "1", "0")},
                   {account({kHostile, AccountName::Kind::analyst, kHostile}, "1", "0.25")}};
  made.accounts[2].account.project = kHostile;
  made.releases[2] = bytes_of({{{.group = {kHostile}, .values = {{1, 0, 2}}}}});
  const std::string html = html_of(made);
  EXPECT_FALSE(holds(html, "<script"));
  EXPECT_FALSE(holds(html, "alert('"));
  EXPECT_GE(count(html, "&lt;script&gt;alert(&#39;&quot;&#39;)"), 12u);
}

TEST(BudgetPage, LoadsNothingAndRunsNothing) {
  const std::string html =
      html_of(page({entry(0, "create"), entry(1, "dataset", "visits"), charge(2)}));
  EXPECT_TRUE(holds(html, "content=\"default-src 'none'; style-src 'unsafe-inline';"));
  for (const char* part : {"<script", " src=", " href=", "url(", "@import", "http:", "https:"})
    EXPECT_FALSE(holds(html, part)) << part;
}

TEST(BudgetPage, ListsTheLatestOfManyAndStaysSmall) {
  std::vector<LedgerEntry> entries = {entry(0, "create"), entry(1, "dataset", "visits")};
  for (std::int64_t number = 2; number < 10'002; ++number) entries.push_back(charge(number));
  const std::string html = html_of(page(entries));
  EXPECT_TRUE(holds(html, "the latest 500 of 10000 releases, newest first"));
  EXPECT_TRUE(holds(html, "charge 10001"));
  EXPECT_TRUE(holds(html, "charge 9502"));
  EXPECT_FALSE(holds(html, "charge 9501"));
  EXPECT_LT(html.size(), 500'000u);
}

TEST(BudgetPage, ShowsReleasedValuesOnlyWhereTheyAreGiven) {
  BudgetPage made = page({entry(0, "create"), entry(1, "dataset", "visits"), charge(2)});
  EXPECT_FALSE(holds(html_of(made), "class=\"released\""));
  made.releases[2] = bytes_of({{{.group = {}, .values = {{41.5, 40, 43}}}}});
  EXPECT_TRUE(holds(html_of(made), "41.5 (40 to 43)"));
}

TEST(BudgetPage, TellsWhatRhoIsAsAnEpsilon) {
  BudgetPage made = page({entry(0, "create"), entry(1, "dataset", "visits"), charge(2)});
  EXPECT_FALSE(holds(html_of(made), "so far that is"));
  made.accounts[0].running = {2.5, 7};
  made.accounts[0].delta = "1e-6";
  EXPECT_TRUE(holds(html_of(made), "so far that is ε 2.5000 at δ 1e-6 together, 7.0000 if"));
}

TEST(BudgetPage, TellsOfDivergencesAtTheOrderOfWhichMostIsLeft) {
  const auto amount = [](const char* text) {
    return LossAmount::at_most(Exact::parse(text).value()).value();
  };
  LedgerEntry entered = entry(1, "dataset", "visits"), spent = charge(2);
  entered.words = "renyi";
  spent.amount.loss = {};
  spent.curve = {amount("0.5"), amount("0.25")};
  BudgetPage made = page({entry(0, "create"), entered, spent});
  made.accounts.resize(1);
  LedgerAccount& whole = made.accounts[0].account;
  whole.cap = LedgerCost::allowed(RenyiFilterParams{{16.0, 64.0}, 2.0, 0x1p-16}).value();
  whole.spent = {};
  whole.orders = {{16.0, amount("1"), amount("0.5"), true},
                  {64.0, amount("2"), amount("0.25"), true}};
  const std::string text = html_of(made);
  EXPECT_TRUE(holds(text, "may lose <span class=\"nowrap\">ε = <span title=\"2\">2</span></span>"));
  EXPECT_TRUE(holds(text,
                    "has spent <span class=\"nowrap\"><span title=\"0.25\">0.25</span> at order "
                    "64</span>"));
  EXPECT_TRUE(holds(text, "D is the Rényi divergence at the order of which the largest share"));
  EXPECT_TRUE(holds(text, ">1.75</span> of <span title=\"2\">2</span> left at order 64<"));
  EXPECT_TRUE(holds(text, "Rényi divergence at order 64 spent, "));
  EXPECT_FALSE(holds(text, "so far that is"));
  made.accounts[0].running = {1.5, 2};
  made.accounts[0].delta = "1e-5";
  EXPECT_TRUE(holds(html_of(made), "so far that is ε 1.5000 at δ 1e-5 together"));
}

TEST(ReleasedTable, NamesColumnsAsThePlanDoes) {
  const std::string plan = R"json({"by":["site"],"select":["count","mean(x)"]})json";
  const std::string bytes =
      bytes_of({{{.group = {std::nullopt}, .values = {{1, 0, 2}, {3, 2, 4}}}}});
  EXPECT_EQ(released_table(bytes, plan),
            "<table><tr><th>site</th><th>count</th><th>mean(x)</th></tr>"
            "<tr><td>NULL</td><td>1 (0 to 2)</td><td>3 (2 to 4)</td></tr></table>");
  EXPECT_TRUE(
      holds(released_table(bytes, "no json"), "<th>group</th><th>value</th><th>value</th>"));
}

TEST(ReleasedTable, SaysHowMuchThereIsOfWhatIsLong) {
  std::vector<AnswerRow> rows(60, {.group = {}, .values = {{1, 0, 2}}});
  EXPECT_TRUE(holds(released_table(bytes_of({rows}), ""), "the first 50 of 60 rows"));
  EXPECT_EQ(released_table("\xff\x01", ""), "<code>ff01</code>");
  EXPECT_TRUE(holds(released_table(std::string(300, 'x'), ""), "… of 300 bytes</code>"));
  EXPECT_TRUE(holds(released_table(bytes_of({}), ""), "no group was shown"));
}

}  // namespace
}  // namespace sfumato
