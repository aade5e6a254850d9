#include "account/losses.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "account/formula.h"
#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

struct Known {
  std::vector<Event> events;
  double epsilon;
  double width = 1e-6;  // of the losses' bounds, as a share of δ
  Relation relation = Relation::add_remove;
};

Losses losses_of(const Known& c) {
  return Losses::make({.events = c.events, .relation = c.relation}).value();
}

Formula formula_of(const Known& c) {
  return Formula::make(c.events, c.relation).value();
}

std::vector<Known> cases() {
  const PoissonSampling q{0.25};
  const FixedSizeSampling fixed{40, 10};
  return {
      {{{GaussianLoss{1.0}}}, 1},
      {{{GaussianLoss{2.0}, {}, 5}, {GaussianLoss{1.0}}}, 3},
      {{{PureLoss{1.0}, {}, 2}}, 0.5},
      {{{PureLoss{exactly("0.1")}, {}, 100}}, 1},
      {{{ApproximateLoss{exactly("0.1"), exactly("1e-10")}, {}, 100}}, 3},
      {{{BinaryResponseLoss{exactly("0.01")}, {}, 1000}}, 2},
      {{{PureLoss{0.5}}, {PureLoss{1.0}}, {PureLoss{0.25}}}, 1},
      {{{LaplaceLoss{1.0}}}, 0.5},
      {{{DiscreteLaplaceLoss{5.0, 5}}}, 0.7},
      {{{DiscreteGaussianLoss{10.0, 5}}}, 1},
      {{{RandomizedResponseLoss{0.5, 10}}}, 0.3},
      {{{GaussianLoss{1.0}, q}}, 0.2},
      {{{PureLoss{1.0}, q}}, 0.2},
      {{{ApproximateLoss{1.0, 0.01}, q}}, 0.2},
      {{{DiscreteLaplaceLoss{2.0, 3}, q}}, 0.2},
      {{{DiscreteGaussianLoss{2.0}, q}}, 0.2},
      {{{RandomizedResponseLoss{0.5, 4}, q}}, 0.2},
      {{{LaplaceLoss{1.0}, q}}, 0.2, 1e-3},
      {{{PureLoss{1.0}, fixed}}, 0.2, 1e-6, Relation::replace},
      {{{DiscreteGaussianLoss{2.0}, fixed}}, 0.2, 1e-6, Relation::replace},
      {{{RandomizedResponseLoss{0.5, 4}, fixed}}, 0.2, 1e-6, Relation::replace},
      {{{LaplaceLoss{1.0}, fixed}}, 0.2, 1e-3, Relation::replace},
      {{{GaussianLoss{1.0}, fixed}}, 0.2, 1e-3, Relation::replace},
  };
}

void expect_meet(const Bounds& a, const Bounds& b, std::size_t i) {
  EXPECT_LE(a.lower, b.upper) << i;
  EXPECT_GE(a.upper, b.lower) << i;
}

TEST(Losses, DeltaIsThatOfTheFormula) {
  const std::vector<Known> all = cases();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Losses losses = losses_of(all[i]);
    const Bounds found = LossesCurve(losses).delta(Enclosure(all[i].epsilon)).bound;
    expect_meet(found, formula_of(all[i]).delta(all[i].epsilon).value(), i);
    EXPECT_LE(found.upper - found.lower, all[i].width * found.upper) << i;
  }
}

TEST(Losses, EpsilonIsThatOfTheFormula) {
  const std::vector<Known> all = cases();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Exact delta = formula_of(all[i]).delta(all[i].epsilon).value().upper;
    const Bounds found = losses_of(all[i]).epsilon(delta).bound;
    expect_meet(found, formula_of(all[i]).epsilon(delta).value(), i);
    EXPECT_LE(found.upper - found.lower, 10 * all[i].width * found.upper) << i;
  }
}

TEST(Losses, TradeOffIsThatOfTheFormula) {
  const std::vector<Known> all = cases();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Losses losses = losses_of(all[i]);
    LossesCurve curve(losses);
    for (const double alpha : {0.05, 0.5}) {
      if (alpha < 0.5 && all[i].width > 1e-6) continue;  // of many cells, which take a second
      const Guarantee found = curve.type_two_error(alpha);
      expect_meet(found.bound, formula_of(all[i]).type_two_error(alpha).value(), i);
      EXPECT_LE(found.bound.upper - found.bound.lower, 10 * all[i].width) << i;
    }
  }
}

TEST(Losses, WhatNeverPassesIsTheMassOfInfiniteLoss) {
  expect_enclosed(losses_of({{{ApproximateLoss{1.0, 0.25}, {}, 2}}, 0}).infinite().bounds(),
                  0.4375);
  EXPECT_EQ(losses_of({{{LaplaceLoss{1.0}, {}, 2}}, 0}).infinite().bounds(), (Bounds{0, 0}));
}

}  // namespace
}  // namespace sfumato
