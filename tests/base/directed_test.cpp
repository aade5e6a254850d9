#include "sfumato/base/directed.h"

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

using Double = std::numeric_limits<double>;
constexpr double kMost = Double::max();
constexpr double kLeast = Double::denorm_min();
constexpr double kInf = Double::infinity();

using Binary = double (*)(double, double);
using MpfrBinary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

struct Operation {
  const char* name;
  Binary up, down;
  MpfrBinary real;
};

const Operation kOperations[] = {{"add", add_up, add_down, mpfr_add},
                                 {"sub", sub_up, sub_down, mpfr_sub},
                                 {"mul", mul_up, mul_down, mpfr_mul},
                                 {"div", div_up, div_down, mpfr_div}};

/// The real result by MPFR, of so many bits that sums and products are exact.
double mpfr_result(MpfrBinary real, double a, double b, mpfr_rnd_t direction) {
  mpfr_t x, y;
  mpfr_init2(x, 2200);
  mpfr_init2(y, 53);
  mpfr_set_d(x, a, direction);
  mpfr_set_d(y, b, direction);
  real(x, x, y, direction);
  const double result = mpfr_get_d(x, direction);
  mpfr_clears(x, y, static_cast<mpfr_ptr>(nullptr));
  return result;
}

double mpfr_root(double a, mpfr_rnd_t direction) {
  mpfr_t x;
  mpfr_init2(x, 200);
  mpfr_set_d(x, a, direction);
  mpfr_sqrt(x, x, direction);
  const double result = mpfr_get_d(x, direction);
  mpfr_clear(x);
  return result;
}

/// Finite doubles: the edges, any bits at all, neighbours of simple numbers, and the tiny.
std::vector<double> samples(std::uint64_t seed, int count) {
  FixedBits bits(seed);
  std::vector<double> values = {0.0,     1.0,       -1.0,     kMost,    -kMost, kLeast,
                                -kLeast, 0x1p-1022, 0x1p1023, 0x1p-537, 3.0,    0.1};
  while (count-- > 0) {
    const double any = std::bit_cast<double>(bits.next());
    if (std::isfinite(any)) values.push_back(any);
    const double simple = static_cast<double>(bits.below(64)) / 8;
    values.push_back(std::nextafter(simple, bits.below(2) == 0 ? 8.0 : -1.0));
    values.push_back(simple);
    values.push_back(
        std::ldexp(static_cast<double>(bits.next()), -1074 - static_cast<int>(bits.below(64))));
  }
  return values;
}

TEST(Directed, EachOperationIsTheRealResultRoundedInItsDirection) {
  const std::vector<double> left = samples(1, 60), right = samples(2, 60);
  for (const Operation& operation : kOperations)
    for (const double a : left)
      for (const double b : right) {
        if (operation.real == mpfr_div && b == 0) continue;
        ASSERT_EQ(operation.up(a, b), mpfr_result(operation.real, a, b, MPFR_RNDU))
            << operation.name << std::hexfloat << ' ' << a << ' ' << b;
        ASSERT_EQ(operation.down(a, b), mpfr_result(operation.real, a, b, MPFR_RNDD))
            << operation.name << std::hexfloat << ' ' << a << ' ' << b;
      }
}

TEST(Directed, RootsAreRoundedInTheirDirection) {
  for (const double a : samples(3, 5000)) {
    if (a < 0) continue;
    ASSERT_EQ(sqrt_up(a), mpfr_root(a, MPFR_RNDU)) << std::hexfloat << a;
    ASSERT_EQ(sqrt_down(a), mpfr_root(a, MPFR_RNDD)) << std::hexfloat << a;
  }
}

