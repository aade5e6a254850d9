#include "sfumato/federated/logistic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sfumato {
namespace {

Decimal number(const char* text) {
  return Decimal::parse(text).value();
}

Logistic two_features() {
  return Logistic::make({{"age", number("0"), number("100")}, {"debt", number("-1"), number("3")}})
      .value();
}

double loss(std::span<const double> weights, std::span<const double> x, bool event) {
  const double p = Logistic::risk(weights, x);
  return -std::log(event ? p : 1 - p);
}

TEST(Logistic, BoundsBecomeMinusOneAndOneAndWhatIsBeyondIsTakenForThem) {
  const Logistic model = two_features();
  std::vector<double> x(3);
  model.scale(std::vector<double>{25, 3}, x);
  EXPECT_EQ(x, (std::vector<double>{1, -0.5, 1}));
  model.scale(std::vector<double>{-HUGE_VAL, 7}, x);
  EXPECT_EQ(x, (std::vector<double>{1, -1, 1}));
}

TEST(Logistic, TheRiskIsThatOfTheOdds) {
  const std::vector<double> weights = {std::log(3), 0, 2}, x = {1, 0.3, 0};
  EXPECT_NEAR(Logistic::risk(weights, x), 0.75, 1e-15);
  EXPECT_EQ(Logistic::risk(std::vector<double>{-1e6}, std::vector<double>{1}), 0);
  EXPECT_EQ(Logistic::risk(std::vector<double>{1e6}, std::vector<double>{1}), 1);
}

TEST(Logistic, AChangeIsKnownWhereTheRiskIs) {
  std::vector<double> change = {10, 0, 0};
  Logistic::add_change(std::vector<double>{std::log(3), 0, 0}, std::vector<double>{1, 0.5, -1},
                       true, change);
  EXPECT_NEAR(change[0], 10.25, 1e-15);
  EXPECT_NEAR(change[1], 0.125, 1e-15);
  EXPECT_NEAR(change[2], -0.25, 1e-15);
}

TEST(Logistic, AChangeIsTheWayDownOfTheLogLossByFiniteDifferences) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  for (int i = 0; i < 200; ++i) {
    std::vector<double> weights(4), x(4), change(4);
    for (double& weight : weights) weight = normal(random);
    for (double& value : x) value = normal(random);
    const bool event = i % 2 == 0;
    Logistic::add_change(weights, x, event, change);
    for (std::size_t k = 0; k < 4; ++k) {
      constexpr double h = 1e-6;
      std::vector<double> more = weights, less = weights;
      more[k] += h;
      less[k] -= h;
      EXPECT_NEAR(change[k], (loss(less, x, event) - loss(more, x, event)) / (2 * h), 1e-7);
    }
  }
}

TEST(Logistic, FeaturesThatAreNoneAreRefused) {
  const auto wrong = [](std::vector<ModelFeature> features) {
    const auto made = Logistic::make(std::move(features));
    return made ? std::string() : made.error().where;
  };
  EXPECT_EQ(wrong({}), "features");
  EXPECT_EQ(wrong(std::vector<ModelFeature>(1024)), "features");
  EXPECT_EQ(wrong({{"a", number("1"), number("1")}}), "feature 'a'");
  EXPECT_EQ(wrong({{"a", number("0"), number("1")}, {"a", number("0"), number("2")}}),
            "feature 'a'");
  EXPECT_EQ(wrong({{"a", number("0"), number("1")}}), "");
}

}  // namespace
}  // namespace sfumato
