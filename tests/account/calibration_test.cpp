#include "sfumato/account/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sfumato/account/composition.h"
#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

struct LeastSigma {
  const char *epsilon, *delta;
  double sigma;
};

TEST(Calibration, GaussianSigmaIsTheLeastThatSufficesToOneInABillion) {
  // mpmath: inverse of the analytic Gaussian curve, sensitivity 1.
  constexpr LeastSigma kPoints[] = {
      {"1e-6", "1e-5", 38021.981468747452937}, {"1e-6", "1e-20", 7.123425298860483592e+6},
      {"1e-3", "1e-5", 1724.2590335838075467}, {"1e-3", "1e-20", 7993.1397632793766586},
      {"0.1", "1e-5", 30.749566131977450239},  {"0.1", "1e-20", 85.333282301634814102},
      {"0.5", "1e-5", 7.0318266755824914427},  {"0.5", "1e-20", 17.469875693687602954},
      {"1", "1e-5", 3.7306316348159418322},    {"1", "1e-12", 6.5578220674588500913},
      {"3", "1e-3", 1.0372517184874800553},    {"3", "1e-12", 2.2830529848688011721},
      {"10", "1e-3", 0.40605955802413852319},  {"10", "1e-12", 0.74461232292175435707},
      {"50", "1e-3", 0.13412430797038182373},  {"50", "1e-12", 0.19071044240637713911},
      {"0", "1e-5", 39894.228039098839346},    {"100", "1e-10", 0.10876042602012663676}};
  for (const LeastSigma& p : kPoints)
    expect_just_above(least_scale({.law = ScaleFamily::gaussian,
                                   .epsilon = exactly(p.epsilon),
                                   .delta = exactly(p.delta),
                                   .sensitivity = 1.0})
                          .value(),
                      p.sigma, 1e-9);
}

TEST(Calibration, GaussianSigmaGrowsAsTheRootOfTheNumberOfReleases) {
  CalibrationParams params{
      .law = ScaleFamily::gaussian, .epsilon = 1.0, .delta = exactly("1e-12"), .sensitivity = 1.0};
  params.times = 100;
  expect_just_above(least_scale(params).value(), 65.578220674588500913, 1e-9);
  params.sensitivity = exactly("0.1");
  expect_just_above(least_scale(params).value(), 6.5578220674588500913, 1e-9);
}

double single_delta_above(const Event& event, const Exact& epsilon) {
  return Composition::make({.events = {event}}).value().delta(epsilon).value().bound.upper;
}

TEST(Calibration, WhatIsAnsweredKeepsDeltaAndALittleLessDoesNot) {
  for (const char* delta : {"1e-3", "1e-10", "1e-100"})
    for (const double epsilon : {0.1, 1.0, 5.0}) {
      const Exact goal = exactly(delta);
      const double sampled =
          least_scale({ScaleFamily::gaussian, epsilon, goal, 2.0, 1, exactly("0.01")}).value();
      const auto at = [&](double sigma) {
        return single_delta_above(
            {.loss = GaussianLoss{sigma, 2.0}, .sampling = PoissonSampling{exactly("0.01")}},
            epsilon);
      };
      EXPECT_LE(at(sampled), goal.upper());
      EXPECT_GT(at(sampled * (1 - 1e-9)), goal.lower());
      const double whole =
          least_scale({ScaleFamily::discrete_gaussian, epsilon, goal, 3.0}).value();
      EXPECT_LE(single_delta_above({.loss = DiscreteGaussianLoss{whole, 3}}, epsilon),
                goal.upper());
      const double laplace = least_scale({ScaleFamily::laplace, epsilon, goal, 1.0}).value();
      EXPECT_LE(single_delta_above({.loss = LaplaceLoss{laplace}}, epsilon), goal.upper());
      EXPECT_LE(laplace, 1 / epsilon * (1 + 1e-10));
    }
}

TEST(Calibration, LaplaceWithADeltaAgreesWithItsFormula) {
  // δ = 1 - e^((ε - Δ/b)/2), so b = Δ / (ε - 2·ln(1 - δ)).
  const double b = least_scale({ScaleFamily::laplace, 1.0, exactly("0.01"), 3.0}).value();
  EXPECT_NEAR(b / (3 / (1 - 2 * std::log1p(-0.01))), 1, 1e-10);
}

