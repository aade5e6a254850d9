#include "sfumato/table/plan.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr double kHuge = 1 << 20;  // an ε at which noise is far below 1 / 2

/// "p7,r1,c4", with an end of line.
std::string line_of(int person, int region, int city) {
  return "p" + std::to_string(person) + ",r" + std::to_string(region) + ",c" +
         std::to_string(city) + "\n";
}

class PlanOfTable : public testing::Test {
 protected:
  PlanOfTable() { std::filesystem::create_directories(folder_); }
  ~PlanOfTable() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  std::string visits() {
    return file("visits.csv",
                "person,site,visits,cost\n"
                "ann,1,2,10.5\n"
                "ann,1,30,2\n"
                "bob,2,,7\n"
                "bob,2,4,-3\n"
                "cyd,1,1,nan\n"
                "dan,,5,1\n");
  }

  static PrivacyTotal exactly() {
    return ApproximateTotal{Epsilon::make(kHuge).value(), Delta::make(0.999999999).value()};
  }

  static Query query_of(const std::string& table, const std::string& select) {
    return {.tables = {table},
            .unit = "person",
            .by = {"site"},
            .select = parse_select(select).value(),
            .bounds = {.max_groups = 2, .max_rows = 5},
            .total = exactly()};
  }

  static std::vector<AnswerRow> run(Query query) {
    FixedBits bits(1);
    Plan plan = Plan::make(std::move(query)).value();
    return std::move(plan).run(Permit::unaccounted("test"), bits).value();
  }

  static std::vector<std::vector<double>> values(const std::vector<AnswerRow>& rows) {
    std::vector<std::vector<double>> all;
    for (const AnswerRow& row : rows)
      for (all.emplace_back(); const Estimate& e : row.values) all.back().push_back(e.value);
    return all;
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("plan_test." + std::to_string(getpid()));
};

TEST_F(PlanOfTable, AHugeEpsilonGivesTheExactBoundedAnswer) {
  Query query = query_of(visits(), "units, count, sum(visits), mean(visits)");
  query.clamps = {{"visits", 0, 20}};
  const auto rows = run(query);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].group, (std::vector<std::optional<std::string>>{std::nullopt}));
  EXPECT_EQ(rows[1].group.front(), "1");
  EXPECT_EQ(rows[2].group.front(), "2");
  const auto v = values(rows);
  EXPECT_EQ(v[0][0], 1);
  EXPECT_EQ(v[1][0], 2);
  EXPECT_EQ(v[2][0], 1);
  EXPECT_EQ(v[1][1], 3);
  EXPECT_EQ(v[2][1], 2);
  EXPECT_NEAR(v[1][2], 23, 0.1);
  EXPECT_NEAR(v[2][2], 4, 0.1);
  EXPECT_NEAR(v[1][3], 23 / 3.0, 0.1);
  EXPECT_NEAR(v[2][3], 4, 0.1);
}

TEST_F(PlanOfTable, NanAndEmptyCellsCountAsNull) {
  Query query = query_of(visits(), "mean(cost), count");
  query.clamps = {{"cost", 0, 20}};
  const auto v = values(run(query));
  EXPECT_NEAR(v[1][0], (10.5 + 2) / 2, 0.05);  // cyd's nan is no value, though cyd's row counts
  EXPECT_EQ(v[1][1], 3);
  EXPECT_NEAR(v[2][0], (7 + 0) / 2.0, 0.05);
}

TEST_F(PlanOfTable, WithoutGroupsThereIsOneRowAndItIsAlwaysShown) {
  Query query = query_of(file("none.csv", "person,site\n"), "count");
  query.by = {};
  const auto rows = run(query);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].group.empty());
  EXPECT_EQ(rows[0].values[0].value, 0);
}

// ann and bob are in two cities of one region each, so that units of regions are less than those of cities.
std::string trips() {
  return "person,region,city,cost\n"
         "ann,north,a,1\n"
         "ann,north,b,2\n"
         "bob,north,b,3\n"
         "bob,north,a,4\n"
         "bob,north,a,5\n"
         "cyd,,a,6\n"
         "dan,south,,7\n";
}

using Keys = std::vector<std::vector<std::optional<std::string>>>;

Keys keys_of(const std::vector<AnswerRow>& rows) {
  Keys keys;
  for (const AnswerRow& row : rows) keys.push_back(row.group);
  return keys;
}

// A group that is rolled up has fewer keys: NULL is a key like others.
const Keys kTripKeys = {
    {}, {{}}, {{}, "a"}, {"north"}, {"north", "a"}, {"north", "b"}, {"south"}, {"south", {}}};

