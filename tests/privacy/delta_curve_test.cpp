#include "privacy/delta_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/bounds.h"

namespace sfumato {
namespace {

/// δ(ε) = e^-ε - e^-10, which is 0 from 10 on.
const DeltaCurve kFalling{[](const Enclosure& epsilon) {
  return max(exp(-epsilon) - exp(Enclosure(-10, epsilon.bits())), Enclosure(0));
}};

/// As wide as its precision is coarse: certain of nothing within 2^-20 of itself.
const DeltaCurve kCoarse{
    [](const Enclosure& epsilon) { return exp(-epsilon) * Enclosure::hull(1 - 0x1p-20, 1); }, 20};

TEST(DeltaCurve, DeltaIsAnUlpOrTwoWide) {
  expect_enclosed(delta_at(kFalling, 1.0), 0.3678340412416798367439882);  // e^-1 - e^-10, mpmath
  EXPECT_EQ(delta_at(kFalling, 11.0), (Bounds{0, 0}));
}

TEST(DeltaCurve, PrecisionGrowsUntilCancellationIsUndone) {
  const DeltaCurve cancelling{[](const Enclosure& epsilon) {
    const Enclosure big = exp(Enclosure(1000, epsilon.bits()));
    return (big + exp(-epsilon)) - big;
  }};
  expect_enclosed(delta_at(cancelling, 2.0), std::exp(-2.0));
}

TEST(DeltaCurve, DeltaStaysWithinZeroAndOne) {
  const DeltaCurve wild{[](const Enclosure&) { return Enclosure::hull(-3, 5); }, 0};
  EXPECT_EQ(delta_at(wild, 1.0), (Bounds{0, 1}));
}

TEST(DeltaCurve, EpsilonInvertsDelta) {
  for (const double guess : {1e-6, 1.0, 1e6})
    expect_enclosed(epsilon_at(kFalling, 0.3678340412416798367439882, guess), 1, 1e-14);
  EXPECT_EQ(epsilon_at(kFalling, 1.0, 1), (Bounds{0, 0}));
}

TEST(DeltaCurve, EpsilonIsProvedOnBothSidesThoughTheCurveIsCoarse) {
  const Bounds epsilon = epsilon_at(kCoarse, 0.5, 1);
  EXPECT_TRUE(Enclosure(0.5).certainly_at_least(exp(-Enclosure(epsilon.upper))));
  EXPECT_TRUE((exp(-Enclosure(epsilon.lower)) * (1 - 0x1p-20)).certainly_above(0.5));
  EXPECT_LE(epsilon.upper - epsilon.lower, 4e-6);
}

TEST(DeltaCurve, WhereNoEpsilonSufficesItIsInfinite) {
  const DeltaCurve flat{[](const Enclosure&) { return Enclosure(0.25); }};
  EXPECT_EQ(epsilon_at(flat, 0.125, 1).upper, INFINITY);
}

TEST(DeltaCurve, ExcessHasTheSignOfTheDifference) {
  EXPECT_GT(excess(kFalling, 1.0, 0.3678), 0);
  EXPECT_LE(excess(kFalling, 1.0, 0.3679), 0);
  EXPECT_GT(excess(kCoarse, 0.0, 0.99999999), 0) << "undecided counts as too much";
}

TEST(DeltaCurve, TheGaussianFormsMeetWhereTheyChange) {
  // near = 3 at ε = 3.5 for μ = 1; δ by mpmath at 60 digits.
  const Enclosure step = Enclosure(1).scaled(-200);
  expect_enclosed(gaussian_delta(Enclosure(3.5), 1).bounds(), 0.0003010905442332854848984928);
  expect_enclosed(gaussian_delta(3.5 + step, 1).bounds(), 0.0003010905442332854848984928);
}

}  // namespace
}  // namespace sfumato
