#include "noise/certified.h"

#include <cfenv>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "base/real.h"

namespace sfumato {
namespace {

/// |value - exact| as a double, rounded away from zero.
double distance(double value, Real& exact) {
  Real difference(300);
  mpfr_d_sub(difference, value, exact, MPFR_RNDN);
  return std::fabs(mpfr_get_d(difference, MPFR_RNDA));
}

void set_minus_log(Real& exact, double u) {
  mpfr_set_d(exact, u, MPFR_RNDN);
  mpfr_log(exact, exact, MPFR_RNDN);
  mpfr_neg(exact, exact, MPFR_RNDN);
}

/// An end of the reals that begin with the upper 64 - skip bits of the word.
void set_end(Real& exact, std::uint64_t word, int skip, bool upper) {
  mpfr_set_uj(exact, word >> skip, MPFR_RNDN);
  mpfr_add_ui(exact, exact, upper ? 1 : 0, MPFR_RNDN);
  mpfr_mul_2si(exact, exact, skip - 64, MPFR_RNDN);
}

/// Words of U in each of the 40 halvings above 2^-40, and at their ends.
template <class Check>
void for_each_certain_word(int times, Check check) {
  std::mt19937_64 words(81);
  for (int length = 25; length <= 64; ++length) {
    const std::uint64_t top = std::uint64_t{1} << (length - 1);
    check(top), check(top | (top - 1));
    for (int i = 0; i < times; ++i) check(top | (words() & (top - 1)));
  }
}

TEST(Certified, AWordBecomesTheNearestDouble) {
  std::mt19937_64 words(82);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t word = words() >> i % 64;
    ASSERT_EQ(to_double(word), static_cast<double>(word)) << word;
  }
  EXPECT_EQ(to_double(~std::uint64_t{0}), 0x1p64);
  EXPECT_EQ(to_double((std::uint64_t{1} << 53) + 1), 0x1p53);
}

TEST(Certified, TheLogarithmIsWithinItsBound) {
  std::mt19937_64 words(83);
  std::uniform_real_distribution<double> in_binade(1, 2);
  for (int exponent = -40; exponent < 0; ++exponent) {
    for (int i = 0; i < 2'000; ++i) {
      const double u = std::ldexp(in_binade(words), exponent);
      Real exact(120);
      set_minus_log(exact, u);
      ASSERT_LE(distance(minus_log(u), exact), (exponent < -22 ? 5.25 : 2.75) * 0x1p-50) << u;
    }
  }
}

TEST(Certified, TheLogarithmIsRelativelyPreciseNearOne) {
  std::mt19937_64 words(84);
  EXPECT_EQ(minus_log(1), 0);
  for (int i = 0; i < 30'000; ++i) {
    const double u = 1 - 0.2928 * std::ldexp(static_cast<double>(words() >> 11), -53 - i % 48);
    Real exact(200);
    set_minus_log(exact, u);
    ASSERT_LE(distance(minus_log(u), exact), minus_log(u) * 6 * 0x1p-53) << u;
  }
}

TEST(Certified, TheDirectionIsWithinItsBound) {
  std::mt19937_64 words(85);
  for (int i = 0; i < 50'000; ++i) {
    const double x = std::ldexp(static_cast<double>(words() >> 11), -53) * 0x1.921fb54442d18p-1;
    const Direction to = direction(x);
    Real exact(120);
    mpfr_set_d(exact, x, MPFR_RNDN);
    mpfr_cos(exact, exact, MPFR_RNDN);
    ASSERT_LE(distance(to.cosine, exact), 0x1p-52) << x;
    mpfr_set_d(exact, x, MPFR_RNDN);
    mpfr_sin(exact, exact, MPFR_RNDN);
    ASSERT_LE(distance(to.sine, exact), 0x1p-52) << x;
  }
}

TEST(Certified, WholeNumbersAreTheNearestTiesToEven) {
  std::mt19937_64 words(86);
  for (int i = 0; i < 100'000; ++i) {
    const double x =
        std::ldexp(static_cast<double>(static_cast<std::int64_t>(words())), i % 100 - 100);
    ASSERT_EQ(nearest_whole(x), std::nearbyint(x)) << x;
  }
  for (const double x : {0.5, 1.5, -0.5, -2.5, 0x1p52 - 0.5, 0x1p52 + 1, -0x1p60, 0x1p51 + 0.5})
    EXPECT_EQ(nearest_whole(x), std::nearbyint(x)) << x;
}

TEST(Certified, ASumIsCertainWhereItIsFartherThanTheMarginFromAMiddle) {
  EXPECT_TRUE(nearest_certain(0.25, {7, 1, 0.125}).certain);
  EXPECT_EQ(nearest_certain(0.25, {7, 1, 0.125}).whole, 7);
  EXPECT_FALSE(nearest_certain(0.375, {7, 1, 0.125}).certain);
  EXPECT_FALSE(nearest_certain(-0.4, {-7, 1, 0.125}).certain);
  EXPECT_TRUE(nearest_certain(0.5, {0.2, 1, 0.125}).certain);
  EXPECT_EQ(nearest_certain(0.5, {0.2, 1, 0.125}).whole, 1);
  EXPECT_FALSE(nearest_certain(0, {INFINITY, 1, 0.125}).certain);
  EXPECT_FALSE(nearest_certain(0, {NAN, 1, 0.125}).certain);
  EXPECT_EQ(nearest_certain(0.25, {-2, 3.5, 0.125}).whole, -7);
}

// The budgets of docs/proofs/noise/laplace.md and gaussian.md, before the scale is multiplied in.
TEST(Certified, TheExponentialIsWithinItsBudgetAtBothEndsOfWhatIsKnown) {
  for_each_certain_word(1000, [](std::uint64_t word) {
    const Exponential z = exponential(word);
    ASSERT_LT(z.spread, 0x1p23);
    const double budget = word >> 47 != 0 ? 11 : 20 * z.spread;
    for (const bool upper : {false, true}) {
      Real exact(120);
      set_end(exact, word, 1, upper);
      mpfr_log(exact, exact, MPFR_RNDN);
      mpfr_neg(exact, exact, MPFR_RNDN);
      ASSERT_LE(distance(z.value, exact), budget * 0x1p-50) << word;
    }
  });
}

TEST(Certified, TheGaussianIsWithinItsBudgetAtBothEndsOfWhatIsKnown) {
  std::mt19937_64 words(87);
  for_each_certain_word(1000, [&](std::uint64_t word) {
    const Exponential reach = radius(word);
    const std::uint64_t angle_word = words();
    const double z = reach.value * on_octant(angle_word).cosine;
    const bool amid = word >> 47 != 0 && word >> 48 < 0xFFFF;
    const double budget = amid ? 18 : 23 * reach.spread;
    for (const bool upper : {false, true}) {
      Real exact(120), angle(120), pi(120);
      set_end(exact, word, 1, upper);
      mpfr_log(exact, exact, MPFR_RNDN);
      mpfr_mul_si(exact, exact, -2, MPFR_RNDN);
      mpfr_sqrt(exact, exact, MPFR_RNDN);
      set_end(angle, angle_word, 3, upper);
      mpfr_const_pi(pi, MPFR_RNDN);
      mpfr_mul(angle, angle, pi, MPFR_RNDN);
      mpfr_mul_2si(angle, angle, -2, MPFR_RNDN);
      mpfr_cos(angle, angle, MPFR_RNDN);
      mpfr_mul(exact, exact, angle, MPFR_RNDN);
      ASSERT_LE(distance(z, exact), budget * 0x1p-50) << word << ' ' << angle_word;
    }
  });
}

// Words so close to one that the radius is small: each length of what U lacks.
TEST(Certified, TheRadiusNearOneIsWithinItsBudgetAtBothEndsOfWhatIsKnown) {
  std::mt19937_64 words(88);
  for (int length = 1; length <= 63; ++length) {
    for (int i = 0; i < 500; ++i) {
      const std::uint64_t word = 0 - (std::uint64_t{1} << length | words() >> (64 - length));
      const Exponential reach = radius(word);
      for (const bool upper : {false, true}) {
        Real exact(200);
        set_end(exact, word, 1, upper);
        mpfr_log(exact, exact, MPFR_RNDN);
        mpfr_mul_si(exact, exact, -2, MPFR_RNDN);
        mpfr_sqrt(exact, exact, MPFR_RNDN);
        ASSERT_LE(distance(reach.value, exact), 23 * 0x1p-50 * reach.spread) << word;
      }
    }
  }
}

TEST(Certified, APowerOfTwoIsAtLeastTheInverseAndAtMostTwiceAsMuch) {
  std::mt19937_64 words(89);
  std::uniform_real_distribution<double> in_binade(1, 2);
  for (int exponent = -64; exponent <= 8; ++exponent) {
    EXPECT_EQ(inverse_of_binade(std::ldexp(1.0, exponent)), std::ldexp(1.0, -exponent));
    const double x = std::ldexp(in_binade(words), exponent);
    EXPECT_EQ(inverse_of_binade(x), std::ldexp(1.0, -exponent)) << x;
  }
  EXPECT_EQ(inverse_of_binade(0), 0x1p1023);
}

TEST(Certified, TheMarginIsOneConstantButInTheCorners) {
  const auto spread = [](std::uint64_t word) { return exponential(word).spread; };
  EXPECT_EQ(spread(~std::uint64_t{0}), 1);
  EXPECT_EQ(spread(std::uint64_t{1} << 46), 1);
  EXPECT_EQ(spread((std::uint64_t{1} << 46) - 1), 2);
  EXPECT_EQ(spread(std::uint64_t{1} << 45), 2);
  EXPECT_EQ(spread(std::uint64_t{1} << 24), 0x1p22);
  EXPECT_EQ(spread((std::uint64_t{1} << 24) - 1), INFINITY);
  EXPECT_EQ(spread(0), INFINITY);
  EXPECT_EQ(spread(1), INFINITY);
}

TEST(Certified, TheMarginOfASmallRadiusGrowsAsItsInverse) {
  const auto spread = [](std::uint64_t lacking) { return radius(0 - lacking).spread; };
  EXPECT_EQ(spread((std::uint64_t{1} << 47) + (std::uint64_t{1} << 32)), 1);  // R just above 2^-8
  EXPECT_EQ(spread((std::uint64_t{1} << 47) - (std::uint64_t{1} << 32)), 2);
  EXPECT_EQ(spread((std::uint64_t{1} << 45) - (std::uint64_t{1} << 30)), 4);
  EXPECT_EQ(spread(1), 0x1p1015);  // U is rounded to one, and nothing is known
  EXPECT_EQ(radius(std::uint64_t{1} << 45).spread, 2);
  EXPECT_EQ(radius(0).spread, INFINITY);
}

TEST(Certified, TheSignIsTheLowestBit) {
  EXPECT_EQ(with_sign(2, 0), 2);
  EXPECT_EQ(with_sign(2, 1), -2);
  EXPECT_EQ(with_sign(2, 6), 2);
}

}  // namespace
}  // namespace sfumato
