#include "sfumato/mechanism/noise_share.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sfumato/noise/law.h"
#include "support/effort.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

NoiseShareMechanism mechanism(ShareLaw law, double scale, std::int64_t needed) {
  return NoiseShareMechanism::make({law, scale, needed}).value();
}

std::vector<std::int64_t> sums(const NoiseShareMechanism& share, std::int64_t parties,
                               std::uint64_t seed) {
  FixedBits bits(seed);
  std::vector<std::int64_t> all(static_cast<std::size_t>(times(20'000, 10'000'000)));
  for (std::int64_t party = 0; party < parties; ++party) share.release(all, all, bits);
  return all;
}

TEST(NoiseShareMechanism, NeededSharesTogetherAreTheNoiseThatWasMeant) {
  const Scale three = Scale::make(3.0).value(), mu = Scale::make(10.0).value();
  expect_law(sums(mechanism(ShareLaw::discrete_laplace, 3, 4), 4, 41),
             [&](std::int64_t x) { return discrete_laplace_mass(three, x).upper; });
  expect_law(sums(mechanism(ShareLaw::skellam, 2.5, 4), 4, 42),
             [&](std::int64_t x) { return skellam_mass(mu, x).upper; });
}

// The sum of two, by its definition: it is not the discrete Gaussian law of twice the variance.
TEST(NoiseShareMechanism, SharesOfDiscreteGaussianNoiseAreTheirConvolution) {
  const Scale one = Scale::make(1.0).value();
  const auto convolved = [&](std::int64_t x) {
    double mass = 0;
    for (std::int64_t y = -20; y <= 20; ++y)
      mass += discrete_gaussian_mass(one, y).upper * discrete_gaussian_mass(one, x - y).upper;
    return mass;
  };
  expect_law(sums(mechanism(ShareLaw::discrete_gaussian, 1, 2), 2, 43), convolved);
}

TEST(NoiseShareMechanism, DiscreteGaussianSharesBelowOneUnitAreRefused) {
  EXPECT_TRUE(NoiseShareMechanism::make({ShareLaw::discrete_gaussian, 1, 2}));
  const auto refused = NoiseShareMechanism::make({ShareLaw::discrete_gaussian, 0.999, 2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "sigma");
  EXPECT_EQ(refused.error().message,
            "must be at least 1 unit of the sums for shares of discrete Gaussian noise");
}

TEST(NoiseShareMechanism, WhatCannotBeDrawnIsRefused) {
  EXPECT_FALSE(NoiseShareMechanism::make({ShareLaw::skellam, 0, 2}));
  EXPECT_FALSE(NoiseShareMechanism::make({ShareLaw::skellam, NAN, 2}));
  EXPECT_FALSE(NoiseShareMechanism::make({ShareLaw::skellam, 0x1p51, 2}));
  EXPECT_FALSE(NoiseShareMechanism::make({ShareLaw::discrete_laplace, 4, 0}));
  EXPECT_FALSE(NoiseShareMechanism::make({ShareLaw::discrete_laplace, 4, 1 << 21}));
  EXPECT_FALSE(NoiseShareMechanism::make({ShareLaw::discrete_gaussian, 0x1p63, 1}));
}

TEST(NoiseShareMechanism, NoiseGoesBeyondItsReachNoMoreOftenThanIsSaid) {
  for (const double odds : {0.05, 1e-3}) {
    for (const auto& share :
         {mechanism(ShareLaw::discrete_laplace, 20, 4), mechanism(ShareLaw::skellam, 2.5, 4),
          mechanism(ShareLaw::skellam, 0.01, 4), mechanism(ShareLaw::discrete_gaussian, 5, 4)}) {
      const std::int64_t reach = share.reach(3, odds);
      int beyond = 0;
      const auto all = sums(share, 3, 44);
      for (const std::int64_t x : all) beyond += std::abs(x) > reach ? 1 : 0;
      EXPECT_LE(beyond, odds * static_cast<double>(all.size()));
    }
  }
}

// Discrete Laplace noise has P(|X| > t) = 2a^(t+1)/(1 + a); the normal law 6.0 and 9.2 deviations at these odds.
TEST(NoiseShareMechanism, TheReachIsNotFarFromTheLeast) {
  for (const double odds : {1e-9, 1e-20}) {
    const double nats = std::log(2 / odds), normal = odds > 1e-10 ? 6.1 : 9.34;
    EXPECT_LT(static_cast<double>(mechanism(ShareLaw::discrete_laplace, 1e5, 4).reach(4, odds)),
              1e5 * nats * 1.3);
    EXPECT_LT(static_cast<double>(mechanism(ShareLaw::skellam, 1e6, 4).reach(4, odds)),
              2e3 * normal * 1.15);
    EXPECT_LT(static_cast<double>(mechanism(ShareLaw::discrete_gaussian, 1e3, 4).reach(4, odds)),
              2e3 * normal * 1.15);
  }
  EXPECT_EQ(mechanism(ShareLaw::discrete_laplace, 0x1p62, 1).reach(1, 1e-9), INT64_MAX);
}

TEST(NoiseShareMechanism, TheLossIsThatOfTheSharesThatArePresent) {
  EXPECT_EQ(mechanism(ShareLaw::discrete_laplace, 3, 4).loss(3, 2), Loss(PolyaLoss{3.0, 4, 3, 2}));
}

}  // namespace
}  // namespace sfumato