TEST_F(PlanOfTable, ARollupGivesCoarserGroupsOfTheSameRows) {
  for (const int threads : {1, 4}) {
    Query query = query_of(file("trips.csv", trips()), "units, count, sum(cost)");
    query.by = {"region", "city"};
    query.rollup = true;
    query.clamps = {{"cost", 0, 20}};
    query.threads = threads;
    const auto rows = run(query);
    EXPECT_EQ(keys_of(rows), kTripKeys);
    const auto v = values(rows);
    const double units[] = {4, 1, 1, 2, 2, 2, 1, 1}, counts[] = {7, 1, 1, 5, 3, 2, 1, 1},
                 sums[] = {28, 6, 6, 15, 10, 5, 7, 7};
    for (std::size_t i = 0; i < v.size(); ++i) {
      EXPECT_EQ(v[i][0], units[i]) << i;
      EXPECT_EQ(v[i][1], counts[i]) << i;
      EXPECT_NEAR(v[i][2], sums[i], 0.1) << i;
    }
  }
}

TEST_F(PlanOfTable, ARollupOfRowsCountsEachAsAUnit) {
  Query query = query_of(file("trips.csv", trips()), "units, count");
  query.by = {"region", "city"};
  query.rollup = true;
  query.unit = std::nullopt;
  query.bounds = {.max_groups = 1, .max_rows = 1};
  const auto rows = run(query);
  EXPECT_EQ(keys_of(rows), kTripKeys);
  for (const AnswerRow& row : rows) EXPECT_EQ(row.values[0].value, row.values[1].value);
  EXPECT_EQ(rows[0].values[0].value, 7);
  EXPECT_EQ(rows[3].values[0].value, 5);
}

TEST_F(PlanOfTable, ARollupGivesVariancesAndQuantilesOfWhatIsKept) {
  Query query = query_of(file("trips.csv", trips()), "variance(cost), median(cost)");
  query.by = {"region", "city"};
  query.rollup = true;
  query.clamps = {{"cost", 0, 20}};
  const auto rows = run(query);
  EXPECT_EQ(keys_of(rows), kTripKeys);
  const auto v = values(rows);
  const double variances[] = {4, 0, 0, 2, 26.0 / 9, 0.25, 0, 0};
  // Places that halve the values, or miss that by half of one.
  const double lowest[] = {3, 0, 0, 2, 1, 2, 0, 0}, highest[] = {5, 20, 20, 4, 5, 3, 20, 20};
  for (std::size_t i = 0; i < v.size(); ++i) {
    EXPECT_NEAR(v[i][0], variances[i], 0.1) << i;
    EXPECT_GE(v[i][1], lowest[i]) << i;
    EXPECT_LE(v[i][1], highest[i]) << i;
  }
}

/// All numbers by their keys.
std::map<std::vector<std::optional<std::string>>, std::vector<double>> by_key(
    const std::vector<AnswerRow>& rows) {
  std::map<std::vector<std::optional<std::string>>, std::vector<double>> all;
  for (const AnswerRow& row : rows)
    for (const Estimate& estimate : row.values) all[row.group].push_back(estimate.value);
  return all;
}

// Neighbouring tables: one more unit, with more groups and rows than it may have. Counts are exact at so large an ε.
TEST_F(PlanOfTable, APairIsOfTheRowsThatHaveBothValuesAsTheyWereClamped) {
  const std::string table = file("pairs.csv",
                                 "person,site,x,y\n"
                                 "a,1,0,0\nb,1,4,20\nc,1,8,99\nd,1,nan,5\ne,1,3,\n"
                                 "f,2,1,20\ng,2,3,0\nh,3,,7\n");
  Query query =
      query_of(table, "covariance(x,y), correlation(y,x), variance(x), mean(y), count(x)");
  query.clamps = {{"x", 0, 8}, {"y", 0, 40}};
  query.by = {"site"};
  query.rollup = true;
  const auto v = values(run(query));
  ASSERT_EQ(v.size(), 4U);
  // (0, 0), (4, 20), (8, 40) lie on a line, and (1, 20), (3, 0) on another.
  EXPECT_NEAR(v[1][0], 320.0 / 6, 0.05);
  EXPECT_NEAR(v[1][1], 1, 0.01);
  EXPECT_NEAR(v[1][4], 4, 0.01);  // one value of x has no y
  EXPECT_NEAR(v[2][0], -10, 0.05);
  EXPECT_NEAR(v[2][1], -1, 0.01);
  // Of all five: means 3.2 and 16, Σxy = 420, Σx² = 90, Σy² = 2400.
  EXPECT_NEAR(v[0][0], 84 - 3.2 * 16, 0.05);
  EXPECT_NEAR(v[0][1], (84 - 3.2 * 16) / std::sqrt((18 - 3.2 * 3.2) * (480 - 256)), 0.01);
  EXPECT_NEAR(v[0][2], 99.0 / 6 - std::pow(19.0 / 6, 2), 0.05);
}

