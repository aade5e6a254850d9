#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sfumato/aggregate/group_release.h"
#include "sfumato/aggregate/vector_release.h"
#include "sfumato/aggregate/vector_sum.h"
#include "support/effort.h"
#include "support/fixed_bits.h"

// Intervals hold the exact bounded and clamped answer as often as they say: 10,000 times each with SFUMATO_LONG, where
// they have to within 1 %, and 1,000 times in the gate.

namespace sfumato {
namespace {

constexpr std::size_t kGroups = 10;
constexpr double kLevel = 0.95;

int draws() {
  return times(1'000, 10'000);
}
double allowed() {
  return times(0, 1) != 0 ? 0.01 : 0.025;
}

/// How often intervals of one kind have held what they should.
struct Coverage {
  int all = 0, held = 0;

  void add(const Estimate& estimate, double exact) {
    EXPECT_TRUE(estimate.has_interval());
    ++all;
    held += estimate.low <= exact && exact <= estimate.high;
  }
  double share() const { return static_cast<double>(held) / all; }
};
using Coverages = std::map<std::string, Coverage>;

void expect_level(const Coverages& coverages, const std::string& of) {
  for (const auto& [name, coverage] : coverages) {
    EXPECT_GE(coverage.all, draws()) << name;
    EXPECT_GE(coverage.share(), kLevel - allowed()) << of << ": " << name;
    EXPECT_LE(coverage.share(), kLevel + allowed()) << of << ": " << name;
    if (times(0, 1) != 0)
      std::printf("%-34s %-14s %6d %.4f\n", of.c_str(), name.c_str(), coverage.all,
                  coverage.share());
  }
}

const ValueGrid kWideGrid = ValueGrid::make(-10, 30).value();
const ValueGrid kNarrowGrid = ValueGrid::make_narrow(-10, 30).value();
const ValueGrid kOtherGrid = ValueGrid::make_narrow(0, 8).value();

/// Two values of a row in quarters, which all three grids hold: both spread, and neither hangs wholly on the other.
struct Pair {
  double x, y;
};
std::vector<Pair> rows_of(std::size_t group) {
  std::vector<Pair> rows;
  std::uint32_t state = static_cast<std::uint32_t>(group) + 1;
  const auto below = [&](std::uint32_t n) {
    return (state = state * 1664525 + 1013904223) / 65536 % n;
  };
  for (std::size_t i = 0; i < 20'000 + 1'000 * group; ++i) {
    const double x = -10 + below(161) / 4.0;
    rows.push_back({x, (x + 10) / 10 + below(17) / 4.0});
  }
  return rows;
}

constexpr std::size_t kBins = 4;

std::size_t bin_of(double x) {
  return static_cast<std::size_t>((x + 10) / 10.25);
}

struct Answers {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  std::array<double, kBins> bins{};
  std::set<Units> values;  // of x

