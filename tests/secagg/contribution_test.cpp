#include "sfumato/secagg/contribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <sstream>

#include "secagg/example_plan.h"
#include "secagg/row_definition.h"
#include "secagg/row_values.h"
#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

struct Row {
  int patient;
  std::string region, age;
  std::optional<double> days;
  std::optional<int> readmitted;
};

std::string text_of(const std::vector<Row>& rows) {
  std::ostringstream text;
  text << "patient,region,age,days,readmitted\n";
  for (const Row& row : rows) {
    text << row.patient << ',' << row.region << ',' << row.age << ',';
    if (row.days) text << *row.days;
    text << ',';
    if (row.readmitted) text << *row.readmitted;
    text << '\n';
  }
  return text.str();
}

std::vector<Row> some_rows(int patients, int rows, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Row> table;
  for (int i = 0; i < rows; ++i) {
    Row row{.patient = static_cast<int>(random() % static_cast<unsigned>(patients)),
            .region = random() % 2 == 0 ? "north" : "south",
            .age = random() % 3 == 0 ? "0-17" : "18+",
            .days = std::nullopt,
            .readmitted = std::nullopt};
    if (random() % 8 != 0) row.days = static_cast<double>(random() % 800) / 16 - 5;
    if (random() % 8 != 0) row.readmitted = static_cast<int>(random() % 5) - 1;
    table.push_back(row);
  }
  return table;
}

/// The plain definition where no bound binds: each row of an agreed group adds to each operation.
std::vector<std::int64_t> plainly(const QueryPlan& plan, const std::vector<Row>& rows) {
  const PlanTerms& terms = plan.terms();
  std::vector<std::int64_t> vector(plan.lattice().size());
  for (const Row& row : rows)
    for (std::size_t g = 0; g < terms.groups.size(); ++g) {
      if (terms.groups[g] != std::vector<std::string>{row.region, row.age}) continue;
      for (std::size_t i = 0; i < terms.operations.size(); ++i) {
        const LatticePart& part = plan.lattice().parts()[i];
        const JointAnswer answer = terms.operations[i].answer;
        std::optional<std::int64_t> u;
        if (answer != JointAnswer::histogram && row.days)
          u = std::clamp<std::int64_t>(std::llrint(*row.days / 0.5), 0, 60);
        if (answer == JointAnswer::histogram && row.readmitted && *row.readmitted >= 0)
          u = std::min(*row.readmitted, 2);
        const auto adds = row_adds(answer, part, u);
        for (std::size_t k = 0; k < adds.size(); ++k)
          vector[part.first + g * part.per_group + k] += adds[k];
      }
    }
  return vector;
}

class ContributionOfAFile : public testing::Test {
 protected:
  std::vector<std::int64_t> of(const QueryPlan& plan, const std::vector<Row>& rows,
                               std::uint64_t seed = 1) {
    FixedBits bits(seed);
    const std::string path = scratch.file("stays.csv", text_of(rows));
    return contribution_of(plan, {path}, bits).value();
  }

  static QueryPlan plan_with(ContributionBounds bounds, std::int64_t most_rows = 100'000) {
    PlanTerms terms = example_terms();
    JointOperation variance = terms.operations[1], sum = terms.operations[1];
    variance.answer = JointAnswer::variance;
    sum.answer = JointAnswer::sum;
    terms.operations.push_back(variance);
    terms.operations.push_back(sum);
    terms.bounds = bounds;
    terms.most_rows = most_rows;
    terms.loss = decimal("1000000");
    return QueryPlan::make(terms, clinic_roster()).value();
  }

  Scratch scratch;
};