TEST(Calibration, PureScalesAreQuotientsRoundedUp) {
  const auto scale = [](ScaleFamily law, const char* epsilon, std::int64_t times, const char* q) {
    return least_scale({law, exactly(epsilon), 0.0, 3.0, times, exactly(q)}).value();
  };
  EXPECT_EQ(scale(ScaleFamily::laplace, "0.5", 1, "1"), 6);
  expect_just_above(scale(ScaleFamily::discrete_laplace, "0.5", 10, "1"), 60, 2e-16);
  expect_just_above(scale(ScaleFamily::laplace, "0.1", 1, "1"), 30, 2e-16);
  expect_just_above(scale(ScaleFamily::laplace, "0.3", 1, "1"), 10, 1e-15);
  // ε = log(1 + q·(e^(Δ/b) - 1)): Δ/b = log(1 + (e - 1)/0.5)
  expect_just_above(scale(ScaleFamily::laplace, "1", 1, "0.5"), 3 / std::log1p(2 * std::expm1(1)),
                    1e-15);
}

TEST(Calibration, DoublesThatSufficeAreNotExceeded) {
  EXPECT_GT(least_scale({ScaleFamily::gaussian, 1.0, exactly("1e-300"), 1.0}).value(), 36.8654978);
  EXPECT_FALSE(least_scale({ScaleFamily::laplace, 1e-300, 0.0, 1e300}));
}

TEST(Calibration, WhatMakesNoSenseIsRefusedByName) {
  const auto refused = [](const CalibrationParams& params) {
    return least_scale(params).error().where;
  };
  const ScaleFamily law = ScaleFamily::gaussian;
  EXPECT_EQ(refused({law, -1.0, 0.5, 1.0}), "epsilon");
  EXPECT_EQ(refused({law, std::nan(""), 0.5, 1.0}), "epsilon");
  EXPECT_EQ(refused({law, 0x1p29, 0.5, 1.0}), "epsilon");
  EXPECT_EQ(refused({law, 1.0, 0.0, 1.0}), "delta");
  EXPECT_EQ(refused({ScaleFamily::laplace, 0.0, 0.0, 1.0}), "delta");
  EXPECT_EQ(refused({law, 1.0, 1.0, 1.0}), "delta");
  EXPECT_EQ(refused({law, 1.0, 0.5, 0.0}), "sensitivity");
  EXPECT_EQ(refused({ScaleFamily::discrete_laplace, 1.0, 0.5, 1.5}), "sensitivity");
  EXPECT_EQ(refused({law, 1.0, 0.5, 1.0, 0}), "times");
  EXPECT_EQ(refused({law, 1.0, 0.5, 1.0, 1, 0.0}), "q");
}

double delta_of_composition(const Event& event, const Exact& epsilon) {
  return Composition::make({.events = {event}}).value().delta(epsilon).value().bound.upper;
}

TEST(Calibration, ComposedReleasesAreCalibratedByTheirComposition) {
  // ε of two contours that agree, for σ = 1: 9.31613853 at q = 0.01, k = 10^4, δ = 1e-10.
  const Exact epsilon = exactly("9.31613853"), delta = exactly("1e-10"), q = exactly("0.01");
  const double sigma = least_scale({ScaleFamily::gaussian, epsilon, delta, 1.0, 10000, q}).value();
  EXPECT_NEAR(sigma, 1, 1e-8);
  EXPECT_LE(
      delta_of_composition(
          {.loss = GaussianLoss{sigma}, .sampling = PoissonSampling{q}, .count = 10000}, epsilon),
      1e-10);
  const double laplace =
      least_scale({ScaleFamily::laplace, 1.0, exactly("1e-6"), 1.0, 100}).value();
  EXPECT_LE(delta_of_composition({.loss = LaplaceLoss{laplace}, .count = 100}, 1.0), 1e-6);
  EXPECT_GT(delta_of_composition({.loss = LaplaceLoss{laplace * (1 - 1e-6)}, .count = 100}, 1.0),
            1e-6);
  EXPECT_LT(laplace, 100);
}

}  // namespace
}  // namespace sfumato
