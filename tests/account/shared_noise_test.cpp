#include "account/shared_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "account/shifted_law.h"
#include "sfumato/account/composition.h"
#include "sfumato/account/renyi.h"
#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

Bounds delta_of(const Loss& loss, const char* epsilon) {
  return Composition::make({.events = {{loss}}}).value().delta(exactly(epsilon)).value().bound;
}

Bounds epsilon_of(const Event& event, const char* delta) {
  return Composition::make({.events = {event}}).value().epsilon(exactly(delta)).value().bound;
}

struct KnownLaw {
  Loss loss;
  double at_tenth;  ///< δ(0.1)
  double epsilon;   ///< ε(1e-6)
};

// mpmath 1.3, at 40 digits: masses by sums of products (Pólya), Bessel functions (Skellam) and a discrete Fourier
// transform (sums of discrete Gaussian numbers), δ by its definition, ε by bisection.
TEST(SharedNoise, OneReleaseAgreesWithExactSums) {
  const KnownLaw kLaws[] = {
      {PolyaLoss{2.0, 10, 7, 1}, 0.303654874608801988, 0.810337466117213161},
      {PolyaLoss{2.0, 10, 7, 3}, 0.620499767520361862, 2.0535684854618059},
      {PolyaLoss{2.0, 10, 13, 1}, 0.148142768533026129, 0.481909801972832173},
      {PolyaLoss{2.0, 10, 13, 3}, 0.441209586237562322, 1.45326222246554529},
      {PolyaLoss{5.0, 2, 1, 1}, 0.194455450089298449, 0.765157067143136605},
      {PolyaLoss{1.0, 10, 1, 3}, 0.980306444225863059, 6.24738435984181965},
      {SkellamLoss{0.5, 1}, 0.626369287203481641, 2.99676277692559011},
      {SkellamLoss{0.5, 3}, 0.955661813050308178, 9.78017484701364593},
      {SkellamLoss{25.0, 1}, 0.0415795861135802229, 0.775700437661669167},
      {SkellamLoss{400.0, 3}, 0.0238004966587554137, 0.609337748220821987},
      {DiscreteGaussianSumLoss{0.5, 3, 1}, 0.515962100478656437, 5.88601851894195083},
      {DiscreteGaussianSumLoss{0.5, 100, 3}, 0.218039412334828373, 2.86344795470078992},
      {DiscreteGaussianSumLoss{1.0, 10, 1}, 0.0866733961250286258, 1.3600992684318097},
      {DiscreteGaussianSumLoss{1.0, 10, 3}, 0.332833989886556805, 4.60537593993871808}};
  for (const KnownLaw& law : kLaws) {
    expect_enclosed(delta_of(law.loss, "0.1"), law.at_tenth, 1e-10);
    expect_enclosed(epsilon_of({law.loss}, "1e-6"), law.epsilon, 1e-9);
  }
}

// The curve of Gaussian noise with σ = 5 says 0.835.
TEST(SharedNoise, AHundredNarrowDiscreteGaussianNumbersAreWorseThanTheContinuousCurve) {
  const Event sum{DiscreteGaussianSumLoss{0.5, 100}};
  expect_enclosed(epsilon_of(sum, "1e-6"), 0.871732846660228974, 1e-9);
  EXPECT_NEAR(epsilon_of({GaussianLoss{5.0}}, "1e-6").upper, 0.835, 0.001);
}

TEST(SharedNoise, FarTailsAreKeptToo) {
  expect_enclosed(epsilon_of({SkellamLoss{0.5, 3}}, "1e-30"), 13.236435302941864, 1e-9);
  expect_enclosed(epsilon_of({SkellamLoss{25.0}}, "1e-30"), 1.66378383679417442, 1e-9);
  expect_enclosed(epsilon_of({SkellamLoss{400.0}}, "1e-30"), 0.531652701634643913, 1e-9);
}

