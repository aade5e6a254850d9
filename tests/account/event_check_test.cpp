#include "account/event_check.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/exact.h"

namespace sfumato {
namespace {

std::string wrong_in(const Event& event) {
  const Status status = check_event(event);
  return status ? "" : status.error().where;
}

TEST(EventCheck, WhatMakesSensePasses) {
  for (const Loss& loss : std::initializer_list<Loss>{
           GaussianLoss{1.0}, LaplaceLoss{exactly("1e-400")}, DiscreteGaussianLoss{1.0, 7},
           DiscreteLaplaceLoss{2.0}, PureLoss{0.0}, ApproximateLoss{1.0, 1.0},
           BinaryResponseLoss{1.0}, RandomizedResponseLoss{1.0, 2}, BoundedRangeLoss{3.0},
           ZcdpLoss{0.0}, RdpLoss{{RdpPoint{1.5, 0.0}}},
           MassesLoss{{LossMass{-1, {0, 1}}}, {0, 0}}})
    EXPECT_EQ(wrong_in({.loss = loss}), "") << loss.index();
}

TEST(EventCheck, NoiseIsPositiveAndFinite) {
  for (const double x : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_EQ(wrong_in({.loss = GaussianLoss{x}}), "sigma");
    EXPECT_EQ(wrong_in({.loss = DiscreteGaussianLoss{x}}), "sigma");
    EXPECT_EQ(wrong_in({.loss = LaplaceLoss{x}}), "scale");
    EXPECT_EQ(wrong_in({.loss = DiscreteLaplaceLoss{x}}), "scale");
    EXPECT_EQ(wrong_in({.loss = GaussianLoss{1.0, x}}), "sensitivity");
  }
  EXPECT_EQ(wrong_in({.loss = DiscreteLaplaceLoss{1.0, 0}}), "sensitivity");
  EXPECT_EQ(wrong_in({.loss = DiscreteGaussianLoss{1.0, (std::int64_t{1} << 60) + 1}}),
            "sensitivity");
}

TEST(EventCheck, BudgetsLieInTheirRanges) {
  EXPECT_EQ(wrong_in({.loss = PureLoss{-0.5}}), "epsilon");
  EXPECT_EQ(wrong_in({.loss = BoundedRangeLoss{0x1p29}}), "epsilon");
  EXPECT_EQ(wrong_in({.loss = ApproximateLoss{1.0, 1.5}}), "delta");
  EXPECT_EQ(wrong_in({.loss = ApproximateLoss{std::nan(""), 0.5}}), "epsilon");
  EXPECT_EQ(wrong_in({.loss = ZcdpLoss{-1.0}}), "rho");
  EXPECT_EQ(wrong_in({.loss = RdpLoss{}}), "rdp");
  EXPECT_EQ(wrong_in({.loss = RdpLoss{{RdpPoint{1.0, 1.0}}}}), "alpha");
  EXPECT_EQ(wrong_in({.loss = RdpLoss{{RdpPoint{2.0, -1.0}}}}), "epsilon");
}

TEST(EventCheck, ResponsesAndMassesAreDistributions) {
  EXPECT_EQ(wrong_in({.loss = RandomizedResponseLoss{0.5, 1}}), "categories");
  EXPECT_EQ(wrong_in({.loss = RandomizedResponseLoss{0.0, 2}}), "p");
  EXPECT_EQ(wrong_in({.loss = MassesLoss{{LossMass{std::nan(""), {0, 1}}}, {0, 0}}}), "masses");
  EXPECT_EQ(wrong_in({.loss = MassesLoss{{LossMass{1, {0.5, 0.25}}}, {0, 0}}}), "masses");
  EXPECT_EQ(wrong_in({.loss = MassesLoss{{}, {-1, 0}}}), "masses");
}

TEST(EventCheck, CountsAndSamplesHaveLimits) {
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .count = -1}), "count");
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .count = 1'000'000'000'000'000'001}), "count");
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .count = 1'000'000'000'000'000'000}), "");
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .sampling = PoissonSampling{0.0}}), "q");
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .sampling = PoissonSampling{1.5}}), "q");
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .sampling = FixedSizeSampling{.n = 3, .m = 4}}), "m");
  EXPECT_EQ(wrong_in({.loss = PureLoss{1.0}, .sampling = FixedSizeSampling{.n = 3, .m = 0}}), "m");
}

}  // namespace
}  // namespace sfumato
