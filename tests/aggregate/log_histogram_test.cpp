#include "sfumato/aggregate/log_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

namespace sfumato {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

/// Which bin a value alone is counted in, from the zero bin.
template <class Value>
std::int64_t place_of(Value value, LogRange range = {}) {
  auto histogram = LogHistogram::make(range).value();
  histogram.add(value);
  const auto counts = histogram.counts();
  const auto one = std::ranges::find(counts, 1);
  EXPECT_EQ(std::ranges::count(counts, 0), std::ssize(counts) - 1);
  return one - counts.begin() - static_cast<std::int64_t>(histogram.zero_bin());
}

/// The definition: how many edges 2^least+1, 2^least+2, … are not above |value|.
std::int64_t plainly(double value, LogRange range) {
  if (value == 0) return 0;
  std::int64_t place = 1;
  for (int k = range.least + 1; k <= range.greatest; ++k)
    place += std::fabs(value) >= std::ldexp(1.0, k);
  return value < 0 ? -place : place;
}

TEST(LogHistogram, EachValueIsInTheBinThatTheDefinitionSays) {
  std::mt19937_64 rng(1);
  for (const LogRange range :
       {LogRange{}, LogRange{-3, 4}, LogRange{0, 0}, LogRange{-1022, 1023}}) {
    for (int k = -1074; k <= 1023; k += 1 + static_cast<int>(rng() % 9)) {
      const double edge = std::ldexp(1.0, k);
      for (const double value :
           {edge, std::nextafter(edge, 0), std::nextafter(edge, kEndless), 1.5 * edge})
        for (const double sign : {1.0, -1.0})
          ASSERT_EQ(place_of(sign * value, range), plainly(sign * value, range)) << value;
    }
  }
}

TEST(LogHistogram, ZerosAndInfinitiesHaveTheirBinsAndNaNHasNone) {
  EXPECT_EQ(place_of(0.0), 0);
  EXPECT_EQ(place_of(-0.0), 0);
  EXPECT_EQ(place_of(5e-324), 1);
  EXPECT_EQ(place_of(-5e-324), -1);
  EXPECT_EQ(place_of(kEndless), 94);
  EXPECT_EQ(place_of(-kEndless), -94);
  auto histogram = LogHistogram::make().value();
  for (const double nan : {std::nan(""), -std::nan(""), std::nan("1")}) histogram.add(nan);
  EXPECT_EQ(std::ranges::count(histogram.counts(), 0), 189);
}

TEST(LogHistogram, IntegersAreNotRoundedUpIntoTheNextBinade) {
  constexpr LogRange kWide{-32, 63};
  EXPECT_EQ(place_of(std::int64_t{0}), 0);
  EXPECT_EQ(place_of(std::int64_t{1}), 33);
  EXPECT_EQ(place_of(std::int64_t{-1}), -33);
  for (int k = 1; k < 63; ++k) {
    const std::int64_t edge = std::int64_t{1} << k;
    EXPECT_EQ(place_of(edge, kWide), 33 + k);
    EXPECT_EQ(place_of(edge - 1, kWide), 32 + k);  // as a double, 2^60 - 1 is 2^60
    EXPECT_EQ(place_of(-edge, kWide), -33 - k);
    EXPECT_EQ(place_of(1 - edge, kWide), -32 - k);
  }
  EXPECT_EQ(place_of(std::numeric_limits<std::int64_t>::max(), kWide), 95);
  EXPECT_EQ(place_of(std::numeric_limits<std::int64_t>::min(), kWide), -96);
  EXPECT_EQ(place_of(std::numeric_limits<std::int64_t>::min()), -94);
}

TEST(LogHistogram, PartsMergeToTheWholeAndThoseOfAnotherRangeDoNot) {
  std::mt19937_64 rng(2);
  std::normal_distribution<double> normal(0, 100);
  std::vector<double> values(1000);
  for (double& x : values) x = normal(rng);
  auto whole = LogHistogram::make().value();
  auto left = LogHistogram::make().value();
  auto right = LogHistogram::make().value();
  whole.add(values);
  left.add(std::span<const double>(values).first(17));
  right.add(std::span<const double>(values).subspan(17));
  ASSERT_TRUE(left.merge(right));
  EXPECT_TRUE(std::ranges::equal(left.counts(), whole.counts()));
  EXPECT_EQ(left.merge(LogHistogram::make({-32, 60}).value()).error().where, "range");
}

TEST(LogHistogram, AThousandNeighboursDifferByTheRowsOfOneUnitAndNoMore) {
  std::mt19937_64 rng(3);
  std::normal_distribution<double> normal(0, 5);
  constexpr std::int64_t kRows = 3;
  std::int64_t most = 0;
  for (int pair = 0; pair < 1000; ++pair) {
    std::vector<double> table(rng() % 20);
    for (double& x : table) x = normal(rng) * std::exp2(rng() % 40);
    auto without = LogHistogram::make().value();
    without.add(table);
    auto with = without;
    for (std::uint64_t row = 0; row < rng() % (kRows + 1); ++row) with.add(normal(rng));
    std::int64_t l1 = 0;
    for (std::size_t bin = 0; bin < with.counts().size(); ++bin)
      l1 += std::abs(with.counts()[bin] - without.counts()[bin]);
    EXPECT_LE(l1, kRows);
    most = std::max(most, l1);
  }
  EXPECT_EQ(most, kRows);
}

TEST(LogHistogram, RangesThatNoDoubleHasAreRefused) {
  for (const LogRange range : {LogRange{1, 0}, LogRange{-1023, 0}, LogRange{0, 1024}})
    EXPECT_EQ(LogHistogram::make(range).error().where, "range");
}

}  // namespace
}  // namespace sfumato
