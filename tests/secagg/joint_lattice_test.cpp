#include "sfumato/secagg/joint_lattice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "secagg/example_plan.h"
#include "secagg/row_definition.h"
#include "secagg/row_values.h"

namespace sfumato {
namespace {

struct Moves {
  std::int64_t l1 = 0, l2_squared = 0, linf = 0;
};

void see(Moves& most, const std::vector<std::int64_t>& move) {
  Moves one;
  for (const std::int64_t x : move) {
    one.l1 += std::abs(x);
    one.l2_squared += x * x;
    one.linf = std::max(one.linf, std::abs(x));
  }
  most.l1 = std::max(most.l1, one.l1);
  most.l2_squared = std::max(most.l2_squared, one.l2_squared);
  most.linf = std::max(most.linf, one.linf);
}

/// Terms of one operation over two groups, with a width of 2 steps.
PlanTerms small_terms(const JointOperation& operation) {
  PlanTerms terms = example_terms();
  terms.by = {"region"};
  terms.groups = {{"north"}, {"south"}};
  terms.operations = {operation};
  terms.bounds = {.max_groups = 2, .max_rows = 2};
  terms.organisations_per_person = 2;
  terms.most_rows = 3;
  return terms;
}

JointOperation small(JointAnswer answer) {
  JointOperation op{.answer = answer, .noise = decimal("1")};
  if (answer == JointAnswer::histogram) op.edges = {decimal("0"), decimal("1"), decimal("2")};
  if (answer != JointAnswer::count) op.columns = {"x"};
  if (answer != JointAnswer::count && answer != JointAnswer::histogram) {
    op.lower = decimal("-3");
    op.upper = decimal("-1");
    op.step = decimal("1");
  }
  return op;
}

class EachOperation : public testing::TestWithParam<JointAnswer> {
 protected:
  const PlanTerms terms = small_terms(small(GetParam()));
  const JointLattice lattice = JointLattice::make(terms).value();
  const LatticePart part = lattice.parts()[0];

  /// What a row may be, and that it is not there: of a histogram two bins or none, else three values or NULL.
  std::vector<std::vector<std::int64_t>> rows() const {
    std::vector<std::vector<std::int64_t>> all = {std::vector<std::int64_t>(part.per_group)};
    all.push_back(row_adds(GetParam(), part, std::nullopt));
    for (std::int64_t u = 0; u < (GetParam() == JointAnswer::histogram ? 2 : 3); ++u)
      all.push_back(row_adds(GetParam(), part, u));
    return all;
  }

