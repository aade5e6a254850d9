#include "base/crossing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace sfumato {
namespace {

TEST(Crossing, FindsARootFromAnyGuess) {
  const auto f = [](double x) { return 2 - x * x; };
  for (double guess : {1e-300, 1e-3, 1.4142, 2.0, 1e9, 1e300}) {
    const Bounds root = crossing(f, guess, 1e-12);
    EXPECT_GT(f(root.lower), 0) << guess;
    EXPECT_LE(f(root.upper), 0) << guess;
    EXPECT_LE(root.upper - root.lower, 1e-12 * root.upper) << guess;
    EXPECT_NEAR(root.upper, std::sqrt(2.0), 3e-12) << guess;
  }
}

TEST(Crossing, AGoodGuessCostsTwoEvaluations) {
  int evaluations = 0;
  const auto f = [&](double x) { return ++evaluations, 2 - x * x; };
  crossing(f, std::sqrt(2.0) * (1 + 1e-13), 1e-11);
  EXPECT_LE(evaluations, 3);
}

TEST(Crossing, FewEvaluationsAreSpentOnFlatAndSteepFunctionsAlike) {
  const std::function<double(double)> functions[] = {
      [](double x) { return 1 - std::pow(x / 3, 0.01); },
      [](double x) { return 1 - std::pow(x / 3, 101); },
      [](double x) { return -std::log(x / 3); },
      [](double x) { return std::exp(-x) - std::exp(-3); },
  };
  for (const auto& f : functions) {
    int evaluations = 0;
    const auto counted = [&](double x) { return ++evaluations, f(x); };
    EXPECT_NEAR(crossing(counted, 1, 1e-12).upper, 3, 1e-11);
    EXPECT_LT(evaluations, 55);  // without the Illinois rule 46 to 80
  }
}

TEST(Crossing, InfiniteValuesDoNotMislead) {
  const auto f = [](double x) { return x < 5 ? INFINITY : -INFINITY; };
  const Bounds jump = crossing(f, 1, 0);
  EXPECT_EQ(jump.upper, 5);
  EXPECT_EQ(jump.lower, std::nextafter(5.0, 0.0));
}

TEST(Crossing, WithoutACrossingOneEndSaysSo) {
  EXPECT_EQ(crossing([](double) { return 1.0; }, 1, 1e-9).upper, INFINITY);
  EXPECT_EQ(crossing([](double) { return -1.0; }, 1, 1e-9).lower, 0);
}

TEST(Crossing, ARootNearTheLargestDoubleIsFound) {
  const double root = std::numeric_limits<double>::max() / 3;
  const Bounds found = crossing([&](double x) { return root - x; }, 1, 1e-12);
  EXPECT_NEAR(found.upper / root, 1, 1e-12);
}

TEST(Crossing, ZeroCountsAsDown) {
  const Bounds root = crossing([](double x) { return x < 2 ? 2 - x : 0.0; }, 1, 0x1p-52);
  EXPECT_EQ(root.upper, 2);
}

}  // namespace
}  // namespace sfumato
