#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sfumato/noise/law.h"
#include "support/bounds.h"

namespace sfumato {
namespace {

Scale deviation(double value) {
  return Scale::make(value).value();
}

TEST(DiscreteGaussianLaw, MassesAgreeWithSumsIn50Digits) {
  // mpmath: 1 / Σ e^(-x²/2σ²).
  expect_enclosed(discrete_gaussian_mass(deviation(0.25), 0), 0.99932952458306028623);
  expect_enclosed(discrete_gaussian_mass(deviation(0.5), 0), 0.7865707070419478997);
  expect_enclosed(discrete_gaussian_mass(deviation(1), 0), 0.39894227826686170558);
  expect_enclosed(discrete_gaussian_mass(deviation(2), 0), 0.19947114020071633897);
  EXPECT_EQ(discrete_gaussian_mass(deviation(2), 5).lower,
            discrete_gaussian_mass(deviation(2), -5).lower);
}

TEST(DiscreteGaussianLaw, MassesOfNarrowAndWideLawsAddUpToOne) {
  for (double sigma : {0.05, 0.399, 0.401, 1.0, 20.0}) {
    double sum = 0;
    for (std::int64_t x = -400; x <= 400; ++x)
      sum += discrete_gaussian_mass(deviation(sigma), x).lower;
    EXPECT_NEAR(sum, 1, 1e-13) << sigma;
  }
}

TEST(DiscreteGaussianLaw, BothSumsMeetWhereTheyChange) {
  const double below = discrete_gaussian_mass(deviation(std::nextafter(0.4, 0.0)), 0).lower;
  const double above = discrete_gaussian_mass(deviation(std::nextafter(0.4, 1.0)), 0).lower;
  EXPECT_NEAR(below / above, 1, 1e-14);
}

struct TailPoint {
  double sigma;
  std::int64_t x;
  double tail;
};

TEST(DiscreteGaussianLaw, TailsAgreeWithSumsIn40Digits) {
  // mpmath, added up term by term. From σ = 100 on ours come by Euler-Maclaurin.
  constexpr TailPoint kTails[] = {
      {0.1, 1, 1.92874984796392849e-22},
      {0.39, 4, 1.33700033163381973e-23},
      {0.4, 1, 0.0403910421541181926},
      {0.41, 13, 4.44543837828053302e-219},
      {1, 1, 0.300528860866569147},
      {1, 31, 8.36395156110467758e-210},
      {5, 1, 0.46010577195985673221},
      {10, 11, 0.146758427238072734},
      {10, 301, 7.67657027742075136e-199},
      {99, 100, 0.157435236936448886},
      {99, 793, 5.96923158003763814e-16},
      {100, 1, 0.498005288597992837},
      {100, 101, 0.157447416738287118},
      {100, 3001, 4.2066770524013386e-198},
      {1000, 1, 0.499800528859799284},
      {1000, 1001, 0.158534288733425195},
      {1000, 30001, 4.83340002643034399e-198},
  };
  for (const TailPoint& p : kTails) {
    SCOPED_TRACE(p.sigma);
    expect_enclosed(discrete_gaussian_tail(deviation(p.sigma), p.x), p.tail);
  }
}

TEST(DiscreteGaussianLaw, TailsOfBothMethodsMeetWhereTheyChange) {
  // From x = σ²/20 on the sum is taken term by term: tails differ by one mass exactly.
  const Scale sigma = deviation(200);
  for (std::int64_t x : {1998, 1999, 2000, 2001, 2002}) {
    const double difference =
        discrete_gaussian_tail(sigma, x).upper - discrete_gaussian_tail(sigma, x + 1).upper;
    EXPECT_NEAR(difference / discrete_gaussian_mass(sigma, x).upper, 1, 1e-12) << x;
  }
}

TEST(DiscreteGaussianLaw, TailsLeftOfZeroAreTheRestOfThoseRightOfIt) {
  const Scale sigma = deviation(3);
  for (std::int64_t x : {-10, -3, -1, 0}) {
    const double left = discrete_gaussian_tail(sigma, x).lower;
    EXPECT_NEAR(left + discrete_gaussian_tail(sigma, 1 - x).lower, 1, 1e-15) << x;
  }
  EXPECT_EQ(discrete_gaussian_tail(sigma, std::numeric_limits<std::int64_t>::min()).upper, 1);
  EXPECT_EQ(discrete_gaussian_tail(sigma, std::numeric_limits<std::int64_t>::max()).lower, 0);
}

TEST(DiscreteGaussianLaw, WideLawsApproachTheContinuousOne) {
  const Scale sigma = deviation(0x1p20);
  const double half = gaussian_tail(sigma, 0x1p20 - 0.5).lower;  // the midpoint rule, to 1/24σ²
  EXPECT_NEAR(discrete_gaussian_tail(sigma, 1 << 20).lower / half, 1, 1e-12);
  EXPECT_GT(discrete_gaussian_tail(deviation(0x1p60), 1LL << 62).lower, 3e-5);
}

TEST(DiscreteGaussianLaw, HalfWidthsAreTheLeast) {
  EXPECT_EQ(discrete_gaussian_half_width(deviation(10), 0.95), 20);  // OpenDP 0.16: |X| >= 21
  EXPECT_EQ(discrete_gaussian_half_width(deviation(1e-3), 0.999), 0);
  for (double sigma : {0.2, 0.5, 1.0, 4.86, 120.0, 1e9}) {
    for (double confidence : {1e-6, 0.5, 0.95, 0.9999999}) {
      const Scale s = deviation(sigma);
      const std::int64_t t = discrete_gaussian_half_width(s, confidence);
      EXPECT_LE(2 * discrete_gaussian_tail(s, t + 1).upper, 1 - confidence) << sigma;
      if (t > 0) {
        EXPECT_GT(2 * discrete_gaussian_tail(s, t).upper, 1 - confidence) << sigma;
      }
    }
  }
}

TEST(DiscreteGaussianLaw, HalfWidthsBeyondAllIntegersSaturate) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(discrete_gaussian_half_width(deviation(1e30), 0.95), most);
  EXPECT_EQ(discrete_gaussian_half_width(deviation(1), std::nan("")), most);
  EXPECT_EQ(discrete_gaussian_half_width(deviation(1), 1), most);
}

TEST(DiscreteGaussianLaw, DeviationsAgreeWithSumsIn50Digits) {
  // mpmath: √(Σ x²·e^(-x²/2σ²) / Σ e^(-x²/2σ²)); from σ = 2 on it is σ to 1e-30.
  expect_just_above(discrete_gaussian_deviation(deviation(0.25)), 0.025893540063414423299, 1e-15);
  expect_just_above(discrete_gaussian_deviation(deviation(0.5)), 0.46369459247239285266, 1e-15);
  expect_just_above(discrete_gaussian_deviation(deviation(1)), 0.99999989438385846417, 1e-15);
  expect_just_above(discrete_gaussian_deviation(deviation(1e9)), 1e9, 1e-15);
}

// An interval asked of a law that was given by its scale alone is as wide as its noise.
TEST(DiscreteGaussianLaw, ADirectlyGivenScaleYieldsAnIntervalOfItsOwn) {
  EXPECT_GT(discrete_gaussian_half_width(deviation(5), 0.95), 8);
  EXPECT_GT(gaussian_half_width(deviation(5), 0.95), 9.7);
}

}  // namespace
}  // namespace sfumato
