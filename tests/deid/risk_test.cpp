#include "sfumato/deid/risk.h"

#include <cmath>

#include <gtest/gtest.h>

#include "support/scratch.h"

namespace sfumato {
namespace {

using Sizes = std::map<std::uint64_t, std::uint64_t>;

RiskReport report_of(const std::string& table, std::vector<std::string> sensitive = {},
                     const std::string& population = "") {
  const Scratch scratch;
  RiskQuestion question{.tables = {scratch.file("table.csv", table)},
                        .quasi = {"zip", "sex"},
                        .sensitive = std::move(sensitive)};
  if (!population.empty()) question.population = {scratch.file("population.csv", population)};
  return risk_of(question).value();
}

TEST(Risk, CountsRowsThatAreAlike) {
  const RiskReport report = report_of("zip,sex\n1,f\n1,f\n1,m\n2,f\n2,f\n2,f\n");
  EXPECT_EQ(report.rows, 6U);
  EXPECT_EQ(report.classes_of, (Sizes{{1, 1}, {2, 1}, {3, 1}}));
  EXPECT_EQ(report.classes(), 3U);
  EXPECT_EQ(report.smallest_class(), 1U);
  EXPECT_EQ(report.rows_below(2), 1U);
  EXPECT_EQ(report.rows_below(3), 3U);
  EXPECT_EQ(report.prosecutor_risk(), 1);
  EXPECT_EQ(report.average_risk(), 0.5);
  EXPECT_TRUE(report.sensitive.empty());
  EXPECT_FALSE(report.rows_of_population);
}

TEST(Risk, RowsWithAMissingQuasiIdentifierCount) {
  const RiskReport report = report_of("zip,sex\n1,f\n1,f\n,f\n2,m\n2,m\n\"\",f\n");
  EXPECT_EQ(report.rows, 6U);
  EXPECT_EQ(report.smallest_class(), 1U);
  EXPECT_EQ(report.classes_of, (Sizes{{1, 2}, {2, 2}}));  // missing, and a text of no letters
}

TEST(Risk, ColumnsAreNotRunTogether) {
  EXPECT_EQ(report_of("zip,sex\n1,12\n11,2\n").classes(), 2U);
  EXPECT_EQ(report_of("zip,sex\na,bc\nab,c\n").classes(), 2U);
}

// Classes {1,f}: x x y; {2,m}: y y z. The table: x 2/6, y 3/6, z 1/6.
TEST(Risk, TellsHowSensitiveValuesAreSpread) {
  const RiskReport report =
      report_of("zip,sex,ill\n1,f,x\n1,f,x\n1,f,y\n2,m,y\n2,m,y\n2,m,z\n", {"ill"});
  ASSERT_EQ(report.sensitive.size(), 1U);
  EXPECT_EQ(report.sensitive[0].values, 3U);
  EXPECT_EQ(report.sensitive[0].fewest_values, 2U);
  EXPECT_NEAR(report.sensitive[0].least_entropy_l, 3 / std::pow(4, 1.0 / 3), 1e-12);
  EXPECT_NEAR(report.sensitive[0].greatest_distance, 1.0 / 3, 1e-15);  // x: 2/3 for 1/3
  EXPECT_GE(report.sensitive[0].greatest_distance, 1.0 / 3);
  EXPECT_EQ(report.sensitive[0].greatest_gain, 1);  // x: twice, z: twice
  EXPECT_TRUE(std::isinf(report.sensitive[0].greatest_bits));
}

TEST(Risk, WhereClassesAreAsTheTableNothingIsLearnt) {
  const RiskReport report = report_of("zip,sex,ill\n1,f,x\n1,f,y\n2,m,y\n2,m,x\n", {"ill"});
  EXPECT_EQ(report.sensitive[0].fewest_values, 2U);
  EXPECT_EQ(report.sensitive[0].greatest_distance, 0);
  EXPECT_EQ(report.sensitive[0].greatest_gain, 0);
  EXPECT_EQ(report.sensitive[0].greatest_bits, 0);
}

/// Each as it would be told alone; one is worse in the first class, one in the second.
TEST(Risk, OfSeveralSensitiveColumnsIsToldOfEach) {
  const std::string table = "zip,sex,ill,pay\n1,f,x,1\n1,f,x,2\n2,m,y,1\n2,m,z,1\n";
  const RiskReport both = report_of(table, {"pay", "ill"});
  ASSERT_EQ(both.sensitive.size(), 2U);
  for (const std::size_t s : {0u, 1u}) {
    const RiskReport alone = report_of(table, {s == 0 ? "pay" : "ill"});
    EXPECT_EQ(both.sensitive[s].column, s == 0 ? "pay" : "ill");
    EXPECT_EQ(both.sensitive[s].values, s == 0 ? 2U : 3U);
    EXPECT_EQ(both.sensitive[s].fewest_values, 1U);
    EXPECT_EQ(both.sensitive[s].greatest_distance, alone.sensitive[0].greatest_distance);
    EXPECT_EQ(both.sensitive[s].greatest_gain, alone.sensitive[0].greatest_gain);
  }
}

/// As a [release] counts them: neither says anything of its person.
TEST(Risk, AnEmptyTextAndNoneAreOneSensitiveValue) {
  const RiskReport report = report_of("zip,sex,ill\n1,f,\n1,f,\"\"\n2,m,\n2,m,x\n", {"ill"});
  EXPECT_EQ(report.sensitive[0].values, 2U);
  EXPECT_EQ(report.sensitive[0].fewest_values, 1U);
}

TEST(Risk, OfAPopulationIsThatOfThoseAlikeThere) {
  const std::string table = "zip,sex\n1,f\n1,f\n2,m\n";
  const RiskReport report = report_of(table, {}, "sex,zip\nf,1\nf,1\nf,1\nf,1\nm,2\nm,2\nm,3\n");
  EXPECT_EQ(report.rows_of_population, (Sizes{{4, 2}, {2, 1}}));
  EXPECT_EQ(report.smallest_of_population(), 2U);
  EXPECT_NEAR(report.marketer_risk(), (2.0 / 4 + 1.0 / 2) / 3, 1e-15);

  const RiskReport stranger = report_of(table, {}, "zip,sex\n1,f\n1,f\n");
  EXPECT_EQ(stranger.smallest_of_population(), 0U);
  EXPECT_EQ(*stranger.rows_of_population, (Sizes{{0, 1}, {2, 2}}));
}

TEST(Risk, IsRefusedWhereThereIsNothingToLookAt) {
  const Scratch scratch;
  const std::string empty = scratch.file("empty.csv", "zip,sex\n");
  const auto no_rows = risk_of({.tables = {empty}, .quasi = {"zip"}});
  ASSERT_FALSE(no_rows);
  EXPECT_EQ(no_rows.error().message, "must have a row at least");
  EXPECT_FALSE(risk_of({.tables = {empty}, .quasi = {}}));
  EXPECT_FALSE(risk_of({.tables = {empty}, .quasi = {"age"}}));
}

TEST(Risk, IsThatOfAPlainCountOverThousandsOfRows) {
  std::string table = "zip,sex\n";
  for (int i = 0; i < 5000; ++i)
    table += std::to_string(i % 7 * (i % 3)) + (i % 5 == 0 ? ",f\n" : ",m\n");
  const RiskReport report = report_of(table);
  std::map<std::pair<int, bool>, std::uint64_t> rows;
  for (int i = 0; i < 5000; ++i) ++rows[{i % 7 * (i % 3), i % 5 == 0}];
  Sizes sizes;
  for (const auto& [name, count] : rows) ++sizes[count];
  EXPECT_EQ(report.classes_of, sizes);
}

}  // namespace
}  // namespace sfumato
