#include "sfumato/federated/model_state.h"

#include <gtest/gtest.h>

#include <limits>

namespace sfumato {
namespace {

Decimal decimal_of(const char* text) {
  return Decimal::parse(text).value();
}

WeightRule rule(const char* step, const char* rate, const char* momentum, std::int64_t people) {
  return WeightRule::make(decimal_of(step), decimal_of(rate), decimal_of(momentum), people).value();
}

TEST(ModelState, WeightsMoveByTheMeanChangeTimesTheRate) {
  const auto one = rule("0.01", "2", "0", 1000);
  const ModelState after = one.next(ModelState::zero(2), std::vector<std::int64_t>{5000, -1});
  EXPECT_EQ(after.weights, (std::vector<std::int64_t>{100'000'000, -20'000}));  // 0.1 and -0.00002
  EXPECT_EQ(after.moved, after.weights);
}

TEST(ModelState, PartOfTheLastMoveGoesOn) {
  const auto half = rule("0.01", "2", "0.5", 1000);
  const ModelState first = half.next(ModelState::zero(1), std::vector<std::int64_t>{5000});
  const ModelState second = half.next(first, std::vector<std::int64_t>{0});
  EXPECT_EQ(second.moved[0], 50'000'000);
  EXPECT_EQ(second.weights[0], 150'000'000);
}

TEST(ModelState, HalvesOfABillionthGoAwayFromZero) {
  const auto fine = rule("1e-9", "0.5", "0", 1);
  const auto after = fine.next(ModelState::zero(4), std::vector<std::int64_t>{1, -1, 3, -2});
  EXPECT_EQ(after.weights, (std::vector<std::int64_t>{1, -1, 2, -1}));
  const auto third = rule("1e-9", "1", "0", 3);
  EXPECT_EQ(third.next(ModelState::zero(2), std::vector<std::int64_t>{4, -5}).weights,
            (std::vector<std::int64_t>{1, -2}));
}

TEST(ModelState, NoSumsMoveAWeightBeyondAMillion) {
  const auto wide = rule("1000", "1000", "0.999", 1);
  ModelState state = ModelState::zero(2);
  for (int i = 0; i < 3; ++i)
    state = wide.next(state, std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::max(),
                                                       std::numeric_limits<std::int64_t>::min()});
  EXPECT_EQ(state.weights, (std::vector<std::int64_t>{kMostWeight, -kMostWeight}));
  EXPECT_EQ(state.moved, state.weights);
}

TEST(ModelState, AWeightIsReadAsTheDecimalThatItIs) {
  EXPECT_EQ(weight_value(-250'000'000).to_string(), "-0.25");
  EXPECT_EQ(weight_values(std::vector<std::int64_t>{1'500'000'000}), std::vector<double>{1.5});
}

TEST(ModelState, NumbersThatAreNotExactAreRefused) {
  const auto wrong = [](const char* step, const char* rate, const char* momentum,
                        std::int64_t people) {
    const auto made =
        WeightRule::make(decimal_of(step), decimal_of(rate), decimal_of(momentum), people);
    return made ? std::string() : made.error().where;
  };
  EXPECT_EQ(wrong("1e-10", "1", "0", 1), "step");
  EXPECT_EQ(wrong("0", "1", "0", 1), "step");
  EXPECT_EQ(wrong("1001", "1", "0", 1), "step");
  EXPECT_EQ(wrong("1", "0.0001", "0", 1), "rate");
  EXPECT_EQ(wrong("1", "1001", "0", 1), "rate");
  EXPECT_EQ(wrong("1", "1", "1", 1), "momentum");
  EXPECT_EQ(wrong("1", "1", "-0.1", 1), "momentum");
  EXPECT_EQ(wrong("1", "1", "0", 0), "people");
  EXPECT_EQ(wrong("1", "1", "0.999", 1), "");
}

}  // namespace
}  // namespace sfumato