  /// All that the rows of one person add up to in one group of one organisation.
  std::vector<std::vector<std::int64_t>> in_a_group() const {
    std::vector<std::vector<std::int64_t>> sums;
    for (const auto& one : rows())
      for (const auto& other : rows()) {
        sums.push_back(one);
        for (std::size_t i = 0; i < one.size(); ++i) sums.back()[i] += other[i];
      }
    std::ranges::sort(sums);
    sums.erase(std::ranges::unique(sums).begin(), sums.end());
    return sums;
  }
};

// Every person there can be: in two groups of each of two organisations nothing, one row or two.
TEST_P(EachOperation, NoPersonMovesItFurtherAndSomeMoveItSoFar) {
  const auto sums = in_a_group();
  std::vector<std::vector<std::int64_t>> both;  // organisations, in one group
  for (const auto& here : sums)
    for (const auto& there : sums) {
      both.push_back(here);
      for (std::size_t i = 0; i < here.size(); ++i) both.back()[i] += there[i];
    }
  std::ranges::sort(both);
  both.erase(std::ranges::unique(both).begin(), both.end());
  Moves most;
  for (const auto& north : both)
    for (const auto& south : both) {
      std::vector<std::int64_t> move = north;
      move.insert(move.end(), south.begin(), south.end());
      see(most, move);
    }
  EXPECT_EQ(static_cast<uint128>(most.l1), part.sensitivity.l1);
  EXPECT_EQ(static_cast<uint128>(most.l2_squared), part.sensitivity.l2_squared);
  EXPECT_EQ(static_cast<uint128>(most.linf), part.sensitivity.linf);
}

// With what others have there, of which sums are cut: the person's group moves no more than without.
TEST_P(EachOperation, CuttingSumsMovesNoCoordinateFurther) {
  const auto person = in_a_group();
  for (const auto& row : rows())
    for (std::int64_t others = 0; others <= 4; ++others)
      for (const auto& move : person)
        for (std::size_t i = 0; i < row.size(); ++i) {
          const std::int64_t before = lattice.within(part, int128{row[i]} * others);
          const std::int64_t after = lattice.within(part, int128{row[i]} * others + move[i]);
          EXPECT_LE(std::abs(after - before), std::abs(move[i]));
          EXPECT_LE(std::abs(after), terms.most_rows * std::max(part.most, -part.least));
        }
}

INSTANTIATE_TEST_SUITE_P(Answers, EachOperation,
                         testing::Values(JointAnswer::count, JointAnswer::sum, JointAnswer::mean,
                                         JointAnswer::variance, JointAnswer::histogram));

// Every vector of three whole coordinates within a ball of radius 3: rows of one person add up to twice that.
TEST(JointLattice, AVectorSumMovesByItsLength) {
  JointOperation op{.answer = JointAnswer::vector_sum, .noise = decimal("1")};
  op.columns = {"x", "y", "z"};
  op.upper = decimal("1.5");
  op.step = decimal("0.5");
  PlanTerms terms = small_terms(op);
  terms.organisations_per_person = 1;
  terms.bounds = {.max_groups = 1, .max_rows = 1};
  const LatticeSensitivity one = JointLattice::make(terms).value().parts()[0].sensitivity;
  Moves most;
  for (int x = -3; x <= 3; ++x)
    for (int y = -3; y <= 3; ++y)
      for (int z = -3; z <= 3; ++z)
        if (x * x + y * y + z * z <= 9) see(most, {x, y, z});
  EXPECT_EQ(one.l2_squared, static_cast<uint128>(most.l2_squared));
  EXPECT_EQ(one.linf, static_cast<uint128>(most.linf));
  EXPECT_EQ(one.l1, uint128{5}) << "floor(3·√3), of which whole vectors reach " << most.l1;
  EXPECT_EQ(most.l1, 5);

  terms.organisations_per_person = 2;
  terms.bounds = {.max_groups = 2, .max_rows = 2};
  const LatticeSensitivity all = JointLattice::make(terms).value().parts()[0].sensitivity;
  EXPECT_EQ(all, (LatticeSensitivity{2 * 2 * 2 * 5, 2 * (4 * 3) * (4 * 3), 4 * 3}));
}

// Real vectors of all sizes: what comes of them has the length at most, in whole numbers.
TEST(JointLattice, ClippedRowsAreNoLongerThanTheLength) {
  JointOperation op{.answer = JointAnswer::vector_sum, .noise = decimal("1")};
  op.columns = {"x", "y", "z"};
  op.upper = decimal("100");
  op.step = decimal("0.1");
  const PlanTerms terms = small_terms(op);
  RowValues values(op, JointLattice::make(terms).value().parts()[0]);
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::int64_t longest = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::vector<Number> cells(3);
    for (Number& cell : cells) {
      cell.kind = Number::Kind::real;
      cell.real = normal(random) * std::exp(10 * normal(random));
    }
    if (i % 7 == 0) cells[1].kind = Number::Kind::null;
    if (i % 11 == 0) cells[2].real = -INFINITY;
    std::vector<Units> units(3);
    values.take(cells, units);
    const std::int64_t square = units[0] * units[0] + units[1] * units[1] + units[2] * units[2];
    longest = std::max(longest, square);
  }
  EXPECT_LE(longest, 1'000'000);
  EXPECT_GT(longest, 997'000) << "and little is lost";
}

TEST(JointLattice, CoordinatesOfOneOperationFollowThoseOfAnother) {
  const JointLattice lattice = JointLattice::make(example_terms()).value();
  EXPECT_EQ(lattice.groups(), 3u);
  EXPECT_EQ(lattice.parts()[1].first, 3u);
  EXPECT_EQ(lattice.parts()[1].per_group, 2u);
  EXPECT_EQ(lattice.parts()[2].first, 9u);
  EXPECT_EQ(lattice.size(), 18u);
}

// A program makes a lattice before there is a plan, to find how much noise it needs.
TEST(JointLattice, OfPartiesWithoutHonestNoiseIsRefused) {
  PlanTerms terms = example_terms();
  terms.colluders = 2;
  EXPECT_TRUE(JointLattice::make(terms));
  terms.dropouts = 1;
  EXPECT_EQ(JointLattice::make(terms).error().where, "colluders");
  terms.datasets.clear();
  EXPECT_EQ(JointLattice::make(terms).error().where, "colluders");
}

TEST(JointLattice, WhatMayReachHalfTheModulusIsRefused) {
  const auto fits = [](int bits, std::int64_t most_rows, const char* noise) {
    PlanTerms terms = small_terms(small(JointAnswer::count));
    terms.modulus_bits = bits;
    terms.most_rows = most_rows;
    terms.operations[0].noise = decimal(noise);
    return static_cast<bool>(JointLattice::make(terms));
  };
  // Three organisations, noise of two parts: 3·rows + (92 + 2·2)·s must lie below 2^31.
  EXPECT_TRUE(fits(32, (2'147'483'647 - 96) / 3, "1"));
  EXPECT_FALSE(fits(32, (2'147'483'647 - 96) / 3 + 1, "1"));
  EXPECT_TRUE(fits(32, 1, "22369621"));
  EXPECT_FALSE(fits(32, 1, "22369622"));
  EXPECT_TRUE(fits(64, 2'147'483'648, "1e12"));
  EXPECT_FALSE(fits(64, 1, "1e18"));
  EXPECT_EQ(JointLattice::make(gaussian_terms()).value().noise_tail(), 25981u) << "10·√3·1500";
  EXPECT_EQ(JointLattice::make(skellam_terms()).value().noise_tail(), 25981u + 31);
  const JointLattice lattice = JointLattice::make(example_terms()).value();
  EXPECT_EQ(lattice.range(), 100'000u * 60) << "of a mean over 60 steps";
  EXPECT_EQ(lattice.noise_tail(), 720u * 96);
}

}  // namespace
}  // namespace sfumato
