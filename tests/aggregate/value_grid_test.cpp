#include "sfumato/aggregate/value_grid.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ValueGrid grid(double lower, double upper) {
  return ValueGrid::make(lower, upper).value();
}

/// What a value stands for on the grid, as a long double: exact for the widths used here.
long double read_back(const ValueGrid& g, double value) {
  return std::ldexp(static_cast<long double>(g.units(value)), g.exponent());
}

TEST(ValueGrid, RefusesBoundsThatAreReversedEqualOrNotFinite) {
  EXPECT_FALSE(ValueGrid::make(1, 0));
  EXPECT_FALSE(ValueGrid::make(1, 1));
  EXPECT_FALSE(ValueGrid::make(0.0, -0.0));
  EXPECT_FALSE(ValueGrid::make(std::nan(""), 1));
  EXPECT_FALSE(ValueGrid::make(0, std::nan("")));
  EXPECT_FALSE(ValueGrid::make(0, kInfinity));
  EXPECT_FALSE(ValueGrid::make(-kInfinity, 0));
}

TEST(ValueGrid, RefusesBoundsWhoseTotalsCouldNotBeHeld) {
  EXPECT_FALSE(ValueGrid::make(0, 3 * 0x1p62));
  EXPECT_FALSE(ValueGrid::make(-1e306, 1e306));
  EXPECT_FALSE(ValueGrid::make(0, std::nextafter(0x1p62, kInfinity)));
  EXPECT_TRUE(ValueGrid::make(-0x1p62, 0x1p62));
}

TEST(ValueGrid, TheWidestBoundsNeitherOverflowNorWrapOverTheMostRowsThereCanBe) {
  const ValueGrid g = grid(-0x1p62, 0x1p62);
  const std::int64_t rows = std::numeric_limits<std::int64_t>::max();
  const int128 all_upper = int128{rows} * g.units(kInfinity);
  const int128 all_lower = int128{rows} * g.units(-kInfinity);
  EXPECT_EQ(g.above_lower(rows, all_upper).units, int128{rows} << 63);
  EXPECT_EQ(g.above_lower(rows, all_lower).units, 0);
  EXPECT_EQ(g.below_upper(rows, all_lower).units, int128{rows} << 63);
  EXPECT_EQ(g.below_upper(rows, all_upper).units, 0);
}

TEST(ValueGrid, WholeNumbersStayWhatTheyAre) {
  for (double bound : {20.0, 1000.0, 0x1p40, 0x1p53, 0x1p62}) {
    const ValueGrid g = grid(-bound, bound);
    for (std::int64_t x : {-3, 0, 1, 17, 20}) {
      EXPECT_EQ(g.units(x), x * (std::int64_t{1} << -g.exponent()));
      EXPECT_EQ(g.units(static_cast<double>(x)), g.units(x));
    }
  }
}

TEST(ValueGrid, WholeNumbersThatNoDoubleHoldsStayWhatTheyAre) {
  const ValueGrid g = grid(0, 0x1p62);
  const std::int64_t odd = (std::int64_t{1} << 60) + 1;
  EXPECT_EQ(g.exponent(), 0);
  EXPECT_EQ(g.units(odd), odd);
}

TEST(ValueGrid, ANarrowOneHasAtMostThirtyBitsOfWidthAndIsElseTheSame) {
  for (const auto& [lower, upper] : std::vector<std::pair<double, double>>{{0, 1},
                                                                           {-10, 50},
                                                                           {1e9, 1e9 + 3},
                                                                           {0, 0x1p30},
                                                                           {-0x1p62, 0x1p62},
                                                                           {0, 3e-300},
                                                                           {-1e-300, 1}}) {
    const ValueGrid narrow = ValueGrid::make_narrow(lower, upper).value();
    EXPECT_LE(narrow.upper_units() - narrow.lower_units(), (std::int64_t{1} << 30) + 2);
    EXPECT_GE(narrow.exponent(), grid(lower, upper).exponent());
    EXPECT_LE(std::ldexp(narrow.lower_units(), narrow.exponent()), lower);
    EXPECT_GE(std::ldexp(narrow.upper_units(), narrow.exponent()), upper);
  }
  EXPECT_EQ(ValueGrid::make_narrow(0, 0x1p29).value().exponent(), 0);
  EXPECT_EQ(ValueGrid::make_narrow(0, 0x1p30).value().exponent(), 1);
  EXPECT_EQ(ValueGrid::make_narrow(0, 0x1p62).value().exponent(), 33);
  EXPECT_FALSE(ValueGrid::make_narrow(1, 1));
}

