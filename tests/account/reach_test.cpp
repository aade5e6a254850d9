#include "account/reach.h"

#include <gtest/gtest.h>

#include <cmath>

#include "account/laplace_law.h"
#include "account/subsampled_gaussian.h"

namespace sfumato {
namespace {

LossSum sampled(double q, double mu, bool removed, std::int64_t count) {
  return {{{std::make_shared<SubsampledGaussian>(Enclosure(q), Enclosure(mu), removed), count}}};
}

std::vector<Tilted> tilted(const LossSum& sum, double c, double reach, double nats) {
  std::vector<Tilted> all;
  for (const Part& part : sum.parts) all.push_back(part.law->tilted(c, reach, nats));
  return all;
}

// By atoms for a reach that is far greater.
TEST(Reach, ABoundAtOneFrequencyHoldsBeyondTheReachToo) {
  for (const bool removed : {true, false}) {
    const LossSum sum = sampled(0.05, 1.5, removed, 1);
    const Tilted coarse = tilted(sum, 2, 4, 12)[0], fine = tilted(sum, 2, 120, 45)[0];
    for (double u = 0.5; u < 100; u *= 1.1) {
      const double truth = modulus_of(fine.atoms, u) - 1e-12;
      EXPECT_GE(coarse.modulus(u), truth) << u;
      EXPECT_GE(coarse.decay(u), truth) << u;
    }
    EXPECT_LT(coarse.modulus(3), modulus_of(fine.atoms, 3) + 0.01);
  }
}

// On grids so coarse that only what is said to be missing makes up for it.
TEST(Reach, WhatCellsAreOffIsCovered) {
  for (const double nats : {2.0, 4.0, 8.0}) {
    const LossSum sum = sampled(0.3, 2, true, 1);
    const Tilted coarse = tilted(sum, 3, 1, nats)[0], fine = tilted(sum, 3, 200, 45)[0];
    const double share = std::exp((fine.log_total - coarse.log_total).lower());
    for (double u = 1.01; u < 150; u *= 1.03)
      EXPECT_GE(coarse.modulus(u), (modulus_of(fine.atoms, u) - 1e-12) * share) << nats << " " << u;
  }
}

TEST(Reach, NoModulusRisesFasterThanItsSlope) {
  const LossSum sum = sampled(0.02, 1, true, 1);
  const Tilted law = tilted(sum, 4, 60, 30)[0];
  for (double u = 0.01; u < 50; u *= 1.07)
    for (const double width : {0.001, 0.1, 1.0}) {
      const double rise = modulus_of(law.atoms, u) - modulus_of(law.atoms, u + width);
      EXPECT_LE(std::fabs(rise), width * law.slope.until(u + width) + 1e-15) << u;
    }
  EXPECT_LT(law.slope.until(0.1), law.slope.most / 2);
}

/// Σ of |Π φ^k|/u² over steps of du from where the cut begins.
double sum_beyond(const LossSum& sum, const std::vector<Tilted>& fine, double from, double du) {
  double total = 0;
  for (double u = from + du; u < 60; u += du) {
    double product = std::exp(-sum.mu_squared.lower() * u * u / 2);
    for (std::size_t i = 0; i < fine.size(); ++i)
      product *= std::pow(fine[i].modulus(u), static_cast<double>(sum.parts[i].count));
    total += du * product / (u * u);
  }
  return total;
}

TEST(Reach, WhatIsCutIsBelowWhatIsSaid) {
  LossSum sum = sampled(0.1, 1, true, 200);
  sum.parts.push_back({std::make_shared<LaplaceLaw>(Enclosure(0.25)), 3});
  sum.mu_squared = Enclosure(0.01);
  const auto laws = tilted(sum, 2, 60, 40);
  for (const double share : {1e-3, 1e-8, 1e-15}) {
    const Reach::Cut cut = Reach(sum, laws).cut(0.1, share);
    EXPECT_LT(cut.from, 30);
    EXPECT_LE(cut.tail, share);
    EXPECT_LE(sum_beyond(sum, laws, cut.from, 0.01), cut.tail);
    EXPECT_GT(sum_beyond(sum, laws, cut.from * 0.7, 0.01), share);
  }
}

// Nothing but 1/u² makes that tail small.
TEST(Reach, WhatDoesNotDecayIsCutFarOutAlone) {
  const LossSum sum{{{std::make_shared<LaplaceLaw>(Enclosure(1)), 2}}};
  EXPECT_GT(Reach(sum, tilted(sum, 1, 10, 40)).cut(0.1, 1e-9).from, 1e8);
}

}  // namespace
}  // namespace sfumato
