#include "sfumato/deid/release_model.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

Fraction fraction(const char* text) {
  return Fraction::parse(text).value();
}

/// Whether a class satisfies a model in a table, both given by the rows of each sensitive value.
bool satisfies(const ReleaseModel& model, const std::vector<std::uint64_t>& of_class,
               const std::vector<std::uint64_t>& of_table) {
  std::vector<ValueCount> counts;
  ClassCounts some;
  for (std::uint32_t value = 0; value < of_class.size(); ++value) {
    if (of_class[value] > 0) counts.push_back({value, of_class[value]});
    some.rows += of_class[value];
  }
  some.sensitive = counts;
  TableCounts whole{0, of_table};
  for (const std::uint64_t rows : of_table) whole.rows += rows;
  return holds(model, some, whole);
}

bool satisfies(const ReleaseModel& model, const std::vector<std::uint64_t>& of_class) {
  return satisfies(model, of_class, of_class);
}

TEST(ReleaseModel, KAnonymityCountsRows) {
  EXPECT_TRUE(satisfies(KAnonymity{5}, {2, 3}));
  EXPECT_FALSE(satisfies(KAnonymity{6}, {2, 3}));
}

TEST(ReleaseModel, DistinctDiversityCountsValues) {
  EXPECT_TRUE(satisfies(DistinctDiversity{2}, {100, 0, 1}));
  EXPECT_FALSE(satisfies(DistinctDiversity{3}, {100, 0, 1}));
}

// ARX rejects {2, 2, 2}, whose entropy is log 3 exactly.
TEST(ReleaseModel, EntropyDiversityHoldsAtItsExactLimit) {
  EXPECT_TRUE(satisfies(EntropyDiversity{fraction("3")}, {2, 2, 2}));
  EXPECT_FALSE(satisfies(EntropyDiversity{fraction("3.00000000001")}, {2, 2, 2}));
  EXPECT_FALSE(satisfies(EntropyDiversity{fraction("3")}, {3000000, 3000000, 3000001}));
  EXPECT_TRUE(satisfies(EntropyDiversity{fraction("2")}, {1u << 30, 1u << 30, 1}));
  // 4, 2, 2: entropy log 2^1.5, by which no fraction but smaller and larger ones are reached.
  EXPECT_TRUE(satisfies(EntropyDiversity{fraction("2.82842712474")}, {4, 2, 2}));
  EXPECT_FALSE(satisfies(EntropyDiversity{fraction("2.82842712475")}, {4, 2, 2}));
  // 6, 3, 2, 1: 12^12 / (6^6 3^3 2^2) = 1769472, the twelfth root of which is 3.316298…
  EXPECT_TRUE(satisfies(EntropyDiversity{fraction("3.31629")}, {6, 3, 2, 1}));
  EXPECT_FALSE(satisfies(EntropyDiversity{fraction("3.31630")}, {6, 3, 2, 1}));
}

// r₁ < c · (r_l + …): a strict limit.
TEST(ReleaseModel, RecursiveDiversityComparesTheMostFrequentWithTheRest) {
  EXPECT_TRUE(satisfies(RecursiveDiversity{fraction("2"), 2}, {5, 3}));
  EXPECT_FALSE(satisfies(RecursiveDiversity{fraction("2"), 2}, {6, 3}));
  EXPECT_TRUE(satisfies(RecursiveDiversity{fraction("2.00000000001"), 2}, {6, 3}));
  EXPECT_TRUE(satisfies(RecursiveDiversity{fraction("4"), 3}, {7, 0, 3, 1, 1}));
  EXPECT_FALSE(satisfies(RecursiveDiversity{fraction("4"), 3}, {8, 0, 3, 1, 1}));
  EXPECT_FALSE(satisfies(RecursiveDiversity{fraction("1000"), 3}, {1, 1}));
}

