#include "sfumato/aggregate/pair_release.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr std::int64_t kRowsOfUnit = 2;

struct TwoClamps {
  double first[2];
  double second[2];
};

void PrintTo(const TwoClamps& c, std::ostream* out) {
  *out << c.first[0] << ":" << c.first[1] << " and " << c.second[0] << ":" << c.second[1];
}

ValueGrid narrow_of(const double (&clamp)[2]) {
  return ValueGrid::make_narrow(clamp[0], clamp[1]).value();
}

PairRelease pair_release(const TwoClamps& clamps, NoiseCost cost, bool correlation) {
  return PairRelease::make({.cost = cost,
                            .l1 = L1Sensitivity::make(kRowsOfUnit).value(),
                            .l2 = L2Sensitivity::make(kRowsOfUnit).value(),
                            .first = narrow_of(clamps.first),
                            .second = narrow_of(clamps.second),
                            .correlation = correlation})
      .value();
}

/// Distances of a value in and about the clamp, and NULL.
std::vector<Units> pair_distances(const double (&clamp)[2]) {
  const ValueGrid grid = narrow_of(clamp);
  const double width = clamp[1] - clamp[0];
  std::vector<Units> all = {kNullUnits};
  for (const double value :
       {clamp[0] - 1, clamp[0] + width / 3, clamp[0] + width / 2, 0.1, clamp[1], clamp[1] + 1e9})
    all.push_back(grid.units(value) - grid.lower_units());
  return all;
}

struct PairRow {
  Units first;
  Units second;
};

PairTotal pair_total(const std::vector<PairRow>& rows) {
  GroupTotals totals({{}, {}}, {{.first = 0, .second = 1, .first_origin = 0, .second_origin = 0}});
  totals.resize(1);
  for (const PairRow& row : rows) totals.add_row(0, std::vector{row.first, row.second});
  return totals.pair(0, 0);
}

/// What a unit moves, each sum as a share of the scale that its noise has: at ε = 1, or σ at ρ = 1/2.
struct PairShift {
  double l1 = 0;
  double l2 = 0;
};

PairShift pair_shift(const PairRelease& release, const std::vector<PairRow>& others,
                     const std::vector<PairRow>& own) {
  std::vector<PairRow> all = others;
  all.insert(all.end(), own.begin(), own.end());
  const auto with = release.exact(pair_total(all)), without = release.exact(pair_total(others));
  PairShift norms;
  for (std::size_t i = 0; i < with.size(); ++i) {
    if (release.noise_of(i) == nullptr) continue;
    const Dyadic by{with[i].units - without[i].units, with[i].exponent};
    const double share = std::fabs(by.to_double()) / release.noise_of(i)->scale();
    norms.l1 += share;
    norms.l2 = std::hypot(norms.l2, share);
  }
  return norms;
}

std::vector<PairRow> pair_rows(const TwoClamps& clamps) {
  std::vector<PairRow> rows;
  for (const Units first : pair_distances(clamps.first))
    for (const Units second : pair_distances(clamps.second)) rows.push_back({first, second});
  return rows;
}

class PairNeighbours : public testing::TestWithParam<TwoClamps> {};

// 49 rows of 7 by 7 values: 2,401 units of two rows, next to one of three others.
TEST_P(PairNeighbours, DifferByAtMostWhatIsStatedAndReachIt) {
  const std::vector<PairRow> rows = pair_rows(GetParam());
  for (const bool correlation : {false, true}) {
    const PairRelease laplace = pair_release(GetParam(), 1.0_eps, correlation);
    const PairRelease gaussian = pair_release(GetParam(), 0.5_rho, correlation);
    PairShift most;
    for (const std::size_t other : {std::size_t{0}, std::size_t{20}, rows.size() - 1})
      for (const PairRow& first : rows)
        for (const PairRow& second : rows) {
          most.l1 = std::max(most.l1, pair_shift(laplace, {rows[other]}, {first, second}).l1);
          most.l2 = std::max(most.l2, pair_shift(gaussian, {rows[other]}, {first, second}).l2);
        }
    EXPECT_LE(most.l1, 1 + 1e-15);
    EXPECT_GE(most.l1, 1 - 1e-8);
    EXPECT_LE(most.l2, 1 + 1e-15);
    EXPECT_GE(most.l2, 1 - 1e-8);
  }
}

