#include "account/pure_composition.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

DeltaCurve composed(const std::vector<Event>& events) {
  return pure_composition(events).value();
}

Event coins_of(const char* epsilon, std::int64_t count, const char* delta = "0") {
  return {.loss = ApproximateLoss{exactly(epsilon), exactly(delta)}, .count = count};
}

struct Homogeneous {
  std::int64_t k;
  const char *epsilon0, *delta0, *given;
  double value;
};

TEST(PureComposition, DeltaAgreesWithTheOptimalOneIn80Digits) {
  // mpmath: 1 - (1-δ₀)^k·(1 - Σ …), Kairouz, Oh, Viswanath 2015.
  constexpr Homogeneous kPoints[] = {{1, "1", "0", "0.5", 0.28764913664496792492},
                                     {10, "0.1", "0", "0.5", 9.9296269173888525321e-3},
                                     {100, "0.1", "0", "1", 0.12568839024063642514},
                                     {100, "0.01", "0", "0.2", 9.0261613097617178537e-4},
                                     {1000, "0.01", "0", "2", 1.3934827208459946528e-11},
                                     {10000, "0.01", "0", "3", 1.5353963330320726108e-3},
                                     {100, "0.1", "1e-10", "3", 1.3614086812176012127e-3}};
  for (const Homogeneous& p : kPoints) {
    const DeltaCurve curve = composed({coins_of(p.epsilon0, p.k, p.delta0)});
    expect_enclosed(delta_at(curve, exactly(p.given)), p.value, 1e-12);
  }
}

TEST(PureComposition, EpsilonInvertsDeltaOverTheReals) {
  constexpr Homogeneous kPoints[] = {{2, "1", "0", "1e-6", 1.9999981289040839216},
                                     {30, "0.1", "0", "1e-5", 2.1101544222423823039},
                                     {100, "0.1", "0", "1e-20", 8.6649803619913438679},
                                     {100, "0.1", "1e-9", "1e-6", 4.7877237608116317708}};
  for (const Homogeneous& p : kPoints) {
    const DeltaCurve curve = composed({coins_of(p.epsilon0, p.k, p.delta0)});
    expect_enclosed(epsilon_at(curve, exactly(p.given), 1), p.value, 1e-12);
  }
}

TEST(PureComposition, SeveralEpsilonsAgreeWithTheSumOverSubsets) {
  // mpmath: Murtagh, Vadhan 2016, the exact sum.
  const DeltaCurve four =
      composed({coins_of("0.5", 1), coins_of("1", 1), coins_of("0.25", 1), coins_of("0.1", 1)});
  expect_enclosed(delta_at(four, 1.0), 0.17904988921681761031, 1e-14);
  std::vector<Event> powers;
  for (const char* e : {"0.01", "0.02", "0.04", "0.08", "0.16", "0.32", "0.64"})
    powers.push_back(coins_of(e, 1));
  expect_enclosed(delta_at(composed(powers), exactly("0.7")), 0.087776323414009223801, 1e-14);
}

TEST(PureComposition, TheTwoSumsAgree) {
  // Half of the coins are written otherwise, so that they count as another ε.
  const DeltaCurve one = composed({coins_of("0.25", 60)});
  const DeltaCurve two =
      composed({coins_of("0.25", 30), {.loss = BinaryResponseLoss{0.25}, .count = 30}});
  for (const double epsilon : {0.0, 0.1, 1.0, 2.5, 7.0, 14.9}) {
    const Enclosure a = one.at(epsilon), b = two.at(epsilon);
    EXPECT_FALSE(a.certainly_above(b) || b.certainly_above(a)) << epsilon;
    EXPECT_TRUE(a.tight(60) && b.tight(60)) << epsilon;
  }
}

TEST(PureComposition, OneReleaseIsACoin) {
  // (e^e0 - e^ε) / (1 + e^e0)
  for (const double epsilon : {0.0, 0.5, 1.9}) {
    const Bounds delta = delta_at(composed({coins_of("2", 1)}), epsilon);
    const double truth = (std::exp(2.0) - std::exp(epsilon)) / (1 + std::exp(2.0));
    EXPECT_NEAR(delta.upper / truth, 1, 1e-14);
    EXPECT_LE(delta.upper - delta.lower, 1e-15 * truth);
  }
  EXPECT_EQ(delta_at(composed({coins_of("2", 1)}), 2.0), (Bounds{0, 0}));
  EXPECT_EQ(delta_at(composed({coins_of("2", 3)}), 6.5), (Bounds{0, 0}));
}

TEST(PureComposition, WhatTellsNothingCostsNothing) {
  EXPECT_EQ(delta_at(composed({coins_of("0", 7)}), 0.0), (Bounds{0, 0}));
  EXPECT_EQ(delta_at(composed({}), 0.0), (Bounds{0, 0}));
}

TEST(PureComposition, FailuresAloneAddUp) {
  expect_enclosed(delta_at(composed({coins_of("0", 1000, "1e-20")}), 3.0), 1e-17, 1e-14);
  expect_enclosed(delta_at(composed({coins_of("0", 1, "0.5"), coins_of("0", 2, "0.25")}), 0.0),
                  0.71875);
  EXPECT_EQ(delta_at(composed({coins_of("1", 1, "1")}), 5.0), (Bounds{1, 1}));
}

TEST(PureComposition, AtEachStepOfTheLossBothSidesMeet) {
  const DeltaCurve curve = composed({coins_of("0.1", 100)});
  for (const char* step : {"0", "2", "4.4", "9.8"}) {  // (k - 2l)·e0
    const Bounds there = delta_at(curve, exactly(step));
    const Bounds nearby = delta_at(curve, std::fmax(exactly(step).lower() - 1e-15, 0));
    EXPECT_NEAR(there.upper / nearby.upper, 1, 1e-11) << step;
    EXPECT_LE(there.upper - there.lower, 1e-12 * there.upper) << step;
  }
}

TEST(PureComposition, DeltasFarBelowAllDoublesOfOneRoundingAreKept) {
  // The last outcome alone: (1/(1+e^-e0))^k·(1 - e^(ε - k·e0)), with ε one step below.
  const double mass = -100 * std::log1p(std::exp(-0.1));
  const double truth = std::exp(mass) * -std::expm1(-0.05);
  const Bounds delta = delta_at(composed({coins_of("0.1", 100)}), exactly("9.95"));
  EXPECT_NEAR(delta.upper / truth, 1, 1e-12);
  EXPECT_LE(delta.upper - delta.lower, 1e-15 * truth);
}

TEST(PureComposition, ABillionReleasesAreAnsweredInMilliseconds) {
  // The same at 512 bits, where each term is enclosed by itself: 1.0981047941699646e-4.
  const auto start = std::chrono::steady_clock::now();
  const DeltaCurve curve = composed({coins_of("1e-5", 1'000'000'000)});
  expect_enclosed(delta_at(curve, 1.0), 0.00010981047941699646, 1e-11);
  const Bounds epsilon = epsilon_at(curve, exactly("1e-6"), 1);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  expect_enclosed(epsilon, 1.367571473125365, 1e-10);
  EXPECT_LT(took.count(), 30) << "0.6 s are usual: this is for sanitizers on a busy machine";
}

TEST(PureComposition, TooManyCombinationsAreRefused) {
  const std::vector<Event> events{coins_of("0.1", 200), coins_of("0.2", 200)};
  EXPECT_EQ(pure_composition(events).error().code, Errc::unsupported);
  EXPECT_TRUE(pure_composition(std::vector{coins_of("0.1", 100), coins_of("0.2", 100)}));
}

}  // namespace
}  // namespace sfumato
