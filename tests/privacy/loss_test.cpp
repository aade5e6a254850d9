#include "sfumato/privacy/loss.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace sfumato {
namespace {

TEST(Loss, WhatBearsOnPrivacyHasNoDefault) {
  EXPECT_FALSE(std::is_default_constructible_v<GaussianLoss>);
  EXPECT_FALSE(std::is_default_constructible_v<LaplaceLoss>);
  EXPECT_FALSE(std::is_default_constructible_v<PureLoss>);
  EXPECT_FALSE(std::is_default_constructible_v<RdpPoint>);
  EXPECT_FALSE(std::is_default_constructible_v<PoissonSampling>);
  EXPECT_FALSE(std::is_default_constructible_v<Event>);
}

TEST(Loss, AnEventIsReadAsItIsWritten) {
  const Event event{
      .loss = GaussianLoss{.sigma = 1.1}, .sampling = PoissonSampling{.q = 0.01}, .count = 1000};
  EXPECT_EQ(std::get<GaussianLoss>(event.loss).sigma, Exact(1.1));
  EXPECT_EQ(std::get<GaussianLoss>(event.loss).sensitivity, Exact(1.0));
  EXPECT_EQ(std::get<PoissonSampling>(event.sampling).q, Exact(0.01));
  EXPECT_EQ(event.count, 1000);
}

TEST(Loss, OneEventWithoutSamplingIsTheDefault) {
  const Event event{.loss = DiscreteLaplaceLoss{.scale = 2.0}};
  EXPECT_TRUE(std::holds_alternative<NoSampling>(event.sampling));
  EXPECT_EQ(event.count, 1);
  EXPECT_EQ(std::get<DiscreteLaplaceLoss>(event.loss).sensitivity, 1);
}

TEST(Loss, EqualEventsAreEqualFieldByField) {
  const Event curve{.loss = RdpLoss{{RdpPoint{.alpha = 2.0, .epsilon = 0.1}}}};
  const Event same{.loss = RdpLoss{{RdpPoint{.alpha = 2.0, .epsilon = 0.1}}}};
  const Event higher{.loss = RdpLoss{{RdpPoint{.alpha = 2.0, .epsilon = 0.2}}}};
  EXPECT_EQ(curve, same);
  EXPECT_NE(curve, higher);
  EXPECT_NE(curve, (Event{.loss = curve.loss, .sampling = NoSampling{}, .count = 2}));
  EXPECT_NE(Event{.loss = PureLoss{1.0}}, Event{.loss = BinaryResponseLoss{1.0}});
  const MassesLoss masses{{{.loss = 0.5, .mass = {0.9, 1}}}, {0, 0.1}};
  EXPECT_EQ(masses, (MassesLoss{{{.loss = 0.5, .mass = {0.9, 1}}}, {0, 0.1}}));
  EXPECT_NE(masses, (MassesLoss{{{.loss = 0.5, .mass = {0.9, 1}}}, {0, 0.2}}));
}

}  // namespace
}  // namespace sfumato
