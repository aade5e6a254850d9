#include "sfumato/aggregate/rollup_release.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/account/renyi.h"
#include "support/fixed_bits.h"

namespace sfumato::rollup_release_test {
namespace {

const ValueGrid kGrid = ValueGrid::make(-10, 30).value();
const ValueGrid kNarrow = ValueGrid::make_narrow(-10, 30).value();
constexpr int kGroups = 2, kRows = 3;  // bounds

/// Three sets: by two columns, by one, and everything.
GroupReleaseParams everything(PrivacyTotal total, bool private_groups) {
  return {.bounds = {.max_groups = kGroups, .max_rows = kRows},
          .total = total,
          .private_groups = private_groups,
          .units = true,
          .count = true,
          .columns = {{.grid = kGrid, .sum = true},
                      {.grid = kGrid, .sum = true, .mean = true},
                      {.grid = kNarrow, .variance = true}},
          .rule = GroupRule::truncated_geometric};
}

/// So few parts that Laplace noise answers all of them.
GroupReleaseParams counts(PrivacyTotal total) {
  GroupReleaseParams params = everything(total, true);
  params.columns.clear();
  return params;
}

const PrivacyTotal kPure = ApproximateTotal{1.0_eps, 0.0_delta};
const PrivacyTotal kTotal = ApproximateTotal{1.0_eps, 1e-6_delta};

// ---------------------------------------------------------------------------------------------------
// What one unit moves, by all that it may have: numbers of rows in each of four groups, two in each of
// two coarser ones.

constexpr std::uint32_t kWithin[] = {0, 0, 1, 1};

struct Moved {
  double l1 = 0, l2 = 0;
};

void add(Moved& most, const std::vector<double>& answers) {
  double l1 = 0, l2 = 0;
  for (const double x : answers) l1 += std::fabs(x), l2 += x * x;
  most.l1 = std::max(most.l1, l1);
  most.l2 = std::max(most.l2, std::sqrt(l2));
}

struct MostMoved {
  Moved units, count, sum, pair, squares;
};

/// Answers in the groups of a set, where the unit has `rows` and each row has the value of its group.
void add(MostMoved& most, const std::vector<int>& rows, const std::vector<double>& values,
         const std::function<std::size_t(std::size_t)>& into, std::size_t groups) {
  std::vector<double> units(groups), count(groups), sum(groups), pair(2 * groups),
      squares(3 * groups);
  for (std::size_t g = 0; g < rows.size(); ++g) {
    if (rows[g] > 0) units[into(g)] = 1;
    count[into(g)] += rows[g];
    sum[into(g)] += rows[g] * values[g];
    const double above = values[g] - kGrid.lower(), below = kGrid.upper() - values[g];
    pair[2 * into(g)] += rows[g] * above;
    pair[2 * into(g) + 1] += rows[g] * below;
    squares[3 * into(g)] += rows[g] * above * above;
    squares[3 * into(g) + 1] += rows[g] * 2 * above * below;
    squares[3 * into(g) + 2] += rows[g] * below * below;
  }
  add(most.units, units);
  add(most.count, count);
  add(most.sum, sum);
  add(most.pair, pair);
  add(most.squares, squares);
}

std::vector<MostMoved> most_moved() {
  std::vector<MostMoved> most(3);
  for (int pattern = 0; pattern < 256; ++pattern) {
    const std::vector<int> rows = {pattern & 3, pattern >> 2 & 3, pattern >> 4 & 3, pattern >> 6};
    if (std::ranges::count_if(rows, [](int n) { return n > 0; }) > kGroups) continue;
    for (int ends = 0; ends < 16; ++ends) {
      std::vector<double> values;
      for (int g = 0; g < 4; ++g)
        values.push_back((ends >> g & 1) != 0 ? kGrid.upper() : kGrid.lower());
      add(
          most[0], rows, values, [](std::size_t g) { return g; }, 4);
      add(
          most[1], rows, values, [](std::size_t g) { return kWithin[g]; }, 2);
      add(
          most[2], rows, values, [](std::size_t) { return std::size_t{0}; }, 1);
    }
  }
  return most;
}

TEST(RollupRelease, LaplaceScalesAreThoseOfTheMostThatOneUnitMovesInTheL1Norm) {
  GroupReleaseParams params = everything(kPure, false);
  params.law = NoiseLaw::laplace;
  const RollupRelease release = RollupRelease::make(params, 2).value();
  ASSERT_EQ(release.sets().size(), 3U);
  EXPECT_EQ(release.parts(), 15U);
  const std::vector<MostMoved> most = most_moved();
  for (std::size_t set = 0; set < 3; ++set) {
    const GroupRelease& made = release.sets()[set];
    EXPECT_NEAR(made.units_noise()->scale() / 15, most[set].units.l1, 1e-9) << set;
    EXPECT_NEAR(made.count_noise()->scale() / 15, most[set].count.l1, 1e-9) << set;
    EXPECT_NEAR(made.column_noise(0).scale() / 15, most[set].sum.l1, 1e-6) << set;
    EXPECT_NEAR(made.column_noise(1).scale() / 15, most[set].pair.l1, 1e-6) << set;
    EXPECT_NEAR(made.column_noise(2).scale() / 15, most[set].squares.l1, 1e-4) << set;
  }
}

TEST(RollupRelease, GaussianScalesAreThoseOfTheMostThatOneUnitMovesInTheL2Norm) {
  GroupReleaseParams params =
      everything(ConcentratedTotal{Rho::make(0.5).value(), 0.0_delta}, false);
  params.law = NoiseLaw::gaussian;
  const RollupRelease release = RollupRelease::make(params, 2).value();
  const std::vector<MostMoved> most = most_moved();
  const double sigma = std::sqrt(15);  // of sensitivity 1 at a fifteenth of ρ = 1/2
  for (std::size_t set = 0; set < 3; ++set) {
    const GroupRelease& made = release.sets()[set];
    EXPECT_NEAR(made.units_noise()->scale() / sigma, most[set].units.l2, 1e-9) << set;
    EXPECT_NEAR(made.count_noise()->scale() / sigma, most[set].count.l2, 1e-9) << set;
    EXPECT_NEAR(made.column_noise(0).scale() / sigma, most[set].sum.l2, 1e-6) << set;
    EXPECT_NEAR(made.column_noise(1).scale() / sigma, most[set].pair.l2, 1e-6) << set;
    EXPECT_NEAR(made.column_noise(2).scale() / sigma, most[set].squares.l2, 1e-4) << set;
  }
}

TEST(RollupRelease, WithoutCoarserSetsItIsWhatAGroupReleaseIs) {
  for (const GroupRule rule : {GroupRule::automatic, GroupRule::threshold}) {
    GroupReleaseParams params = everything(kTotal, true);
    params.rule = rule;
    const RollupRelease release = RollupRelease::make(params, 0).value();
    const GroupRelease one = GroupRelease::make(params).value();
    EXPECT_EQ(release.parts(), one.parts());
    EXPECT_EQ(release.finest().count_noise()->scale(), one.count_noise()->scale());
    EXPECT_EQ(release.finest().threshold().has_value(), one.threshold().has_value());
  }
}

// ---------------------------------------------------------------------------------------------------
// Quantiles: all values of a unit may be in one coarser group.

/// Medians of public groups and nothing else: three parts, each of ε = 4 at a total of 12.
GroupReleaseParams medians(PrivacyTotal total) {
  return {.bounds = {.max_groups = kGroups, .max_rows = kRows},
          .total = total,
          .private_groups = false,
          .columns = {{.grid = kNarrow, .quantiles = {0.5}}}};
}

TEST(RollupRelease, QuantilesOfCoarserGroupsAreMadeForAllValuesOfAUnitAndCostAllOfTheirPart) {
  const RollupRelease pure =
      RollupRelease::make(medians(ApproximateTotal{Epsilon::make(12).value(), 0.0_delta}), 2)
          .value();
  const RollupRelease concentrated =
      RollupRelease::make(medians(ConcentratedTotal{Rho::make(3).value(), 0.0_delta}), 2).value();
  EXPECT_EQ(pure.parts(), 3U);
  for (std::size_t set = 0; set < 3; ++set) {
    const double share = set == 0 ? 1.0 / kGroups : 1;
    const QuantileRelease& made = *pure.sets()[set].quantiles(0);
    EXPECT_EQ(made.params().max_rows, set == 0 ? kRows : kGroups * kRows);
    EXPECT_NEAR(std::get<ApproximateTotal>(made.cost()).epsilon.value(), 4 * share, 1e-9);
    const QuantileRelease& by_rho = *concentrated.sets()[set].quantiles(0);
    EXPECT_EQ(by_rho.params().max_rows, set == 0 ? kRows : kGroups * kRows);
    EXPECT_NEAR(std::get<ConcentratedTotal>(by_rho.cost()).rho.value(), share, 1e-9);
  }
}

/// What follows by hand from the odds of gaps: n values at a half of the clamp and k at its upper end. Places below the
/// half have 0 values under them and places above it n, where the median has (n + k) / 2. One value is ε / r of distance.
double odds_below_half(double epsilon, int r, int n, int k) {
  const double below = (n + k) / 2.0, above = std::fabs(n - (n + k) / 2.0);
  return 1 / (1 + std::exp(epsilon / r * (below - above)));
}

/// All that one unit may have, in both groups of one coarser group: the median there moves as far as its ε allows.
TEST(RollupRelease, AllValuesOfAUnitInOneCoarserGroupCostItsEpsilonAndNoMore) {
  constexpr double kEach = 4;
  const RollupRelease release =
      RollupRelease::make(medians(ApproximateTotal{Epsilon::make(12).value(), 0.0_delta}), 2)
          .value();
  GroupTotals finest({ColumnUse{.origin = kNarrow.lower_units(), .values = true}});
  finest.resize(4);
  for (const std::size_t group : {0U, 1U}) {
    for (int i = 0; i < 3; ++i) finest.add_row(group, std::vector<Units>{kNarrow.units(10.0)});
    for (int i = 0; i < kRows; ++i) finest.add_row(group, std::vector<Units>{kNarrow.units(30.0)});
  }
  const std::vector<std::uint32_t> within(kWithin, kWithin + 4);
  const std::vector<SetTotals> totals = {
      {finest, within},
      {finest.gathered(within, std::vector<std::int64_t>(2)), {0, 0}},
      {finest.gathered(std::vector<std::uint32_t>(4), std::vector<std::int64_t>(1))}};

  FixedBits bits(5);
  constexpr int kRuns = 4000;
  int below[3] = {};
  for (int run = 0; run < kRuns; ++run) {
    const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
    for (std::size_t set = 0; set < 3; ++set)
      below[set] += answers[set][0]->columns[0].quantiles[0].value < 10;
  }
  const double odds[] = {odds_below_half(kEach / kGroups, kRows, 3, kRows),
                         odds_below_half(kEach, kGroups * kRows, 6, kGroups * kRows),
                         odds_below_half(kEach, kGroups * kRows, 6, kGroups * kRows)};
  for (std::size_t set = 0; set < 3; ++set) {
    EXPECT_NEAR(below[set], kRuns * odds[set], 5 * std::sqrt(kRuns * odds[set])) << set;
    EXPECT_GT(odds[set], 0.5 * std::exp(set == 0 ? -kEach / kGroups : -kEach))
        << "without the unit it is a half";
  }
}

TEST(RollupRelease, RefusesQuantilesOfMoreValuesOfAUnitThanCanBeTold) {
  GroupReleaseParams params = medians(kPure);
  params.bounds = {.max_groups = 1 << 16, .max_rows = (1 << 15) + 1};
  EXPECT_TRUE(RollupRelease::make(params, 0));
  EXPECT_EQ(RollupRelease::make(params, 1).error().where, "max-groups");
  params.bounds.max_rows = 1 << 15;
  EXPECT_TRUE(RollupRelease::make(params, 1));
  params.bounds = {.max_groups = std::int64_t{1} << 31, .max_rows = std::int64_t{1} << 31};
  params.columns = {{.grid = kGrid, .sum = true}};
  EXPECT_TRUE(RollupRelease::make(params, 1)) << "sums have no such limit";
}

// ---------------------------------------------------------------------------------------------------
// What accountants are told.

/// The most that all parts together give away, if each is at its worst.
double pure_sum(const ReleaseLoss& loss) {
  double sum = 0;
  for (const Event& part : loss.parts)
    sum += std::get<PureLoss>(part.loss).epsilon.upper() * static_cast<double>(part.count);
  return sum;
}

TEST(RollupRelease, TheLossIsThatOfAllSetsAndOneChoice) {
  GroupReleaseParams params = everything(kTotal, true);
  params.law = NoiseLaw::laplace;
  params.columns.push_back({.grid = kNarrow, .quantiles = {0.5}});
  const RollupRelease release = RollupRelease::make(params, 2).value();
  const ReleaseLoss& loss = release.loss();
  ASSERT_EQ(loss.parts.size(), 3U * 6 + 1);
  EXPECT_EQ(loss.parts.size(), release.parts());
  EXPECT_NEAR(pure_sum(loss), 1, 1e-6);
  const double each = 1.0 / 20;  // the choice, of two sets, weighs twice
  for (std::size_t part = 0; part < 18; ++part) {
    const std::size_t set = part / 6, answer = part % 6;
    const std::int64_t apart = set == 0 || (set == 1 && answer == 0) ? kGroups : 1;
    EXPECT_EQ(loss.parts[part].count, apart) << part;
    EXPECT_NEAR(std::get<PureLoss>(loss.parts[part].loss).epsilon.upper(),
                each / static_cast<double>(apart), 1e-9);
  }
  EXPECT_EQ(loss.parts[18].count, 2 * kGroups);
  EXPECT_NEAR(std::get<PureLoss>(loss.parts[18].loss).epsilon.upper(), each * 2 / (2 * kGroups),
              1e-9);
  EXPECT_EQ(loss.delta.upper(), release.finest().selection()->cost().delta.value());
}

TEST(RollupRelease, TheLossIsWithinRhoAtAnyOrder) {
  for (const NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian, NoiseLaw::automatic}) {
    GroupReleaseParams params = everything(ConcentratedTotal{0.1_rho, 1e-6_delta}, true);
    params.law = law;
    params.columns.push_back({.grid = kNarrow, .quantiles = {0.25, 0.5}});
    const RollupRelease release = RollupRelease::make(params, 2).value();
    EXPECT_EQ(release.loss().parts.size(), release.parts());
    EXPECT_LE(release.loss().delta.upper(), 1e-6);
    for (const double alpha : {1.5, 4.0, 32.0, 512.0}) {
      const Bounds divergence = renyi_divergence(release.loss().parts, alpha).value();
      EXPECT_LE(divergence.upper, alpha * 0.1 * (1 + 1e-9));
      if (alpha < 5) {
        EXPECT_GT(divergence.lower, alpha * 0.1 * 0.9);
      }
    }
  }
}

TEST(RollupRelease, TheLossOfThresholdsIsTheirDeltaTogether) {
  GroupReleaseParams params = everything(ConcentratedTotal{0.1_rho, 1e-6_delta}, true);
  params.rule = GroupRule::threshold;
  const RollupRelease release = RollupRelease::make(params, 2).value();
  EXPECT_EQ(release.loss().parts.size(), release.parts());
  EXPECT_NEAR(release.loss().delta.upper(), 1e-6, 1e-12);
  EXPECT_EQ(release.sets()[1].threshold()->cost().value() * 2, release.loss().delta.upper());
}

// ---------------------------------------------------------------------------------------------------
// Which groups are shown.

/// Units in four groups, two in each of two coarser ones; none is in two groups.
std::vector<SetTotals> totals_of(const std::vector<std::int64_t>& units) {
  const std::vector<std::uint32_t> within(kWithin, kWithin + 4);
  GroupTotals finest({{}, {}, ColumnUse{.origin = kNarrow.lower_units(), .squares = true}});
  finest.resize(4);
  for (std::size_t g = 0; g < 4; ++g)
    for (std::int64_t i = 0; i < units[g]; ++i) {
      finest.add_unit(g);
      finest.add_row(g, std::vector<Units>{kGrid.units(5.0), kGrid.units(7.0), kNarrow.units(7.0)});
    }
  const std::vector<std::int64_t> halves = {units[0] + units[1], units[2] + units[3]};
  const std::vector<std::int64_t> whole = {halves[0] + halves[1]};
  GroupTotals coarser = finest.gathered(within, halves);
  GroupTotals all = finest.gathered(std::vector<std::uint32_t>(4), whole);
  return {{finest, within}, {coarser, {0, 0}}, {all}};
}

double keeps(const RollupRelease& release, std::int64_t units) {
  return release.finest().selection()->keep_probability(units).upper;
}

/// The choice weighs once for each set that is chosen from, and a unit takes part in it once for each of its
/// groups in each set: one unit alone is shown somewhere with probability δ at most.
TEST(RollupRelease, OneUnitAloneIsShownSomewhereWithProbabilityDelta) {
  const RollupRelease release = RollupRelease::make(counts(kTotal), 2).value();
  EXPECT_EQ(release.parts(), 7U);
  const PartitionSelection& selection = *release.finest().selection();
  EXPECT_EQ(selection.max_groups(), 2 * kGroups);
  EXPECT_NEAR(selection.cost().epsilon.value(), 2.0 / 8, 1e-9);
  const double none = std::pow(1 - keeps(release, 1), 2 * kGroups);
  EXPECT_NEAR(1 - none, 1e-6, 1e-9);
  EXPECT_LE(selection.cost().delta, 1e-6_delta);
  EXPECT_FALSE(release.sets()[2].selection());
}

TEST(RollupRelease, AGroupIsShownWhereItPassesOrOneWithinItDoes) {
  const GroupReleaseParams params =
      counts(ApproximateTotal{Epsilon::make(20).value(), Delta::make(0.5).value()});
  const RollupRelease release = RollupRelease::make(params, 2).value();
  FixedBits bits(3);
  const std::vector<SetTotals> totals = totals_of({1, 2, 0, 0});
  constexpr int kRuns = 20000;
  int fine = 0, coarse = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
    fine += answers[0][0].has_value();
    coarse += answers[1][0].has_value();
    EXPECT_FALSE(answers[0][2] || answers[0][3] || answers[1][1]);
    EXPECT_TRUE(answers[1][0] || (!answers[0][0] && !answers[0][1]));
    EXPECT_TRUE(answers[2][0]);
  }
  const double hidden = (1 - keeps(release, 1)) * (1 - keeps(release, 2)) * (1 - keeps(release, 3));
  EXPECT_GT(keeps(release, 1), 0.05);
  EXPECT_LT(hidden, 0.9);
  const auto near = [](double odds) { return 5 * std::sqrt(kRuns * odds * (1 - odds)); };
  EXPECT_NEAR(fine, kRuns * keeps(release, 1), near(keeps(release, 1)));
  EXPECT_NEAR(coarse, kRuns * (1 - hidden), near(hidden));
}