TEST_F(ContributionOfAFile, IsWhatItsRowsAddUpToWhereNoBoundBinds) {
  const QueryPlan plan = plan_with({.max_groups = 3, .max_rows = 5'000});
  const std::vector<Row> rows = some_rows(40, 3'000, 7);
  EXPECT_EQ(of(plan, rows), plainly(plan, rows));
}

TEST_F(ContributionOfAFile, OfNobodyIsZero) {
  const QueryPlan plan = plan_with({.max_groups = 3, .max_rows = 5'000});
  EXPECT_EQ(of(plan, {}), std::vector<std::int64_t>(plan.lattice().size()));
}

// A person with a hundred rows in each group beside others with one each.
TEST_F(ContributionOfAFile, OnePersonMovesItByTheSensitivityAtMost) {
  const QueryPlan plan = plan_with({.max_groups = 2, .max_rows = 3});
  std::vector<Row> others = some_rows(1, 50, 3);
  for (std::size_t i = 0; i < others.size(); ++i) others[i].patient = static_cast<int>(i);
  std::vector<Row> all = others;
  for (Row row : some_rows(1, 300, 4)) {
    row.patient = 1'000;
    all.push_back(row);
  }
  const auto without = of(plan, others);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto with = of(plan, all, seed);
    for (const LatticePart& part : plan.lattice().parts()) {
      std::int64_t l1 = 0;
      for (std::size_t i = 0; i < part.per_group * plan.lattice().groups(); ++i)
        l1 += std::abs(with[part.first + i] - without[part.first + i]);
      EXPECT_LE(static_cast<uint128>(l1), part.sensitivity.l1);
    }
  }
}

TEST_F(ContributionOfAFile, KeepsMaxRowsOfAPersonInMaxGroups) {
  const QueryPlan plan = plan_with({.max_groups = 2, .max_rows = 3});
  const auto vector = of(plan, some_rows(1, 300, 4));
  EXPECT_EQ(vector[0] + vector[1] + vector[2], 6) << "counts of the three agreed groups";
}

// Each of them could be of one person. An empty text is somebody else's name.
TEST_F(ContributionOfAFile, TakesAllRowsWithoutAUnitForOnePersons) {
  const QueryPlan plan = plan_with({.max_groups = 2, .max_rows = 3});
  std::string text = "patient,region,age,days,readmitted\n";
  for (int i = 0; i < 100; ++i) text += i % 2 == 0 ? ",north,0-17,1,0\n" : ",north,18+,1,0\n";
  const auto count = [&](const std::string& rows) {
    FixedBits bits(1);
    const auto vector = contribution_of(plan, {scratch.file("nobody.csv", rows)}, bits).value();
    return std::vector(vector.begin(), vector.begin() + 3);
  };
  EXPECT_EQ(count(text), (std::vector<std::int64_t>{3, 3, 0}));
  EXPECT_EQ(count(text + "\"\",south,18+,1,0\n"), (std::vector<std::int64_t>{3, 3, 1}));
}

// A vector has several columns, and what comes behind it has the next one.
TEST_F(ContributionOfAFile, KeepsApartAVectorAndTheOperationsBesideIt) {
  PlanTerms terms = example_terms();
  terms.by.clear();
  terms.groups.clear();
  JointOperation sum = terms.operations[1], vector = sum;
  sum.answer = JointAnswer::sum;
  vector = {.answer = JointAnswer::vector_sum,
            .columns = {"days", "readmitted"},
            .upper = decimal("100"),
            .step = decimal("1"),
            .noise = decimal("720")};
  JointOperation readmitted = sum;
  readmitted.columns = {"readmitted"};
  terms.operations = {sum, vector, readmitted, terms.operations[2]};
  terms.loss = decimal("1000000");
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  const std::string path =
      scratch.file("stays.csv", "patient,days,readmitted\n1,3.5,1\n2,7,\n3,-2.5,0\n4,,2\n");
  FixedBits bits(1);
  EXPECT_EQ(contribution_of(plan, {path}, bits).value(),
            (std::vector<std::int64_t>{7 + 14 + 0, 3 + 7 - 2, 1 + 2, 2 + 0 + 4, 1, 1, 1}));
}

TEST_F(ContributionOfAFile, CutsWhatMoreRowsThanAgreedAddUpTo) {
  const QueryPlan plan = plan_with({.max_groups = 3, .max_rows = 5}, 5);
  const auto vector = of(plan, some_rows(500, 3'000, 9));
  for (std::size_t group = 0; group < 3; ++group) EXPECT_EQ(vector[group], 5);
}

// "7" and 7 are one group and one person, whatever type a column has; NULL is no agreed group.
TEST_F(ContributionOfAFile, NamesGroupsByTheTextOfTheirCells) {
  PlanTerms terms = example_terms();
  terms.by = {"year"};
  terms.groups = {{"7"}, {""}, {"x"}};
  terms.operations.resize(1);
  const QueryPlan plan = QueryPlan::make(terms, clinic_roster()).value();
  const std::string path =
      scratch.file("years.csv", "patient,year\n1,7\n2,07\n3,\n4,\"\"\n5,x\n6,7\n");
  FixedBits bits(1);
  EXPECT_EQ(contribution_of(plan, {path}, bits).value(), (std::vector<std::int64_t>{1, 2, 1}))
      << "of '', '7' and 'x'";
}

TEST_F(ContributionOfAFile, SaysWhichColumnIsMissing) {
  const std::string path = scratch.file("short.csv", "patient,region,age,days\n1,north,18+,3\n");
  FixedBits bits(1);
  EXPECT_FALSE(contribution_of(example_plan(), {path}, bits));
}

}  // namespace
}  // namespace sfumato