// log f(0)/f(d) by mpmath.
TEST(SharedNoise, APartOfThePolyaNoiseIsPurelyPrivate) {
  struct Part {
    PolyaLoss loss;
    double most;
  };
  for (const Part& part :
       {Part{{2.0, 10, 7, 1}, 0.810340420827600125}, Part{{2.0, 10, 7, 3}, 2.05357144017219287},
        Part{{5.0, 2, 1, 1}, 0.765161327926118572}, Part{{5.0, 2, 1, 3}, 1.56257528679508036},
        Part{{1.0, 10, 1, 1}, 3.29616514999099148}, Part{{1.0, 10, 1, 3}, 6.24738545437046835}}) {
    expect_enclosed(polya_most(part.loss).value().bounds(), part.most, 1e-12);
    expect_enclosed(epsilon_of({part.loss}, "0"), part.most, 1e-9);
    EXPECT_EQ(delta_of(part.loss, "7").upper, 0);
  }
}

TEST(SharedNoise, WithAllPartsOrMorePureEpsilonStaysWhatItIs) {
  for (const std::int64_t present : {10, 11, 13, 40}) {
    const Bounds epsilon = epsilon_of({PolyaLoss{4.0, 10, present, 2}}, "0");
    EXPECT_NEAR(epsilon.upper, 0.5, 1e-14) << present;
    EXPECT_GE(epsilon.upper, 0.5);
  }
  EXPECT_EQ(delta_of(PolyaLoss{4.0, 10, 10, 2}, "0.1"), delta_of(DiscreteLaplaceLoss{4.0, 2}, "0.1"));
  EXPECT_LT(delta_of(PolyaLoss{4.0, 10, 13, 2}, "0.1").upper,
            delta_of(DiscreteLaplaceLoss{4.0, 2}, "0.1").lower);
}

TEST(SharedNoise, LessNoiseIsLessPrivate) {
  double last = 0;
  for (const std::int64_t present : {20, 15, 10, 8, 5, 2, 1}) {
    const double epsilon = epsilon_of({PolyaLoss{3.0, 10, present}}, "1e-9").lower;
    EXPECT_GT(epsilon, last) << present;
    last = epsilon;
  }
}

TEST(SharedNoise, TheGreatestMoveIsTheWorst) {
  for (const char* epsilon : {"0", "0.2", "0.6"}) {
    for (std::int64_t d = 1; d < 8; ++d) {
      EXPECT_LT(delta_of(PolyaLoss{4.0, 10, 6, d}, epsilon).upper,
                delta_of(PolyaLoss{4.0, 10, 6, d + 1}, epsilon).lower);
      EXPECT_LT(delta_of(SkellamLoss{20.0, d}, epsilon).upper,
                delta_of(SkellamLoss{20.0, d + 1}, epsilon).lower);
    }
  }
}

// What is composed counts each release by its losses: of one, and of two by the sum over the first's.
TEST(SharedNoise, ComposedLossesAgreeWithTheirOwnSum) {
  for (const Loss& loss : {Loss(PolyaLoss{1.0, 10, 7, 1}), Loss(SkellamLoss{2.0, 1})}) {
    const auto* polya = std::get_if<PolyaLoss>(&loss);
    const Pair pair = polya ? pairs_of(*polya).above : pair_of(std::get<SkellamLoss>(loss));
    double delta = 0, mass = 0;
    for (const LossAtom& first : pair.atoms) {
      mass += first.mass.upper();
      if (first.mass.upper() < 1e-16) continue;
      for (const LossAtom& second : pair.atoms) {
        const double excess = -std::expm1(0.8 - first.loss.upper() - second.loss.upper());
        if (excess > 0) delta += first.mass.upper() * second.mass.upper() * excess;
      }
    }
    EXPECT_NEAR(mass, 1, 1e-11);
    const Guarantee bound = Composition::make({.events = {{.loss = loss, .count = 2}}, .gap = 1e-2})
                                .value()
                                .delta(exactly("0.8"))
                                .value();
    EXPECT_GE(delta, bound.bound.lower * (1 - 1e-9));
    EXPECT_LE(delta, bound.bound.upper * (1 + 1e-9));
    EXPECT_LT(bound.bound.upper / bound.bound.lower, 1.02);
  }
}

