#include "base/extended.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/enclosure.h"

namespace sfumato {
namespace {

constexpr auto kUnit = static_cast<double>(kExtendedUnit);

Enclosure exactly(Extended x) {
  return Enclosure::extended(x);
}

/// How far a result is off at most, in units.
double off(const Enclosure& truth, Extended result) {
  return std::fmax((truth - exactly(result)).upper(), (exactly(result) - truth).upper()) / kUnit;
}

double size(Extended x) {
  return static_cast<double>(std::fabs(x));
}

/// Numbers of either sign and of sizes from 2^-30 to 2^most.
Extended any(std::mt19937_64& random, int most) {
  const int exponent = most - static_cast<int>(random() % static_cast<unsigned>(most + 31));
  const auto fraction = static_cast<Extended>(random()) * 0x1p-64L;
  return std::ldexp(random() % 2 ? fraction : -fraction, exponent);
}

TEST(Extended, ExpIsOffByLessThanItStates) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const Extended x = any(random, 13);
    const Enclosure share = exactly(exp_near(x)) / exp(exactly(x));
    EXPECT_LT(off(Enclosure(1), 1 + (share - 1).lower_extended()), 10 + 3 * size(x)) << x;
  }
}

TEST(Extended, ExpBeyondAllNumbersIsNothingOrInfinite) {
  EXPECT_EQ(exp_near(-1e6L), 0);
  EXPECT_EQ(exp_near(1e6L), HUGE_VALL);
  EXPECT_TRUE(std::isnan(exp_near(NAN)));
}

TEST(Extended, LogIsOffByLessThanItStates) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20000; ++i) {
    const Extended x = i % 2 ? std::fabs(any(random, 200)) : 1 + any(random, -1);
    const Extended result = log_near(x);
    EXPECT_LT(off(log(exactly(x)), result), 4 + 3 * size(result)) << x;
  }
}

TEST(Extended, LogNearOneIsOffByLittleOfItself) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    const Extended x = any(random, -2), result = log1p_near(x);
    EXPECT_LT(off(log1p(exactly(x)), result), 12 * size(result)) << x;
  }
}

TEST(Extended, ATurnIsOffByLessThanItStates) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 20000; ++i) {
    const Extended angle = any(random, 24);
    const ExtendedComplex result = turn_near(angle);
    const double real = off(cos(exactly(angle)), result.real());
    const double imaginary = off(sin(exactly(angle)), result.imag());
    EXPECT_LT(std::hypot(real, imaginary), 6 + 4 * size(angle)) << angle;
  }
}

TEST(Extended, ATurnTooFarToTellClaimsNothing) {
  EXPECT_TRUE(std::isnan(turn_near(0x1p61L).real()));
}

TEST(Extended, ProductsAndReciprocalsAreComplexOnes) {
  const ExtendedComplex a(3, -2), b(-1.5L, 0.25L);
  EXPECT_EQ(product(a, b), a * b);
  EXPECT_LT(std::abs(reciprocal(a) * a - 1.0L), 1e-18L);
}

}  // namespace
}  // namespace sfumato