TEST_F(PlanOfTable, AHistogramCountsValuesAsTheyAreNextToWhatElseIsAskedOfTheColumn) {
  Query query = query_of(visits(),
                         "sum(cost), histogram(visits,0,2,5,inf), mean(visits), "
                         "histogram(cost,-3,2,7)");
  query.clamps = {{"visits", 0, 20}, {"cost", 0, 8}};
  const auto v = values(run(query));
  ASSERT_EQ(v.size(), 3U);
  // Site 1: visits 2, 30, 1; costs 10.5, 2, nan. Site 2: visits NULL, 4; costs 7, -3.
  EXPECT_EQ((std::vector(v[1].begin() + 1, v[1].begin() + 4)), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ((std::vector(v[1].begin() + 5, v[1].end())), (std::vector<double>{0, 1}));
  EXPECT_EQ((std::vector(v[2].begin() + 1, v[2].begin() + 4)), (std::vector<double>{0, 1, 0}));
  EXPECT_EQ((std::vector(v[2].begin() + 5, v[2].end())), (std::vector<double>{1, 1}));
  EXPECT_NEAR(v[1][0], 10, 0.1);
  EXPECT_NEAR(v[1][4], 23 / 3.0, 0.1);
  EXPECT_EQ(Plan::make(query).value().release().parts(), 5U);

  query.rollup = true;
  EXPECT_EQ(values(run(query))[0][3], 2);  // of everything: 30 and dan's 5
  query.select.pop_back();
  EXPECT_EQ(Plan::make(query).error().where, "select");  // a bin is missing
  query.select = parse_select("histogram(visits,0,2,5,inf)").value();
  EXPECT_EQ(Plan::make(query).error().where, "clamp");
  query.clamps = {};
  EXPECT_EQ(Plan::make(query).value().errors()[2].name, "histogram(visits,5,inf)");
  EXPECT_EQ(Plan::make(query).value().errors()[2].mechanism, "discrete_laplace");
  EXPECT_TRUE(Plan::make(query).value().errors()[2].standard_error);
}

TEST_F(PlanOfTable, TheLeastAndTheGreatestAreThoseWithinTheClampAndAPartWithOtherQuantiles) {
  std::string text = "person,site,cost\n";
  for (int i = 0; i < 12; ++i)
    for (const char* costs : {",1,10.5", ",1,2", ",2,7", ",2,-3"})
      text += "p" + std::to_string(i) + costs + "\n";
  Query query = query_of(file("costs.csv", text), "max(cost), min(cost), median(cost)");
  query.clamps = {{"cost", -1, 8}};
  const auto v = values(run(query));
  EXPECT_NEAR(v[0][0], 8, 1e-5);
  EXPECT_NEAR(v[0][1], 2, 1e-5);
  EXPECT_NEAR(v[1][0], 7, 1e-5);
  EXPECT_NEAR(v[1][1], -1, 1e-5);
  query.total = ApproximateTotal{1.0_eps, 1e-6_delta};
  query.bounds = {.max_groups = 1, .max_rows = 1};
  query.by.clear();
  const Plan plan = Plan::make(query).value();
  EXPECT_EQ(plan.release().parts(), 1U);
  EXPECT_EQ(plan.errors()[0].mechanism, "exponential");
  EXPECT_EQ(plan.errors()[0].rank_error, plan.errors()[1].rank_error);
  EXPECT_GT(plan.errors()[1].rank_error.value(),
            40);  // of two levels at half of ε: 20 ranks inward and 3, twice
  EXPECT_LT(plan.errors()[2].rank_error.value(), 40);
}

TEST_F(PlanOfTable, QuantilesHaveIntervalsWhereTheseAreAskedAndAreReadFromATreeThen) {
  std::string text = "person,site,cost\n";
  for (int i = 0; i < 101; ++i) text += "p" + std::to_string(i) + ",1," + std::to_string(i) + "\n";
  Query query = query_of(file("hundred.csv", text), "max(cost), min(cost), median(cost), count");
  query.clamps = {{"cost", -100, 200}};
  query.by.clear();
  query.bounds = {.max_groups = 1, .max_rows = 1};
  query.quantile_intervals = true;
  for (const bool pure : {true, false}) {
    if (pure)
      query.total = ApproximateTotal{4000.0_eps, 0.0_delta};
    else
      query.total = ConcentratedTotal{Rho::make(1 << 19).value(), 0.0_delta};
    Plan plan = Plan::make(query).value();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(plan.errors()[i].mechanism, "tree");
    FixedBits bits(3);
    const auto rows = std::move(plan).run(Permit::unaccounted("test"), bits).value();
    ASSERT_EQ(rows.size(), 1U);
    const std::vector<Estimate>& told = rows[0].values;
    const double cell = 300.0 / 65'536;
    EXPECT_NEAR(told[0].low, 100, cell);
    EXPECT_EQ(told[0].high, 200);
    EXPECT_EQ(told[1].low, -100);
    EXPECT_NEAR(told[1].high, 0, cell);
    EXPECT_LE(told[2].low, 50);
    EXPECT_GE(told[2].high, 50);
    EXPECT_LT(told[2].high - told[2].low, 2 * cell);
    for (const Estimate& each : told) {
      EXPECT_LE(each.low, each.value);
      EXPECT_GE(each.high, each.value);
    }
  }
  query.quantile_intervals = false;
  EXPECT_EQ(Plan::make(query).value().errors()[2].mechanism, "exponential");
  query.quantile_intervals = true;
  query.select = parse_select("count, sum(cost)").value();
  EXPECT_EQ(Plan::make(query).error().where, "quantile-intervals");
}

TEST_F(PlanOfTable, DistinctValuesAreCountedOfTextNumbersTheUnitAndTheGroup) {
  const std::string table = file("codes.csv",
                                 "person,site,code,x\n"
                                 "a,1,red,1\na,1,red,2\nb,1,blue,1\nb,1,,1\nc,1,Red,01\n"
                                 "c,2,red,7\nd,2,red,\n");
  Query query = query_of(table,
                         "distinct(code), mean(x), distinct(x), distinct(person), "
                         "distinct(site), histogram(x,0,1,9), count");
  query.clamps = {{"x", 0, 8}};
  query.rollup = true;
  const auto v = values(run(query));
  ASSERT_EQ(v.size(), 3U);
  EXPECT_EQ(v[0][0], 3);  // red, blue, Red
  EXPECT_EQ(v[1][0], 3);
  EXPECT_EQ(v[2][0], 1);
  EXPECT_EQ(v[0][2], 4);  // 1, 2, 7 and the text 01
  EXPECT_EQ(v[1][2], 3);
  EXPECT_EQ(v[2][2], 1);
  EXPECT_EQ(v[0][3], 4);
  EXPECT_EQ(v[2][3], 2);
  EXPECT_EQ(v[0][4], 2);
  EXPECT_EQ(v[1][4], 1);
  EXPECT_EQ(v[2][6], 1);  // of the histogram's second bin: 7
  query.bounds = {.max_groups = 2, .max_rows = 1};
  EXPECT_LE(values(run(query))[1][0], 3);
  query.unit.reset();
  query.bounds = {.max_groups = 1, .max_rows = 1};
  EXPECT_EQ(values(run(query))[0][0], 3);
  EXPECT_EQ(Plan::make(query).value().errors()[0].mechanism, "discrete_laplace");
  EXPECT_TRUE(Plan::make(query).value().errors()[0].standard_error);
}

TEST_F(PlanOfTable, APairIsOnePartAndItsErrorIsThatOfOneSumOfProducts) {
  Query query = query_of(visits(), "covariance(visits,cost), correlation(cost,visits)");
  query.clamps = {{"visits", 0, 20}, {"cost", -10, 30}};
  query.groups = file("sites.csv", "site\n1\n");
  query.total = ApproximateTotal{1.0_eps, 0.0_delta};
  query.bounds = {.max_groups = 1, .max_rows = 3};
  const Plan both = Plan::make(query).value();
  EXPECT_EQ(both.release().parts(), 1U);
  EXPECT_EQ(both.errors()[0].scale, 3 * 20 * 40);
  EXPECT_NEAR(both.errors()[0].standard_error_times_count.value(), 2 * 3 * 20 * 40 * std::sqrt(2),
              1e-6);
  EXPECT_EQ(both.errors()[1].name, "correlation(cost,visits)");
  EXPECT_EQ(both.errors()[1].scale, 3 * 20 * 40);
  EXPECT_FALSE(both.errors()[1].standard_error_times_count);
  query.select.pop_back();
  const Plan alone = Plan::make(query).value();
  EXPECT_EQ(alone.errors()[0].scale, 3 * 20 * 40);
  EXPECT_NEAR(alone.errors()[0].standard_error_times_count.value(), 3 * 20 * 40 * std::sqrt(2),
              1e-6);
  query.clamps.pop_back();
  EXPECT_EQ(Plan::make(query).error().where, "clamp");
}

TEST_F(PlanOfTable, OneUnitMovesCoarserGroupsByUpToAllThatItHas) {
  std::string others = "person,region,city\n", own;
  for (int person = 0; person < 3; ++person)
    for (const int city : {person, person + 1, person + 2})
      others += line_of(person, city / 4, city);
  for (int city = 0; city < 6; ++city)
    for (int row = 0; row < 4; ++row) own += line_of(99, city / 4, city);
  Query query = query_of(file("without.csv", others), "units, count");
  query.by = {"region", "city"};
  query.rollup = true;
  query.bounds = {.max_groups = 3, .max_rows = 2};
  const auto without = by_key(run(query));
  query.tables = {file("with.csv", others + own)};

  double most_units[3] = {}, most_count[3] = {};  // in the L2 norm, of each set
  for (int run = 0; run < 40; ++run) {
    FixedBits bits(static_cast<std::uint64_t>(run));
    const auto rows = Plan::make(query).value().run(Permit::unaccounted("test"), bits).value();
    double units[3] = {}, count[3] = {}, l1[3] = {};
    for (const auto& [key, values] : by_key(rows)) {
      const auto old = without.find(key);
      const double units_moved = values[0] - (old == without.end() ? 0 : old->second[0]);
      const double count_moved = values[1] - (old == without.end() ? 0 : old->second[1]);
      const std::size_t set = 2 - key.size();
      units[set] += units_moved * units_moved;
      count[set] += count_moved * count_moved;
      l1[set] += std::fabs(count_moved);
    }
    for (std::size_t set = 0; set < 3; ++set) {
      EXPECT_EQ(l1[set], 6) << set;
      most_units[set] = std::max(most_units[set], std::sqrt(units[set]));
      most_count[set] = std::max(most_count[set], std::sqrt(count[set]));
    }
  }
  const double stated_units[] = {std::sqrt(3), std::sqrt(3), 1};
  for (std::size_t set = 0; set < 3; ++set) EXPECT_LE(most_units[set], stated_units[set] + 1e-9);
  EXPECT_NEAR(most_count[0], std::sqrt(3) * 2, 1e-9);
  EXPECT_NEAR(most_count[1], 6, 1e-9) << "three cities of one region";
  EXPECT_NEAR(most_count[2], 6, 1e-9);
}

// What bounding drops is dropped from all: coarser groups have what is kept in theirs.
TEST_F(PlanOfTable, WhereBoundsBindCoarserGroupsHaveWhatTheirsHave) {
  std::string table = "person,region,city\n";
  for (int person = 0; person < 40; ++person)
    for (int row = 0; row < 12; ++row) table += line_of(person, row % 3, row % 6);
  Query query = query_of(file("many.csv", table), "units, count");
  query.by = {"region", "city"};
  query.rollup = true;
  query.bounds = {.max_groups = 3, .max_rows = 1};
  const auto rows = run(query);
  std::map<std::size_t, double> units, counts;
  for (const AnswerRow& row : rows) {
    units[row.group.size()] += row.values[0].value;
    counts[row.group.size()] += row.values[1].value;
  }
  EXPECT_EQ(counts[2], 120);
  EXPECT_EQ(counts[1], 120);
  EXPECT_EQ(counts[0], 120);
  EXPECT_EQ(units[2], 120);
  EXPECT_GT(units[1], 60);
  EXPECT_LT(units[1], 119);
  EXPECT_EQ(units[0], 40);
}

TEST_F(PlanOfTable, OfListedGroupsCoarserOnesArePublicToo) {
  Query query = query_of(file("trips.csv", trips()), "units, count");
  query.by = {"region", "city"};
  query.rollup = true;
  query.groups = file("list.csv", "region,city\nnorth,a\nnorth,z\nwest,w\n");
  query.total = ApproximateTotal{Epsilon::make(kHuge).value(), 0.0_delta};
  const auto rows = run(query);
  EXPECT_EQ(keys_of(rows),
            (Keys{{}, {"north"}, {"north", "a"}, {"north", "z"}, {"west"}, {"west", "w"}}));
  const double units[] = {2, 2, 2, 0, 0, 0}, counts[] = {3, 3, 3, 0, 0, 0};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].values[0].value, units[i]);
    EXPECT_EQ(rows[i].values[1].value, counts[i]);
  }
}