TEST(Directed, ExactResultsStayAsTheyAre) {
  EXPECT_EQ(add_up(0.5, 0.25), 0.75);
  EXPECT_EQ(add_down(0.5, 0.25), 0.75);
  EXPECT_EQ(mul_up(3, 0x1p-1074), 3 * kLeast);
  EXPECT_EQ(mul_down(3, 0x1p-1074), 3 * kLeast);
  EXPECT_EQ(div_up(1, 4), 0.25);
  EXPECT_EQ(div_down(-1, 4), -0.25);
  EXPECT_EQ(sqrt_up(9), 3);
  EXPECT_EQ(sqrt_down(0x1p-1074), 0x1p-537);
}

TEST(Directed, InexactResultsLieOneStepApart) {
  EXPECT_EQ(add_up(1, kLeast), std::nextafter(1.0, 2.0));
  EXPECT_EQ(add_down(1, kLeast), 1);
  EXPECT_EQ(add_down(1, -kLeast), std::nextafter(1.0, 0.0));
  EXPECT_EQ(div_up(1, 3), std::nextafter(div_down(1, 3), 1.0));
  EXPECT_EQ(sqrt_up(2), std::nextafter(sqrt_down(2), 2.0));
}

TEST(Directed, TenTenthsRoundedUpAreNotBelowOne) {
  double total = 0;
  for (int i = 0; i < 10; ++i) total = add_up(total, 0.1);
  EXPECT_GE(total, 1);
  EXPECT_LT(total, 1 + 1e-14);
}

TEST(Directed, WhatVanishesIsStillAboveZero) {
  EXPECT_EQ(mul_up(kLeast, kLeast), kLeast);
  EXPECT_EQ(mul_down(kLeast, kLeast), 0);
  EXPECT_EQ(mul_down(-kLeast, kLeast), -kLeast);
  EXPECT_EQ(mul_up(-kLeast, kLeast), 0);
  EXPECT_EQ(div_up(kLeast, kMost), kLeast);
  EXPECT_EQ(div_down(kLeast, -kMost), -kLeast);
}

TEST(Directed, WhatOverflowsIsFiniteFromBelow) {
  EXPECT_EQ(add_up(kMost, kMost), kInf);
  EXPECT_EQ(add_down(kMost, kMost), kMost);
  EXPECT_EQ(sub_up(-kMost, kMost), -kMost);
  EXPECT_EQ(sub_down(-kMost, kMost), -kInf);
  EXPECT_EQ(mul_down(kMost, 2), kMost);
  EXPECT_EQ(mul_up(-kMost, 2), -kMost);
  EXPECT_EQ(div_down(kMost, 0.5), kMost);
  EXPECT_EQ(div_up(kMost, -0.5), -kMost);
}

TEST(Directed, InfiniteOperandsGiveTheirLimits) {
  EXPECT_EQ(add_down(kInf, 1), kInf);
  EXPECT_EQ(sub_up(1, kInf), -kInf);
  EXPECT_EQ(mul_down(kInf, 2), kInf);
  EXPECT_EQ(div_up(1, kInf), 0);
  EXPECT_EQ(div_down(-1, kInf), 0);
  EXPECT_EQ(div_down(kInf, 2), kInf);
  EXPECT_EQ(div_down(1, 0.0), kInf);
  EXPECT_EQ(sqrt_down(kInf), kInf);
}

TEST(Directed, WhatIsUndefinedIsNaN) {
  const double nan = Double::quiet_NaN();
  for (const Operation& operation : kOperations)
    for (const double x : {0.0, 1.0, kInf, nan}) {
      EXPECT_TRUE(std::isnan(operation.up(nan, x))) << operation.name;
      EXPECT_TRUE(std::isnan(operation.down(x, nan))) << operation.name;
    }
  EXPECT_TRUE(std::isnan(add_up(kInf, -kInf)));
  EXPECT_TRUE(std::isnan(mul_down(0, kInf)));
  EXPECT_TRUE(std::isnan(div_up(0, 0)));
  EXPECT_TRUE(std::isnan(div_down(kInf, kInf)));
  EXPECT_TRUE(std::isnan(sqrt_up(-1)));
  EXPECT_TRUE(std::isnan(sqrt_down(nan)));
}

}  // namespace
}  // namespace sfumato
