#include "account/pair.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/normal_tail.h"

namespace sfumato {
namespace {

double delta(const Pair& pair, double epsilon) {
  return (pair.only_p + Atoms(pair.atoms).delta(Enclosure(epsilon))).upper();
}

double mass(const Pair& pair) {
  double sum = pair.only_p.upper();
  for (const LossAtom& atom : pair.atoms) sum += atom.mass.upper();
  return sum;
}

/// Φ(μ/2 - ε/μ) - e^ε·Φ(-μ/2 - ε/μ)
double gaussian(double mu, double epsilon) {
  const auto tail = [](double x) { return normal_tail(Enclosure(x)).upper(); };
  return tail(epsilon / mu - mu / 2) - std::exp(epsilon) * tail(epsilon / mu + mu / 2);
}

Pair response(double epsilon) {
  return {binary_response(Enclosure(epsilon))};
}

TEST(Pair, GaussianCellsAreNearOnEitherSide) {
  const Pairs pairs = gaussian_pairs(Enclosure(1));
  for (double epsilon : {0.0, 0.7, 3.0}) {
    EXPECT_GE(delta(pairs.above, epsilon), gaussian(1, epsilon) * (1 - 1e-13));
    EXPECT_LE(delta(pairs.below, epsilon), gaussian(1, epsilon) * (1 + 1e-13));
    EXPECT_LT(delta(pairs.above, epsilon) / delta(pairs.below, epsilon), 1.002);
  }
}

TEST(Pair, LaplaceCellsAreNearOnEitherSide) {
  const Pairs pairs = laplace_pairs(Enclosure(2), 64);
  for (double epsilon : {0.0, 0.7, 1.9}) {
    const double truth = -std::expm1((epsilon - 2) / 2);
    EXPECT_GE(delta(pairs.above, epsilon), truth * (1 - 1e-14));
    EXPECT_LE(delta(pairs.below, epsilon), truth * (1 + 1e-14));
    EXPECT_LT(delta(pairs.above, epsilon) / delta(pairs.below, epsilon), 1.01);
  }
}

TEST(Pair, MassesAddUpToOne) {
  for (const Pair& pair : {laplace_pairs(Enclosure(1)).above, laplace_pairs(Enclosure(1)).below,
                           gaussian_pairs(Enclosure(2)).above,
                           discrete_gaussian_pair(Enclosure(3), 2), response(0.5)}) {
    const Enclosure q(0.25);
    EXPECT_NEAR(mass(pair), 1, 1e-13);
    EXPECT_NEAR(mass(sampled(pair, q)), 1, 1e-13);
    EXPECT_NEAR(mass(sampled_reversed(pair, q)), 1, 1e-13);
    EXPECT_NEAR(mass(sampled_replacing(pair, q)), 1, 1e-13);
  }
}

// δ'(log(1 + q(e^ε - 1))) = q·δ(ε), for removed units as for exchanged ones.
TEST(Pair, SamplesFollowTheAmplificationTheorem) {
  const double q = 0.2;
  const Pair pair = response(1.5);
  for (double epsilon : {0.0, 0.5, 1.4}) {
    const double less = std::log1p(q * std::expm1(epsilon));
    EXPECT_NEAR(delta(sampled(pair, Enclosure(q)), less), q * delta(pair, epsilon), 1e-14);
    EXPECT_NEAR(delta(sampled_replacing(pair, Enclosure(q)), less), q * delta(pair, epsilon),
                1e-14);
  }
}

// The reversed pair's profile: δ_rev(ε) = 1 - e^ε + e^ε·δ(-ε).
TEST(Pair, TheReverseIsTheReverse) {
  const Pair pair = response(1.5);
  const Pair forth = sampled(pair, Enclosure(0.3)), back = sampled_reversed(pair, Enclosure(0.3));
  for (double epsilon : {0.0, 0.1, 0.2})
    EXPECT_NEAR(delta(back, epsilon), 1 - std::exp(epsilon) * (1 - delta(forth, -epsilon)), 1e-14);
}

TEST(Pair, InfiniteMassIsSampledToo) {
  Pair pair = response(1);
  for (LossAtom& atom : pair.atoms) atom.mass = atom.mass * Enclosure(0.75);
  pair.only_p = pair.only_q = Enclosure(0.25);
  EXPECT_EQ(sampled(pair, Enclosure(0.5)).only_p.upper(), 0.125);
  EXPECT_EQ(sampled_reversed(pair, Enclosure(0.5)).only_p.upper(), 0);
  EXPECT_NEAR(mass(sampled(pair, Enclosure(0.5))), 1, 1e-15);
  EXPECT_NEAR(mass(sampled_reversed(pair, Enclosure(0.5))), 1, 1e-15);
}

}  // namespace
}  // namespace sfumato
