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

/// Words of U in each of the 17 halvings above 2^-17, and at their ends.
template <class Check>
void for_each_certain_word(int times, Check check) {
  std::mt19937_64 words(81);
  for (int length = 48; length <= 64; ++length) {
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
  for (int exponent = -18; exponent < 0; ++exponent) {
    for (int i = 0; i < 4'000; ++i) {
      const double u = std::ldexp(in_binade(words), exponent);
      Real exact(120);
      set_minus_log(exact, u);
      ASSERT_LE(distance(minus_log(u), exact), 0x1p-49) << u;
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
    ASSERT_LE(distance(minus_log(u), exact), minus_log(u) * 0x1p-51) << u;
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
  EXPECT_TRUE(nearest_certain(0.25, 7, 0.125).certain);
  EXPECT_EQ(nearest_certain(0.25, 7, 0.125).whole, 7);
  EXPECT_FALSE(nearest_certain(0.375, 7, 0.125).certain);
  EXPECT_FALSE(nearest_certain(-0.4, -7, 0.125).certain);
  EXPECT_TRUE(nearest_certain(0.5, 0.2, 0.125).certain);
  EXPECT_EQ(nearest_certain(0.5, 0.2, 0.125).whole, 1);
  EXPECT_FALSE(nearest_certain(0, INFINITY, 0.125).certain);
  EXPECT_FALSE(nearest_certain(0, NAN, 0.125).certain);
}

// The budgets of docs/proofs/noise/laplace.md and gaussian.md, before the scale is multiplied in.
TEST(Certified, TheExponentialIsWithinItsBudgetAtBothEndsOfWhatIsKnown) {
  for_each_certain_word(2000, [](std::uint64_t word) {
    const Exponential z = exponential(word);
    ASSERT_TRUE(z.certain);
    for (const bool upper : {false, true}) {
      Real exact(120);
      set_end(exact, word, 1, upper);
      mpfr_log(exact, exact, MPFR_RNDN);
      mpfr_neg(exact, exact, MPFR_RNDN);
      ASSERT_LE(distance(z.value, exact), 9.4 * 0x1p-50) << word;
    }
  });
}

TEST(Certified, TheGaussianIsWithinItsBudgetAtBothEndsOfWhatIsKnown) {
  std::mt19937_64 words(87);
  for_each_certain_word(2000, [&](std::uint64_t word) {
    if (!radius(word).certain) return;
    const std::uint64_t angle_word = words();
    const double z = radius(word).value * on_octant(angle_word).cosine;
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
      ASSERT_LE(distance(z, exact), 17.2 * 0x1p-50) << word << ' ' << angle_word;
    }
  });
}

TEST(Certified, CornersAreNeverCertain) {
  constexpr std::uint64_t kCorner = std::uint64_t{1} << 47;
  constexpr std::uint64_t kNearOne = 0 - (std::uint64_t{1} << 48);
  EXPECT_TRUE(exponential(kCorner).certain);
  EXPECT_FALSE(exponential(kCorner - 1).certain);
  EXPECT_FALSE(exponential(0).certain);
  EXPECT_TRUE(exponential(~std::uint64_t{0}).certain);
  EXPECT_TRUE(radius(kNearOne - 1).certain);
  EXPECT_FALSE(radius(kNearOne).certain);
  EXPECT_FALSE(radius(kCorner - 1).certain);
}

TEST(Certified, TheSignIsTheLowestBit) {
  EXPECT_EQ(with_sign(2, 0), 2);
  EXPECT_EQ(with_sign(2, 1), -2);
  EXPECT_EQ(with_sign(2, 6), 2);
}

}  // namespace
}  // namespace sfumato
