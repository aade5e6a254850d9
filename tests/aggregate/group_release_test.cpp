#include "sfumato/aggregate/group_release.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/account/renyi.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

const ValueGrid kGrid = ValueGrid::make(-10, 30).value();

GroupReleaseParams everything(PrivacyTotal total) {
  return {.bounds = {.max_groups = 2, .max_rows = 3},
          .total = total,
          .private_groups = true,
          .units = true,
          .count = true,
          .columns = {{.grid = kGrid, .sum = true}, {.grid = kGrid, .sum = true, .mean = true}},
          .rule = GroupRule::truncated_geometric};
}

GroupReleaseParams by_threshold(PrivacyTotal total) {
  GroupReleaseParams params = everything(total);
  params.rule = GroupRule::threshold;
  return params;
}

GroupTotals totals_of(std::size_t groups, int rows) {
  GroupTotals totals(2);
  totals.resize(groups);
  for (std::size_t group = 0; group < groups; ++group) {
    for (int row = 0; row < rows; ++row) {
      totals.add_unit(group);
      totals.add_row(group, std::vector<Units>{kGrid.units(5.0), kGrid.units(7.0)});
    }
  }
  return totals;
}

const PrivacyTotal kTotal = ApproximateTotal{1.0_eps, 1e-6_delta};

TEST(GroupRelease, FewPartsShareTheTotalEvenly) {
  const GroupRelease release = GroupRelease::make(everything(kTotal)).value();
  EXPECT_EQ(release.parts(), 5U);
  EXPECT_NEAR(release.units_noise()->scale(), 2 * 1 * 5, 1e-9);
  EXPECT_NEAR(release.count_noise()->scale(), 2 * 3 * 5, 1e-9);
  EXPECT_NEAR(release.column_noise(0).scale(), 2 * 3 * 30 * 5, 1e-6);  // max(|lo|, |hi|)
  EXPECT_NEAR(release.column_noise(1).scale(), 2 * 3 * 40 * 5, 1e-6);  // hi - lo
}

// OpenDP and SmartNoise report or spend more than asked; here no part's ε exceeds its share.
TEST(GroupRelease, NoPartCostsMoreThanItsShareEvenInTheLastBit) {
  for (double epsilon : {0.1, 0.7, 1.0 / 3, 1e-9, 1e5}) {
    GroupReleaseParams params =
        everything(ApproximateTotal{Epsilon::make(epsilon).value(), 1e-6_delta});
    params.law = NoiseLaw::laplace;
    const GroupRelease release = GroupRelease::make(params).value();
    const long double share = static_cast<long double>(epsilon) / 5;
    EXPECT_LE(6 / static_cast<long double>(release.count_noise()->scale()), share);
    EXPECT_LE(2 / static_cast<long double>(release.units_noise()->scale()), share);
  }
}

// Of the mechanisms' own scales: two groups of one unit, each moved by at most 1, 3, 3 · 30 and 3 · 40.
TEST(GroupRelease, TellsWhatEachPartGivesAwayInEachGroup) {
  GroupReleaseParams params = everything(kTotal);
  params.law = NoiseLaw::laplace;
  const GroupRelease release = GroupRelease::make(params).value();
  const ReleaseLoss& loss = release.loss();
  ASSERT_EQ(loss.parts.size(), 5u);
  const double moves[] = {1 / release.units_noise()->scale(), 3 / release.count_noise()->scale(),
                          90 / release.column_noise(0).scale(),
                          120 / release.column_noise(1).scale(),
                          release.selection()->cost().epsilon.value() / 2};
  for (std::size_t i = 0; i < loss.parts.size(); ++i) {
    EXPECT_EQ(loss.parts[i].count, 2);
    const double epsilon = std::get<PureLoss>(loss.parts[i].loss).epsilon.lower();
    EXPECT_GE(epsilon, moves[i]);
    EXPECT_NEAR(epsilon, moves[i], 1e-9);
  }
  EXPECT_EQ(loss.delta.upper(), release.selection()->cost().delta.value());
  params.law = NoiseLaw::gaussian;
  const GroupRelease gaussian = GroupRelease::make(params).value();
  for (std::size_t i = 0; i < 4; ++i) {
    const double rho = std::get<ZcdpLoss>(gaussian.loss().parts[i].loss).rho.lower();
    const double sigma = i == 0   ? gaussian.units_noise()->scale()
                         : i == 1 ? gaussian.count_noise()->scale()
                                  : gaussian.column_noise(i - 2).scale();
    const double moved = (i == 0 ? 1 : i == 1 ? 3 : i == 2 ? 90 : 120) / sigma;
    EXPECT_GE(rho * (1 + 1e-12), moved * moved) << "two groups: their squares add up to twice that";
    EXPECT_NEAR(rho, moved * moved, 1e-6 * rho);
  }
  EXPECT_LT(gaussian.loss().delta.upper(), 1e-6) << "Gaussian noise itself needs none here";
}