TEST(RollupRelease, ThresholdsDivideDelta) {
  GroupReleaseParams params = counts(kTotal);
  params.rule = GroupRule::threshold;
  const RollupRelease release = RollupRelease::make(params, 2).value();
  EXPECT_EQ(release.parts(), 6U);
  for (std::size_t set = 0; set < 2; ++set) {
    const GroupRelease& made = release.sets()[set];
    EXPECT_EQ(made.threshold()->cost().value(), 0.5e-6);
    EXPECT_LE(made.units_noise()->threshold_delta(made.threshold()->at(), kGroups).upper, 0.5e-6);
    EXPECT_GT(made.units_noise()->threshold_delta(made.threshold()->at() - 1, kGroups).upper,
              0.5e-6);
  }
  EXPECT_FALSE(release.sets()[2].threshold());
}

/// A count that is seen at all because of others has its whole law: it may lie below the threshold, and its
/// interval is that of the noise alone. One that has to pass has the law from the threshold on.
TEST(RollupRelease, ACountThatNeedNotPassHasItsWholeLaw) {
  GroupReleaseParams params = everything(kTotal, true);
  params.rule = GroupRule::threshold;
  const RollupRelease release = RollupRelease::make(params, 2).value();
  const GroupRelease& coarser = release.sets()[1];
  const std::int64_t at = coarser.threshold()->at();
  const double half = coarser.units_noise()->half_width();
  FixedBits bits(4);
  int below = 0, told = 0, covered = 0;
  for (int run = 0; run < 4000; ++run) {
    const auto answers =
        release.release(Permit::unaccounted("test"), totals_of({at, 0, 0, 0}), bits);
    if (!answers[1][0]) {
      EXPECT_FALSE(answers[0][0]);
      continue;
    }
    const Estimate units = *answers[1][0]->units;
    if (!answers[0][0]) {
      EXPECT_GE(units.value, static_cast<double>(at));
      EXPECT_GE(units.low, 1);
      continue;
    }
    ++told;
    below += units.value < static_cast<double>(at);
    const double low = units.value - half;
    EXPECT_LE(units.low, std::max(0.0, low));
    EXPECT_NEAR(units.low, std::max(0.0, low), 1e-6 * half);
    covered += units.low <= static_cast<double>(at) && static_cast<double>(at) <= units.high;
  }
  EXPECT_GT(told, 1500);
  EXPECT_NEAR(below, told / 2.0, told * 0.05);
  EXPECT_GE(covered, told * 0.94);
}

