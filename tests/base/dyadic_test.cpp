#include "sfumato/base/dyadic.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int128 kMostUnits = static_cast<int128>(~static_cast<uint128>(0) >> 1);

/// units · 2^exponent by MPFR, nearest and saturated.
double oracle(const Dyadic& x) {
  mpfr_t number, low;
  mpfr_init2(number, 200);
  mpfr_init2(low, 64);
  mpfr_set_si_2exp(number, static_cast<long>(x.units >> 64), 64, MPFR_RNDN);
  mpfr_set_ui(low, static_cast<unsigned long>(x.units), MPFR_RNDN);
  mpfr_add(number, number, low, MPFR_RNDN);
  mpfr_mul_2si(number, number, x.exponent, MPFR_RNDN);
  const double nearest = mpfr_get_d(number, MPFR_RNDN);
  mpfr_clears(number, low, static_cast<mpfr_ptr>(nullptr));
  return std::min(std::max(nearest, -kLargest), kLargest);
}

TEST(Dyadic, EachFiniteDoubleComesBack) {
  FixedBits bits(1);
  std::vector<double> values = {
      0.0,       1.0,       -1.0,       0.1,       kLargest,
      -kLargest, kSmallest, -kSmallest, 0x1p-1022, 0x1.fffffffffffffp-1023};
  for (int i = 0; i < 100'000; ++i) values.push_back(std::bit_cast<double>(bits.next()));
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    const Dyadic exact = Dyadic::from_double(x);
    ASSERT_EQ(exact.to_double(), x);
    ASSERT_EQ(std::ldexp(static_cast<double>(exact.units), exact.exponent), x);
  }
}

TEST(Dyadic, WhatIsNoFiniteNumberFollowsAFixedRule) {
  EXPECT_EQ(Dyadic::from_double(kNaN).to_double(), 0);
  EXPECT_EQ(Dyadic::from_double(INFINITY).to_double(), kLargest);
  EXPECT_EQ(Dyadic::from_double(-INFINITY).to_double(), -kLargest);
}

TEST(Dyadic, ZeroIsPositive) {
  for (const Dyadic& x :
       {Dyadic{0, 5}, Dyadic::from_double(-0.0), Dyadic{-1, -2000}, Dyadic{-1, -1075}})
    EXPECT_FALSE(std::signbit(x.to_double())) << x.exponent;
}

TEST(Dyadic, TiesGoToEven) {
  const int128 one = static_cast<int128>(1) << 53;
  EXPECT_EQ((Dyadic{one + 1, 0}).to_double(), 0x1p53);
  EXPECT_EQ((Dyadic{one + 3, 0}).to_double(), 0x1p53 + 4);
  EXPECT_EQ((Dyadic{-(one + 3), 0}).to_double(), -0x1p53 - 4);
  EXPECT_EQ((Dyadic{(one + 1) * 4 + 1, -2}).to_double(), 0x1p53 + 2);  // just above a tie
  EXPECT_EQ((Dyadic{1, -1075}).to_double(), 0);
  EXPECT_EQ((Dyadic{3, -1075}).to_double(), 2 * kSmallest);
  EXPECT_EQ((Dyadic{5, -1076}).to_double(), kSmallest);
}

TEST(Dyadic, SmallNumbersAreRoundedOnce) {
  // To 53 bits first, this would be a tie, and then even: 2^-1073 in place of 2^-1074.
  const int128 units = (static_cast<int128>(3) << 60) - 1;
  EXPECT_EQ((Dyadic{units, -1075 - 60}).to_double(), kSmallest);
}

TEST(Dyadic, TheOutermostUnitsAndExponentsAreHeld) {
  EXPECT_EQ((Dyadic{kMostUnits, 0}).to_double(), 0x1p127);
  EXPECT_EQ((Dyadic{-kMostUnits - 1, 0}).to_double(), -0x1p127);
  EXPECT_EQ((Dyadic{-kMostUnits - 1, -1201}).to_double(), -0x1p-1074);
  EXPECT_EQ((Dyadic{-kMostUnits - 1, -1202}).to_double(), 0);
  EXPECT_EQ((Dyadic{kMostUnits, -1202}).to_double(), 0);
  EXPECT_EQ((Dyadic{kMostUnits, std::numeric_limits<int>::min()}).to_double(), 0);
  EXPECT_EQ((Dyadic{1, std::numeric_limits<int>::max()}).to_double(), kLargest);
  EXPECT_EQ((Dyadic{-kMostUnits - 1, std::numeric_limits<int>::max()}).to_double(), -kLargest);
}

TEST(Dyadic, SaturatesAndIsNeverInfinite) {
  EXPECT_EQ((Dyadic{1, 1024}).to_double(), kLargest);
  EXPECT_EQ((Dyadic{1, 1023}).to_double(), 0x1p1023);
  EXPECT_EQ((Dyadic{(static_cast<int128>(1) << 60) - 1, 964}).to_double(), kLargest);
  EXPECT_EQ((Dyadic{-kMostUnits, 900}).to_double(), -kLargest);
}

TEST(Dyadic, RoundsAsMpfrDoes) {
  FixedBits bits(2);
  for (int i = 0; i < 200'000; ++i) {
    const uint128 raw = static_cast<uint128>(bits.next()) << 64 | bits.next();
    const auto units = static_cast<int128>(raw) >> bits.below(128);
    const Dyadic x{units, static_cast<int>(bits.below(2600)) - 1400};
    ASSERT_EQ(x.to_double(), oracle(x)) << x.exponent;
  }
}

}  // namespace
}  // namespace sfumato