TEST(GroupRelease, TellsOfAThresholdItsDeltaAlone) {
  const GroupRelease release =
      GroupRelease::make(by_threshold(ConcentratedTotal{0.5_rho, 1e-6_delta})).value();
  EXPECT_EQ(release.loss().parts.size(), 4u);
  EXPECT_EQ(release.loss().delta.upper(), release.threshold()->cost().value());
}

// Laplace and Gaussian parts, and decisions, are zero-concentrated as the calibration says.
TEST(GroupRelease, GivesAwayNoMoreThanItsRhoAtAnyOrder) {
  for (const NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian, NoiseLaw::automatic}) {
    GroupReleaseParams params = everything(ConcentratedTotal{0.1_rho, 1e-6_delta});
    params.law = law;
    const GroupRelease release = GroupRelease::make(params).value();
    for (const double alpha : {1.5, 4.0, 32.0, 512.0}) {
      const Bounds divergence = renyi_divergence(release.loss().parts, alpha).value();
      EXPECT_LE(divergence.upper, alpha * 0.1 * (1 + 1e-9));
      if (alpha < 5) {
        EXPECT_GT(divergence.lower, alpha * 0.1 * 0.9);
      }
    }
  }
}

TEST(GroupRelease, DeltaGoesToThosePartsAloneThatNeedOne) {
  GroupReleaseParams params = everything(kTotal);
  params.law = NoiseLaw::laplace;
  const GroupRelease laplace = GroupRelease::make(params).value();
  // All δ for the selection: one person alone in a group is shown with about δ / max_groups.
  EXPECT_NEAR(laplace.selection()->keep_probability(1).upper, 0.5e-6, 1e-12);
  params.law = NoiseLaw::gaussian;
  const GroupRelease gaussian = GroupRelease::make(params).value();
  EXPECT_NEAR(gaussian.selection()->keep_probability(1).upper, 0.1e-6, 1e-12);
  params.private_groups = false;
  params.law = NoiseLaw::laplace;
  EXPECT_FALSE(GroupRelease::make(params).value().selection().has_value());
}

TEST(GroupRelease, AThresholdReadsTheUnitsAndCostsDeltaAlone) {
  const GroupRelease release = GroupRelease::make(by_threshold(kTotal)).value();
  EXPECT_EQ(release.parts(), 4U);
  EXPECT_FALSE(release.selection());
  EXPECT_NEAR(release.units_noise()->scale(), 2 * 1 * 4, 1e-9);
  EXPECT_NEAR(release.count_noise()->scale(), 2 * 3 * 4, 1e-9);
  EXPECT_EQ(release.threshold()->cost(), 1e-6_delta);
  EXPECT_EQ(std::get<ApproximateTotal>(release.cost()).epsilon, 1.0_eps);
}

TEST(GroupRelease, AThresholdShowsCountsFromItselfOnAndNoGroupWithoutUnits) {
  const GroupRelease release = GroupRelease::make(by_threshold(kTotal)).value();
  const auto at = static_cast<double>(release.threshold()->at());
  GroupTotals totals(2);
  totals.resize(600);
  for (std::size_t group = 100; group < 600; ++group)
    for (std::size_t unit = 0; unit < group / 3; ++unit) totals.add_unit(group);
  FixedBits bits(21);
  const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
  std::size_t shown = 0;
  for (std::size_t group = 0; group < 600; ++group) {
    if (!answers[group]) continue;
    ++shown;
    EXPECT_GE(group, 100U);
    EXPECT_GE(answers[group]->units->value, at);
    EXPECT_GE(answers[group]->units->low, 1);
  }
  EXPECT_GT(shown, 100U);
  EXPECT_LT(shown, 400U);
}