// What is left out has losses above all that are counted: where it may have all of δ, no ε is known.
TEST(SharedNoise, WhatIsLeftOutMayNotHaveAllOfDelta) {
  const auto two = [](const Loss& loss) {
    return Composition::make({.events = {{.loss = loss, .count = 2}}}).value();
  };
  for (const std::int64_t d : {60, 62}) {
    const Composition composition = two(DiscreteGaussianSumLoss{1.0, 4, d});
    const auto epsilon = composition.epsilon(exactly("1e-6"));
    ASSERT_TRUE(epsilon) << d;
    EXPECT_LE(composition.delta(epsilon->bound.upper).value().bound.upper, 1.001e-6) << d;
  }
  EXPECT_FALSE(two(DiscreteGaussianSumLoss{1.0, 4, 64}).epsilon(exactly("1e-6")));
  EXPECT_FALSE(two(DiscreteGaussianSumLoss{1.0, 4, 90}).epsilon(exactly("1e-6")));
  EXPECT_FALSE(two(DiscreteGaussianSumLoss{0.01, 2, 1}).epsilon(exactly("1e-6")));
  EXPECT_FALSE(two(SkellamLoss{0.001, 200}).epsilon(exactly("1e-6")));
  EXPECT_FALSE(Composition::make({.events = {{SkellamLoss{0.001, 200}}, {SkellamLoss{1.0, 1}}}})
                   .value()
                   .epsilon(exactly("1e-6")));
}

TEST(SharedNoise, WhatMayBeFiniteLeavesNoEpsilonWithoutDelta) {
  const auto at = [](const Loss& loss, const char* delta) {
    return Composition::make({.events = {{.loss = loss, .count = 2}}})
        .value()
        .epsilon(exactly(delta));
  };
  const auto masses = [](const Bounds& infinite) {
    return MassesLoss{{{1, {0.5, 0.5}}, {-1, {0.25, 0.25}}}, infinite};
  };
  EXPECT_FALSE(at(DiscreteGaussianSumLoss{5.0, 4}, "0"));
  EXPECT_FALSE(at(masses({0, 0.25}), "0"));
  ASSERT_TRUE(at(masses({0.25, 0.25}), "0.4375"));
  EXPECT_EQ(at(masses({0.25, 0.25}), "0.4375")->bound.upper, 2);
}

TEST(SharedNoise, WideSumsAreDiscreteGaussianButForAGapThatIsTold) {
  EXPECT_LT(gaussian_sum_gap(Enclosure(1), 100).upper(), 3e-4);
  EXPECT_GT(gaussian_sum_gap(Enclosure(1), 100).lower(), 1e-4);
  EXPECT_LT(gaussian_sum_gap(Enclosure(4), 100).upper(), 1e-66);
  const Bounds sum = epsilon_of({DiscreteGaussianSumLoss{5.0, 4}}, "1e-6");
  const Bounds whole = epsilon_of({DiscreteGaussianLoss{10.0}}, "1e-6");
  EXPECT_NEAR(sum.upper, whole.upper, 1e-14);
}

// log f(x)/g(x) over all x, f by convolution: within the gap.
TEST(SharedNoise, TheGapEnclosesWhatConvolutionSays) {
  for (const std::int64_t parts : {2, 3, 10}) {
    const WholeMasses sum = gaussian_sum_masses(Enclosure(0.75), parts, 0);
    const double square = 0.75 * 0.75 * static_cast<double>(parts);
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (std::int64_t x = 0; x < 12; ++x) {
      const double log = std::log(sum.at[static_cast<std::size_t>(x)].upper) +
                         static_cast<double>(x * x) / (2 * square);
      least = std::fmin(least, log);
      most = std::fmax(most, log);
    }
    const double gap = gaussian_sum_gap(Enclosure(0.75), parts).upper();
    EXPECT_LE(most - least, gap * (1 + 1e-9));
    EXPECT_GT(most - least, gap / 20) << "the bound is far from what is";
  }
}

/// D_α of Skellam noise moved by d, from its masses.
double skellam_renyi(double mu, std::int64_t d, double alpha) {
  const WholeMasses law = skellam_masses(Enclosure(mu), 4000);
  const auto f = [&](std::int64_t x) {
    return law.at[static_cast<std::size_t>(x < 0 ? -x : x)].upper;
  };
  double sum = 0;
  for (std::int64_t x = -400; x <= 400; ++x)
    if (f(x) > 0 && f(x - d) > 0)
      sum += std::exp(alpha * std::log(f(x - d)) + (1 - alpha) * std::log(f(x)));
  return std::log(sum) / (alpha - 1);
}