TEST_F(PlanOfTable, ARollupOfNoRowsIsOneOfEverything) {
  Query query = query_of(file("none.csv", "person,site\n"), "count");
  query.rollup = true;
  const auto rows = run(query);
  EXPECT_EQ(keys_of(rows), (Keys{{}}));
  EXPECT_EQ(rows[0].values[0].value, 0);
  query.by = {};
  EXPECT_EQ(Plan::make(query).error().where, "rollup");
}

TEST_F(PlanOfTable, ListedGroupsAllAppearEmptyOnesTooAndNoOthers) {
  Query query = query_of(visits(), "count, units");
  query.groups = file("sites.csv", "name,site\nx,2\ny,9\nz,2\n");
  query.total = ApproximateTotal{Epsilon::make(kHuge).value(), 0.0_delta};
  const auto rows = run(query);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].group.front(), "2");
  EXPECT_EQ(rows[0].values[0].value, 2);
  EXPECT_EQ(rows[1].group.front(), "9");
  EXPECT_EQ(rows[1].values[0].value, 0);
}

/// Whoever knows a query by its list needs the one that its answers are of, and not what stands there later.
TEST_F(PlanOfTable, TellsTheListOfGroupsAsItWasRead) {
  Query query = query_of(visits(), "count, sum(visits)");
  query.clamps = {{.column = "visits", .source = Clamp::Source::automatic}};
  query.total = ApproximateTotal{Epsilon::make(kHuge).value(), 0.0_delta};
  const auto list_of = [&](const std::string& text) {
    query.groups = file("sites.csv", text);
    return Plan::make(query).value().list();
  };
  for (const std::string text : {"site\n2\n9\n", "site\n9\n2\n", "site\n\"a,\"\"b\"\n\"\"\n9\n9\n"})
    EXPECT_EQ(list_of(text), text);
  EXPECT_EQ(list_of("name,\"site\"\r\nx,2\r\ny,\r\nz,02\r\n"), "site\n2\n\n02\n");
  query.by = {"person", "site"};
  EXPECT_EQ(list_of("site,person\n1,ann\n,\n"), "person,site\nann,1\n,\n");

  query.by = {"site"};
  query.groups = file("sites.csv", "site\n2\n9\n");
  Plan plan = Plan::make(query).value();
  file("sites.csv", "other\n1\n");
  EXPECT_EQ(plan.list(), "site\n2\n9\n");
  FixedBits bits(1);
  const auto rows = std::move(plan).run(Permit::unaccounted("a test"), bits);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(keys_of(*rows), (Keys{{"2"}, {"9"}}));

  query.groups.reset();
  query.total = exactly();
  EXPECT_EQ(Plan::make(query).value().list(), "");
}