// Where nearly everything is shown, a group without units would be, too.
TEST(GroupRelease, AGroupThatHoldsNobodyIsNeverShownWhateverTheThreshold) {
  const GroupRelease release =
      GroupRelease::make(by_threshold(ApproximateTotal{0.01_eps, 0.9_delta})).value();
  GroupTotals totals(2);
  totals.resize(500);
  FixedBits bits(22);
  for (const auto& answer : release.release(Permit::unaccounted("test"), totals, bits))
    EXPECT_FALSE(answer);
}

TEST(GroupRelease, AutomaticTakesAThresholdOnlyWhereNothingBecomesLessExact) {
  int thresholds = 0, others = 0;
  for (const double epsilon : {0.1, 1.0, 10.0, 200.0})
    for (const double delta : {1e-9, 1e-4, 0.2})
      for (const std::int64_t groups : {1, 4, 40})
        for (const std::size_t columns : {0, 1, 9}) {
          GroupReleaseParams params{
              .bounds = {.max_groups = groups, .max_rows = 2},
              .total = ApproximateTotal{Epsilon::make(epsilon).value(), Delta::make(delta).value()},
              .private_groups = true,
              .units = true};
          params.columns.resize(columns, {.grid = kGrid, .sum = true});
          const GroupRelease taken = GroupRelease::make(params).value();
          params.rule = GroupRule::truncated_geometric;
          const GroupRelease other = GroupRelease::make(params).value();
          ++(taken.threshold() ? thresholds : others);
          ASSERT_NE(taken.threshold().has_value(), taken.selection().has_value());
          if (!taken.threshold()) continue;
          EXPECT_LE(taken.units_noise()->standard_error(), other.units_noise()->standard_error());
          for (std::size_t i = 0; i < columns; ++i)
            EXPECT_LE(taken.sum_standard_error(i), other.sum_standard_error(i));
          EXPECT_LT(other.selection()->keep_probability(taken.threshold()->at() - 1).lower, 0.5);
        }
  EXPECT_GT(thresholds, 40);
  EXPECT_GT(others, 2);
}

TEST(GroupRelease, AThresholdNeedsUnitsAndWithoutThemAutomaticChooses) {
  GroupReleaseParams params = by_threshold(kTotal);
  params.units = false;
  EXPECT_EQ(GroupRelease::make(params).error().where, "units");
  params.rule = GroupRule::automatic;
  EXPECT_TRUE(GroupRelease::make(params).value().selection());
  params.units = true;
  params.private_groups = false;
  const GroupRelease listed = GroupRelease::make(params).value();
  EXPECT_FALSE(listed.selection() || listed.threshold());
}

GroupReleaseParams eight_sums(double epsilon) {
  GroupReleaseParams params{.bounds = {.max_groups = 10, .max_rows = 3},
                            .total = ApproximateTotal{Epsilon::make(epsilon).value(), 1e-6_delta},
                            .private_groups = false};
  params.columns.resize(8, {.grid = kGrid, .sum = true});
  return params;
}

// σ of (1, 1e-6) is 4.2247 Δ (Balle, Wang 2018), Δ = √(8·10)·3·30, against √2·Δ₁/ε of Laplace noise, Δ₁ = 8·10·3·30.
TEST(GroupRelease, EightSumsInTenGroupsAreThriceAsExactAsInAnEvenSplit) {
  const GroupRelease release = GroupRelease::make(eight_sums(1)).value();
  const double even = std::sqrt(2.0) * 8 * 10 * 3 * 30;
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(release.column_noise(i).mechanism(), "gaussian");
    EXPECT_GE(even / release.sum_standard_error(i), 2.99);
    EXPECT_NEAR(release.sum_standard_error(i), 4.22467 * std::sqrt(80.0) * 90, 0.05);
  }
}

TEST(GroupRelease, WhatAllCostIsWithinTheTotalAndNearIt) {
  GroupReleaseParams params = eight_sums(1);
  for (const bool private_groups : {false, true}) {
    params.private_groups = private_groups;
    const GroupRelease release = GroupRelease::make(params).value();
    const auto& cost = std::get<ApproximateTotal>(release.cost());
    EXPECT_EQ(cost.epsilon, 1.0_eps);
    EXPECT_LE(cost.delta, 1e-6_delta);
    EXPECT_GE(cost.delta.value(), 0.999999e-6);
  }
}

