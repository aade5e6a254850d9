#include "sfumato/federated/random_steps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

std::int64_t square(std::span<const std::int64_t> steps) {
  std::int64_t sum = 0;
  for (const std::int64_t step : steps) sum += step * step;
  return sum;
}

TEST(RandomSteps, NoVectorOfAHundredThousandIsLongerAndSomeAreAsLongAsAnyCanBe) {
  FixedBits bits(11);
  std::mt19937 random(12);
  std::normal_distribution<double> normal;
  for (const auto& [length, k] : {std::pair<std::int64_t, std::size_t>{3, 4}, {12, 7}, {1500, 7}}) {
    const auto steps = RandomSteps::make(length, k).value();
    std::vector<double> change(k);
    std::vector<std::int64_t> out(k);
    std::int64_t longest = 0;
    for (int i = 0; i < 40'000; ++i) {
      for (double& value : change) value = normal(random) * static_cast<double>(length);
      steps.draw(change, out, bits);
      longest = std::max(longest, square(out));
    }
    EXPECT_LE(longest, length * length);
    const double spared = std::ceil(std::sqrt(static_cast<double>(k)));
    EXPECT_GE(std::sqrt(static_cast<double>(longest)), static_cast<double>(length) - spared)
        << length;
  }
}

TEST(RandomSteps, TheLengthIsReached) {
  FixedBits bits(2);
  const auto steps =
      RandomSteps::make(3, 4).value();  // clipped to 1: 4 halves may all be rounded up
  std::vector<std::int64_t> out(4);
  std::int64_t longest = 0;
  for (int i = 0; i < 1000; ++i) {
    steps.draw(std::vector<double>{0.5, 0.5, 0.5, 0.5}, out, bits);
    longest = std::max(longest, square(out));
  }
  EXPECT_EQ(longest, 4);
  const auto one = RandomSteps::make(2, 1).value();
  std::vector<std::int64_t> single(1);
  one.draw(std::vector<double>{-1e300}, single, bits);
  EXPECT_EQ(single[0], -1);
}

TEST(RandomSteps, EachCoordinateHasTheClippedOneAsItsMean) {
  FixedBits bits(5);
  const auto steps = RandomSteps::make(100, 3).value();
  const std::vector<double> change = {0.25, -2.75, 41.0078125};
  std::vector<std::int64_t> out(3);
  std::vector<double> sums(3);
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    steps.draw(change, out, bits);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_TRUE(std::abs(static_cast<double>(out[k]) - change[k]) < 1);
      sums[k] += static_cast<double>(out[k]);
    }
  }
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(sums[k] / kDraws, change[k], 0.005) << k;
}

TEST(RandomSteps, WholeChangesWithinTheLengthStayAsTheyAre) {
  FixedBits bits(6);
  const auto steps = RandomSteps::make(100, 3).value();
  std::vector<std::int64_t> out(3);
  for (int i = 0; i < 100; ++i) {
    steps.draw(std::vector<double>{-3, 0, 17}, out, bits);
    EXPECT_EQ(out, (std::vector<std::int64_t>{-3, 0, 17}));
  }
  steps.draw(std::vector<double>{std::nan(""), 0, 1}, out, bits);
  EXPECT_EQ(out, (std::vector<std::int64_t>{0, 0, 1}));
}

TEST(RandomSteps, ACoinThatIsJustAsLargeAsTheRestRoundsDown) {
  const auto steps = RandomSteps::make(100, 3).value();  // clipped to 98: 45 bits behind the point
  const std::uint64_t half = std::uint64_t{1} << 44, all = ~std::uint64_t{0};
  CraftedBits bits({0, half, half - 1, all, 0, all << 45});
  std::vector<std::int64_t> out(3);
  steps.draw(std::vector<double>{7, 7.5, -7.5}, out, bits);
  EXPECT_EQ(out, (std::vector<std::int64_t>{7, 7, -7}));
  steps.draw(std::vector<double>{7.5, 0.5, -0.5}, out, bits);
  EXPECT_EQ(out, (std::vector<std::int64_t>{7, 1, 0}));
}

TEST(RandomSteps, EachCoordinateTakesOneWordWhateverItIs) {
  const auto steps = RandomSteps::make(100, 3).value();
  std::vector<std::int64_t> out(3);
  FixedBits some(9), others(9);
  steps.draw(std::vector<double>{0.3, -80, 1e9}, out, some);
  steps.draw(std::vector<double>{0, 0, 0}, out, others);
  EXPECT_EQ(some.next(), others.next());
}

TEST(RandomSteps, LengthsThatRoundingCouldPassAreRefused) {
  EXPECT_FALSE(RandomSteps::make(2, 4));
  EXPECT_TRUE(RandomSteps::make(3, 4));
  EXPECT_FALSE(RandomSteps::make(3, 5));
  EXPECT_FALSE(RandomSteps::make((std::int64_t{1} << 31) + 1, 4));
}

}  // namespace
}  // namespace sfumato