TEST(ValueGrid, WholeNumbersMeetACoarseUnitAsTheirDoublesDo) {
  const ValueGrid g = ValueGrid::make_narrow(-0x1p40, 0x1p41).value();
  ASSERT_EQ(g.exponent(), 12);
  EXPECT_EQ(g.units(std::int64_t{4096}), 1);
  EXPECT_EQ(g.units(std::int64_t{2048}), 0);  // ties to even
  EXPECT_EQ(g.units(std::int64_t{6144}), 2);
  EXPECT_EQ(g.units(std::int64_t{-2048}), 0);
  EXPECT_EQ(g.units(std::int64_t{-2049}), -1);
  EXPECT_EQ(g.units(std::int64_t{-6144}), -2);
  for (std::int64_t x = -30'000; x < 30'000; x += 7)
    EXPECT_EQ(g.units(x), g.units(static_cast<double>(x)));
  EXPECT_EQ(g.units(std::numeric_limits<std::int64_t>::min()), g.lower_units());
  EXPECT_EQ(g.units(std::numeric_limits<std::int64_t>::max()), g.upper_units());
}

TEST(ValueGrid, TheThreeSumsOfSquaresAreThoseOfEachValueAddedUp) {
  const ValueGrid g = ValueGrid::make_narrow(-3, 5).value();
  const int128 width = g.upper_units() - g.lower_units();
  std::int64_t count = 0;
  int128 total = 0, squares = 0;
  std::array<int128, 3> expected{};
  for (const double x : {-3.0, -2.9, 0.1, 1.0, 4.5, 5.0, 7.0}) {
    const int128 above = g.units(x) - g.lower_units();
    ++count;
    total += g.units(x);
    squares += above * above;
    expected[0] += above * above;
    expected[1] += 2 * above * (width - above);
    expected[2] += (width - above) * (width - above);
  }
  const auto parts = g.square_parts(count, total, squares);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(parts[i].units == expected[i]);
    EXPECT_EQ(parts[i].exponent, 2 * g.exponent());
  }
}

TEST(ValueGrid, NoSumOfSquaresOverflowsOverTheMostRowsThereCanBe) {
  const ValueGrid g = ValueGrid::make_narrow(-0x1p62, 0x1p62).value();
  const std::int64_t rows = std::numeric_limits<std::int64_t>::max();
  const int128 width = g.upper_units() - g.lower_units();
  const auto upper = g.square_parts(rows, int128{rows} * g.upper_units(), rows * width * width);
  EXPECT_TRUE(upper[0].units == rows * width * width);
  EXPECT_TRUE(upper[1].units == 0 && upper[2].units == 0);
  const auto lower = g.square_parts(rows, int128{rows} * g.lower_units(), 0);
  EXPECT_TRUE(lower[2].units == rows * width * width);
}

TEST(ValueGrid, ValuesBeyondABoundCountAsTheBound) {
  const ValueGrid g = grid(-10, 50);
  EXPECT_EQ(read_back(g, 51), 50);
  EXPECT_EQ(read_back(g, 1e300), 50);
  EXPECT_EQ(read_back(g, kInfinity), 50);
  EXPECT_EQ(read_back(g, -10.5), -10);
  EXPECT_EQ(read_back(g, -kInfinity), -10);
  EXPECT_EQ(g.units(std::int64_t{51}), g.upper_units());
  EXPECT_EQ(g.units(std::numeric_limits<std::int64_t>::max()), g.upper_units());
  EXPECT_EQ(g.units(std::numeric_limits<std::int64_t>::min()), g.lower_units());
}

TEST(ValueGrid, NegativeZeroIsZero) {
  EXPECT_EQ(grid(-1, 1).units(-0.0), 0);
}