TEST(GroupRelease, AHigherWeightMakesAColumnMoreExactNextToTheOthers) {
  GroupReleaseParams params = eight_sums(1);
  params.columns[3].weight = 2;
  const GroupRelease release = GroupRelease::make(params).value();
  EXPECT_NEAR(release.sum_standard_error(0) / release.sum_standard_error(3), 2, 1e-9);
  EXPECT_NEAR(release.sum_standard_error(0) / release.sum_standard_error(7), 1, 1e-9);
  params = everything(kTotal);
  params.weights = {.choice = 2, .units = 1, .count = 4};
  const GroupRelease mixed = GroupRelease::make(params).value();
  EXPECT_NEAR(mixed.count_noise()->scale(), 2 * 3 * 9 / 4.0, 1e-9);  // Σw = 9
  EXPECT_NEAR(mixed.units_noise()->scale(), 2 * 9, 1e-9);
  EXPECT_NEAR(mixed.selection()->cost().epsilon.value(), 2 / 9.0, 1e-12);
}

// Count, sum and mean over one column are one part: nothing is bought twice.
TEST(GroupRelease, ACountOfAColumnIsReadFromItsPair) {
  GroupReleaseParams params = everything(kTotal);
  params.columns = {{.grid = kGrid, .mean = true}};
  const GroupRelease mean = GroupRelease::make(params).value();
  params.columns = {{.grid = kGrid, .count = true, .sum = true, .mean = true}};
  const GroupRelease all = GroupRelease::make(params).value();
  params.columns = {{.grid = kGrid, .count = true, .sum = true}};
  const GroupRelease two = GroupRelease::make(params).value();
  EXPECT_EQ(mean.parts(), all.parts());
  EXPECT_EQ(mean.column_noise(0).scale(), all.column_noise(0).scale());
  EXPECT_EQ(mean.column_noise(0).scale(), two.column_noise(0).scale());
  const double pair = two.column_noise(0).standard_error();
  EXPECT_DOUBLE_EQ(two.count_standard_error(0), pair * std::sqrt(2.0) / 40);
}

TEST(GroupRelease, ACountOfAColumnAloneIsWholeAndHangsOnNoGrid) {
  GroupReleaseParams params = everything(kTotal);
  params.units = params.count = false;
  params.columns = {{.grid = kGrid, .count = true}};
  const GroupRelease release = GroupRelease::make(params).value();
  EXPECT_EQ(release.column_noise(0).mechanism(), "discrete_laplace");
  EXPECT_NEAR(release.column_noise(0).scale(), 2 * 3 * 2, 1e-9);
  EXPECT_EQ(release.count_standard_error(0), release.column_noise(0).standard_error());
}

TEST(GroupRelease, CountsOfColumnsHaveTheErrorsThatWereStated) {
  GroupReleaseParams params = everything(kTotal);
  params.columns = {{.grid = kGrid, .count = true}, {.grid = kGrid, .count = true, .mean = true}};
  const GroupRelease release = GroupRelease::make(params).value();
  FixedBits bits(4);
  double alone = 0;
  double of_pair = 0;
  const auto answers = release.release(Permit::unaccounted("test"), totals_of(3000, 5000), bits);
  for (const auto& answer : answers) {
    alone += std::pow(answer->columns[0].count->value - 5000, 2);
    of_pair += std::pow(answer->columns[1].count->value - 5000, 2);
    EXPECT_FALSE(answer->columns[0].sum || answer->columns[0].mean || answer->columns[1].sum);
  }
  EXPECT_NEAR(std::sqrt(alone / 3000) / release.count_standard_error(0), 1, 0.07);
  EXPECT_NEAR(std::sqrt(of_pair / 3000) / release.count_standard_error(1), 1, 0.07);
}

const ValueGrid kNarrow = ValueGrid::make_narrow(-10, 30).value();

// Count, sum, mean, variance and deviation are read from three sums that cost what one of a square costs.
TEST(GroupRelease, AVarianceIsOnePartWithAllElseOfItsColumn) {
  GroupReleaseParams params = everything(kTotal);
  params.columns = {{.grid = kNarrow, .variance = true}};
  const GroupRelease one = GroupRelease::make(params).value();
  params.columns = {{.grid = kNarrow,
                     .count = true,
                     .sum = true,
                     .mean = true,
                     .variance = true,
                     .deviation = true}};
  const GroupRelease all = GroupRelease::make(params).value();
  EXPECT_EQ(one.parts(), 4U);
  EXPECT_EQ(all.parts(), 4U);
  EXPECT_EQ(one.column_noise(0).scale(), all.column_noise(0).scale());
  EXPECT_NEAR(all.column_noise(0).scale(), 2 * 3 * 1600 * 4, 1e-3);
}

