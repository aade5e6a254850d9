#include "account/single_release.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

Bounds single_delta(const Loss& loss, const char* epsilon) {
  return delta_at(single_release(loss).value(), exactly(epsilon));
}

struct RealLaw {
  const char *ratio, *epsilon;
  double delta;
};

TEST(SingleRelease, LaplaceAgreesWithItsFormula) {
  // mpmath: 1 - exp((ε - Δ/b)/2).
  constexpr RealLaw kPoints[] = {{"1", "0", 0.39346934028736657640},
                                 {"1", "0.999999", 4.9999987500002083333e-7},
                                 {"0.1", "0.0999", 4.9998750020833072919e-5},
                                 {"10", "5", 0.91791500137610120483}};
  for (const RealLaw& p : kPoints)
    expect_enclosed(
        single_delta(LaplaceLoss{.scale = 1.0, .sensitivity = exactly(p.ratio)}, p.epsilon),
        p.delta, 1e-12);
  EXPECT_EQ(single_delta(LaplaceLoss{.scale = 0.5}, "2"), (Bounds{0, 0}));
  EXPECT_EQ(single_delta(LaplaceLoss{.scale = 0.5}, "3"), (Bounds{0, 0}));
}

struct WholeLaw {
  const char* parameter;
  std::int64_t sensitivity;
  const char* epsilon;
  double delta;
};

TEST(SingleRelease, DiscreteLaplaceAgreesWithExactSums) {
  // Arb, by sums over the lattice; the parameter is 1/s.
  constexpr WholeLaw kPoints[] = {{"0.5", 1, "0", 0.24491866240370912928},
                                  {"0.1", 1, "0.05", 0.025603537098495457339},
                                  {"1", 3, "2", 0.46211715726000975850},
                                  {"0.2", 5, "0.7", 0.14250695375313158121}};
  for (const WholeLaw& p : kPoints)
    expect_enclosed(
        single_delta(DiscreteLaplaceLoss{.scale = std::round(1 / std::atof(p.parameter)),
                                         .sensitivity = p.sensitivity},
                     p.epsilon),
        p.delta, 1e-12);
}

TEST(SingleRelease, DiscreteGaussianAgreesWithExactSums) {
  // mpmath, added up to 16 σ and more.
  constexpr WholeLaw kPoints[] = {
      {"1", 1, "0", 0.39894227826686170558},      {"1", 1, "5", 5.8970710343370290990e-7},
      {"0.5", 1, "5", 0.067551819000991330361},   {"3", 1, "0.3", 0.038472460631530846004},
      {"10", 1, "0.1", 0.0087623539239480945116}, {"10", 5, "1", 0.0068475218820476620117}};
  for (const WholeLaw& p : kPoints)
    expect_enclosed(single_delta(DiscreteGaussianLoss{.sigma = exactly(p.parameter),
                                                      .sensitivity = p.sensitivity},
                                 p.epsilon),
                    p.delta, 1e-12);
}

/// Σ max(0, P(x) - e^ε·P(x - Δ)) as it stands, of masses in double.
template <class Mass>
double plain_delta(Mass mass, std::int64_t move, double epsilon) {
  double sum = 0, all = 0;
  for (std::int64_t x = -400; x <= 400; ++x) {
    all += mass(x);
    sum += std::fmax(0, mass(x) - std::exp(epsilon) * mass(x - move));
  }
  return sum / all;
}

TEST(SingleRelease, WholeLawsAgreeWithTheDefinition) {
  for (const std::int64_t move : {1, 2, 7})
    for (const double epsilon : {0.0, 0.25, 0.3, 1.0, 1.75}) {
      const auto laplace = [](std::int64_t x) { return std::exp(-std::fabs(double(x)) / 4); };
      const auto gaussian = [](std::int64_t x) { return std::exp(-double(x * x) / 2 / 6.25); };
      const Bounds l = delta_at(single_release(DiscreteLaplaceLoss{4.0, move}).value(), epsilon);
      const Bounds g = delta_at(single_release(DiscreteGaussianLoss{2.5, move}).value(), epsilon);
      EXPECT_NEAR(l.upper, plain_delta(laplace, move, epsilon), 1e-14) << move << ' ' << epsilon;
      EXPECT_NEAR(g.upper, plain_delta(gaussian, move, epsilon), 1e-14) << move << ' ' << epsilon;
      EXPECT_LE(l.upper - l.lower, 1e-15);
      EXPECT_LE(g.upper - g.lower, 1e-15);
    }
}

TEST(SingleRelease, WideDiscreteGaussiansNearTheRealOne) {
  const Bounds whole = delta_at(single_release(DiscreteGaussianLoss{1000.0, 700}).value(), 1.0);
  const Bounds real = delta_at(single_release(GaussianLoss{1000.0, 700.0}).value(), 1.0);
  EXPECT_NEAR(whole.upper / real.upper, 1, 1e-6);
  EXPECT_LE(whole.upper - whole.lower, 1e-15 * whole.upper);
}

struct Response {
  const char* p;
  std::int64_t categories;
  const char* epsilon;
  double delta;
};