TEST_F(PlanOfTable, ProgressRisesOverAllFiles) {
  Query query = query_of(visits(), "count");
  query.tables.push_back(file("more.csv", "person,site\nx,1\n"));
  std::vector<double> shares;
  FixedBits bits(1);
  Plan plan = Plan::make(query).value();
  ASSERT_TRUE(std::move(plan).run(Permit::unaccounted("test"), bits,
                                  [&](double share) { shares.push_back(share); }));
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_GT(shares[0], 0.3);
  EXPECT_LE(shares[0], 0.5);
  EXPECT_GT(shares[1], 0.5);
  EXPECT_LE(shares[1], 1);
}

TEST_F(PlanOfTable, EachRowIsAUnitWhereNoColumnSaysSo) {
  Query query = query_of(visits(), "units, count");
  query.unit = std::nullopt;
  query.bounds = {1, 1};
  const auto v = values(run(query));
  EXPECT_EQ(v, (std::vector<std::vector<double>>{{1, 1}, {3, 3}, {2, 2}}));
}

TEST_F(PlanOfTable, RowsWhoseUnitIsNullAreOneUnitTogether) {
  Query query = query_of(file("nulls.csv", "person,site\n,1\n,1\n\"\",1\nx,1\n"), "units, count");
  query.bounds = {1, 1};
  const auto v = values(run(query));
  EXPECT_EQ(v, (std::vector<std::vector<double>>{{3, 3}}));  // NULL, the empty name, and x
}