TEST(GroupRelease, AVarianceNeedsANarrowGridAndAWidthWhoseSquareIsANumber) {
  GroupReleaseParams params = everything(kTotal);
  params.columns = {{.grid = kGrid, .variance = true}};
  EXPECT_EQ(GroupRelease::make(params).error().where, "grid");
  params.columns = {{.grid = ValueGrid::make_narrow(0, 1e-130).value(), .deviation = true}};
  EXPECT_EQ(GroupRelease::make(params).error().where, "clamp");
}

TEST(GroupRelease, WhatIsReadFromSquaresHasTheErrorsThatWereStated) {
  GroupReleaseParams params = everything(kTotal);
  params.columns = {{.grid = kNarrow,
                     .count = true,
                     .sum = true,
                     .mean = true,
                     .variance = true,
                     .deviation = true}};
  const GroupRelease release = GroupRelease::make(params).value();
  constexpr std::size_t kManyGroups = 1000;
  GroupTotals totals({params.columns[0].use()});
  totals.resize(kManyGroups);
  for (std::size_t group = 0; group < kManyGroups; ++group)
    for (int row = 0; row < 5000; ++row) {
      totals.add_unit(group);
      totals.add_row(group, std::vector<Units>{kNarrow.units(row % 2 == 0 ? -10.0 : 10.0)});
    }
  FixedBits bits(31);
  double count = 0, sum = 0, mean = 0, variance = 0;
  for (const auto& answer : release.release(Permit::unaccounted("test"), totals, bits)) {
    const GroupAnswer::Column& column = answer->columns[0];
    count += std::pow(column.count->value - 5000, 2);
    sum += std::pow(column.sum->value, 2);
    mean += std::pow(column.mean->value * 5000, 2);
    variance += std::pow((column.variance->value - 100) * 5000, 2);
    EXPECT_NEAR(column.deviation->value, std::sqrt(column.variance->value), 1e-12);
  }
  const auto error = [](double squares) { return std::sqrt(squares / kManyGroups); };
  EXPECT_NEAR(error(count) / release.count_standard_error(0), 1, 0.1);
  EXPECT_NEAR(error(sum) / release.sum_standard_error(0), 1, 0.1);
  // At p = 0.25, v = 0.0625 of the width's square: √((1-p)² + (1/2-p)² + p²)/√1.25 of what is stated for a mean, and
  // √(((1-p)² - v)² + (p(1-p) + v)² + (p² - v)²) for a variance.
  EXPECT_NEAR(error(mean) / release.mean_standard_error_times_count(0),
              std::hypot(0.75, 0.25, 0.25) / std::hypot(1, 0.5), 0.08);
  EXPECT_NEAR(error(variance) / release.variance_standard_error_times_count(0),
              std::hypot(0.5, 0.25, 0.0), 0.08);
}

GroupReleaseParams three_quantiles(PrivacyTotal total) {
  return {.bounds = {.max_groups = 4, .max_rows = 3},
          .total = total,
          .private_groups = false,
          .count = true,
          .columns = {{.grid = kNarrow, .quantiles = {0.25, 0.5, 0.75}}}};
}

TEST(GroupRelease, QuantilesOfAGroupHaveTheirPartOfTheTotalOverMaxGroups) {
  const GroupRelease release =
      GroupRelease::make(three_quantiles(ApproximateTotal{1.0_eps, 0.0_delta})).value();
  EXPECT_EQ(release.parts(), 2U);
  const auto cost = std::get<ApproximateTotal>(release.quantiles(0)->cost());
  EXPECT_NEAR(cost.epsilon.value(), 0.5 / 4, 1e-12);
  EXPECT_LE(cost.epsilon.value(), 0.5 / 4);
  EXPECT_EQ(release.quantiles(0)->params().max_rows, 3);
  const GroupRelease concentrated =
      GroupRelease::make(three_quantiles(ConcentratedTotal{0.5_rho, 0.0_delta})).value();
  EXPECT_NEAR(std::get<ConcentratedTotal>(concentrated.quantiles(0)->cost()).rho.value(), 0.25 / 4,
              1e-12);
}