  double mean() const { return x / n; }
  double variance() const { return xx / n - mean() * mean(); }
  double covariance() const { return xy / n - x / n * y / n; }
  double correlation() const {
    return covariance() / std::sqrt(variance() * (yy / n - y / n * y / n));
  }
};

struct Promise {
  const char* name;
  PrivacyTotal total;
  NoiseLaw law;
};

void PrintTo(const Promise& terms, std::ostream* out) {
  *out << terms.name;
}

class IntervalsOf : public testing::TestWithParam<Promise> {};

/// What is exact of each group, and the totals that hold it: of x on a wide grid, twice, on a narrow one, of y, of both,
/// of x by bins, and of its different values.
struct Population {
  GroupTotals totals;
  std::vector<Answers> exact;
};

Population table_for(const GroupReleaseParams& params) {
  std::vector<ColumnUse> uses;
  for (const ColumnWish& wish : params.columns) uses.push_back(wish.use());
  Population table{GroupTotals(uses, {{2, 3, kNarrowGrid.lower_units(), kOtherGrid.lower_units()}}),
                   {}};
  table.totals.resize(kGroups);
  for (std::size_t group = 0; group < kGroups; ++group) {
    Answers& exact = table.exact.emplace_back();
    for (const auto& [x, y] : rows_of(group)) {
      table.totals.add_unit(group);
      table.totals.add_row(
          group, std::vector<Units>{kWideGrid.units(x), kWideGrid.units(x), kNarrowGrid.units(x),
                                    kOtherGrid.units(y), static_cast<Units>(bin_of(x)),
                                    kNarrowGrid.units(x)});
      exact.n += 1, exact.x += x, exact.y += y;
      exact.bins[bin_of(x)] += 1;
      exact.values.insert(kNarrowGrid.units(x));
      exact.xx += x * x, exact.yy += y * y, exact.xy += x * y;
    }
  }
  return table;
}

TEST_P(IntervalsOf, AnswersHoldWhatIsExactAsOftenAsTheySay) {
  const GroupReleaseParams params{
      .bounds = {.max_groups = 2, .max_rows = 3},
      .total = GetParam().total,
      .private_groups = false,
      .units = true,
      .count = true,
      .columns = {{.grid = kWideGrid, .sum = true},
                  {.grid = kWideGrid, .count = true, .sum = true, .mean = true},
                  {.grid = kNarrowGrid,
                   .count = true,
                   .sum = true,
                   .mean = true,
                   .variance = true,
                   .deviation = true},
                  {.grid = kOtherGrid, .count = true},
                  {.grid = kNarrowGrid, .bins = kBins},
                  {.grid = kNarrowGrid, .distinct = true}},
      .pairs = {{.first = 2, .second = 3, .covariance = true, .correlation = true}},
      .law = GetParam().law,
      .confidence = kLevel};
  const GroupRelease release = GroupRelease::make(params).value();
  const Population table = table_for(params);
  FixedBits bits(8);
  Coverages of;
  for (int run = 0; run < draws() / static_cast<int>(kGroups); ++run) {
    const auto answers = release.release(Permit::unaccounted("test"), table.totals, bits);
    for (std::size_t group = 0; group < kGroups; ++group) {
      const GroupAnswer& answer = *answers[group];
      const Answers& exact = table.exact[group];
      of["units"].add(*answer.units, exact.n);
      of["count"].add(*answer.count, exact.n);
      of["sum alone"].add(*answer.columns[0].sum, exact.x);
      of["count of two"].add(*answer.columns[1].count, exact.n);
      of["sum of two"].add(*answer.columns[1].sum, exact.x);
      of["mean of two"].add(*answer.columns[1].mean, exact.mean());
      of["count of three"].add(*answer.columns[2].count, exact.n);
      of["sum of three"].add(*answer.columns[2].sum, exact.x);
      of["mean of three"].add(*answer.columns[2].mean, exact.mean());
      of["variance"].add(*answer.columns[2].variance, exact.variance());
      of["stddev"].add(*answer.columns[2].deviation, std::sqrt(exact.variance()));
      of["count alone"].add(*answer.columns[3].count, exact.n);
      for (std::size_t bin = 0; bin < kBins; ++bin)
        of["bin " + std::to_string(bin)].add(answer.columns[4].bins[bin], exact.bins[bin]);
      of["distinct"].add(*answer.columns[5].distinct, static_cast<double>(exact.values.size()));
      of["covariance"].add(*answer.pairs[0].covariance, exact.covariance());
      of["correlation"].add(*answer.pairs[0].correlation, exact.correlation());
    }
  }
  expect_level(of, GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Laws, IntervalsOf,
    testing::Values(
        Promise{"laplace, epsilon 2", ApproximateTotal{2.0_eps, 0.0_delta}, NoiseLaw::laplace},
        Promise{"gaussian, epsilon 1, delta 1e-6", ApproximateTotal{1.0_eps, 1e-6_delta},
                NoiseLaw::gaussian},
        Promise{"gaussian, rho 0.05", ConcentratedTotal{Rho::make(0.05).value(), 0.0_delta},
                NoiseLaw::gaussian},
        Promise{"laplace, rho 0.05", ConcentratedTotal{Rho::make(0.05).value(), 0.0_delta},
                NoiseLaw::laplace}));

class IntervalsOfVectors : public testing::TestWithParam<Promise> {};

TEST_P(IntervalsOfVectors, CoordinatesHoldWhatIsExactAsOftenAsTheySay) {
  Coverages of;
  FixedBits bits(10);
  for (const auto& [name, norm] :
       {std::pair{"l1", ClipNorm::l1}, {"l2", ClipNorm::l2}, {"l infinity", ClipNorm::linf}}) {
    const VectorClip clip = VectorClip::make(norm, 2, kGroups).value();
    const VectorRelease release = VectorRelease::make({.total = GetParam().total,
                                                       .clip = clip,
                                                       .max_rows = 3,
                                                       .law = GetParam().law,
                                                       .confidence = kLevel})
                                      .value();
    VectorSum sum(clip);
    for (std::size_t row = 0; row < 1000; ++row) {
      std::vector<double> vector(kGroups);
      for (std::size_t i = 0; i < kGroups; ++i)
        vector[i] = static_cast<double>((row * 7 + i * 3) % 11) / 4 - 1;
      sum.add_rows(vector);
    }
    const double half = release.noise().half_width();
    for (int run = 0; run < draws() / static_cast<int>(kGroups); ++run) {
      const auto released = release.release(Permit::unaccounted("test"), sum.sums(), bits);
      for (std::size_t i = 0; i < kGroups; ++i)
        of[name].add({released[i], released[i] - half, released[i] + half},
                     std::ldexp(static_cast<double>(sum.sums()[i]), clip.exponent()));
    }
  }
  expect_level(of, std::string("vector, ") + GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Laws, IntervalsOfVectors,
    testing::Values(
        Promise{"laplace, epsilon 2", ApproximateTotal{2.0_eps, 0.0_delta}, NoiseLaw::laplace},
        Promise{"gaussian, rho 0.05", ConcentratedTotal{Rho::make(0.05).value(), 0.0_delta},
                NoiseLaw::gaussian}));

class IntervalsOfShown : public testing::TestWithParam<Promise> {};

// Of units the interval is that of the law which is cut at the threshold: groups are looked at only where they are shown.
TEST_P(IntervalsOfShown, UnitsThatPassedTheirThresholdAreHeldAsOftenAsTheySay) {
  const GroupReleaseParams params{.bounds = {.max_groups = 2, .max_rows = 1},
                                  .total = GetParam().total,
                                  .private_groups = true,
                                  .units = true,
                                  .count = true,
                                  .law = GetParam().law,
                                  .confidence = kLevel,
                                  .rule = GroupRule::threshold};
  const GroupRelease release = GroupRelease::make(params).value();
  const std::int64_t threshold = release.threshold()->at();
  const double step = release.units_noise()->standard_error();
  GroupTotals totals(0);
  std::vector<std::pair<std::string, std::int64_t>> groups;
  for (const double off : {-1.0, -0.5, 0.0, 0.5, 1.0, 4.0})
    groups.emplace_back("units " + std::to_string(off).substr(0, 4) + "σ",
                        threshold + std::llround(off * step));
  totals.resize(groups.size());
  for (std::size_t group = 0; group < groups.size(); ++group)
    for (std::int64_t i = 0; i < groups[group].second; ++i) {
      totals.add_unit(group);
      totals.add_row(group, {});
    }
  FixedBits bits(9);
  Coverages of;
  const auto enough = [&] {
    for (const auto& [name, units] : groups)
      if (of[name].all < draws()) return false;
    return true;
  };
  while (!enough()) {
    const auto answers = release.release(Permit::unaccounted("test"), totals, bits);
    for (std::size_t group = 0; group < groups.size(); ++group)
      if (answers[group]) {
        const auto exact = static_cast<double>(groups[group].second);
        of[groups[group].first].add(*answers[group]->units, exact);
        of["count"].add(*answers[group]->count, exact);
      }
  }
  expect_level(of, std::string("threshold, ") + GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Laws, IntervalsOfShown,
    testing::Values(
        Promise{"laplace, epsilon 0.2", ApproximateTotal{0.2_eps, 1e-6_delta}, NoiseLaw::laplace},
        Promise{"gaussian, epsilon 0.2", ApproximateTotal{0.2_eps, 1e-6_delta}, NoiseLaw::gaussian},
        Promise{"gaussian, rho 0.01", ConcentratedTotal{Rho::make(0.01).value(), 1e-6_delta},
                NoiseLaw::gaussian}));

}  // namespace
}  // namespace sfumato
