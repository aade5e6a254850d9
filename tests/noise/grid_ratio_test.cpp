#include "sfumato/noise/grid_ratio.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/real.h"
#include "noise/led_bits.h"

namespace sfumato {
namespace {

constexpr uint128 kTopBit = uint128{1} << 127;

/// scale / g · 2^(127 - exponent), cut off after `precision` bits.
void set_ratio(Real& ratio, const GridRatio& grid) {
  Real numerator(64), denominator(64);
  mpfr_set_uj(numerator, grid.scale.numerator(), MPFR_RNDN);
  mpfr_set_uj(denominator, grid.scale.denominator(), MPFR_RNDN);
  mpfr_div(ratio, numerator, denominator, MPFR_RNDD);
  mpfr_mul_2si(ratio, ratio, grid.scale.exponent() - grid.grid + 127 - grid.exponent, MPFR_RNDN);
}

void expect_right(const GridRatio& grid) {
  Real ratio(300), mantissa(300), relative(300);
  set_ratio(ratio, grid);
  mantissa.set(static_cast<int128>(grid.mantissa >> 1), MPFR_RNDN);
  mpfr_mul_2ui(mantissa, mantissa, 1, MPFR_RNDN);
  mpfr_add_ui(mantissa, mantissa, static_cast<unsigned long>(grid.mantissa & 1), MPFR_RNDN);
  EXPECT_NE(grid.mantissa & kTopBit, uint128{0});
  EXPECT_TRUE(mpfr_lessequal_p(mantissa, ratio));
  mpfr_add_ui(mantissa, mantissa, 1, MPFR_RNDN);
  EXPECT_TRUE(mpfr_greater_p(mantissa, ratio));

  mpfr_mul_2si(ratio, ratio, grid.exponent - 127, MPFR_RNDN);
  mpfr_d_sub(relative, grid.ratio, ratio, MPFR_RNDN);
  mpfr_div(relative, relative, ratio, MPFR_RNDN);
  EXPECT_LE(std::fabs(mpfr_get_d(relative, MPFR_RNDA)), 0x1.0000001p-53);
}

TEST(GridRatio, TheMantissaIsTheRatioCutOffAfter128Bits) {
  std::mt19937_64 words(61);
  for (int i = 0; i < 500; ++i) {
    const std::uint64_t numerator = words() >> words() % 64, denominator = words() >> words() % 64;
    expect_right(GridRatio::make(exact_scale(numerator | 1, denominator | 1), i - 250));
  }
  for (const double scale : {1.0, 0x1p-1074, 1e300, 0.1, std::numeric_limits<double>::max()})
    expect_right(GridRatio::make(exact_scale(scale), std::ilogb(scale)));
}

TEST(GridRatio, RatiosOfOneAndOneThirdAreKnown) {
  const GridRatio one = GridRatio::make(exact_scale(1, 1), 0);
  EXPECT_EQ(one.mantissa, kTopBit);
  EXPECT_EQ(one.exponent, 0);
  EXPECT_EQ(one.ratio, 1);
  const GridRatio third = GridRatio::make(exact_scale(1, 3), -5);
  EXPECT_EQ(static_cast<std::uint64_t>(third.mantissa), 0xAAAAAAAAAAAAAAAA);
  EXPECT_EQ(static_cast<std::uint64_t>(third.mantissa >> 64), 0xAAAAAAAAAAAAAAAA);
  EXPECT_EQ(third.exponent, 3);
  EXPECT_EQ(third.ratio, 32.0 / 3);
}

TEST(GridRatio, TheDefaultGridPutsTheRatioBetweenTwoToThe31stAnd32nd) {
  for (const double scale : {1.0, 1.9999999, 0.1, 3e-7, 1e300, 7.0}) {
    const GridRatio grid =
        GridRatio::make(exact_scale(scale), GridRatio::default_grid(exact_scale(scale)));
    EXPECT_GE(grid.ratio, 0x1p31) << scale;
    EXPECT_LT(grid.ratio, 0x1p32) << scale;
  }
  EXPECT_EQ(GridRatio::default_grid(exact_scale(0x1p-1050)), GridRatio::kLeastGrid);
}

TEST(GridRatio, TheMarginGrowsWithTheRatioAndNeverVanishes) {
  EXPECT_EQ(GridRatio::make(exact_scale(1, 1), -31).margin, 7 * 0x1p-17 + 0x1p-48);
  EXPECT_EQ(GridRatio::make(exact_scale(1, 1), 900).margin, 0x1p-48);
  EXPECT_GT(GridRatio::make(exact_scale(1, 1), -45).margin, 0.5);
}

TEST(GridRatio, AUnitWithoutAnInverseIsLeftToWholeNumbers) {
  EXPECT_EQ(GridRatio::make(exact_scale(1, 1), -1022).per_unit, 0x1p1022);
  EXPECT_EQ(GridRatio::make(exact_scale(1, 1), -1023).per_unit, 0);
  EXPECT_EQ(GridRatio::make(exact_scale(0x1p-1074), -1074).margin, 1);
  EXPECT_EQ(GridRatio::make(exact_scale(0x1p-1074), -1074).unit, 0x1p-1074);
}

}  // namespace
}  // namespace sfumato