TEST(GroupRelease, APairIsOnePartAndIsMadeAnewOnOtherGrids) {
  const ValueGrid narrow = ValueGrid::make_narrow(0, 10).value();
  GroupReleaseParams params{.bounds = {.max_groups = 3, .max_rows = 2},
                            .total = ApproximateTotal{1.0_eps, 0.0_delta},
                            .private_groups = false,
                            .columns = {{.grid = narrow, .sum = true}, {.grid = narrow}},
                            .pairs = {{.first = 0, .second = 1, .correlation = true}},
                            .law = NoiseLaw::laplace};
  const GroupRelease release = GroupRelease::make(params).value();
  EXPECT_EQ(release.parts(), 2U);
  EXPECT_NEAR(release.pair(0).noise().scale(), 2 * 3 * 2 * 100, 1e-6);
  const GroupRelease other =
      release.on(std::vector{narrow, ValueGrid::make_narrow(-1, 1).value()}).value();
  EXPECT_EQ(other.parts(), 2U);
  EXPECT_NEAR(other.pair(0).noise().scale(), 2 * 3 * 2 * 20, 1e-6);

  params.pairs = {{.first = 0, .second = 0, .covariance = true}};
  EXPECT_EQ(GroupRelease::make(params).error().where, "select");  // nothing of the second column
  params.columns.pop_back();
  EXPECT_EQ(GroupRelease::make(params).error().where, "pairs");
  params.columns = {{.grid = narrow, .sum = true}, {.grid = ValueGrid::make(0, 10).value()}};
  params.pairs = {{.first = 0, .second = 1, .covariance = true}};
  EXPECT_EQ(GroupRelease::make(params).error().where, "grid");
}

TEST(GroupRelease, BinsAreCountsThatShareOnePartAndAllThatIsAskedOfTheirColumn) {
  GroupReleaseParams params{.bounds = {.max_groups = 3, .max_rows = 2},
                            .total = ApproximateTotal{Epsilon::make(1000).value(), 0.0_delta},
                            .private_groups = false,
                            .columns = {{.grid = kGrid, .bins = 3}}};
  const GroupRelease release = GroupRelease::make(params).value();
  EXPECT_EQ(release.parts(), 1U);
  EXPECT_EQ(release.column_noise(0).mechanism(), "discrete_laplace");
  EXPECT_EQ(release.column_noise(0).scale(), 3 * 2 / 1000.0);
  GroupTotals totals({params.columns[0].use()});
  totals.resize(2);
  for (const Units bin : {Units{2}, kNullUnits, Units{0}, Units{2}})
    totals.add_row(1, std::vector{bin});
  FixedBits bits(4);
  const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
  const double expected[2][3] = {{0, 0, 0}, {1, 0, 2}};
  for (std::size_t group = 0; group < 2; ++group)
    for (std::size_t bin = 0; bin < 3; ++bin) {
      const Estimate& e = answers[group]->columns[0].bins[bin];
      EXPECT_EQ(e.value, expected[group][bin]);
      EXPECT_LE(e.low, e.value);
      EXPECT_GE(e.high, e.value);
    }
  params.columns[0].count = true;
  EXPECT_EQ(GroupRelease::make(params).error().where, "bins");
  params.columns[0] = {.grid = kGrid, .quantiles = {0.5}, .distinct = true};
  EXPECT_EQ(GroupRelease::make(params).error().where, "bins");
}

TEST(GroupRelease, DistinctValuesAreAWholeCountThatOneUnitMovesByItsRows) {
  const GroupReleaseParams params{.bounds = {.max_groups = 3, .max_rows = 2},
                                  .total = ApproximateTotal{Epsilon::make(1000).value(), 0.0_delta},
                                  .private_groups = false,
                                  .columns = {{.grid = kGrid, .distinct = true}}};
  const GroupRelease release = GroupRelease::make(params).value();
  EXPECT_EQ(release.column_noise(0).mechanism(), "discrete_laplace");
  EXPECT_EQ(release.column_noise(0).scale(), 3 * 2 / 1000.0);
  GroupTotals totals({params.columns[0].use()});
  totals.resize(2);
  for (const Units value : {Units{9}, kNullUnits, Units{4}, Units{9}})
    totals.add_row(1, std::vector{value});
  FixedBits bits(4);
  const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
  EXPECT_EQ(answers[0]->columns[0].distinct->value, 0);
  EXPECT_EQ(answers[1]->columns[0].distinct->value, 2);
  EXPECT_TRUE(answers[1]->columns[0].distinct->has_interval());
}