// Li and others, section 4.2: of salaries 3k … 11k the classes {3k, 4k, 5k} and {6k, 8k, 11k} are 0.375 and
// 0.167 away.
TEST(ReleaseModel, OrderedClosenessIsThatOfThePaper) {
  const std::vector<std::uint64_t> table(9, 1);
  const std::vector<std::uint64_t> low{1, 1, 1, 0, 0, 0, 0, 0, 0};
  const std::vector<std::uint64_t> spread{0, 0, 0, 1, 0, 1, 0, 0, 1};
  EXPECT_TRUE(satisfies(OrderedCloseness{fraction("3/8")}, low, table));
  EXPECT_FALSE(satisfies(OrderedCloseness{fraction("0.374999999999")}, low, table));
  EXPECT_TRUE(satisfies(OrderedCloseness{fraction("1/6")}, spread, table));
  EXPECT_FALSE(satisfies(OrderedCloseness{fraction("0.166666666666")}, spread, table));
}

/// Half of a table of n rows: the other value is twice as frequent there; the distance is 1/2.
TEST(ReleaseModel, EqualClosenessDoesNotOverflowWhereArxAcceptedOneHalfForOneFifth) {
  for (const std::uint64_t n :
       {std::uint64_t{131'072}, std::uint64_t{200'000}, std::uint64_t{10'000'000}}) {
    const std::vector<std::uint64_t> table{n / 2, n / 2};
    const std::vector<std::uint64_t> half{n / 2, 0};
    EXPECT_FALSE(satisfies(EqualCloseness{fraction("0.2")}, half, table)) << n;
    EXPECT_FALSE(satisfies(EqualCloseness{fraction("0.499999999999")}, half, table)) << n;
    EXPECT_TRUE(satisfies(EqualCloseness{fraction("0.5")}, half, table)) << n;
    // 7/10 of one value where the table has 1/2: exactly 1/5, and a row more is more.
    EXPECT_TRUE(satisfies(EqualCloseness{fraction("0.2")}, {7 * (n / 20), 3 * (n / 20)}, table))
        << n;
    EXPECT_FALSE(
        satisfies(EqualCloseness{fraction("0.2")}, {7 * (n / 20) + 1, 3 * (n / 20)}, table))
        << n;
  }
}

TEST(ReleaseModel, ClosenessHoldsForWholeNumbersAsLargeAsTheyMayBe) {
  const std::uint64_t n = std::uint64_t{1} << 33;
  const std::vector<std::uint64_t> table{n / 2, n / 2};
  const Fraction third = fraction("333333333333/999999999997");
  EXPECT_FALSE(satisfies(EqualCloseness{third}, {n / 2, 0}, table));
  EXPECT_FALSE(satisfies(OrderedCloseness{third}, {n / 2, 0}, table));
  EXPECT_TRUE(satisfies(EqualCloseness{third}, {n / 4, n / 4}, table));
}

/// Values a, b under one label, c, d under another, all under one above: one row of the six has to go from
/// {a} to each of the others. By hand: a has 1 where 1/4 is due. 1/4 goes to b, at level 1 of 2; the
/// other 1/2 goes to c and d, at level 2: 1/4 · 1/2 + 1/2 · 1 = 5/8.
TEST(ReleaseModel, HierarchicalClosenessCostsTheLevelWhereValuesMeet) {
  const auto hierarchy = std::make_shared<const ValueHierarchy>(
      ValueHierarchy::make({{"a", "x", "*"}, {"b", "x", "*"}, {"c", "y", "*"}, {"d", "y", "*"}})
          .value());
  const std::vector<std::uint64_t> table{3, 3, 3, 3};
  EXPECT_TRUE(satisfies(HierarchicalCloseness{fraction("5/8"), hierarchy}, {2, 0, 0, 0}, table));
  EXPECT_FALSE(
      satisfies(HierarchicalCloseness{fraction("0.624999999999"), hierarchy}, {2, 0, 0, 0}, table));
  // Between the two of one label alone: 1/4 · 1/2 within x; nothing else.
  EXPECT_TRUE(satisfies(HierarchicalCloseness{fraction("1/8"), hierarchy}, {2, 0, 1, 1}, table));
  EXPECT_FALSE(satisfies(HierarchicalCloseness{fraction("0.124"), hierarchy}, {2, 0, 1, 1}, table));
}