INSTANTIATE_TEST_SUITE_P(Clamps, PairNeighbours,
                         testing::Values(TwoClamps{{0, 10}, {0, 7}}, TwoClamps{{-3, 4}, {-4, 4}},
                                         TwoClamps{{5, 6}, {-9, -2}},
                                         TwoClamps{{0, 1}, {-0.3, 0.7}},
                                         TwoClamps{{1e6, 1e6 + 1}, {-1e-9, 3}},
                                         TwoClamps{{0, 0x1p40}, {-0x1p62, 0x1p62}},
                                         TwoClamps{{1e-100, 3e-100}, {0, 1}}));

// In the units of both columns, of rows (1, 2), (4, 0), (NULL, 3) and (5, 7) with clamps 0:5 and 0:7.
TEST(PairRelease, ExactSumsAreThoseOfTheRowsThatHaveBothValues) {
  const PairRelease release = pair_release({{0, 5}, {0, 7}}, 1.0_eps, true);
  const Units x = Units{1} << -narrow_of({0, 5}).exponent(),
              y = Units{1} << -narrow_of({0, 7}).exponent();
  const PairTotal total =
      pair_total({{1 * x, 2 * y}, {4 * x, 0}, {kNullUnits, 3 * y}, {5 * x, 7 * y}});
  const double expected[] = {2 + 0 + 35, 5 + 28 + 0, 8 + 0 + 0, 20 + 7 + 0, 4 + 4 + 0, 10 + 0 + 0};
  const auto exact = release.exact(total);
  for (std::size_t i = 0; i < exact.size(); ++i) EXPECT_EQ(exact[i].to_double(), expected[i]) << i;
}

TEST(PairRelease, AThirdAndAFourthRowOfTheLargestSumsDoNotOverflow) {
  const TwoClamps widest{{-0x1p62, 0x1p62}, {-0x1p62, 0x1p62}};
  const PairRelease release = pair_release(widest, 1.0_eps, true);
  const auto width = static_cast<int128>(narrow_of(widest.first).width_units());
  constexpr std::int64_t kMost = INT64_MAX;
  const PairTotal total{kMost,
                        width * kMost,
                        width * kMost,
                        width * width * kMost,
                        width * width * kMost,
                        width * width * kMost};
  const auto exact = release.exact(total);
  EXPECT_EQ(exact[0].units, width * width * kMost);
  for (std::size_t i = 1; i < exact.size(); ++i) EXPECT_EQ(exact[i].units, 0);
}

TEST(PairRelease, HasTheErrorsThatWereStated) {
  for (const bool correlation : {false, true}) {
    const PairRelease release = pair_release({{0, 10}, {0, 4}}, 0.5_rho, correlation);
    // All rows at the corner (10, 0), where the stated error is reached.
    const Units x = Units{10} << -narrow_of({0, 10}).exponent();
    PairTotal total;
    for (int i = 0; i < 10'000; ++i) total += pair_total({{x, 0}});
    FixedBits bits(9);
    double squares = 0;
    constexpr int kReleases = 4000;
    for (int run = 0; run < kReleases; ++run)
      squares += std::pow(release.covariance(release.release(total, bits)).value * 10'000, 2);
    const double stated = release.covariance_standard_error_times_count();
    EXPECT_NEAR(std::sqrt(squares / kReleases), stated, stated * 0.05);
  }
}

TEST(PairRelease, ACovarianceAloneHasNoSumsOfSquaresAndNoNoiseThatIsWider) {
  const PairRelease alone = pair_release({{0, 10}, {0, 4}}, 1.0_eps, false);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(alone.noise_of(i)->scale(), kRowsOfUnit * 40);
  EXPECT_EQ(alone.noise_of(4), nullptr);
  EXPECT_EQ(alone.noise_of(5), nullptr);
  const PairRelease with = pair_release({{0, 10}, {0, 4}}, 1.0_eps, true);
  const double scales[] = {40, 80, 80, 40, 200, 32};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(with.noise_of(i)->scale(), kRowsOfUnit * scales[i]);
}

}  // namespace
}  // namespace sfumato
