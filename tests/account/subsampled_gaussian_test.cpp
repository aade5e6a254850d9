#include "account/subsampled_gaussian.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>

namespace sfumato {
namespace {

SubsampledGaussian law(double q, double mu, bool removed) {
  return {Enclosure(q), Enclosure(mu), removed};
}

/// M(c + iu) / S by the atoms.
std::complex<double> by_atoms(const Tilted& tilted, double u) {
  std::complex<double> sum = 0;
  for (const Atom& atom : tilted.atoms)
    sum += static_cast<double>(atom.weight) * std::polar(1.0, u * static_cast<double>(atom.loss));
  return sum;
}

// E[ℓ²] = 1 + q²(e^μ² - 1) under Q, which is the moment of order 1 where the unit is removed.
TEST(SubsampledGaussian, ItsSecondMomentIsThatOfTheMixture) {
  for (double mu : {0.1, 1.0, 3.0}) {
    const double q = 0.05, truth = 1 + q * q * std::expm1(mu * mu);
    const Tilted tilted = law(q, mu, true).tilted(1, 5, 40);
    EXPECT_NEAR(exp(tilted.log_total).lower() / truth, 1, 1e-13);
    EXPECT_GE(exp(law(q, mu, true).log_bound(1)).upper(), truth);
    EXPECT_LE(exp(law(q, mu, true).log_bound(1)).upper(), truth * 1.001);
    EXPECT_NEAR(law(q, mu, true).moment(1).log, std::log(truth), 1e-12);
  }
}

// With q = 1 nothing is sampled: M(t) = e^(μ²t(t + 1)/2) in the plane, in either direction.
TEST(SubsampledGaussian, WithoutSamplingItIsGaussianInThePlane) {
  for (bool removed : {true, false}) {
    const double mu = 0.7, c = 2.5, square = mu * mu;
    const Tilted tilted = law(1, mu, removed).tilted(c, 12, 45);
    EXPECT_LT(tilted.missing, 1e-12);
    EXPECT_NEAR(exp(tilted.log_total).lower(), std::exp(square * c * (c + 1) / 2), 1e-10);
    for (double u : {0.5, 3.0, 12.0}) {
      const std::complex<double> truth =
          std::polar(std::exp(-square * u * u / 2), square * u * (c + 0.5));
      EXPECT_LT(std::abs(by_atoms(tilted, u) - truth), 1e-12) << u;
      EXPECT_GE(tilted.decay(u), std::abs(truth));
    }
  }
}

// What is stated as missing covers the difference to a grid that is far finer.
TEST(SubsampledGaussian, WhatIsMissingIsCovered) {
  for (bool removed : {true, false}) {
    const SubsampledGaussian one = law(0.1, 1.5, removed);
    const Tilted coarse = one.tilted(3, 10, 8), fine = one.tilted(3, 40, 60);
    const double share = exp(coarse.log_total - fine.log_total).lower();
    EXPECT_GT(coarse.missing, 1e-12);
    EXPECT_LT(coarse.missing, 0.01);
    for (double u : {0.0, 1.0, 5.0, 10.0})
      EXPECT_LE(std::abs(by_atoms(coarse, u) - by_atoms(fine, u) / share), coarse.missing) << u;
  }
}

TEST(SubsampledGaussian, AnAddedUnitLosesNoMoreThanItsShare) {
  EXPECT_NEAR(law(0.1, 1, false).most().upper(), -std::log(0.9), 1e-15);
  EXPECT_EQ(law(0.1, 1, false).delta(Enclosure(0.2)).upper(), 0);
  EXPECT_GT(law(0.1, 1, false).delta(Enclosure(0.1)).lower(), 0);
}

}  // namespace
}  // namespace sfumato
