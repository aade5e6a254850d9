#include "sfumato/secagg/joint_noise.h"

#include <gtest/gtest.h>

#include "secagg/example_plan.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/polya.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

TEST(JointNoise, IsOnePartOfTheScaleOfEachOperation) {
  const QueryPlan plan = example_plan();
  std::vector<std::int64_t> answers(plan.lattice().size());
  for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = static_cast<std::int64_t>(1000 * i);
  FixedBits bits(5), same(5);
  const auto noisy = noised(Permit::unaccounted("a test"), plan, answers, bits);
  std::size_t at = 0;
  for (const auto& [scale, coordinates] :
       std::vector<std::pair<std::uint64_t, std::size_t>>{{12, 3}, {720, 6}, {12, 9}}) {
    const Polya law = Polya::make(Scale::ratio(scale, 1).value(), 2).value();
    for (std::size_t k = 0; k < coordinates; ++k, ++at)
      EXPECT_EQ(noisy[at], answers[at] + law.draw(same)) << at;
  }
  EXPECT_EQ(at, noisy.size());
}

TEST(JointNoise, IsGaussianWhereThePlanSaysSo) {
  const QueryPlan plan = gaussian_plan();
  FixedBits bits(5), same(5);
  const auto noisy = noised(Permit::unaccounted("a test"), plan,
                            std::vector<std::int64_t>(plan.lattice().size(), 7), bits);
  std::size_t at = 0;
  for (const auto& [sigma, coordinates] :
       std::vector<std::pair<std::uint64_t, std::size_t>>{{25, 3}, {1500, 6}, {25, 9}}) {
    const DiscreteGaussian law = DiscreteGaussian::make(Scale::ratio(sigma, 1).value()).value();
    std::vector<std::int64_t> noise(coordinates);
    law.fill(noise, same);
    for (const std::int64_t number : noise) EXPECT_EQ(noisy[at++], 7 + number);
  }
}

}  // namespace
}  // namespace sfumato
