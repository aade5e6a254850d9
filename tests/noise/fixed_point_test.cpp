#include "noise/fixed_point.h"

#include <array>
#include <random>

#include <gtest/gtest.h>

#include "base/real.h"
#include "noise/wide.h"

namespace sfumato {
namespace {

constexpr uint128 kUnit = 1;

uint128 wide(std::uint64_t high, std::uint64_t low) {
  return static_cast<uint128>(high) << 64 | low;
}

/// x · 2^-places, exactly.
void set_fixed(Real& real, uint128 x, int places) {
  Real low(64);
  mpfr_set_uj(real, static_cast<std::uint64_t>(x >> 64), MPFR_RNDN);
  mpfr_mul_2ui(real, real, 64, MPFR_RNDN);
  mpfr_set_uj(low, static_cast<std::uint64_t>(x), MPFR_RNDN);
  mpfr_add(real, real, low, MPFR_RNDN);
  mpfr_mul_2si(real, real, -places, MPFR_RNDN);
}

/// Fails where `real` does not lie within the interval.
void expect_within(const FixedInterval& interval, Real& real) {
  Real end(300);
  set_fixed(end, interval.lower, kFixedPlaces);
  EXPECT_TRUE(mpfr_lessequal_p(end, real));
  set_fixed(end, interval.upper, kFixedPlaces);
  EXPECT_TRUE(mpfr_greaterequal_p(end, real));
}

/// Numbers of each length up to `bits`, among them the ends.
template <class Check>
void for_each_length(int bits, int times, Check check) {
  std::mt19937_64 words(71);
  for (int length = 1; length <= bits; ++length) {
    const uint128 top = kUnit << (length - 1);
    check(top);
    check(top | (top - 1));
    for (int i = 0; i < times; ++i) check(top | (wide(words(), words()) & (top - 1)));
  }
}

void expect_minus_log(uint128 k) {
  const FixedInterval interval = fixed_minus_log(k);
  Real end(300);
  for (const uint128 u : {k, k + 1}) {
    set_fixed(end, u, 127);
    mpfr_log(end, end, MPFR_RNDN);
    mpfr_neg(end, end, MPFR_RNDN);
    expect_within(interval, end);
  }
  const int top = bit_width(k) - 1;
  const uint128 unknown = top >= 120 ? 1 : kUnit << (120 - top);
  EXPECT_LE(interval.upper - interval.lower, unknown + 127 - static_cast<unsigned>(top) + 4) << top;
}

TEST(FixedPoint, ConstantsAreThoseOfMpfrCutOff) {
  Real constant(400), stated(400);
  mpfr_const_log2(constant, MPFR_RNDN);
  mpfr_mul_2ui(constant, constant, 120, MPFR_RNDN);
  mpfr_floor(constant, constant);
  set_fixed(stated, kLn2, 0);
  EXPECT_TRUE(mpfr_equal_p(constant, stated));
  mpfr_const_pi(constant, MPFR_RNDN);
  mpfr_mul_2ui(constant, constant, 126, MPFR_RNDN);
  mpfr_floor(constant, constant);
  set_fixed(stated, kQuarterPi, 0);
  EXPECT_TRUE(mpfr_equal_p(constant, stated));
}

TEST(FixedPoint, TheLogarithmEnclosesBothEndsOfWhatIsKnown) {
  for_each_length(127, 200, expect_minus_log);
}

TEST(FixedPoint, TheLogarithmEnclosesNearItsChangeOfSeriesAndNearOne) {
  for (int shift = 0; shift < 120; shift += 7) {
    const uint128 change = (uint128{181} << 119) >> shift;
    for (const uint128 k : {change - 1, change, change + 1})
      if (k >> 127 == 0 && k > 0) expect_minus_log(k);
  }
  for (const uint128 k : {(kUnit << 127) - 1, (kUnit << 127) - 2, (kUnit << 127) - (kUnit << 60)})
    expect_minus_log(k);
}

TEST(FixedPoint, TheRootEnclosesAndIsTight) {
  for_each_length(126, 100, [](uint128 x) {
    const FixedInterval root = fixed_root_of_twice({x, x});
    Real exact(400);
    set_fixed(exact, x, kFixedPlaces - 1);
    mpfr_sqrt(exact, exact, MPFR_RNDN);
    expect_within(root, exact);
    EXPECT_EQ(root.upper - root.lower, kUnit);
  });
  EXPECT_EQ(fixed_root_of_twice({0, 0}).lower, uint128{0});
  EXPECT_EQ(fixed_root_of_twice({kUnit << 121, kUnit << 121}).lower, kUnit << 121);  // √4 = 2
}

TEST(FixedPoint, TheRootOfASquareIsExactAndThatOfOneLessIsLower) {
  std::mt19937_64 words(72);
  for (int i = 0; i < 20'000; ++i) {
    const uint128 half = (words() >> 2) >> i % 60;  // (2h)² = 2·(2h²), of up to 126 bits
    const uint128 x = 2 * half * half;
    if (half == 0) continue;
    EXPECT_EQ(fixed_root_of_twice({x, x}).lower, half << 61) << i;
    EXPECT_LT(fixed_root_of_twice({x - 1, x}).lower, half << 61) << i;
  }
}

TEST(FixedPoint, TheDirectionEnclosesBothEndsOfWhatIsKnown) {
  const auto expect_direction = [](uint128 v) {
    const FixedDirection direction = fixed_direction(v);
    for (const uint128 end : {v, v + 1}) {
      Real angle(300), quarter(300), value(300);
      set_fixed(angle, end, 125);
      mpfr_const_pi(quarter, MPFR_RNDN);
      mpfr_mul(angle, angle, quarter, MPFR_RNDN);
      mpfr_mul_2si(angle, angle, -2, MPFR_RNDN);
      mpfr_cos(value, angle, MPFR_RNDN);
      expect_within(direction.cosine, value);
      mpfr_sin(value, angle, MPFR_RNDN);
      expect_within(direction.sine, value);
    }
    EXPECT_LE(direction.cosine.upper - direction.cosine.lower, uint128{2});
    EXPECT_LE(direction.sine.upper - direction.sine.lower, uint128{2});
  };
  expect_direction(0);
  for_each_length(125, 60, expect_direction);
}

TEST(FixedPoint, TheProductEnclosesAndIsTight) {
  std::mt19937_64 words(72);
  for (int i = 0; i < 5000; ++i) {
    const uint128 a = wide(words(), words()) >> (4 + i % 50),
                  b = wide(words(), words()) >> (7 + i % 60);
    Real exact(300), factor(300);
    set_fixed(exact, a, kFixedPlaces);
    set_fixed(factor, b, kFixedPlaces);
    mpfr_mul(exact, exact, factor, MPFR_RNDN);
    const FixedInterval both = fixed_product({a, a}, {b, b});
    expect_within(both, exact);
    EXPECT_EQ(both.upper - both.lower, kUnit);
  }
}

TEST(FixedPoint, TheHighHalfOfAProductIsKnown) {
  const uint128 ones = ~uint128{0};
  EXPECT_EQ(multiply_high(ones, ones), ones - 1);
  EXPECT_EQ(multiply_high(ones, 1), uint128{0});
  EXPECT_EQ(multiply_high(kUnit << 64, kUnit << 64), kUnit);
  EXPECT_EQ(multiply_high(wide(1, 0xFFFFFFFFFFFFFFFF), wide(0xFFFFFFFFFFFFFFFF, 1)),
            wide(1, 0xFFFFFFFFFFFFFFFD));
  EXPECT_EQ(multiply_high(wide(3, 5), kUnit << 127), wide(1, 0x8000000000000002));
}

TEST(FixedPoint, TheWidthOfANumberIsTheLengthOfItsBits) {
  EXPECT_EQ(bit_width(0), 0);
  for (int n = 1; n <= 128; ++n) {
    EXPECT_EQ(bit_width(kUnit << (n - 1)), n);
    EXPECT_EQ(bit_width((kUnit << (n - 1)) - 1), n - 1);
  }
}

}  // namespace
}  // namespace sfumato
