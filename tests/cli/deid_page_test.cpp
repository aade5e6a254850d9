#include "cli/deid_page.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

const std::string kHostileColumn = "<script>alert('\"')</script>&";

RiskReport risk_with(std::map<std::uint64_t, std::uint64_t> classes) {
  RiskReport risk;
  risk.classes_of = std::move(classes);
  for (const auto& [size, count] : risk.classes_of) risk.rows += size * count;
  return risk;
}

DeidPage page_of(const std::string& column) {
  DeidPage page{.table = "people.csv",
                .report = {},
                .before = risk_with({{1, 3}, {7, 1}}),
                .after = risk_with({{5, 2}}),
                .sensitive = {column}};
  page.report.columns = {
      {.policy = {.column = column,
                  .role = ColumnRole::quasi,
                  .transform = HierarchyParams{"h.csv", {}, {}}}},
      {.policy = {.column = "name", .role = ColumnRole::identifier, .transform = DropParams{}}}};
  page.report.rows = {10, 10};
  ReleaseReport release;
  release.policy.models = {{.model = KAnonymity{5}},
                           {.model = DistinctDiversity{2}, .column = column}};
  release.rows = 10;
  release.exact_loss = "1/3";
  release.columns = {{.column = column,
                      .generalised = true,
                      .level = 1,
                      .levels = 3,
                      .values = 9,
                      .labels = 2,
                      .loss = 0.25}};
  page.report.release = release;
  return page;
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(DeidPage, TellsRiskBeforeAndAfterAndWhatEachColumnLost) {
  const std::string text = html_of(page_of("age"));
  EXPECT_TRUE(says(text, "<dt>smallest class before</dt><dd>1</dd>"));
  EXPECT_TRUE(says(text, "<dt>smallest class after</dt><dd>5</dd>"));
  EXPECT_TRUE(says(
      text, "rows alone in their class<br><small></small></td><td role=\"cell\">3 <small>30.00 %"));
  EXPECT_TRUE(says(text, "25.00 % <small>2 of 9 values told apart"));
  EXPECT_TRUE(says(text, "hierarchy, level 1 of 2"));
  EXPECT_TRUE(says(text, "all: it is not there any more"));
  EXPECT_TRUE(says(text, "exactly <code>1/3</code>"));
  EXPECT_TRUE(says(text, "k-anonymity, k = 5"));
  EXPECT_TRUE(says(text, "are not differential privacy"));
  // Before, three of ten rows are alone, and seven are in a class of five to nine; after, all are.
  EXPECT_TRUE(says(text, "aria-label=\"30.0 % of rows\""));
  EXPECT_TRUE(says(text, "aria-label=\"70.0 % of rows\""));
  EXPECT_TRUE(says(text, "aria-label=\"100.0 % of rows\""));
}

TEST(DeidPage, NamesAreTextWhateverTheyAre) {
  DeidPage page = page_of(kHostileColumn);
  page.table = kHostileColumn;
  const std::string text = html_of(page);
  EXPECT_FALSE(says(text, "<script"));
  EXPECT_TRUE(says(text, "&lt;script&gt;"));
  EXPECT_TRUE(says(text, "default-src 'none'; style-src 'unsafe-inline'"));
}

TEST(DeidPage, SaysSoWhereNothingIsKnownOfRisk) {
  const DeidReport report = page_of("age").report;
  const DeidPage nothing{"people.csv", report, {}, {}, {}};
  EXPECT_TRUE(says(html_of(nothing), "No column is a quasi-identifier"));
  const DeidPage before{"people.csv", report, risk_with({{1, 3}}), {}, {}};
  EXPECT_TRUE(says(html_of(before), "<td role=\"cell\">–</td>"));
}

}  // namespace
}  // namespace sfumato
