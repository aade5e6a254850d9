#include "noise/rounding.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/real.h"
#include "noise/led_bits.h"

namespace sfumato {
namespace {

constexpr uint128 kHalfUnit = uint128{1} << 127;
constexpr double kUtmost = std::numeric_limits<double>::max();

GridRatio ratio_of(double scale, int grid) {
  return GridRatio::make(exact_scale(scale), grid);
}

/// (whole·2^exponent + m)·2^grid with all its bits, rounded once.
double rounded_once(const GridPoint& point, int128 m, int grid) {
  Real sum(4000), noise(200);
  sum.set(point.whole, MPFR_RNDN);
  mpfr_mul_2si(sum, sum, point.exponent, MPFR_RNDN);
  noise.set(m, MPFR_RNDN);
  mpfr_add(sum, sum, noise, MPFR_RNDN);
  mpfr_mul_2si(sum, sum, grid, MPFR_RNDN);
  return std::clamp(mpfr_get_d(sum, MPFR_RNDN), -kUtmost, kUtmost);
}

TEST(Rounding, AnAnswerIsSplitHalfAUnitUp) {
  const GridPoint whole = grid_point({5, 3}, 1);  // 40 = 20·2
  EXPECT_EQ(whole.whole, 5);
  EXPECT_EQ(whole.exponent, 2);
  EXPECT_EQ(whole.fraction, kHalfUnit);

  const GridPoint above = grid_point({11, -2}, 0);  // 2.75 + 0.5
  EXPECT_EQ(above.whole, 3);
  EXPECT_EQ(above.exponent, 0);
  EXPECT_EQ(above.fraction, kHalfUnit / 2);

  const GridPoint below = grid_point({-11, -2}, 0);  // -2.75 + 0.5
  EXPECT_EQ(below.whole, -3);
  EXPECT_EQ(below.fraction, kHalfUnit / 2 * 3);
}

TEST(Rounding, FarBelowTheGridOnlyTheSignOfAnAnswerIsSeen) {
  for (const int exponent :
       {-127, -128, -129, -200, -300, -5000, std::numeric_limits<int>::min()}) {
    const GridPoint up = grid_point({1, exponent}, 0), down = grid_point({-1, exponent}, 0);
    EXPECT_EQ(up.whole, 0) << exponent;
    EXPECT_EQ(down.whole, 0) << exponent;
    EXPECT_EQ(up.fraction, kHalfUnit + (exponent == -127   ? 2
                                        : exponent == -128 ? 1
                                                           : 0))
        << exponent;
    EXPECT_EQ(down.fraction, kHalfUnit - (exponent == -127 ? 2 : 1)) << exponent;
  }
  const int128 most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(grid_point({most << 63, -128}, 0).fraction,
            kHalfUnit + (static_cast<uint128>(most) << 63));
}

TEST(Rounding, ZeroIsTheSamePointWhateverItsExponent) {
  for (const int exponent : {-3000, -1, 0, 1, 3000}) {
    const GridPoint zero = grid_point({0, exponent}, 0);
    EXPECT_EQ(zero.whole, 0);
    EXPECT_EQ(zero.exponent, 0);
    EXPECT_EQ(zero.fraction, kHalfUnit);
  }
}

TEST(Rounding, SumsAreRoundedOnceHoweverWideTheyAre) {
  std::mt19937_64 words(91);
  const auto random = [&](int bits) {
    const int128 x = static_cast<int128>(words() >> 1) << 64 | static_cast<int128>(words());
    return (words() % 2 == 0 ? 1 : -1) * (x >> (127 - bits));
  };
  for (int i = 0; i < 20'000; ++i) {
    const int128 whole = random(static_cast<int>(words() % 128));
    const GridPoint point{whole, whole == 0 ? 0 : static_cast<int>(words() % 200), 0};
    const int128 m = random(static_cast<int>(words() % 110));
    const int grid = static_cast<int>(words() % 2000) - 1074;
    ASSERT_EQ(assembled(point, m, grid), rounded_once(point, m, grid))
        << point.exponent << ' ' << grid << ' ' << i;
  }
}

TEST(Rounding, TheLeastNoiseBreaksATie) {
  for (const int width : {60, 100, 120, 125, 126}) {
    for (const int exponent : {0, 1, 2, 3, 50, 130, 900}) {
      const int128 tie = (int128{1} << width) + (int128{1} << (width - 53));  // between two doubles
      for (const int128 m : {-1, 0, 1}) {
        for (const int128 sign : {-1, 1}) {
          const GridPoint point{sign * tie, exponent, 0};
          EXPECT_EQ(assembled(point, m, -20), rounded_once(point, m, -20))
              << width << ' ' << exponent;
        }
      }
    }
  }
}

TEST(Rounding, TheWidestWholePartsAreHeld) {
  const int128 least = std::numeric_limits<std::int64_t>::min() * (int128{1} << 64);
  for (const int exponent : {0, 1, 7, 200}) {
    for (const int128 whole : {least, least + 1, -(least + 1), -(least + 7)}) {
      for (const int128 m : {int128{0}, int128{1}, int128{-1}, int128{1} << 109}) {
        const GridPoint point{whole, exponent, 0};
        EXPECT_EQ(assembled(point, m, 0), rounded_once(point, m, 0)) << exponent;
      }
    }
  }
}

TEST(Rounding, DoublesAndDyadicNumbersAreReleasedAlike) {
  std::mt19937_64 words(92);
  std::normal_distribution<double> noise(0, 1e9);
  for (int i = 0; i < 50'000; ++i) {
    const int grid = static_cast<int>(words() % 1500) - 750;
    const GridRatio ratio = GridRatio::make(exact_scale(std::ldexp(1.5, grid + 20)), grid);
    const double x =
        std::ldexp(noise(words), grid - 30 + static_cast<int>(words() % 300) * (i % 2));
    const double z = noise(words);
    const Release fast = release_certain(ratio, x, {z, 1, ratio.margin});
    const Release wide =
        release_certain(ratio, grid_point(Dyadic::from_double(x), grid), {z, 1, ratio.margin});
    ASSERT_TRUE(fast.value == wide.value || !fast.certain || !wide.certain)
        << x << " " << z << " " << grid;
  }
}

TEST(Rounding, AMarginOfOneHalfLeavesEverySumInDoubt) {
  const GridRatio ratio = ratio_of(1, -31);
  for (const double margin : {0.5, 1.0, double{INFINITY}}) {
    EXPECT_FALSE(release_certain(ratio, 1.0, {7.0, 1, margin}).certain);
    EXPECT_FALSE(release_certain(ratio, grid_point(Dyadic{1, 0}, -31), {7.0, 1, margin}).certain);
  }
  EXPECT_TRUE(release_certain(ratio, 1.0, {7.0, 1, 0.49}).certain);
  EXPECT_FALSE(release_certain(ratio, 1.0, {7.25, 1, 0.26}).certain);
  EXPECT_TRUE(release_certain(ratio, 1.0, {7.25, 1, 0.24}).certain);
}

TEST(Rounding, AnswersThatOverflowInUnitsOfTheGridAreTheirOwnRelease) {
  const GridRatio ratio = ratio_of(1, -31);
  for (const double x : {kUtmost, -kUtmost, 0x1p1000, 0x1p170, -0x1.8p169, 0x1p168}) {
    const Release release = release_certain(ratio, x, {12345.25, 1, ratio.margin});
    EXPECT_TRUE(release.certain);
    EXPECT_EQ(release.value, x);
  }
}

TEST(Rounding, WhatIsNoNumberIsReadAsOne) {
  EXPECT_EQ(total(NAN), 0);
  EXPECT_EQ(total(INFINITY), kUtmost);
  EXPECT_EQ(total(-INFINITY), -kUtmost);
  EXPECT_EQ(total(-1.5), -1.5);
  const auto released = [](double x) {
    return release_certain(ratio_of(1, -31), x, {12345.25, 1, 0.125}).value;
  };
  EXPECT_EQ(released(NAN), released(0));
  EXPECT_EQ(released(INFINITY), kUtmost);
  EXPECT_EQ(released(-INFINITY), -kUtmost);
  const Release coarse = release_certain(ratio_of(1, 965), -INFINITY, {0x1p20, 1, 0.125});
  EXPECT_EQ(coarse.value,
            -kUtmost + std::ldexp(0x1p20, 965));  // noise is added to what it is read as
}

TEST(Rounding, AFloorIsCertainOnlyWhereTheWholeIntervalHasIt) {
  const GridRatio one = ratio_of(1, 0);
  const uint128 three = uint128{3} << kFixedPlaces;
  EXPECT_EQ(floor_certain(one, kHalfUnit, {three, three + 1}, false), 3);
  EXPECT_EQ(floor_certain(one, kHalfUnit, {three, three + 1}, true), -3);
  EXPECT_EQ(floor_certain(one, 0, {three + 4, three + 5}, false), 3);
  EXPECT_EQ(floor_certain(one, 0, {three, three + 1}, true), std::nullopt);
  EXPECT_EQ(floor_certain(one, ~uint128{0}, {three, three + 1}, false), std::nullopt);
  EXPECT_EQ(floor_certain(one, ~uint128{0}, {three - 9, three - 8}, false), 3);
  EXPECT_EQ(floor_certain(one, kHalfUnit, {0, three}, false), std::nullopt);
}

TEST(Rounding, NoiseIsScaledUpAndDown) {
  const uint128 one = uint128{1} << kFixedPlaces;
  EXPECT_EQ(floor_certain(ratio_of(7, -4), kHalfUnit, {one, one + 1}, false), 112);
  EXPECT_EQ(floor_certain(ratio_of(7, 2), kHalfUnit, {one, one + 1}, false), 2);  // 1.75 + 0.5
  EXPECT_EQ(floor_certain(ratio_of(0x1p-300, 0), 0, {one, one + 1}, false), 0);
  EXPECT_EQ(floor_certain(ratio_of(0x1p-300, 0), 0, {one, one + 1}, true), std::nullopt);
  EXPECT_EQ(floor_certain(ratio_of(0x1p99, 0), kHalfUnit, {one, one + 1}, false), int128{1} << 99);
  EXPECT_EQ(floor_certain(ratio_of(0x1p100, 0), kHalfUnit, {one, one + 1}, false), std::nullopt);
}

}  // namespace
}  // namespace sfumato