TEST(GroupRelease, QuantilesNextToSumsOfTheSameColumnAreAPartOfTheirOwn) {
  GroupReleaseParams params = three_quantiles(ApproximateTotal{1.0_eps, 1e-6_delta});
  params.columns[0].mean = true;
  params.law = NoiseLaw::laplace;
  const GroupRelease release = GroupRelease::make(params).value();
  EXPECT_EQ(release.parts(), 3U);
  EXPECT_TRUE(release.quantiles(0));
  EXPECT_GT(release.column_noise(0).scale(), 0);
}

TEST(GroupRelease, QuantilesAreThoseOfEachGroupsOwnValuesAndHaveNoIntervals) {
  GroupReleaseParams params =
      three_quantiles(ApproximateTotal{Epsilon::make(1 << 20).value(), Delta::make(1e-9).value()});
  params.private_groups = true;
  params.columns[0].quantiles = {0.1, 0.5, 0.9};
  const GroupRelease release = GroupRelease::make(params).value();
  GroupTotals totals({params.columns[0].use()});
  totals.resize(3);
  for (const std::size_t group : {0, 2})
    for (const double value : {2., 2., 2., 7., 7., 7., 7., 9., 9., 9.}) {
      totals.add_unit(group);
      totals.add_row(group, std::vector<Units>{kNarrow.units(value - static_cast<double>(group))});
    }
  FixedBits bits(41);
  const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
  EXPECT_FALSE(answers[1]);
  for (const std::size_t group : {0, 2}) {
    const std::vector<Estimate>& quantiles = answers[group]->columns[0].quantiles;
    ASSERT_EQ(quantiles.size(), 3U);
    const auto shift = static_cast<double>(group);
    EXPECT_EQ(quantiles[0].value, 2 - shift);
    EXPECT_EQ(quantiles[1].value, 7 - shift);
    EXPECT_EQ(quantiles[2].value, 9 - shift);
    for (const Estimate& quantile : quantiles) EXPECT_FALSE(quantile.has_interval());
    EXPECT_EQ(answers[group]->count->value, 10);
  }
}

TEST(GroupRelease, AQuantileNeedsANarrowGridAndLevelsThatRise) {
  GroupReleaseParams params = three_quantiles(kTotal);
  params.columns[0].quantiles = {0.5, 0.25};
  EXPECT_EQ(GroupRelease::make(params).error().where, "quantiles");
  params.columns[0] = {.grid = kGrid, .quantiles = {0.5}};
  EXPECT_EQ(GroupRelease::make(params).error().where, "grid");
}

TEST(GroupRelease, AColumnOfWhichNothingIsAskedIsRefused) {
  GroupReleaseParams params = everything(kTotal);
  params.columns.push_back({.grid = kGrid});
  EXPECT_FALSE(GroupRelease::make(params));
}

TEST(GroupRelease, PrivateGroupsNeedADelta) {
  const auto refused = GroupRelease::make(everything(ApproximateTotal{1.0_eps, 0.0_delta}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "delta");
}

TEST(GroupRelease, RefusesNothingToSayAndConfidenceOutsideItsRange) {
  GroupReleaseParams params = everything(kTotal);
  for (double confidence : {0.0, 1.0, -1.0, 1.5, std::nan("")}) {
    params.confidence = confidence;
    EXPECT_FALSE(GroupRelease::make(params));
  }
  params = everything(kTotal);
  params.units = params.count = false;
  params.columns.clear();
  EXPECT_FALSE(GroupRelease::make(params));
}

TEST(GroupRelease, AnswersWhatWasAskedAndNothingElse) {
  const GroupRelease release = GroupRelease::make(everything(kTotal)).value();
  FixedBits bits(1);
  const auto answers = release.release(Permit::unaccounted("test"), totals_of(3, 1000), bits);
  ASSERT_EQ(answers.size(), 3U);
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(answer->units && answer->count);
    EXPECT_TRUE(answer->columns[0].sum && !answer->columns[0].mean);
    EXPECT_TRUE(answer->columns[1].sum && answer->columns[1].mean);
  }
}