TEST(SharedNoise, TheRenyiBoundOfSkellamNoiseIsAboveAndNear) {
  for (const double mu : {9.0, 100.0, 900.0})
    for (const std::int64_t d : {1, 2, 3})
      for (const double alpha : {2.0, 3.0, 8.0}) {
        const Enclosure move = Enclosure::whole(d);
        const double bound =
            skellam_divergence(Enclosure(mu), move, move, Enclosure(alpha)).upper();
        const double truth = skellam_renyi(mu, d, alpha);
        EXPECT_GE(bound, truth) << mu << ' ' << d << ' ' << alpha;
        EXPECT_LE(bound, truth * (1 + 12 / mu)) << mu << ' ' << d << ' ' << alpha;
      }
}

// f(x)^α·f(x - d)^(1 - α), by convolution.
TEST(SharedNoise, TheRootOfASumOfDiscreteGaussianNumbersBoundsItsDivergence) {
  for (const double sigma : {0.75, 1.0}) {
    const WholeMasses law = gaussian_sum_masses(Enclosure(sigma), 10, 0);
    const auto f = [&](std::int64_t x) {
      return law.at[static_cast<std::size_t>(x < 0 ? -x : x)].lower;
    };
    const double root =
        gaussian_sum_root(Enclosure(sigma), 10, Enclosure(1), Enclosure(1), Enclosure(1)).upper();
    for (const double alpha : {1.5, 2.5, 8.0}) {
      double sum = 0;
      for (std::int64_t x = -30; x <= 30; ++x)
        sum += std::exp(alpha * std::log(f(x - 1)) + (1 - alpha) * std::log(f(x)));
      EXPECT_GE(alpha * root * root / 2, std::log(sum) / (alpha - 1));
      EXPECT_LE(alpha * root * root / 2, std::log(sum) / (alpha - 1) * (sigma < 1 ? 1.5 : 1.05));
    }
  }
}

TEST(SharedNoise, TheDivergencesOfEventsAreThoseBounds) {
  const Event skellam{SkellamLoss{100.0, 2}}, sum{DiscreteGaussianSumLoss{1.0, 10}},
      part{PolyaLoss{5.0, 2, 1, 1}};
  EXPECT_DOUBLE_EQ(renyi_divergence({&skellam, 1}, 3.0).value().upper,
                   3 * 4 / 200.0 + std::fmin((5 * 4 + 12) / 4e4, 6 / 200.0));
  EXPECT_DOUBLE_EQ(renyi_divergence({&skellam, 1}, 2.5).value().upper,
                   renyi_divergence({&skellam, 1}, 3.0).value().upper);
  EXPECT_GT(concentrated_rho({&sum, 1}).value().upper, 0.05);
  EXPECT_LT(concentrated_rho({&sum, 1}).value().upper, 0.0502);
  EXPECT_NEAR(concentrated_rho({&part, 1}).value().upper, 0.765161327926 * 0.765161327926 / 2, 1e-9);
  EXPECT_FALSE(concentrated_rho({&skellam, 1}));
}

TEST(SharedNoise, WhatCannotBeHadIsRefused) {
  const auto refused = [](const Loss& loss) {
    const auto made = Composition::make({.events = {{loss}}});
    return made ? std::string() : made.error().where + ' ' + made.error().message;
  };
  EXPECT_EQ(refused(PolyaLoss{1.0, 0, 1}), "parts must lie in 1 … 2^20");
  EXPECT_EQ(refused(PolyaLoss{1.0, 4, 0}), "present must lie in 1 … 2^20");
  EXPECT_EQ(refused(PolyaLoss{1e-13, 4, 4}),
            "scale must be at least 2^-40 where parties share the noise");
  EXPECT_EQ(refused(SkellamLoss{0.0}), "mu must be finite and above 0");
  EXPECT_EQ(refused(SkellamLoss{1e14}),
            "event must have at most 2^18 losses, about 80·sigma + sensitivity");
  EXPECT_EQ(refused(DiscreteGaussianSumLoss{0.4, 20'000}),
            "sigma must be at least 0.5 where more than 10000 add their noise");
  EXPECT_EQ(refused(DiscreteGaussianSumLoss{1.0, 2, 0}), "sensitivity must lie in 1 … 2^60");
}

}  // namespace
}  // namespace sfumato
