#include "account/composed_delta.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sfumato/privacy/gaussian_curve.h"
#include "support/bounds.h"

namespace sfumato {
namespace {

struct Known {
  double epsilon;
  double mu;
  PlanLoss rest;  // ρ is filled in from μ
  double delta;
};

// By mpmath at 40 digits: the sum over all responses of ∫ max(0, P·φ(x - μ) - e^ε·Q·φ(x)) dx.
const Known kKnown[] = {
    {1, 0.2, {0, 0, 0, 0, 0}, 1.7546333318962354e-8},
    {1, 0.2, {0, 0, 0.03, 10, 5e-7}, 7.0462874273902589e-7},
    {1, 0.2, {0, 0, 0.03, 16, 5e-7}, 1.14407719627656e-6},
    {1, 0.15, {0, 0.1, 0.2, 1, 1e-9}, 1.9585467595644401e-8},
    {0.5, 1, {0, 0.7, 0.3, 3, 1e-3}, 0.36957240716108793},
    {3, 0.5, {0, 0, 1.5, 4, 1e-12}, 0.50327452482592898},  // losses beyond ε, of either sign
    {0.1, 0.01, {0, 0.02, 0.05, 1, 0}, 1.0039946215257778e-6},
};

PlanLoss with_gaussian(PlanLoss loss, double mu) {
  loss.rho = mu * mu / 2;
  return loss;
}

TEST(ComposedDelta, IsAboveTheIntegralAndHardlyAbove) {
  for (const Known& known : kKnown) {
    const PlanLoss loss = with_gaussian(known.rest, known.mu);
    expect_just_above(composed_delta(known.epsilon, loss).upper(), known.delta, 1e-12);
  }
}

TEST(ComposedDelta, InPlainDoubleIsNearIt) {
  for (const Known& known : kKnown) {
    const double near = composed_delta_near(known.epsilon, with_gaussian(known.rest, known.mu));
    EXPECT_NEAR(near / known.delta, 1, 1e-9);
  }
}

TEST(ComposedDelta, OfGaussianNoiseAloneIsItsCurve) {
  for (const double mu : {0.01, 0.3, 2.0}) {
    const double curve = gaussian_delta(1, 1, L2Sensitivity::make(mu).value()).upper;
    expect_just_above(composed_delta(1, with_gaussian({}, mu)).upper(), curve, 1e-13 / (mu * mu));
  }
}

// Beyond 16 groups: the truth, by the same integrals, and the bound of the dominating noise.
TEST(ComposedDelta, OfManyGroupsIsAboveTheTruthToo) {
  const double of_17 = composed_delta(1, with_gaussian({0, 0, 0.03, 17, 5e-7}, 0.2)).upper();
  EXPECT_GE(of_17, 1.2651478197775521e-6);
  EXPECT_LE(of_17, 1.2651478197775521e-6 * 4);
  const double of_100 = composed_delta(1, with_gaussian({0, 0, 0.02, 100, 0}, 0.2)).upper();
  EXPECT_GE(of_100, 2.2609155478430841e-5);
  EXPECT_LE(of_100, 2.2609155478430841e-5 * 6);
}

TEST(ComposedDelta, GrowsWithEachOfItsLosses) {
  const PlanLoss loss{0.02, 0.1, 0.05, 5, 1e-7};
  const double delta = composed_delta(1, loss).upper();
  EXPECT_GT(composed_delta(0.99, loss).upper(), delta);
  EXPECT_GT(composed_delta(1, {0.021, 0.1, 0.05, 5, 1e-7}).upper(), delta);
  EXPECT_GT(composed_delta(1, {0.02, 0.11, 0.05, 5, 1e-7}).upper(), delta);
  EXPECT_GT(composed_delta(1, {0.02, 0.1, 0.06, 5, 1e-7}).upper(), delta);
  EXPECT_GT(composed_delta(1, {0.02, 0.1, 0.05, 6, 1e-7}).upper(), delta);
  EXPECT_GT(composed_delta(1, {0.02, 0.1, 0.05, 5, 2e-7}).upper(), delta);
}

TEST(ComposedDelta, ClaimsNothingWhereTheLossIsInfinite) {
  EXPECT_GE(composed_delta(1, {INFINITY, 0, 0, 0, 0}).upper(), 1);
}

// ρ of the Gaussian noise whose sign answers as truly as the binary response: Φ(μ/2) = 1/(1 + e^-ε), by mpmath.
TEST(DominatingRho, IsAboveThatOfTheGaussianWhoseSignIsTheResponse) {
  EXPECT_NEAR(dominating_rho(1e-3) / 7.8539813530613539e-7, 1, 1e-7);
  EXPECT_GE(dominating_rho(1e-3), 7.8539813530613539e-7);
  EXPECT_GE(dominating_rho(0.5), 0.19462098323769776);
  EXPECT_GE(dominating_rho(1), 0.75895559537097932);
  EXPECT_GE(dominating_rho(3), 5.5800838326148203);
  EXPECT_GE(dominating_rho(10), 30.638121876936197);
  EXPECT_GE(dominating_rho(40), 147.66815200569751);
}

}  // namespace
}  // namespace sfumato