TEST_F(PlanOfTable, SplittingTheRowsOverFilesInAnyOrderChangesNothing) {
  Query query = query_of(visits(), "units, count");
  const auto whole = values(run(query));
  query.tables = {file("b.csv", "cost,person,site\n1,dan,\n1,cyd,1\n1,bob,2\n"),
                  file("a.csv", "site,person\n1,ann\n2,bob\n1,ann\n")};
  EXPECT_EQ(values(run(query)), whole);
}

/// 60,000 rows of 200 people: bounds that do not bind, then those that do.
TEST_F(PlanOfTable, ThreadsAndMemoryChangeNoExactAnswer) {
  std::string text = "person,site,visits\n";
  for (int i = 0; i < 60'000; ++i)
    text += std::to_string(i % 200) + "," + std::to_string(i * 7 % 13) + "," +
            std::to_string(i % 50) + "\n";
  Query query = query_of(file("many.csv", text), "units, count, sum(visits)");
  query.clamps = {{"visits", 0, 50}};
  query.bounds = {13, 1000};
  const auto first = values(run(query));
  ASSERT_EQ(first.size(), 13U);
  query.threads = 4;
  EXPECT_EQ(values(run(query)), first);
  query.memory = 1;
  EXPECT_EQ(values(run(query)), first);

  query.bounds = {2, 3};
  double units = 0;
  double rows = 0;
  for (const auto& answer : values(run(query))) units += answer[0], rows += answer[1];
  EXPECT_EQ(units, 400);
  EXPECT_EQ(rows, 1200);
}

/// Ids of each kind: short, packed, and numbered, whose memory is taken off that of rows.
TEST_F(PlanOfTable, LengthsOfIdsChangeNoExactAnswer) {
  std::vector<std::vector<std::vector<double>>> answers;
  for (const std::string prefix :
       {"p", "0123456789abcdef0123", "Person-Number-", "a person whose id is "}) {
    std::string text = "person,site\n";
    for (int i = 0; i < 20'000; ++i)
      text += prefix + std::to_string(1000 + i % 4000) + "," + std::to_string(i * 7 % 13) + "\n";
    Query query = query_of(file("ids.csv", text), "units, count");
    query.bounds = {13, 1000};
    query.threads = 2;
    answers.push_back(values(run(query)));
    query.memory = 1;
    answers.push_back(values(run(query)));
  }
  for (const auto& answer : answers) EXPECT_EQ(answer, answers.front());
}

TEST_F(PlanOfTable, SeveralColumnsMakeAGroup) {
  Query query = query_of(visits(), "count");
  query.by = {"site", "person"};
  const auto rows = run(query);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1].group, (std::vector<std::optional<std::string>>{"1", "ann"}));
  EXPECT_EQ(rows[1].values[0].value, 2);
}

