#include "sfumato/account/amount.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "support/exact.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr uint128 units(std::uint64_t high, std::uint64_t low) {
  return static_cast<uint128>(high) << 64 | low;
}

TEST(Amount, ADecimalOfFewPlacesIsItself) {
  EXPECT_EQ(LossAmount::at_least(exactly("0.1")).value().units(), 100'000'000'000);
  EXPECT_EQ(LossAmount::at_most(exactly("0.1")).value().units(), 100'000'000'000);
  EXPECT_EQ(LossAmount::at_least(exactly("1e-12")).value().units(), 1);
  EXPECT_EQ(LossAmount::at_least(exactly("123456.789")).value().to_string(), "123456.789");
  EXPECT_EQ(DeltaAmount::at_least(exactly("1e-30")).value().units(), 1);
  EXPECT_EQ(DeltaAmount::at_least(exactly("0.000001")).value().to_string(), "1e-6");
  EXPECT_EQ(DeltaAmount::at_least(exactly("0.123456789012345678901234567891")).value().to_string(),
            "0.123456789012345678901234567891");
}

TEST(Amount, WhatLiesBetweenUnitsGoesTheStatedWay) {
  EXPECT_EQ(LossAmount::at_least(exactly("1.0000000000000000001e-12")).value().units(), 2);
  EXPECT_EQ(LossAmount::at_most(exactly("1.9999999999999999999e-12")).value().units(), 1);
  EXPECT_EQ(LossAmount::at_least(exactly("1e-400")).value().units(), 1);
  EXPECT_EQ(LossAmount::at_most(exactly("1e-400")).value().units(), 0);
  EXPECT_EQ(DeltaAmount::at_least(exactly("1e-31")).value().units(), 1);
  EXPECT_EQ(DeltaAmount::at_most(exactly("9e-31")).value().units(), 0);
  EXPECT_EQ(LossAmount::at_least(std::numeric_limits<double>::denorm_min()).value().units(), 1);
  EXPECT_EQ(LossAmount::at_most(std::numeric_limits<double>::denorm_min()).value().units(), 0);
  EXPECT_EQ(DeltaAmount::at_least(0x1p-160).value().units(), 1);  // 10^30 of it are below a unit
}

TEST(Amount, ADoubleIsTheNumberThatItIs) {
  // 0.1 = 0.1000000000000000055511151231257827021181583404541015625
  EXPECT_EQ(LossAmount::at_least(0.1).value().units(), 100'000'000'001);
  EXPECT_EQ(LossAmount::at_most(0.1).value().units(), 100'000'000'000);
  EXPECT_EQ(DeltaAmount::at_most(0.1).value().to_string(), "0.100000000000000005551115123125");
  EXPECT_EQ(DeltaAmount::at_least(0.1).value().to_string(), "0.100000000000000005551115123126");
  // 0.3 = 0.299999999999999988897769753748434595763683319091796875
  EXPECT_EQ(LossAmount::at_most(0.3).value().units(), 299'999'999'999);
  EXPECT_EQ(LossAmount::at_least(0.3).value().units(), 300'000'000'000);
  for (const double exact : {0.0, 0.5, 1.0, 3.0, 1048576.0, 0x1p-12})
    EXPECT_EQ(LossAmount::at_least(exact).value(), LossAmount::at_most(exact).value()) << exact;
  EXPECT_EQ(LossAmount::at_least(0x1p-12).value().units(), 244140625);
  EXPECT_EQ(DeltaAmount::at_least(0.5).value().to_string(), "0.5");
}

TEST(Amount, DoublesAndTheirDecimalsAgree) {
  FixedBits bits(5);
  for (int i = 0; i < 2000; ++i) {
    std::array<char, 64> digits;  // of the double itself, all of them
    const double x = std::ldexp(static_cast<double>(bits.next() >> 52), -static_cast<int>(i % 24));
    std::snprintf(digits.data(), digits.size(), "%.24f", x);
    const Exact written = exactly(digits.data());
    EXPECT_EQ(LossAmount::at_least(x).value(), LossAmount::at_least(written).value()) << x;
    EXPECT_EQ(LossAmount::at_most(x).value(), LossAmount::at_most(written).value()) << x;
    EXPECT_EQ(DeltaAmount::at_least(x).value(), DeltaAmount::at_least(written).value()) << x;
  }
}

TEST(Amount, TheTwoDirectionsEncloseWhatWasGiven) {
  FixedBits bits(6);
  for (int i = 0; i < 2000; ++i) {
    const double x = std::ldexp(static_cast<double>(bits.next() >> 11), -40 - i % 120);
    const LossAmount above = LossAmount::at_least(x).value(),
                     below = LossAmount::at_most(x).value();
    EXPECT_GE(above.value().to_double_up(), x);
    EXPECT_LE(below.value().to_double_down(), x);
    EXPECT_LE((above - below).units(), 1);
  }
}

TEST(Amount, TenTimesATenthIsOne) {
  LossAmount loss;
  DeltaAmount delta;
  for (int i = 0; i < 10; ++i) {
    loss = loss + LossAmount::at_least(exactly("0.1")).value();
    delta = delta + DeltaAmount::at_least(exactly("0.1")).value();
  }
  EXPECT_EQ(loss, LossAmount::at_most(1.0).value());
  EXPECT_EQ(delta, DeltaAmount::at_most(1.0).value());
}

TEST(Amount, WhatIsNoAmountIsRefused) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const Exact& bad : {Exact(std::nan("")), Exact(inf), Exact(-inf), Exact(-1.0),
                           exactly("-1e-400"), exactly("1e25"), Exact(2e24), Exact(1e300), exactly("1e400")}) {
    EXPECT_FALSE(LossAmount::at_least(bad)) << bad.to_string();
    EXPECT_FALSE(LossAmount::at_most(bad)) << bad.to_string();
    EXPECT_FALSE(DeltaAmount::at_least(bad)) << bad.to_string();
  }
  EXPECT_EQ(LossAmount::at_least(-0.0).value().units(), 0);
  EXPECT_EQ(LossAmount::at_least(-1.0).error().message, "must not be negative");
  EXPECT_EQ(LossAmount::at_least(exactly("1e25")).error().message, "must be at most 1e24");
  EXPECT_EQ(DeltaAmount::at_least(exactly("1e7")).error().message, "must be at most 1e6");
}

TEST(Amount, TheLargestIsAsLargeAsTold) {
  EXPECT_EQ(LossAmount::at_least(exactly("1e24")).value(), LossAmount::most());
  EXPECT_EQ(DeltaAmount::at_least(1e6).value(), DeltaAmount::most());
  const Exact above = exactly("1000000000000000000000000.00000000001");
  EXPECT_FALSE(LossAmount::at_least(above));
  EXPECT_FALSE(LossAmount::at_most(above));
  EXPECT_EQ(LossAmount::most().to_string(), "1e24");
}

TEST(Amount, SumsStopAtTheLargest) {
  const LossAmount most = LossAmount::most(), one = LossAmount::of_units(1).value();
  EXPECT_TRUE(fits(most, LossAmount()));
  EXPECT_TRUE(fits(most - one, one));
  EXPECT_FALSE(fits(most, one));
  EXPECT_EQ(most + most, most);
  EXPECT_EQ((most - one) + one, most);
}

TEST(Amount, LessThanNothingIsNothing) {
  const LossAmount one = LossAmount::of_units(1).value(), two = LossAmount::of_units(2).value();
  EXPECT_EQ(one - two, LossAmount());
  EXPECT_EQ(two - one, one);
}

TEST(Amount, UnitsComeBackAsTheyWent) {
  // 2^64 + 5 units: more than 64 bits.
  const DeltaAmount wide = DeltaAmount::of_units(units(1, 5)).value();
  EXPECT_EQ(wide.units(), units(1, 5));
  EXPECT_EQ(wide.to_string(), "1.8446744073709551621e-11");
  EXPECT_EQ(DeltaAmount::at_least(wide.value()).value(), wide);
  EXPECT_FALSE(DeltaAmount::of_units(~uint128{0}));
}

}  // namespace
}  // namespace sfumato
