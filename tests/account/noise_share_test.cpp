#include "sfumato/account/noise_share.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sfumato/account/composition.h"
#include "support/exact.h"

namespace sfumato {
namespace {

ShareCalibrationParams of_scalar(ShareLaw law, const char* delta) {
  return {.law = law,
          .parties = 10,
          .dropouts = 2,
          .colluders = 3,
          .epsilon = exactly("1"),
          .delta = exactly(delta),
          .move = WholeMove::scalar(3)};
}

double delta_of(const NoiseShare& share, std::int64_t present, const WholeMove& move) {
  const Loss loss = loss_of_shares(share, present, move).value();
  return Composition::make({.events = {{loss}}}).value().delta(1.0).value().bound.upper;
}

TEST(NoiseShare, HonestSharesSufficeAndLessDoesNot) {
  for (const ShareLaw law : {ShareLaw::skellam, ShareLaw::discrete_gaussian}) {
    const NoiseShare share = least_share(of_scalar(law, "1e-6")).value();
    EXPECT_EQ(share.needed, 5);
    EXPECT_LE(delta_of(share, 5, WholeMove::scalar(3)), 1e-6);
    NoiseShare less = share;
    less.scale *= 1 - 1e-6;
    EXPECT_GT(delta_of(less, 5, WholeMove::scalar(3)), 1e-6);
    EXPECT_GT(delta_of(share, 4, WholeMove::scalar(3)), 1e-6);
  }
}

TEST(NoiseShare, LaplacePartsOfTheHonestMakeTheNoiseWhole) {
  const NoiseShare share = least_share(of_scalar(ShareLaw::discrete_laplace, "0")).value();
  EXPECT_EQ(share, (NoiseShare{ShareLaw::discrete_laplace, 3, 5}));
  EXPECT_LT(least_share(of_scalar(ShareLaw::discrete_laplace, "1e-3")).value().scale, 3);
}

TEST(NoiseShare, VectorsAreBoundedInTheirNorms) {
  const WholeMove move{.l1 = 40, .l2 = 10.0, .coordinates = 1000};
  for (const ShareLaw law :
       {ShareLaw::skellam, ShareLaw::discrete_gaussian, ShareLaw::discrete_laplace}) {
    ShareCalibrationParams params = of_scalar(law, "1e-6");
    params.move = move;
    const NoiseShare share = least_share(params).value();
    EXPECT_LE(delta_of(share, share.needed, move), 1e-6);
    const double variance = law == ShareLaw::skellam ? share.scale * 5 : share.scale * share.scale * 5;
    // Gaussian noise needs σ = 4.22 · 10 for its exact curve; Rényi bounds and ρ need some more.
    if (law != ShareLaw::discrete_laplace) {
      EXPECT_GT(std::sqrt(variance), 42.2);
      EXPECT_LT(std::sqrt(variance), 42.2 * 1.15);
    } else {
      EXPECT_EQ(share.scale, 40);
    }
  }
}

TEST(NoiseShare, AMissingPartOfAVectorsNoiseCostsMostWhereAllMoveAlike) {
  const NoiseShare share{ShareLaw::discrete_laplace, 4, 5};
  const auto pure = [&](const WholeMove& move) {
    return std::get<PureLoss>(loss_of_shares(share, 4, move).value()).epsilon.upper();
  };
  const auto one = [&](std::int64_t d) {
    const Loss loss = loss_of_shares(share, 4, WholeMove::scalar(d)).value();
    return Composition::make({.events = {{loss}}}).value().epsilon(0.0).value().bound.upper;
  };
  EXPECT_NEAR(pure({.l1 = 3, .l2 = 3.0, .coordinates = 8}), 3 * one(1), 1e-9);
  EXPECT_NEAR(pure({.l1 = 3, .l2 = 3.0, .coordinates = 2}), one(1) + one(2), 1e-9);
  EXPECT_NEAR(pure({.l1 = 4, .l2 = 4.0, .coordinates = 2}), 2 * one(2), 1e-9);
  EXPECT_GT(one(1) + one(2), one(3));
}

TEST(NoiseShare, BothCostsOfAReleaseAreTold) {
  const NoiseShare share = least_share(of_scalar(ShareLaw::discrete_laplace, "0")).value();
  const auto cost = [&](std::int64_t survivors) {
    return shared_cost({.share = share,
                        .survivors = survivors,
                        .colluders = 3,
                        .delta = 0.0,
                        .move = WholeMove::scalar(3)})
        .value();
  };
  EXPECT_NEAR(cost(8).outsiders.bound.upper, 1, 1e-9);
  EXPECT_NEAR(cost(8).colluders.bound.upper, 1, 1e-9);
  EXPECT_NEAR(cost(10).colluders.bound.upper, 1, 1e-9);
  EXPECT_GT(cost(7).colluders.bound.upper, 1.1);
  EXPECT_NEAR(cost(7).outsiders.bound.upper, 1, 1e-9);

  const NoiseShare skellam = least_share(of_scalar(ShareLaw::skellam, "1e-6")).value();
  const SharedCost told = shared_cost({.share = skellam,
                                       .survivors = 10,
                                       .colluders = 3,
                                       .delta = exactly("1e-6"),
                                       .move = WholeMove::scalar(3)})
                              .value();
  EXPECT_LT(told.outsiders.bound.upper, told.colluders.bound.lower);
  EXPECT_LT(told.colluders.bound.upper, 1);
}

TEST(NoiseShare, SharesOfDiscreteGaussianNoiseHaveADeviationOfOneAtLeast) {
  ShareCalibrationParams params = of_scalar(ShareLaw::discrete_gaussian, "1e-6");
  params.parties = 1000;
  params.move = WholeMove::scalar(1);
  const NoiseShare share = least_share(params).value();
  EXPECT_EQ(share.scale, 1);
  EXPECT_LT(delta_of(share, share.needed, params.move), 1e-6);
}

TEST(NoiseShare, WhatLeavesNobodyHonestIsRefused) {
  const auto refused = [](auto change) {
    ShareCalibrationParams params = of_scalar(ShareLaw::skellam, "1e-6");
    change(params);
    const auto made = least_share(params);
    return made ? std::string() : made.error().where + ' ' + made.error().message;
  };
  EXPECT_EQ(refused([](auto& p) { p.dropouts = 7; }),
            "colluders and dropouts must leave one honest party at least");
  EXPECT_EQ(refused([](auto& p) { p.parties = 1; }), "parties must lie in 2 … 2^20");
  EXPECT_EQ(refused([](auto& p) { p.colluders = -1; }),
            "dropouts and colluders must each lie in 0 … parties");
  EXPECT_EQ(refused([](auto& p) { p.delta = 0.0; }),
            "delta must exceed 0, but for Laplace noise with an ε above 0");
  EXPECT_EQ(refused([](auto& p) { p.move.l1 = 0; }), "l1 must lie in 1 … 2^53");
  EXPECT_EQ(refused([](auto& p) { p.times = 0; }), "times must be at least 1");
  EXPECT_FALSE(shared_cost({.share = {ShareLaw::skellam, 1, 5},
                            .survivors = 3,
                            .colluders = 3,
                            .delta = 0.1,
                            .move = WholeMove::scalar(1)}));
}

}  // namespace
}  // namespace sfumato