TEST(RollupRelease, AutomaticTakesThresholdsWhereNothingBecomesLessExactInAnySet) {
  GroupReleaseParams params = everything(kTotal, true);
  params.rule = GroupRule::automatic;
  int thresholds = 0;
  for (const double epsilon : {0.1, 1.0, 10.0, 200.0})
    for (const std::int64_t groups : {1, 4, 40}) {
      params.total = ApproximateTotal{Epsilon::make(epsilon).value(), 1e-6_delta};
      params.bounds.max_groups = groups;
      params.rule = GroupRule::automatic;
      const RollupRelease taken = RollupRelease::make(params, 2).value();
      params.rule = GroupRule::truncated_geometric;
      const RollupRelease other = RollupRelease::make(params, 2).value();
      if (!taken.finest().threshold()) continue;
      ++thresholds;
      for (std::size_t set = 0; set < 3; ++set)
        EXPECT_LE(taken.sets()[set].sum_standard_error(0), other.sets()[set].sum_standard_error(0));
    }
  EXPECT_GT(thresholds, 2);
}

TEST(RollupRelease, WhatItCostsIsTheTotal) {
  for (const PrivacyTotal& total :
       {kTotal, PrivacyTotal(ConcentratedTotal{Rho::make(0.1).value(), 1e-6_delta})})
    for (const NoiseLaw law : {NoiseLaw::automatic, NoiseLaw::laplace, NoiseLaw::gaussian}) {
      GroupReleaseParams params = everything(total, true);
      params.law = law;
      const RollupRelease release = RollupRelease::make(params, 2).value();
      const auto delta = [](const PrivacyTotal& t) {
        return std::visit([](const auto& either) { return either.delta.value(); }, t);
      };
      EXPECT_EQ(release.cost().index(), total.index());
      EXPECT_LE(delta(release.cost()), delta(total));
    }
}

}  // namespace
}  // namespace sfumato::rollup_release_test
