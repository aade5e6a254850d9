#include "account/side_curve.h"

#include <gtest/gtest.h>

#include "account/event_law.h"

namespace sfumato {
namespace {

Side side_of(const Event& event, Direction direction = Direction::removed) {
  Side side;
  add_event(event, direction, Reading::pure, 1, side);
  return side;
}

const Event kSteps{GaussianLoss{1.0}, PoissonSampling{0.01}, 10'000};

TEST(SideCurve, FarFromWhereItAskedFirstItIsAsCloseAsFresh) {
  const Side side = side_of(kSteps);
  SideCurve shared(side, 1e-6);
  for (const double epsilon : {4.0, 4.1, 3.0, 9.0, 0.0, 18.0, 4.0}) {
    const Guarantee answer = shared.delta(Enclosure(epsilon));
    const Guarantee fresh = SideCurve(side, 1e-6).delta(Enclosure(epsilon));
    EXPECT_TRUE(answer.met) << epsilon;
    EXPECT_LE(answer.bound.lower, fresh.bound.upper) << epsilon;
    EXPECT_GE(answer.bound.upper, fresh.bound.lower) << epsilon;
  }
}

TEST(SideCurve, ChernoffNeverShowsWhatIsNotSo) {
  const Side side = side_of(kSteps, Direction::added);
  SideCurve curve(side, 1e-6);
  for (const double epsilon : {0.5, 2.0, 5.0, 2.0, 0.5, 1e-3}) {
    const Bounds delta = curve.delta(Enclosure(epsilon)).bound;
    EXPECT_FALSE(curve.certainly_within(Enclosure(epsilon), delta.lower * (1 - 1e-6))) << epsilon;
    if (epsilon < 2) continue;
    EXPECT_TRUE(curve.certainly_within(Enclosure(epsilon), delta.upper * 1000)) << epsilon;
  }
}

TEST(SideCurve, BeyondTheGreatestLossNothingIsLeft) {
  const Side side = side_of({DiscreteLaplaceLoss{1.0}, NoSampling{}, 30});
  SideCurve curve(side, 1e-6);
  EXPECT_GT(curve.delta(Enclosure(29.0)).bound.upper, 0);
  EXPECT_EQ(curve.delta(Enclosure(30.0)).bound, (Bounds{0, 0}));
  EXPECT_TRUE(curve.delta(Enclosure(10.0)).met);
}

}  // namespace
}  // namespace sfumato