TEST_F(PlanOfTable, AGroupOfOnePersonIsHardlyEverShownAtASmallDelta) {
  Query query = query_of(visits(), "count");
  query.total = ApproximateTotal{1.0_eps, 1e-6_delta};
  EXPECT_TRUE(run(query).empty());
}

TEST_F(PlanOfTable, IntervalsHoldTheValueAndMeansStayWithinTheClamp) {
  Query query = query_of(visits(), "units, count, sum(visits), mean(visits), mean(cost)");
  query.clamps = {{"visits", 0, 20}, {"cost", -5, 5}};
  query.total = ApproximateTotal{0.1_eps, 0.9_delta};
  query.groups = file("sites.csv", "site\n1\n2\n");
  for (const AnswerRow& row : run(query)) {
    for (const Estimate& e : row.values) EXPECT_LE(e.low, e.high);
    EXPECT_EQ(row.values[3].low, 0);  // noise drowns the count: nothing is known of the mean
    EXPECT_EQ(row.values[3].high, 20);
    EXPECT_LE(std::abs(row.values[4].value), 5);
  }
}

TEST_F(PlanOfTable, EveryItemHasItsErrorBeforeARowIsRead) {
  Query query = query_of(visits(), "units, mean(visits), sum(cost)");
  query.clamps = {{"visits", 0, 20}, {"cost", -4, 3}};
  query.bounds = {1, 5};
  query.total = ApproximateTotal{1.0_eps, 1e-6_delta};
  const auto errors = Plan::make(query).value().errors();
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].name, "units");
  EXPECT_EQ(errors[0].mechanism, "discrete_laplace");
  // Δ/ε = 1 / (1/3): groups are chosen by the units that are told, at no ε of their own.
  EXPECT_NEAR(*errors[0].scale, 3, 1e-9);
  EXPECT_EQ(errors[1].mechanism, "laplace");
  EXPECT_NEAR(*errors[1].scale, 5 * 20 * 3, 1e-6);
  EXPECT_FALSE(errors[1].standard_error.has_value());
  EXPECT_NEAR(*errors[1].standard_error_times_count, std::sqrt(2.0) * 300, 1e-6);
  EXPECT_NEAR(*errors[2].scale, 5 * 4 * 3, 1e-6);
}

TEST_F(PlanOfTable, NoPlanIsMadeForWordsThatAreWrong) {
  const std::string table = visits();
  const auto refused = [](const Query& query) { return Plan::make(query).error().where; };

  Query query = query_of(table, "mean(visits)");
  EXPECT_EQ(refused(query), "clamp");
  query.clamps = {{"visits", 5, 1}};
  EXPECT_EQ(refused(query), "clamp");
  query.clamps = {{"visits", 0, 3 * 0x1p62}};
  EXPECT_EQ(refused(query), "clamp");
  query.clamps = {{"visits", 0, 5}, {"visits", 0, 6}};
  EXPECT_EQ(refused(query), "clamp");
  query.clamps = {{"visits", 0, 5}, {"cost", 0, 6}};
  EXPECT_EQ(refused(query), "clamp");

  query = query_of(table, "count");
  query.bounds.max_rows = 0;
  EXPECT_EQ(refused(query), "max-rows");
  query = query_of(table, "count");
  query.total = ApproximateTotal{1.0_eps, 0.0_delta};
  EXPECT_EQ(refused(query), "delta");
  query = query_of(table, "count");
  query.confidence = 1;
  EXPECT_EQ(refused(query), "confidence");
  query = query_of(table, "count");
  query.by = {"site", "site"};
  EXPECT_EQ(refused(query), "by");
  query = query_of(table, "count");
  query.unit = std::nullopt;
  EXPECT_EQ(refused(query), "unit-row");
  query = query_of(table, "count");
  query.by = {};
  query.groups = table;
  EXPECT_EQ(refused(query), "groups");
  query = query_of(table, "count");
  query.noise = NoiseLaw::gaussian;
  query.groups = table;
  query.total = ApproximateTotal{1.0_eps, 0.0_delta};
  EXPECT_FALSE(Plan::make(query));
}

TEST_F(PlanOfTable, AMissingFileOrColumnIsNoticedBeforeARowIsRead) {
  Query query = query_of("no/such/file.csv", "count");
  EXPECT_FALSE(Plan::make(query));
  query = query_of(visits(), "count");
  query.by = {"region"};
  EXPECT_FALSE(Plan::make(query));
  query = query_of(visits(), "count");
  query.unit = "patient";
  EXPECT_FALSE(Plan::make(query));
}

TEST_F(PlanOfTable, AnEmptyListOfGroupsIsRefused) {
  Query query = query_of(visits(), "count");
  query.groups = file("sites.csv", "site\n");
  EXPECT_FALSE(Plan::make(query));
}

// A cast error or a bad cell counts private rows for free in OpenDP (#2938): here it is NULL.
TEST_F(PlanOfTable, ACellThatIsNoNumberFailsNothing) {
  Query query = query_of(file("words.csv", "person,site,visits\na,1,three\nb,1,4\nc,1,1e999\n"),
                         "mean(visits), count");
  query.clamps = {{"visits", 0, 10}};
  const auto v = values(run(query));
  EXPECT_NEAR(v[0][0], 7, 0.1);
  EXPECT_EQ(v[0][1], 3);
}