/// Where the last level has several labels they meet one level above it.
TEST(ReleaseModel, HierarchicalClosenessOfOneLevelIsThatOfEqualDistances) {
  const auto flat =
      std::make_shared<const ValueHierarchy>(ValueHierarchy::make({{"a"}, {"b"}, {"c"}}).value());
  std::mt19937_64 random(5);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::uint64_t> some;
    std::vector<std::uint64_t> table;
    for (int v = 0; v < 3; ++v) {
      some.push_back(random() % 4);
      table.push_back(some.back() + random() % 5);
    }
    some[0] += 1;
    table[0] += 1;
    const Fraction t = Fraction::make(random() % 21, 20).value();
    EXPECT_EQ(satisfies(HierarchicalCloseness{t, flat}, some, table),
              satisfies(EqualCloseness{t}, some, table));
  }
}

TEST(ReleaseModel, BetaLikenessBoundsWhatAValueGains) {
  // 1/4 in the table, 1/2 in the class: a gain of 1.
  EXPECT_TRUE(satisfies(BetaLikeness{fraction("1"), false}, {2, 2}, {3, 9}));
  EXPECT_FALSE(satisfies(BetaLikeness{fraction("0.999999999999"), false}, {2, 2}, {3, 9}));
  // -ln(1/2) = 0.693…: from 1/2 to 0.84 is a gain of 0.68, to 0.85 one of 0.7.
  EXPECT_TRUE(satisfies(BetaLikeness{fraction("1"), true}, {84, 16}, {500, 500}));
  EXPECT_FALSE(satisfies(BetaLikeness{fraction("1"), true}, {85, 15}, {500, 500}));
  EXPECT_TRUE(satisfies(BetaLikeness{fraction("1"), false}, {85, 15}, {500, 500}));
  EXPECT_TRUE(satisfies(BetaLikeness{fraction("0"), true}, {5, 0}, {9, 0}));
}

TEST(ReleaseModel, DeltaDisclosureBoundsBothWaysInBits) {
  // 2/3 where the table has 1/3: a bit, which is not less than one.
  EXPECT_FALSE(satisfies(DeltaDisclosure{fraction("1"), false}, {2, 1}, {4, 8}));
  EXPECT_TRUE(satisfies(DeltaDisclosure{fraction("1.00000000001"), false}, {2, 1}, {4, 8}));
  EXPECT_FALSE(satisfies(DeltaDisclosure{fraction("1"), false}, {1, 5}, {4, 8}));
  EXPECT_FALSE(satisfies(DeltaDisclosure{fraction("3"), true}, {8, 0}, {1, 7}));
  EXPECT_TRUE(satisfies(DeltaDisclosure{fraction("3.1"), true}, {8, 0}, {1, 7}));
  // log2(3) = 1.58496250072115…
  EXPECT_TRUE(satisfies(DeltaDisclosure{fraction("1.58496250073"), true}, {3, 0}, {1, 2}));
  EXPECT_FALSE(satisfies(DeltaDisclosure{fraction("1.58496250072"), true}, {3, 0}, {1, 2}));
  // A value of the table that a class lacks: its logarithm has no bound.
  EXPECT_FALSE(satisfies(DeltaDisclosure{fraction("1000"), false}, {2, 0}, {4, 8}));
  EXPECT_TRUE(satisfies(DeltaDisclosure{fraction("1000"), true}, {2, 0}, {4, 8}));
  EXPECT_TRUE(satisfies(DeltaDisclosure{fraction("0.000000000001"), false}, {1, 2}, {4, 8}));
  EXPECT_FALSE(satisfies(DeltaDisclosure{fraction("0"), false}, {1, 2}, {4, 8}));
}