TEST(GroupRelease, AGroupWithoutUnitsIsNeverShownAndAListedOneAlwaysIs) {
  FixedBits bits(2);
  GroupReleaseParams params = everything(ApproximateTotal{1.0_eps, Delta::make(0.9).value()});
  const GroupTotals empty = totals_of(50, 0);
  for (const auto& answer :
       GroupRelease::make(params).value().release(Permit::unaccounted("test"), empty, bits))
    EXPECT_FALSE(answer.has_value());
  params.private_groups = false;
  for (const auto& answer :
       GroupRelease::make(params).value().release(Permit::unaccounted("test"), empty, bits))
    EXPECT_TRUE(answer.has_value());
}

TEST(GroupRelease, ValuesHaveTheErrorsThatWereStated) {
  const GroupRelease release = GroupRelease::make(everything(kTotal)).value();
  constexpr std::size_t kManyGroups = 4000;
  FixedBits bits(3);
  const auto answers =
      release.release(Permit::unaccounted("test"), totals_of(kManyGroups, 5000), bits);
  double count = 0;
  double sum = 0;
  double sum_of_pair = 0;
  double mean = 0;
  for (const auto& answer : answers) {
    count += std::pow(answer->count->value - 5000, 2);
    sum += std::pow(answer->columns[0].sum->value - 25'000, 2);
    sum_of_pair += std::pow(answer->columns[1].sum->value - 35'000, 2);
    mean += std::pow((answer->columns[1].mean->value - 7) * 5000, 2);
  }
  const auto error = [](double squares) { return std::sqrt(squares / kManyGroups); };
  EXPECT_NEAR(error(count) / release.count_noise()->standard_error(), 1, 0.06);
  EXPECT_NEAR(error(sum) / release.sum_standard_error(0), 1, 0.06);
  EXPECT_NEAR(error(sum_of_pair) / release.sum_standard_error(1), 1, 0.06);
  EXPECT_LE(error(mean), release.mean_standard_error_times_count(1));
  // At p = 17/40 the mean's error is √(p² + (1-p)²) of that bound.
  EXPECT_NEAR(error(mean) / release.mean_standard_error_times_count(1), std::hypot(17, 23) / 40,
              0.05);
}

TEST(GroupRelease, RhoIsDividedAndDeltaOnlyGoesToTheSelection) {
  const GroupRelease release =
      GroupRelease::make(everything(ConcentratedTotal{Rho::make(0.5).value(), 1e-6_delta})).value();
  // The selection in each of two groups is ε₁²/2-zCDP with 2·ε₁²/2 = ρ/5; it is told ε = 2·ε₁.
  EXPECT_NEAR(release.selection()->cost().epsilon.value(), 2 * std::sqrt(0.1), 1e-12);
  EXPECT_LE(std::pow(release.selection()->cost().epsilon.value() / 2, 2), 0.1);
  // σ = Δ₂ / √(2ρ/5) with Δ₂ = √2·3
  GroupReleaseParams params = everything(ConcentratedTotal{Rho::make(0.5).value(), 1e-6_delta});
  params.law = NoiseLaw::gaussian;
  EXPECT_NEAR(GroupRelease::make(params)->count_noise()->scale(),
              std::sqrt(2.0) * 3 / std::sqrt(0.2), 1e-9);
  EXPECT_NEAR(release.selection()->keep_probability(1).upper, 0.5e-6, 1e-12);
}

/// Neighbouring exact totals, worst case: the noise that is drawn is wide enough for what one unit
/// moves, in each norm, with the pair of a mean counted as one vector.
TEST(GroupRelease, TheWorstUnitMovesNoPartBeyondItsSensitivity) {
  const GroupRelease release = GroupRelease::make(everything(kTotal)).value();
  const double epsilon = 0.2;
  for (double value : {-10.0, 0.0, 7.0, 30.0}) {
    const Units units = kGrid.units(value);
    const double moved = (kGrid.above_lower(3, int128{3} * units).to_double() +
                          kGrid.below_upper(3, int128{3} * units).to_double()) *
                         2;
    EXPECT_LE(moved / release.column_noise(1).scale(), epsilon);
    EXPECT_GE(moved / release.column_noise(1).scale(), epsilon * (1 - 1e-9));
    EXPECT_LE(2 * 3 * std::fabs(value) / release.column_noise(0).scale(), epsilon);
  }
}

}  // namespace
}  // namespace sfumato