// Means from separately clipped sums and counts come out three times the truth in Qrlew: a person
// with 30 rows of value 10 where only 5 rows count must leave the mean at 10.
TEST_F(PlanOfTable, AMeanIsThatOfTheRowsThatWereKept) {
  std::string text = "person,site,visits\n";
  for (int i = 0; i < 30; ++i) text += "a,1,10\n";
  Query query = query_of(file("many.csv", text), "mean(visits), count");
  query.clamps = {{"visits", 0, 100}};
  const auto v = values(run(query));
  EXPECT_NEAR(v[0][0], 10, 0.2);
  EXPECT_EQ(v[0][1], 5);
}

// SmartNoise spends 1.33 where 1 was asked: the parts of a plan never add up to more than the total.
TEST_F(PlanOfTable, ThePartsAddUpToNoMoreThanTheTotal) {
  Query query = query_of(visits(), "units, count, sum(visits)");
  query.clamps = {{"visits", 0, 20}};
  for (const double epsilon : {0.1, 0.3, 1.0, 7.7}) {
    query.total = ApproximateTotal{Epsilon::make(epsilon).value(), 1e-6_delta};
    const Plan plan = Plan::make(query).value();
    const auto errors = plan.errors();
    const double count = 2 * 5 / *errors[1].scale;
    const double units = 2 * 1 / *errors[0].scale;
    const double sum = 2 * 5 * 20 / *errors[2].scale;
    EXPECT_LE(count + units + sum, epsilon * (1 + 1e-15));
  }
}

TEST_F(PlanOfTable, ManySumsOverManyGroupsAreCalibratedJointly) {
  std::string header = "person,site";
  std::string select;
  Query query = query_of(visits(), "count");
  query.clamps.clear();
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    header += std::string(",") + name;
    select += std::string(select.empty() ? "sum(" : ",sum(") + name + ")";
    query.clamps.push_back({name, 0, 100});
  }
  query.tables = {file("eight.csv", header + "\n")};
  query.select = parse_select(select).value();
  query.groups = file("sites.csv", "site\n1\n2\n");
  query.bounds = {10, 1};
  query.total = ApproximateTotal{1.0_eps, 1e-6_delta};
  const Plan plan = Plan::make(query).value();
  const double even = std::sqrt(2.0) * 8 * 10 * 100;  // Laplace noise for ε/8 each
  ASSERT_EQ(plan.errors().size(), 8U);
  for (const AggregateError& error : plan.errors()) {
    EXPECT_EQ(error.mechanism, "gaussian");
    EXPECT_GE(even / *error.standard_error, 2.99);
  }
}

TEST_F(PlanOfTable, ACountOfAColumnCountsItsNumbers) {
  Query query = query_of(visits(), "count(cost), count, count(visits), mean(visits)");
  query.clamps = {{"visits", 0, 20}};
  const auto v = values(run(query));
  EXPECT_EQ(v[1][0], 2);  // cyd's nan is no number
  EXPECT_EQ(v[1][1], 3);
  EXPECT_NEAR(v[1][2], 3, 0.01);
  EXPECT_NEAR(v[2][2], 1, 0.01);
  EXPECT_NEAR(v[2][3], 4, 0.1);
}

TEST_F(PlanOfTable, CountSumAndMeanOfAColumnShareOnePair) {
  Query query = query_of(visits(), "mean(visits)");
  query.clamps = {{"visits", 0, 20}};
  query.total = ApproximateTotal{1.0_eps, 1e-6_delta};
  const Plan one = Plan::make(query).value();
  query.select = parse_select("mean(visits), sum(visits), count(visits)").value();
  const Plan three = Plan::make(query).value();
  EXPECT_EQ(three.release().parts(), one.release().parts());
  for (const AggregateError& error : three.errors()) EXPECT_EQ(error.scale, one.errors()[0].scale);
  // (A + B) / 20 has the noise of both, √2/20 of one's.
  EXPECT_NEAR(*three.errors()[2].standard_error,
              std::sqrt(2.0) / 20 * *one.errors()[0].standard_error_times_count, 1e-9);
}

TEST_F(PlanOfTable, RhoBuysGaussianNoise) {
  Query query = query_of(visits(), "count");
  query.groups = file("sites.csv", "site\n1\n");
  query.total = ConcentratedTotal{Rho::make(0.5).value(), 0.0_delta};
  query.noise = NoiseLaw::gaussian;
  const auto errors = Plan::make(query).value().errors();
  EXPECT_EQ(errors[0].mechanism, "gaussian");
  EXPECT_NEAR(*errors[0].scale, 5 * std::sqrt(2.0), 1e-9);  // Δ/√(2ρ), Δ = 5√2
}

}  // namespace
}  // namespace sfumato