/// The definitions in floating point, where nothing is close to its limit.
TEST(ReleaseModel, AgreesWithTheDefinitionsWrittenWithDoubles) {
  std::mt19937_64 random(11);
  int compared = 0;
  for (int i = 0; i < 4000; ++i) {
    std::vector<std::uint64_t> some(5);
    std::vector<std::uint64_t> table(5);
    std::vector<double> p(5);
    std::vector<double> q(5);
    double n = 0;
    double m = 0;
    for (std::size_t v = 0; v < 5; ++v) {
      some[v] = random() % 30;
      table[v] = some[v] + random() % 60 + 1;
      n += static_cast<double>(some[v]);
      m += static_cast<double>(table[v]);
    }
    if (n == 0) continue;
    double entropy = 0;
    double equal = 0;
    double ordered = 0;
    double so_far = 0;
    double gain = 0;
    double excess = -1;
    double worst = 0;
    for (std::size_t v = 0; v < 5; ++v) {
      p[v] = static_cast<double>(some[v]) / n;
      q[v] = static_cast<double>(table[v]) / m;
      if (p[v] > 0) entropy -= p[v] * std::log(p[v]);
      equal += std::abs(p[v] - q[v]) / 2;
      ordered += std::abs(so_far += p[v] - q[v]) / 4;
      gain = std::max(gain, p[v] / q[v] - 1);
      if (p[v] > q[v]) excess = std::max(excess, p[v] / q[v] - 1 + std::log(q[v]));
      if (p[v] > 0) worst = std::max(worst, std::abs(std::log2(p[v] / q[v])));
    }
    const std::uint64_t percent = random() % 200 + 1;
    const Fraction limit = Fraction::make(percent, 100).value();
    const double x = static_cast<double>(percent) / 100;
    const auto check = [&](const ReleaseModel& model, double distance, double most) {
      if (std::abs(distance - most) < 1e-9) return;
      EXPECT_EQ(satisfies(model, some, table), distance <= most) << model.index() << " " << i;
      ++compared;
    };
    check(EntropyDiversity{Fraction::make(percent + 100, 100).value()}, -entropy, -std::log(1 + x));
    check(EqualCloseness{limit}, equal, x);
    check(OrderedCloseness{limit}, ordered, x);
    check(BetaLikeness{limit, false}, gain, x);
    if (gain < x - 1e-9) check(BetaLikeness{limit, true}, excess, 0);
    check(DeltaDisclosure{limit, true}, worst, x);
  }
  EXPECT_GT(compared, 15000);
}

/// Of 3 rows in a population of so many.
bool of_population(const ReleaseModel& model, std::uint64_t people) {
  return holds(model, {3, {}, people}, {3, {}});
}

TEST(ReleaseModel, KMapCountsThePopulation) {
  EXPECT_TRUE(of_population(KMap{5}, 5));
  EXPECT_FALSE(of_population(KMap{6}, 5));
  EXPECT_EQ(least_population(KMap{5}), 5U);
  EXPECT_EQ(least_rows(KMap{5}), 1U);
}

// Nergiz and others, section 3: the share of a class of the population that is in the table.
TEST(ReleaseModel, DeltaPresenceBoundsTheShareOfThePopulation) {
  const DeltaPresence model{fraction("1/3"), fraction("2/3")};
  EXPECT_TRUE(of_population(model, 9));
  EXPECT_FALSE(of_population(model, 10));
  EXPECT_TRUE(of_population(DeltaPresence{fraction("0"), fraction("0.6")}, 5));
  EXPECT_FALSE(of_population(DeltaPresence{fraction("0"), fraction("0.599999999999")}, 5));
  EXPECT_FALSE(of_population(DeltaPresence{fraction("0"), fraction("1")},
                             2));  // it is no population of the table
  EXPECT_TRUE(needs_all_of_population(model));
  EXPECT_FALSE(needs_all_of_population(DeltaPresence{fraction("0"), fraction("1")}));
}

TEST(ReleaseModel, KnowsHowManyRowsItNeeds) {
  EXPECT_EQ(least_rows(KAnonymity{5}), 5U);
  EXPECT_EQ(least_rows(DistinctDiversity{3}), 3U);
  EXPECT_EQ(least_rows(EntropyDiversity{fraction("2.5")}), 3U);
  EXPECT_EQ(least_rows(RecursiveDiversity{fraction("4"), 3}), 3U);
  EXPECT_EQ(least_rows(EqualCloseness{fraction("0")}), 1U);
  EXPECT_FALSE(needs_sensitive(KAnonymity{5}));
  EXPECT_FALSE(needs_sensitive(KMap{5}));
  EXPECT_TRUE(needs_population(KMap{5}));
  EXPECT_FALSE(needs_population(KAnonymity{5}));
  EXPECT_TRUE(needs_sensitive(EqualCloseness{fraction("0")}));
}

}  // namespace
}  // namespace sfumato