TEST(ValueGrid, BoundsArePutOnTheGridOutward) {
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<double> mantissa(1, 2);
  std::uniform_int_distribution<int> exponent(-1070, 60);
  for (int i = 0; i < 2000; ++i) {
    const double a = std::ldexp(mantissa(rng), exponent(rng));
    const double b = -std::ldexp(mantissa(rng), exponent(rng));
    const ValueGrid g = grid(b, a);
    EXPECT_LE(std::ldexp(static_cast<long double>(g.lower_units()), g.exponent()), b);
    EXPECT_GE(std::ldexp(static_cast<long double>(g.upper_units()), g.exponent()), a);
    EXPECT_LE(g.units(a), g.upper_units());
    EXPECT_GE(g.units(b), g.lower_units());
  }
}

TEST(ValueGrid, TheUnitIsAtMostOneAndFineAgainstTheBounds) {
  for (double bound : {1e-300, 0.3, 1.0, 7.5, 1e6, 1e15, 4e18}) {
    const ValueGrid g = grid(-bound, bound / 3);
    EXPECT_LE(g.exponent(), 0);
    if (g.exponent() < 0) {
      EXPECT_LE(std::ldexp(1.0, g.exponent()), bound * 0x1p-51);
    }
  }
}

TEST(ValueGrid, SubnormalBoundsAreServed) {
  const double least = std::numeric_limits<double>::denorm_min();
  const ValueGrid g = grid(0, 5 * least);
  EXPECT_EQ(g.exponent(), -1074);
  EXPECT_EQ(g.units(3 * least), 3);
  EXPECT_EQ(g.units(std::int64_t{1}), 5);
  EXPECT_EQ(g.units(std::int64_t{-1}), 0);
  EXPECT_EQ(g.units(std::int64_t{0}), 0);
  EXPECT_EQ(g.width_up(), 5 * least);
}

TEST(ValueGrid, RoundingMovesAValueByHalfAUnitAtMost) {
  std::mt19937_64 rng(8);
  std::uniform_real_distribution<double> value(-1e-3, 0.7);
  const ValueGrid g = grid(-1e-3, 0.7);
  const long double unit = std::ldexp(1.0L, g.exponent());
  for (int i = 0; i < 2000; ++i) {
    const double x = value(rng);
    EXPECT_LE(std::fabs(read_back(g, x) - x), unit / 2);
  }
}

TEST(ValueGrid, ARowAddsTheWidthToBothDistancesTogetherWhateverItsValue) {
  const ValueGrid g = grid(-3, 11);
  const int128 width = int128{g.upper_units()} - g.lower_units();
  for (double x : {-99.0, -3.0, -2.7, 0.0, 1.25, 10.999, 11.0, 1e9}) {
    const int128 units = g.units(x);
    const Dyadic above = g.above_lower(1, units);
    const Dyadic below = g.below_upper(1, units);
    EXPECT_GE(above.units, 0);
    EXPECT_GE(below.units, 0);
    EXPECT_EQ(above.units + below.units, width);
  }
}

TEST(ValueGrid, WidthAndMagnitudeAreNeverBelowWhatAValueCanMove) {
  const ValueGrid g = grid(-0.1, 0.3);
  EXPECT_GE(g.width_up(), 0.4);
  EXPECT_LE(g.width_up(), 0.4 * (1 + 0x1p-50));
  EXPECT_GE(g.magnitude_up(), 0.3);
  EXPECT_EQ(grid(-0x1p62, 0x1p62).width_up(), 0x1p63);
  EXPECT_EQ(grid(-7, 3).magnitude_up(), 7);
}

// Google's differential-privacy: mean of integers with odd width leaks the parity of the count,
// because the midpoint is rounded after noise. Here no midpoint is taken at all.
TEST(ValueGrid, MeanOfIntegersWithOddWidthHasNoHalfToLose) {
  const ValueGrid g = grid(0, 5);
  EXPECT_EQ(g.above_lower(1, g.units(2.5)).to_double(), 2.5);
  EXPECT_EQ(g.below_upper(1, g.units(2.5)).to_double(), 2.5);
}

// hi - lo overflows int64 for the widest bounds of integers; the width is a double rounded up.
TEST(ValueGrid, TheWidthOfTheWidestBoundsDoesNotOverflow) {
  EXPECT_GT(grid(-0x1p62, 0x1p62).width_up(), 0);
}

}  // namespace
}  // namespace sfumato