TEST(SingleRelease, RandomizedResponseAgreesWithItsMasses) {
  // mpmath: truth with probability 1 - p, else uniform over all categories.
  constexpr Response kPoints[] = {{"0.1", 2, "0", 0.9},
                                  {"0.1", 2, "3", 0.0},
                                  {"0.5", 2, "1", 0.07042954288523869116},
                                  {"0.9", 2, "0.05", 0.076928006630789182136},
                                  {"0.5", 10, "0", 0.5},
                                  {"0.5", 10, "3", 0.0},
                                  {"0.01", 100, "1", 0.98982817181715409548},
                                  {"0.999", 1000, "0.05", 9.4878017472035198434e-4}};
  for (const Response& r : kPoints)
    expect_enclosed(single_delta(RandomizedResponseLoss{exactly(r.p), r.categories}, r.epsilon),
                    r.delta, 1e-12);
}

TEST(SingleRelease, BoundedRangeIsTheWorstOfAllWindows) {
  // max over t in [ε, e0] of p·(1 - e^(ε-t)), p = (e^e0 - e^t)/(e^e0 - 1), on a fine grid.
  for (const double e0 : {0.1, 1.0, 5.0})
    for (const double share : {0.0, 0.3, 0.9}) {
      const double epsilon = share * e0;
      double worst = 0;
      for (int i = 0; i <= 100000; ++i) {
        const double t = epsilon + (e0 - epsilon) * i / 100000;
        const double p = (std::exp(e0) - std::exp(t)) / std::expm1(e0);
        worst = std::fmax(worst, -p * std::expm1(epsilon - t));
      }
      const Bounds delta = delta_at(single_release(BoundedRangeLoss{e0}).value(), epsilon);
      EXPECT_GE(delta.upper, worst * (1 - 1e-11));
      EXPECT_NEAR(delta.lower / worst, 1, 1e-8);
    }
  EXPECT_EQ(single_delta(BoundedRangeLoss{1.0}, "1"), (Bounds{0, 0}));
  EXPECT_EQ(single_delta(BoundedRangeLoss{0.0}, "0"), (Bounds{0, 0}));
}

struct Sampled {
  const char *q, *sigma, *epsilon;
  double delta;
  bool removed;
};

TEST(SingleRelease, PoissonSampledGaussiansAgreeWithTheirThresholds) {
  // Arb: the two tails beyond the threshold of the loss.
  constexpr Sampled kPoints[] = {{"0.01", "1", "0.01", 0.0019002737053015712141, true},
                                 {"0.01", "1", "0.5", 0, false},
                                 {"0.1", "0.6", "1", 0.0090719123402300388828, true},
                                 {"0.001", "4", "0.0005", 1.4706616358939073983e-7, false},
                                 {"0.01", "0.3", "10", 1.7020535267205908805e-5, true}};
  for (const Sampled& s : kPoints) {
    const DeltaCurve all = single_release(GaussianLoss{exactly(s.sigma)}).value();
    const DeltaCurve part = (s.removed ? poisson_removed : poisson_added)(all, exactly(s.q));
    const Bounds delta = delta_at(part, exactly(s.epsilon));
    expect_enclosed(delta, s.delta, 1e-12);
    EXPECT_GE(delta_at(poisson_sampled(all, exactly(s.q)), exactly(s.epsilon)).upper, delta.upper);
  }
}

TEST(SingleRelease, AWholeSampleChangesNothing) {
  const DeltaCurve all = single_release(GaussianLoss{1.5}).value();
  for (const DeltaCurve& same : {poisson_removed(all, 1.0), poisson_added(all, 1.0),
                                 fixed_size_sampled(all, {.n = 9, .m = 9})})
    for (const double epsilon : {0.0, 1.0, 20.0})
      expect_enclosed(delta_at(same, epsilon), delta_at(all, epsilon).lower, 1e-14);
}

/// Both sides of Σ max(0, P - e^ε·Q) for Laplace noise of scale 1 on a sample, by a fine Riemann sum.
double sampled_laplace(double q, double epsilon, bool removed) {
  double sum = 0;
  for (double x = -30; x < 30; x += 1e-4) {
    const double without = std::exp(-std::fabs(x)) / 2;
    const double with = (1 - q) * without + q * std::exp(-std::fabs(x - 1)) / 2;
    sum += std::fmax(
        0, removed ? with - std::exp(epsilon) * without : without - std::exp(epsilon) * with);
  }
  return sum * 1e-4;
}

TEST(SingleRelease, SampledLaplaceAgreesWithTheDefinitionInBothDirections) {
  const DeltaCurve all = single_release(LaplaceLoss{1.0}).value();
  for (const double q : {0.2, 0.7})
    for (const double epsilon : {0.0, 0.1, 0.4}) {
      EXPECT_NEAR(delta_at(poisson_removed(all, q), epsilon).upper,
                  sampled_laplace(q, epsilon, true), 1e-7);
      EXPECT_NEAR(delta_at(poisson_added(all, q), epsilon).upper,
                  sampled_laplace(q, epsilon, false), 1e-7);
    }
}

TEST(SingleRelease, BoundsAndMassesAreNoLaws) {
  EXPECT_FALSE(single_release(ZcdpLoss{1.0}));
  EXPECT_FALSE(single_release(RdpLoss{}));
  EXPECT_FALSE(single_release(MassesLoss{{}, {0, 0}}));
}

}  // namespace
}  // namespace sfumato
